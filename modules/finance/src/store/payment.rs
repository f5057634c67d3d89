//! Money that came in or went out.

use codexion::prelude::{Date, Id, Money, Repository};

use super::{Account, Entry, InvoiceSide};
use crate::domain::Party;

/// A payment of a customer or to a supplier.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_payments", tenant, company, versioned, audited)]
pub struct Payment {
    /// Its id.
    pub id: Id<Payment>,
    /// A customer's (money comes in) or a supplier's (money goes out).
    pub side: InvoiceSide,
    /// Its number.
    #[field(max_len = 60)]
    pub number: String,
    /// Who paid, or was paid.
    pub party: Id<Party>,
    /// When.
    pub date: Date,
    /// How much; below zero for a refund, which goes the other way.
    pub amount: Money,
    /// Where the money came in or went out.
    #[field(references = Account)]
    pub account: Id<Account>,
    /// What the bank statement says.
    #[field(max_len = 80)]
    pub reference: String,
    /// The entry it was posted by.
    #[field(references = Entry)]
    pub entry: Id<Entry>,
}
