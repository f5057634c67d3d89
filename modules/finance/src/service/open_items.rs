//! What customers owe and what is owed to suppliers, item by item, on any day.

use codexion::prelude::{Date, Id, Money, ReadTx, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ledger::{Ledger, company};
use crate::domain::Party;
use crate::store::{Entry, Invoice, InvoiceSide, OpenItem, Role, open_item};

/// What was open on a side at the end of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenItems {
    /// Customers or suppliers.
    pub side: InvoiceSide,
    /// The day.
    pub as_of: Date,
    /// The items by date.
    pub items: Vec<OpenAmount>,
    /// Their sum: the balance of the control account on that day. Debits are above zero, so what suppliers get is
    /// below.
    pub total: Money,
}

/// What was open of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenAmount {
    /// The item.
    pub item: Id<OpenItem>,
    /// Its entry.
    pub entry: Id<Entry>,
    /// The number of the entry, which is the invoice's.
    pub number: String,
    /// The invoice, if it is one.
    pub invoice: Option<Id<Invoice>>,
    /// Who owes or is owed.
    pub party: Option<Id<Party>>,
    /// Its date.
    pub date: Date,
    /// When it is to be paid.
    pub due: Option<Date>,
    /// How much, in company currency; a credit below zero.
    pub amount: Money,
    /// The same in the currency it was agreed in.
    pub foreign: Option<Money>,
}

pub(super) fn read(tx: &mut ReadTx, ledger: &dyn Ledger, side: InvoiceSide, as_of: Date) -> Result<OpenItems> {
    let currency = company(tx)?.currency;
    let account = ledger.account(tx, control(side))?;
    let open = |row: open_item::OpenRow| OpenAmount {
        item: row.item,
        entry: row.entry,
        number: row.number.unwrap_or_default(),
        invoice: row.invoice,
        party: row.party,
        date: row.date,
        due: row.due,
        amount: Money::from_minor(row.amount, currency),
        foreign: row.foreign_amount.zip(row.foreign_currency).map(|(minor, of)| Money::from_minor(minor, of)),
    };
    let items: Vec<OpenAmount> = open_item::open_as_of(tx, account, as_of)?.into_iter().map(open).collect();
    let total = Money::sum(items.iter().map(|item| item.amount), currency)?;
    Ok(OpenItems { side, as_of, items, total })
}

/// The role of a side's control account.
pub(super) const fn control(side: InvoiceSide) -> Role {
    match side {
        InvoiceSide::Customer => Role::Receivable,
        InvoiceSide::Supplier => Role::Payable,
    }
}
