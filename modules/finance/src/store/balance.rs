//! Balances per account, period and currency, kept up by every posting.

use std::collections::BTreeMap;

use codexion::core::MoneyError;
use codexion::data::Statement;
use codexion::data::sqltype::Guid;
use codexion::prelude::{Currency, Date, Execute, Id, ReadTx, Result, Tx};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};

use super::{Account, EntryLine, Period};
use crate::domain::AccountKind;

/// Rows per statement: nine values each stay under SQLite's limit of parameters.
const BATCH: usize = 2_000;

/// Which balance. The order in which balances are written is the order of their keys, so that two postings never
/// wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) account: Id<Account>,
    pub(crate) period: Id<Period>,
    pub(crate) currency: Currency,
}

/// What lines add to a balance, in coins.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Change {
    debit: i64,
    credit: i64,
    foreign_debit: i64,
    foreign_credit: i64,
}

impl Change {
    pub(crate) fn add(&mut self, line: &EntryLine) -> Result<(), MoneyError> {
        let foreign = line.foreign_amount.map_or(0, |amount| amount.minor());
        let plus = |sum: &mut i64, amount: i64| {
            *sum = sum.checked_add(amount).ok_or(MoneyError::Overflow)?;
            Ok(())
        };
        plus(&mut self.debit, line.debit)?;
        plus(&mut self.credit, line.credit)?;
        plus(&mut self.foreign_debit, foreign.max(0))?;
        plus(&mut self.foreign_credit, foreign.min(0).checked_neg().ok_or(MoneyError::Overflow)?)
    }
}

/// Adds to balances, by one statement.
pub(crate) fn add(tx: &mut Tx, changes: &BTreeMap<Key, Change>) -> Result<()> {
    let all: Vec<(&Key, &Change)> = changes.iter().collect();
    for batch in all.chunks(BATCH) {
        let mut sql = Statement::new(
            "INSERT INTO finance_balances (tenant_id, company_id, account, period, currency, debit, credit, \
             foreign_debit, foreign_credit) VALUES ",
        );
        for (index, (key, change)) in batch.iter().enumerate() {
            sql.push(if index == 0 { "(" } else { ", (" }).bind(tx.tenant());
            sql.push(", ")
                .bind(tx.company())
                .push(", ")
                .bind(key.account)
                .push(", ")
                .bind(key.period)
                .push(", ")
                .bind(key.currency);
            sql.push(", ").bind(change.debit).push(", ").bind(change.credit);
            sql.push(", ").bind(change.foreign_debit).push(", ").bind(change.foreign_credit).push(")");
        }
        sql.push(
            " ON CONFLICT (tenant_id, company_id, account, period, currency) DO UPDATE SET \
             debit = finance_balances.debit + excluded.debit, credit = finance_balances.credit + excluded.credit, \
             foreign_debit = finance_balances.foreign_debit + excluded.foreign_debit, \
             foreign_credit = finance_balances.foreign_credit + excluded.foreign_credit",
        );
        sql.run(tx)?;
    }
    Ok(())
}

/// The sums of an account.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct Sum {
    #[diesel(sql_type = Guid)]
    pub(crate) account: Id<Account>,
    #[diesel(sql_type = Text)]
    pub(crate) code: String,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Text)]
    pub(crate) kind: AccountKind,
    #[diesel(sql_type = BigInt)]
    pub(crate) debit: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) credit: i64,
}

/// Sums of all accounts up to a day: balances of the periods that have ended by then, and lines of the one that has
/// only begun.
pub(crate) fn sums(tx: &mut ReadTx, as_of: Date) -> Result<Vec<Sum>> {
    let mut sql = Statement::new(
        "SELECT a.id AS account, a.code, a.name, a.kind, CAST(SUM(x.debit) AS bigint) AS debit, \
         CAST(SUM(x.credit) AS bigint) AS credit FROM (\
         SELECT b.account, b.debit, b.credit FROM finance_balances b JOIN finance_periods p \
         ON p.tenant_id = b.tenant_id AND p.company_id = b.company_id AND p.id = b.period WHERE b.tenant_id = ",
    );
    let (tenant, company) = (tx.tenant(), tx.company());
    sql.bind(tenant).push(" AND b.company_id = ").bind(company).push(" AND p.last <= ").bind(as_of);
    sql.push(
        " UNION ALL SELECT l.account, l.debit, l.credit FROM finance_periods p JOIN finance_entries e \
         ON e.tenant_id = p.tenant_id AND e.company_id = p.company_id AND e.date >= p.first AND e.state = 'posted' AND e.date <= ",
    );
    sql.bind(as_of)
        .push(" JOIN finance_entry_lines l ON l.tenant_id = e.tenant_id AND l.company_id = e.company_id AND l.entry = e.id WHERE p.tenant_id = ");
    sql.bind(tenant)
        .push(" AND p.company_id = ")
        .bind(company)
        .push(" AND p.first <= ")
        .bind(as_of)
        .push(" AND p.last > ")
        .bind(as_of);
    sql.push(") x JOIN finance_accounts a ON a.tenant_id = ").bind(tenant).push(" AND a.company_id = ").bind(company);
    sql.push(" AND a.id = x.account GROUP BY a.id, a.code, a.name, a.kind ORDER BY a.code");
    sql.rows(tx)
}
