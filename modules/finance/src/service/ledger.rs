//! What other modules ask of the books.

use codexion::prelude::{Choice, Currency, Date, Filter, Id, Op, Provider, ReadTx, Repository, Result, Tx, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{TrialBalance, posting, reversal, trial_balance};
use crate::domain::{self, AccountId};
use crate::error::BooksError;
use crate::store::{Account, AccountRole, Company, Entry, Origin, Role, Series};

/// The books as other modules see them: they post in them within their own unit of work, and have authorised their
/// own act before. What people do to the books by hand goes through [`Journal`](super::Journal).
pub trait Ledger: Send + Sync {
    /// The currency that the books are kept in.
    ///
    /// # Errors
    /// [`BooksError::NoCompany`].
    fn company_currency(&self, tx: &mut ReadTx) -> Result<Currency>;

    /// The accounts that play these roles, in their order.
    ///
    /// # Errors
    /// [`BooksError::RoleUnset`] for the first that none plays.
    fn accounts(&self, tx: &mut ReadTx, roles: &[Role]) -> Result<Vec<AccountId>>;

    /// The account that plays a role.
    ///
    /// # Errors
    /// [`BooksError::RoleUnset`].
    fn account(&self, tx: &mut ReadTx, role: Role) -> Result<AccountId> {
        let found = self.accounts(tx, &[role])?;
        Ok(found.first().copied().ok_or(BooksError::RoleUnset { role })?)
    }

    /// The account with a code.
    ///
    /// # Errors
    /// [`BooksError::NoAccount`].
    fn account_by_code(&self, tx: &mut ReadTx, code: &str) -> Result<AccountId>;

    /// Posts entries together, in a number of statements that grows with neither entries nor lines; answers in their
    /// order. Where a series asks for it, its numbers follow the dates.
    ///
    /// # Errors
    /// [`PostError`](crate::PostError), [`NumberError`](crate::NumberError), the veto of a hook at
    /// [`BeforePost`](super::BeforePost); then none is posted once the unit of work fails.
    fn post_many(&self, tx: &mut Tx, postings: &[Posting<'_>]) -> Result<Vec<Posted>>;

    /// Posts an entry under the next number of a series ([`Series::JOURNAL`] and the others).
    ///
    /// # Errors
    /// As [`post_many`](Self::post_many).
    fn post_in(&self, tx: &mut Tx, series: &str, entry: &domain::Entry, origin: &Origin) -> Result<Posted> {
        let posting = Posting { series, entry: entry.clone(), origin: origin.clone() };
        posting::only(self.post_many(tx, &[posting])?)
    }

    /// Posts an entry under the next number of the journal.
    ///
    /// # Errors
    /// As [`post_many`](Self::post_many).
    fn post(&self, tx: &mut Tx, entry: &domain::Entry, origin: &Origin) -> Result<Posted> {
        self.post_in(tx, Series::JOURNAL, entry, origin)
    }

    /// Undoes a posted entry by another one of that date, which is linked to it.
    ///
    /// # Errors
    /// [`PostError`](crate::PostError): it is not posted, was reversed before, or has settled items;
    /// [`EntryError::ReversalTooEarly`](crate::EntryError::ReversalTooEarly).
    fn reverse(&self, tx: &mut Tx, entry: Id<Entry>, date: Date) -> Result<Posted>;

    /// Sums of all accounts up to a day, that day included, from the maintained balances.
    ///
    /// # Errors
    /// [`BooksError::NoCompany`].
    fn trial_balance(&self, tx: &mut ReadTx, as_of: Date) -> Result<TrialBalance>;
}

/// An entry that is to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting<'a> {
    /// The series of its number: [`Series::JOURNAL`] and the others.
    pub series: &'a str,
    /// What is posted.
    pub entry: domain::Entry,
    /// What it comes from.
    pub origin: Origin,
}

/// What was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Posted {
    /// The entry.
    pub id: Id<Entry>,
    /// Its number, as it is printed.
    pub number: String,
}

/// The ledger of this module.
#[derive(Debug, Default, Provider)]
#[provider(singleton, binds = dyn Ledger)]
pub struct Books;

impl Ledger for Books {
    fn company_currency(&self, tx: &mut ReadTx) -> Result<Currency> {
        Ok(company(tx)?.currency)
    }

    fn accounts(&self, tx: &mut ReadTx, roles: &[Role]) -> Result<Vec<AccountId>> {
        let values = roles.iter().map(|role| Value::from(role_name(*role))).collect();
        let found = AccountRole::list(tx, &Filter::In { column: "role", values })?;
        let of = |role: &Role| {
            let playing = found.iter().find(|r| r.role == *role).map(|r| r.account);
            Ok(playing.ok_or(BooksError::RoleUnset { role: *role })?)
        };
        roles.iter().map(of).collect()
    }

    fn account_by_code(&self, tx: &mut ReadTx, code: &str) -> Result<AccountId> {
        let by_code = Filter::Compare { column: "code", op: Op::Eq, value: code.into() };
        let found = Account::list(tx, &by_code)?;
        Ok(found.first().map(|a| a.id).ok_or_else(|| BooksError::NoAccount { code: code.to_owned() })?)
    }

    fn post_many(&self, tx: &mut Tx, postings: &[Posting<'_>]) -> Result<Vec<Posted>> {
        posting::post_many(tx, postings)
    }

    fn reverse(&self, tx: &mut Tx, entry: Id<Entry>, date: Date) -> Result<Posted> {
        reversal::reverse(tx, entry, date)
    }

    fn trial_balance(&self, tx: &mut ReadTx, as_of: Date) -> Result<TrialBalance> {
        trial_balance::read(tx, as_of)
    }
}

/// The tenant's company.
pub(super) fn company(tx: &mut ReadTx) -> Result<Company> {
    let id = Company::of(tx.company());
    Ok(Company::find(tx, id)?.ok_or(BooksError::NoCompany)?)
}

fn role_name(role: Role) -> &'static str {
    role.as_str()
}
