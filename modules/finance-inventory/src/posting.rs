//! From changes of value to entries.

use std::collections::BTreeMap;

use codexion::core::MoneyError;
use codexion::prelude::{Currency, Date, Id, Inject, Money, Result, Tx};
use finance::domain::{Entry, Line};
use finance::{AccountId, Ledger, Origin, Posting, Role, Series};
use inventory::{Flow, Move, Reason, ValueChanges, Valued};

/// What the changes of one entry have in common: day, cause, accounts and document.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cause<'a> {
    date: Date,
    reason: Reason,
    flow: Flow,
    origin: Option<&'a str>,
    currency: Currency,
}

/// What the changes of one entry come to. Those up and those down are not set off against each other.
#[derive(Debug)]
struct Total {
    /// The move of the first change, which the entry names.
    movement: Id<Move>,
    up: Money,
    down: Money,
}

/// Posts the changes of the stock's value: one entry for all that have the same cause.
#[expect(clippy::needless_pass_by_value, reason = "what is injected is handed over")]
pub(crate) fn post(tx: &mut Tx, valued: &ValueChanges, ledger: Inject<dyn Ledger>) -> Result<()> {
    let totals = totals(&valued.changes)?;
    let mut flows: Vec<Flow> = totals.keys().map(|cause| cause.flow).collect();
    flows.sort_unstable();
    flows.dedup();
    let roles: Vec<Role> = flows.iter().map(|flow| against(*flow)).chain([Role::Stock]).collect();
    let accounts = ledger.accounts(tx, &roles)?;
    let Some((stock, others)) = accounts.split_last() else { return Ok(()) };
    let others: BTreeMap<Flow, AccountId> = flows.into_iter().zip(others.iter().copied()).collect();
    let mut postings = Vec::with_capacity(totals.len());
    for (cause, total) in &totals {
        let Some(other) = others.get(&cause.flow) else { continue };
        let lines = total.lines(*stock, *other);
        let entry = Entry::new(cause.date, cause.currency, &cause.text(total), lines)?;
        let origin = Origin::of("inventory.move", total.movement);
        postings.push(Posting { series: Series::JOURNAL, entry, origin });
    }
    ledger.post_many(tx, &postings)?;
    Ok(())
}

/// The changes by their causes, the earliest day first.
fn totals(changes: &[Valued]) -> Result<BTreeMap<Cause<'_>, Total>, MoneyError> {
    let mut totals = BTreeMap::new();
    for Valued { movement, date, value, reason, flow, origin, .. } in changes {
        let (origin, currency) = (origin.as_deref(), value.currency());
        let none = Money::zero(currency);
        let cause = Cause { date: *date, reason: *reason, flow: *flow, origin, currency };
        let total = totals.entry(cause).or_insert(Total { movement: *movement, up: none, down: none });
        if value.is_negative() {
            total.down = total.down.checked_sub(*value)?;
        } else {
            total.up = total.up.checked_add(*value)?;
        }
    }
    Ok(totals)
}

impl Total {
    /// What is up is a debit of the stock, what is down a credit.
    fn lines(&self, stock: AccountId, other: AccountId) -> Vec<Line> {
        let up = [Line::debit(stock, self.up), Line::credit(other, self.up)];
        let down = [Line::credit(stock, self.down), Line::debit(other, self.down)];
        up.into_iter().chain(down).filter(|line| !line.amount().is_zero()).collect()
    }
}

/// The account on the other side of the stock.
const fn against(flow: Flow) -> Role {
    match flow {
        Flow::Supply => Role::GoodsReceivedNotInvoiced,
        Flow::Delivery => Role::CostOfGoodsSold,
        Flow::Adjustment => Role::StockAdjustment,
    }
}

impl Cause<'_> {
    fn text(&self, total: &Total) -> String {
        let what = match self.reason {
            Reason::Receipt if total.up.is_zero() => "goods sent back",
            Reason::Receipt => "goods received",
            Reason::Issue if total.down.is_zero() => "goods taken back",
            Reason::Issue => "goods issued",
            Reason::Adjustment => "stock counted",
            Reason::Revaluation => "stock valued again",
        };
        match self.origin {
            Some(origin) => format!("{what}: {origin}"),
            None => what.to_owned(),
        }
    }
}
