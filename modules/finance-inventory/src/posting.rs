//! From a change of value to an entry.

use codexion::prelude::{Inject, Result, Tx};
use finance::domain::{Entry, Line};
use finance::{Ledger, Origin, Role};
use inventory::{Flow, Reason, Valued};

/// Posts a change of the stock's value: one entry, on the day of the change.
#[expect(clippy::needless_pass_by_value, reason = "what is injected is handed over")]
pub(crate) fn post(tx: &mut Tx, valued: &Valued, ledger: Inject<dyn Ledger>) -> Result<()> {
    let accounts = ledger.accounts(tx, &[Role::Stock, against(valued.flow)])?;
    let balances = [valued.value, valued.value.checked_neg()?];
    let lines = accounts.iter().zip(balances).map(|(account, balance)| Line::balance_of(*account, balance));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let entry = Entry::new(valued.date, valued.value.currency(), &text(valued), lines)?;
    ledger.post(tx, &entry, &Origin::of("inventory.move", valued.movement))?;
    Ok(())
}

/// The account on the other side of the stock.
const fn against(flow: Flow) -> Role {
    match flow {
        Flow::Supply => Role::GoodsReceivedNotInvoiced,
        Flow::Delivery => Role::CostOfGoodsSold,
        Flow::Adjustment => Role::StockAdjustment,
    }
}

fn text(valued: &Valued) -> String {
    let what = match valued.reason {
        Reason::Receipt if valued.value.is_negative() => "goods sent back",
        Reason::Receipt => "goods received",
        Reason::Issue if valued.value.is_positive() => "goods taken back",
        Reason::Issue => "goods issued",
        Reason::Adjustment => "stock counted",
        Reason::Revaluation => "stock valued again",
    };
    match &valued.origin {
        Some(origin) => format!("{what}: {origin}"),
        None => what.to_owned(),
    }
}
