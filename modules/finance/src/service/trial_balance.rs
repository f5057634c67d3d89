//! The trial balance: what every account amounts to, from the maintained balances.

use codexion::prelude::{Currency, Date, Money, ReadTx, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ledger::company;
use crate::domain::{AccountId, AccountKind};
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
    let rows = balance::sums(tx, as_of)?.into_iter().map(|sum| row(sum, currency)).collect::<Result<Vec<_>>>()?;
    let debit = Money::sum(rows.iter().map(|row| row.debit), currency)?;
    let credit = Money::sum(rows.iter().map(|row| row.credit), currency)?;
    Ok(TrialBalance { as_of, rows, debit, credit })
}

fn row(sum: balance::Sum, currency: Currency) -> Result<TrialBalanceRow> {
    let (debit, credit) = (Money::from_minor(sum.debit, currency), Money::from_minor(sum.credit, currency));
    let balance = debit.checked_sub(credit)?;
    let balance::Sum { account, code, name, kind, .. } = sum;
    Ok(TrialBalanceRow { account, code, name, kind, debit, credit, balance })
}
