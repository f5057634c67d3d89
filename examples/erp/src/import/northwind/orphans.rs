//! Looks for records that refer to something that is not there.

use codexion::core::Contributions;
use codexion::data::{Meta, Statement};
use codexion::prelude::{Execute, ReadTx, Result};
use diesel::prelude::QueryableByName;
use diesel::sql_types::BigInt;

/// References between modules, which know each other only by ids and names: table, column, the condition under which
/// it refers, and the table it refers to.
const LINKS: [(&str, &str, &str, &str); 7] = [
    ("finance_entries", "origin_id", "c.origin = 'inventory.move'", "inventory_moves"),
    ("finance_entries", "origin_id", "c.origin = 'finance.invoice'", "finance_invoices"),
    ("finance_entries", "origin_id", "c.origin = 'finance.payment'", "finance_payments"),
    ("finance_invoices", "origin_id", "c.origin = 'crm.sales_order'", "crm_sales_orders"),
    ("crm_sales_steps", "document", "c.kind = 'invoiced'", "finance_invoices"),
    ("crm_sales_steps", "document", "c.kind = 'moved'", "crm_inventory_shipments"),
    ("finance_invoices", "party", "1 = 1", "crm_parties"),
];

/// Documents that are nothing without their lines: their table, and the table and column of the lines.
const WITH_LINES: [(&str, &str, &str); 4] = [
    ("crm_sales_orders", "crm_sales_order_lines", "sales_order"),
    ("crm_inventory_shipments", "crm_inventory_shipment_lines", "shipment"),
    ("finance_invoices", "finance_invoice_lines", "invoice"),
    ("finance_entries", "finance_entry_lines", "entry"),
];

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many records of the company and of what its companies share refer to something that is not there, or are documents without lines. Every
/// reference that an entity declares is looked at.
pub(super) fn count(tx: &mut ReadTx, contributions: &Contributions) -> Result<i64> {
    let mut orphans = 0;
    let metas: Vec<&'static Meta> = contributions.of::<&'static Meta>().map(|(_, meta)| *meta).collect();
    for child in metas.iter().filter(|meta| meta.tenant) {
        for field in child.fields {
            if let Some(parent) = field.rules.references {
                orphans += missing(tx, &metas, (child.table, field.name), "1 = 1", (parent().table, "id"))?;
            }
        }
    }
    for (table, column, condition, parent) in LINKS {
        orphans += missing(tx, &metas, (table, column), condition, (parent, "id"))?;
    }
    for (table, lines, column) in WITH_LINES {
        orphans += missing(tx, &metas, (table, "id"), "1 = 1", (lines, column))?;
    }
    Ok(orphans)
}

/// Rows of a table whose column has a value that no row of the other table has.
fn missing(
    tx: &mut ReadTx,
    metas: &[&'static Meta],
    (table, column): (&str, &str),
    condition: &str,
    other: (&str, &str),
) -> Result<i64> {
    let company = tx.company();
    let is_kept = |table: &str| metas.iter().any(|meta| meta.table == table && meta.company);
    let mut sql = Statement::new("SELECT count(*) AS n FROM ");
    sql.name(table).push(" c WHERE c.tenant_id = ").bind(tx.tenant()).push(" AND c.").name(column).push(" IS NOT NULL");
    if is_kept(table) {
        sql.push(" AND c.company_id = ").bind(company);
    }
    sql.push(" AND ").push(condition).push(" AND NOT EXISTS (SELECT 1 FROM ").name(other.0);
    sql.push(" p WHERE p.tenant_id = c.tenant_id AND p.").name(other.1).push(" = c.").name(column);
    if is_kept(other.0) {
        sql.push(" AND p.company_id = ").bind(company);
    }
    sql.push(")");
    Ok(sql.rows::<Count>(tx)?.first().map_or(0, |count| count.n))
}
