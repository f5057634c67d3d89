//! What is still open of the lines of receivables, payables and other accounts that are reconciled.

use codexion::data::sqltype::{Day, Guid};
use codexion::data::{Backend, ColumnType, Statement};
use codexion::prelude::{Currency, Date, Execute, Filter, Id, Money, ReadTx, Repository, Result, Tx, Value};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::{Account, Entry, Invoice};
use crate::domain::Party;

/// What is open of a posted line. Its id is the line's.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_open_items", tenant, company)]
pub struct OpenItem {
    /// The line's id.
    pub id: Id<OpenItem>,
    /// The entry of the line.
    #[field(references = Entry)]
    pub entry: Id<Entry>,
    /// The account.
    #[field(references = Account)]
    pub account: Id<Account>,
    /// Who owes or is owed.
    pub party: Option<Id<Party>>,
    /// The date of the entry.
    pub date: Date,
    /// When it is to be paid.
    pub due: Option<Date>,
    /// Coins in company currency that are open now: a debit above zero, a credit below.
    pub open_amount: i64,
    /// The same in foreign currency.
    pub open_foreign: Option<Money>,
    /// The day on which it was settled; none while something is open.
    pub settled_on: Option<Date>,
}

/// The items of these entries, locked until the commit.
pub(crate) fn lock_entries(tx: &mut Tx, entries: &[Id<Entry>]) -> Result<Vec<OpenItem>> {
    let values = entries.iter().map(|id| Value::from(*id)).collect();
    lock(tx, "entry", values)
}

/// The items with these ids, locked until the commit.
pub(crate) fn lock_ids(tx: &mut Tx, ids: &[Id<OpenItem>]) -> Result<Vec<OpenItem>> {
    let values = ids.iter().map(|id| Value::from(*id)).collect();
    lock(tx, "id", values)
}

/// Items by a column, in the order of their ids, so that two units of work never wait for each other.
fn lock(tx: &mut Tx, column: &'static str, values: Vec<Value>) -> Result<Vec<OpenItem>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    if tx.backend() == Backend::Postgres {
        let mut sql = Statement::new("SELECT id FROM finance_open_items WHERE tenant_id = ");
        sql.bind(tx.tenant()).push(" AND company_id = ").bind(tx.company()).push(" AND ").name(column).push(" IN (");
        for (index, value) in values.iter().enumerate() {
            sql.push(if index == 0 { "" } else { ", " }).bind(value.clone());
        }
        sql.push(") ORDER BY id FOR UPDATE");
        sql.run(tx)?;
    }
    OpenItem::list(tx, &Filter::In { column, values })
}

/// The items of an entry on one account.
pub(crate) fn of_account_and_entry(tx: &mut ReadTx, account: Id<Account>, entry: Id<Entry>) -> Result<Vec<OpenItem>> {
    OpenItem::list(tx, &Filter::eq("entry", entry).and(Filter::eq("account", account)))
}

/// Items per statement: six values each stay under SQLite's limit of parameters.
const BATCH: usize = 2_000;

/// Writes what is open now of items that are locked.
pub(crate) fn write_open(tx: &mut Tx, items: &[OpenItem]) -> Result<()> {
    for batch in items.chunks(BATCH) {
        let mut sql = Statement::new(
            "UPDATE finance_open_items SET open_amount = v.column2, open_foreign = v.column3, \
             settled_on = v.column4 FROM (VALUES ",
        );
        for (index, item) in batch.iter().enumerate() {
            sql.push(if index == 0 { "(" } else { ", (" }).bind(item.id).push(", ").bind(item.open_amount);
            let foreign = item.open_foreign.map_or(Value::Null(ColumnType::BigInt), |f| f.minor().into());
            let settled = item.settled_on.map_or(Value::Null(ColumnType::Day), Value::from);
            sql.push(", ").bind(foreign).push(", ").bind(settled).push(")");
        }
        sql.push(") AS v WHERE finance_open_items.tenant_id = ").bind(tx.tenant());
        sql.push(" AND finance_open_items.company_id = ").bind(tx.company());
        sql.push(" AND finance_open_items.id = v.column1");
        sql.run(tx)?;
    }
    Ok(())
}

/// An item with what was open of it on a day.
#[derive(Debug, QueryableByName)]
pub(crate) struct OpenRow {
    #[diesel(sql_type = Guid)]
    pub(crate) item: Id<OpenItem>,
    #[diesel(sql_type = Guid)]
    pub(crate) entry: Id<Entry>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) number: Option<String>,
    #[diesel(sql_type = Nullable<Guid>)]
    pub(crate) invoice: Option<Id<Invoice>>,
    #[diesel(sql_type = Nullable<Guid>)]
    pub(crate) party: Option<Id<Party>>,
    #[diesel(sql_type = Day)]
    pub(crate) date: Date,
    #[diesel(sql_type = Nullable<Day>)]
    pub(crate) due: Option<Date>,
    #[diesel(sql_type = BigInt)]
    pub(crate) amount: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(crate) foreign_amount: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) foreign_currency: Option<Currency>,
}

/// What was open on an account at the end of a day: what is open now, and what was settled later.
pub(crate) fn open_as_of(tx: &mut ReadTx, account: Id<Account>, as_of: Date) -> Result<Vec<OpenRow>> {
    let tenant = tx.tenant();
    let mut sql = Statement::new(
        "SELECT o.id AS item, o.entry, e.number, i.id AS invoice, o.party, o.date, o.due, \
         CAST(o.open_amount + COALESCE(SUM(CASE WHEN s.debit = o.id THEN s.amount ELSE -s.amount END), 0) AS bigint) \
         AS amount, CAST(o.open_foreign + COALESCE(SUM(CASE WHEN s.debit = o.id THEN s.debit_foreign \
         ELSE -s.credit_foreign END), 0) AS bigint) AS foreign_amount, o.open_foreign_currency AS foreign_currency \
         FROM finance_open_items o JOIN finance_entries e ON e.tenant_id = o.tenant_id AND e.company_id = o.company_id AND e.id = o.entry \
         LEFT JOIN finance_invoices i ON i.tenant_id = o.tenant_id AND i.company_id = o.company_id AND i.entry = o.entry \
         LEFT JOIN finance_settlements s ON s.tenant_id = o.tenant_id AND s.company_id = o.company_id AND (s.debit = o.id OR s.credit = o.id) \
         AND s.date > ",
    );
    sql.bind(as_of).push(" WHERE o.tenant_id = ").bind(tenant).push(" AND o.company_id = ").bind(tx.company());
    sql.push(" AND o.account = ").bind(account);
    sql.push(" AND o.date <= ").bind(as_of);
    sql.push(" AND (o.settled_on IS NULL OR o.settled_on > ").bind(as_of);
    sql.push(
        ") GROUP BY o.id, o.entry, e.number, i.id, o.party, o.date, o.due, o.open_amount, o.open_foreign, \
         o.open_foreign_currency ORDER BY o.date, e.number, o.id",
    );
    sql.rows(tx)
}
