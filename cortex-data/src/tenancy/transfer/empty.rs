//! Removes the rows of a tenant from tables that others share.

use cortex_core::{Actor, Cx, Result, TenantId};
use diesel::sql_types::Integer;

use super::layout::{Layout, Part, Table};
use super::source::names;
use super::triggers;
use crate::database::Database;
use crate::statement::Statement;
use crate::tenancy::Placement;
use crate::tx::Tx;

/// Rows that one transaction removes.
const STRETCH: i64 = 5_000;

/// Whether the tenant has no rows in these tables of the main database.
pub(crate) fn is_empty(db: &Database, layout: &Layout, part: Part, tenant: TenantId) -> Result<bool> {
    db.work_at(&Placement::Shared, Cx::new(tenant, Actor::system("transfer"))).read_blocking(|tx| {
        for table in layout.part(part) {
            let mut sql = Statement::new("SELECT 1 FROM ");
            sql.name(&table.name).push(" WHERE tenant_id = ").bind(tx.tenant()).push(" LIMIT 1");
            if !sql.rows::<(Integer,), (i32,)>(tx.conn())?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

/// Removes the rows of the tenant from these tables of the main database; none is fine. Answers how many there were.
pub(crate) fn erase(db: &Database, part: Part, tenant: TenantId) -> Result<u64> {
    let layout = Layout::load(db, &Placement::Shared)?;
    let work = db.work_at(&Placement::Shared, Cx::new(tenant, Actor::system("transfer")));
    for table in layout.part(part).filter(|table| !table.later.is_empty()) {
        work.write_blocking(|tx| triggers::without(tx, &table.name, |tx| unlink(tx, table)))?;
    }
    let mut removed = 0;
    for table in layout.part(part).rev() {
        loop {
            let gone = work.write_blocking(|tx| triggers::without(tx, &table.name, |tx| remove_some(tx, table)))?;
            removed += u64::try_from(gone).unwrap_or(0);
            if gone < usize::try_from(STRETCH).unwrap_or(usize::MAX) {
                break;
            }
        }
    }
    Ok(removed)
}

fn remove_some(tx: &mut Tx, table: &Table) -> Result<usize> {
    let mut sql = Statement::new("DELETE FROM ");
    sql.name(&table.name).push(" WHERE tenant_id = ").bind(tx.tenant()).push(" AND (");
    names(&mut sql, table, &table.key);
    sql.push(") IN (SELECT ");
    names(&mut sql, table, &table.key);
    sql.push(" FROM ").name(&table.name).push(" WHERE tenant_id = ").bind(tx.tenant());
    sql.push(" LIMIT ").bind(STRETCH).push(")");
    sql.execute(tx.conn_mut())
}

/// Takes back the references by which rows refer to each other in a circle.
fn unlink(tx: &mut Tx, table: &Table) -> Result<usize> {
    let mut sql = Statement::new("UPDATE ");
    sql.name(&table.name).push(" SET ");
    for (i, place) in table.later.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " }).name(table.column(*place)).push(" = NULL");
    }
    sql.push(" WHERE tenant_id = ").bind(tx.tenant()).push(" AND (");
    for (i, place) in table.later.iter().enumerate() {
        sql.push(if i == 0 { "" } else { " OR " }).name(table.column(*place)).push(" IS NOT NULL");
    }
    sql.push(")");
    sql.execute(tx.conn_mut())
}
