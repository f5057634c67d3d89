//! Sums across the modules, each one statement over what they maintain.

use codexion::data::Statement;
use codexion::data::sqltype::{Day, Fixed, Guid};
use codexion::prelude::*;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use finance::AccountKind;
use inventory::{Item, Warehouse};

/// Income or expense of a month.
#[derive(Debug, QueryableByName)]
pub(crate) struct MonthSum {
    /// First day of the period.
    #[diesel(sql_type = Day)]
    pub(crate) first: Date,
    #[diesel(sql_type = Text)]
    pub(crate) kind: AccountKind,
    /// Debits less credits.
    #[diesel(sql_type = BigInt)]
    pub(crate) balance: i64,
}

/// An item's value, and how much of it is in one warehouse.
#[derive(Debug, QueryableByName)]
pub(crate) struct Portion {
    #[diesel(sql_type = Guid)]
    pub(crate) item: Id<Item>,
    #[diesel(sql_type = BigInt)]
    pub(crate) value: i64,
    #[diesel(sql_type = Nullable<Guid>)]
    pub(crate) warehouse: Option<Id<Warehouse>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) name: Option<String>,
    #[diesel(sql_type = Nullable<Fixed>)]
    pub(crate) on_hand: Option<Decimal>,
}

/// A name with an amount.
#[derive(Debug, QueryableByName)]
pub(crate) struct Named {
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) amount: i64,
}

#[derive(QueryableByName)]
struct Latest {
    #[diesel(sql_type = Nullable<Day>)]
    date: Option<Date>,
}

/// How many, and how much.
#[derive(Debug, Clone, Copy, Default, QueryableByName)]
pub(crate) struct Tally {
    #[diesel(sql_type = BigInt)]
    pub(crate) count: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) amount: i64,
}

/// The date of the last posted entry.
pub(crate) fn last_entry(tx: &mut ReadTx) -> Result<Option<Date>> {
    let mut sql =
        Statement::new("SELECT MAX(date) AS date FROM finance_entries WHERE state = 'posted' AND tenant_id = ");
    sql.bind(tx.tenant()).push(" AND company_id = ").bind(tx.company());
    Ok(sql.rows::<Latest>(tx)?.pop().and_then(|row| row.date))
}

/// Income and expense of the periods that begin in a span, from the maintained balances.
pub(crate) fn months(tx: &mut ReadTx, from: Date, until: Date) -> Result<Vec<MonthSum>> {
    let mut sql = Statement::new(
        "SELECT p.first, a.kind, CAST(SUM(b.debit - b.credit) AS bigint) AS balance FROM finance_periods p \
         JOIN finance_balances b ON b.tenant_id = p.tenant_id AND b.company_id = p.company_id AND b.period = p.id \
         JOIN finance_accounts a ON a.tenant_id = b.tenant_id AND a.company_id = b.company_id AND a.id = b.account \
         WHERE a.kind IN ('income', 'expense') AND p.tenant_id = ",
    );
    sql.bind(tx.tenant()).push(" AND p.company_id = ").bind(tx.company());
    sql.push(" AND p.first >= ").bind(from).push(" AND p.first <= ").bind(until);
    sql.push(" GROUP BY p.first, a.kind ORDER BY p.first");
    sql.rows(tx)
}

/// What each item is worth now, and in which warehouses it is.
pub(crate) fn portions(tx: &mut ReadTx, currency: Currency) -> Result<Vec<Portion>> {
    let mut sql = Statement::new(
        "SELECT v.item, v.value, w.id AS warehouse, w.name, SUM(l.on_hand) AS on_hand FROM inventory_valuations v \
         LEFT JOIN inventory_levels l ON l.tenant_id = v.tenant_id AND l.item = v.item \
         LEFT JOIN inventory_locations p ON p.tenant_id = l.tenant_id AND p.id = l.location \
         LEFT JOIN inventory_warehouses w ON w.tenant_id = p.tenant_id AND w.id = p.warehouse WHERE v.tenant_id = ",
    );
    sql.bind(tx.tenant()).push(" AND v.value_currency = ").bind(currency.code());
    sql.push(" GROUP BY v.item, v.value, w.id, w.name ORDER BY v.item, w.name");
    sql.rows(tx)
}

/// Confirmed sales orders of which something is still to be shipped.
pub(crate) fn open_orders(tx: &mut ReadTx, currency: Currency) -> Result<Tally> {
    let mut sql = Statement::new(
        "SELECT COUNT(*) AS count, CAST(COALESCE(SUM(net), 0) AS bigint) AS amount FROM crm_sales_orders \
         WHERE state = 'confirmed' AND shipped <> 'whole' AND tenant_id = ",
    );
    sql.bind(tx.tenant()).push(" AND net_currency = ").bind(currency.code());
    Ok(sql.rows::<Tally>(tx)?.pop().unwrap_or_default())
}

/// What was invoiced most since a day, less what was credited.
pub(crate) fn top_products(tx: &mut ReadTx, currency: Currency, since: Date, most: i64) -> Result<Vec<Named>> {
    let mut sql = Statement::new(
        "SELECT l.text AS name, CAST(SUM(l.net) AS bigint) AS amount FROM finance_invoices i \
         JOIN finance_invoice_lines l ON l.tenant_id = i.tenant_id AND l.company_id = i.company_id \
         AND l.invoice = i.id \
         AND l.origin = 'crm.sales_order_line' WHERE i.side = 'customer' AND i.state IN ('posted', 'paid') \
         AND i.tenant_id = ",
    );
    sql.bind(tx.tenant()).push(" AND i.company_id = ").bind(tx.company());
    sql.push(" AND i.date >= ").bind(since).push(" AND l.net_currency = ").bind(currency.code());
    sql.push(" GROUP BY l.text ORDER BY 2 DESC, 1 LIMIT ").bind(most);
    sql.rows(tx)
}

/// Who was invoiced most since a day, less what was credited.
pub(crate) fn top_customers(tx: &mut ReadTx, currency: Currency, since: Date, most: i64) -> Result<Vec<Named>> {
    let mut sql = Statement::new(
        "SELECT p.name, CAST(SUM(i.net) AS bigint) AS amount FROM finance_invoices i \
         JOIN crm_parties p ON p.tenant_id = i.tenant_id AND p.id = i.party \
         WHERE i.side = 'customer' AND i.state IN ('posted', 'paid') AND i.tenant_id = ",
    );
    sql.bind(tx.tenant()).push(" AND i.company_id = ").bind(tx.company());
    sql.push(" AND i.date >= ").bind(since).push(" AND i.net_currency = ").bind(currency.code());
    sql.push(" GROUP BY p.id, p.name ORDER BY 2 DESC, 1 LIMIT ").bind(most);
    sql.rows(tx)
}
