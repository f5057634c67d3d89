//! The trial balance: what every account amounts to, from the maintained balances.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use codexion::core::MoneyError;
use codexion::data::Companies;
use codexion::prelude::{Currency, Date, Money, ReadTx, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ledger::company;
use crate::domain::{AccountId, AccountKind};
use crate::error::BooksError;
use crate::store::balance;

/// Sums of all accounts up to a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrialBalance {
    /// The last day that counts.
    pub as_of: Date,
    /// The accounts that have lines, by code.
    pub rows: Vec<TrialBalanceRow>,
    /// Sum of all debits.
    pub debit: Money,
    /// Sum of all credits: the same.
    pub credit: Money,
}

/// The sums of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrialBalanceRow {
    /// The account.
    pub account: AccountId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What its balance means.
    pub kind: AccountKind,
    /// Sum of its debits.
    pub debit: Money,
    /// Sum of its credits.
    pub credit: Money,
    /// Debits less credits.
    pub balance: Money,
}

impl TrialBalance {
    /// The balance of the account with a code, a credit below zero; zero when it has no lines.
    #[must_use]
    pub fn balance(&self, code: &str) -> Money {
        let row = self.rows.iter().find(|row| row.code == code);
        row.map_or_else(|| Money::zero(self.debit.currency()), |row| row.balance)
    }

    /// The sum of the balances of all accounts of a kind, a credit below zero.
    ///
    /// # Errors
    /// The sum is too large.
    pub fn total(&self, kind: AccountKind) -> Result<Money> {
        let of_kind = self.rows.iter().filter(|row| row.kind == kind).map(|row| row.balance);
        Ok(Money::sum(of_kind, self.debit.currency())?)
    }

    /// Whether debits equal credits, which is to say: assets and expenses equal liabilities, equity and income.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.debit == self.credit
    }
}

pub(super) fn read(tx: &mut ReadTx, as_of: Date) -> Result<TrialBalance> {
    let currency = company(tx)?.currency;
    let rows = balance::sums(tx, as_of)?.into_iter().map(|sum| row(sum, currency)).collect::<Result<_>>()?;
    total(as_of, currency, rows)
}

fn total(as_of: Date, currency: Currency, rows: Vec<TrialBalanceRow>) -> Result<TrialBalance> {
    let debit = Money::sum(rows.iter().map(|row| row.debit), currency)?;
    let credit = Money::sum(rows.iter().map(|row| row.credit), currency)?;
    Ok(TrialBalance { as_of, rows, debit, credit })
}

/// The same of the company and all its branches together: what accounts with the same code amount to.
///
/// A branch that keeps no books adds nothing. What one of them owes another is not taken out.
pub(super) fn consolidated(tx: &mut ReadTx, as_of: Date) -> Result<TrialBalance> {
    let currency = company(tx)?.currency;
    let mut rows: BTreeMap<String, TrialBalanceRow> = BTreeMap::new();
    for place in Companies::with_branches(tx)? {
        for sum in tx.in_company(place.key(), |tx| balance::sums(tx, as_of))? {
            let more = row(sum, currency)?;
            match rows.entry(more.code.clone()) {
                Entry::Vacant(free) => {
                    free.insert(more);
                }
                Entry::Occupied(row) if row.get().kind != more.kind => {
                    return Err(BooksError::ChartsDiffer { code: more.code, company: place.code }.into());
                }
                Entry::Occupied(mut row) => row.get_mut().add(&more)?,
            }
        }
    }
    total(as_of, currency, rows.into_values().collect())
}

impl TrialBalanceRow {
    fn add(&mut self, more: &Self) -> Result<(), MoneyError> {
        self.debit = self.debit.checked_add(more.debit)?;
        self.credit = self.credit.checked_add(more.credit)?;
        self.balance = self.balance.checked_add(more.balance)?;
        Ok(())
    }
}

fn row(sum: balance::Sum, currency: Currency) -> Result<TrialBalanceRow> {
    let (debit, credit) = (Money::from_minor(sum.debit, currency), Money::from_minor(sum.credit, currency));
    let balance = debit.checked_sub(credit)?;
    let balance::Sum { account, code, name, kind, .. } = sum;
    Ok(TrialBalanceRow { account, code, name, kind, debit, credit, balance })
}
