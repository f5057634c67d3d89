//! What settled what.

use codexion::prelude::{Date, Execute, Filter, Id, ReadTx, Repository, Result, Tx, arg};
use diesel::prelude::*;

use super::{Account, Entry, OpenItem};

/// Open items that were settled together.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_reconciliations", tenant, company, versioned, audited)]
pub struct Reconciliation {
    /// Its id.
    pub id: Id<Reconciliation>,
    /// The account that all its items are on.
    #[field(references = Account)]
    pub account: Id<Account>,
    /// The day from which they count as settled.
    pub date: Date,
    /// The entry of write-offs and exchange differences that it took.
    #[field(references = Entry)]
    pub entry: Option<Id<Entry>>,
    /// Whether it was undone.
    pub undone: bool,
}

/// A debit and a credit that settled each other, wholly or in part.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_settlements", tenant, company)]
pub struct Settlement {
    /// Its id.
    pub id: Id<Settlement>,
    /// What it was part of.
    #[field(references = Reconciliation)]
    pub reconciliation: Id<Reconciliation>,
    /// The debit.
    #[field(references = OpenItem)]
    pub debit: Id<OpenItem>,
    /// The credit.
    #[field(references = OpenItem)]
    pub credit: Id<OpenItem>,
    /// The day from which it counts.
    pub date: Date,
    /// Coins in company currency that both gave up.
    pub amount: i64,
    /// Coins that the debit gave up of its foreign amount.
    pub debit_foreign: i64,
    /// Coins that the credit gave up of its foreign amount.
    pub credit_foreign: i64,
}

/// The pairs of a reconciliation.
pub(crate) fn settlements(tx: &mut ReadTx, of: Id<Reconciliation>) -> Result<Vec<Settlement>> {
    Settlement::list(tx, &Filter::eq("reconciliation", of))
}

/// Forgets the pairs of a reconciliation that is undone; the reconciliation itself stays.
pub(crate) fn delete_settlements(tx: &mut Tx, of: Id<Reconciliation>) -> Result<()> {
    let pairs = diesel::delete(finance_settlements::table).filter(Settlement::scope(tx));
    pairs.filter(finance_settlements::reconciliation.eq(arg(of))).run(tx).map(|_| ())
}
