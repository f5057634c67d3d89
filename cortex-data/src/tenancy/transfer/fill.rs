//! Writes rows into a place, batch by batch.

use cortex_core::{Actor, Cx, Error, Result, TenantId};

use super::error::TransferError;
use super::layout::Table;
use super::source::{Row, Source, names};
use super::sum::Sum;
use super::{DELIVERIES, OUTBOX, line, triggers};
use crate::database::{Backend, Database};
use crate::error::is_transient;
use crate::statement::Statement;
use crate::tenancy::Placement;
use crate::tx::Tx;
use crate::value::Value;
use crate::work::Work;

/// Rows of one statement.
const STATEMENT: usize = 500;

/// Writes rows of a tenant into a place.
pub(crate) struct Filler {
    work: Work,
}

impl Filler {
    pub(crate) fn new(db: &Database, place: &Placement, tenant: TenantId) -> Self {
        Self { work: db.work_at(place, Cx::new(tenant, Actor::system("transfer"))) }
    }

    /// Writes everything that `source` has of `tables`, and answers what each of them got.
    pub(crate) fn fill(&self, tables: &[&Table], source: &mut dyn Source) -> Result<Vec<Sum>> {
        let mut sums = Vec::with_capacity(tables.len());
        for table in tables {
            sums.push(self.table(table, source)?);
        }
        for table in tables.iter().filter(|table| !table.later.is_empty()) {
            source.each(table, &mut |rows| self.link(table, &rows))?;
        }
        if tables.iter().any(|table| table.name == DELIVERIES) {
            self.write(DELIVERIES, |tx| {
                let mut sql = Statement::new(
                    "UPDATE cortex_deliveries SET position = (SELECT o.position FROM cortex_outbox o \
                     WHERE o.id = cortex_deliveries.message_id AND o.tenant_id = cortex_deliveries.tenant_id) \
                     WHERE tenant_id = ",
                );
                sql.bind(tx.tenant());
                sql.execute(tx.conn_mut()).map(drop)
            })?;
        }
        Ok(sums)
    }

    fn table(&self, table: &Table, source: &mut dyn Source) -> Result<Sum> {
        let (mut sum, given) = (Sum::default(), table.given());
        source.each(table, &mut |rows| {
            rows.iter().for_each(|row| sum.add(&encode_without(table, row, &given)));
            self.write(&table.name, |tx| insert(tx, table, &rows))
        })?;
        Ok(sum)
    }

    /// A transaction without the table's triggers.
    fn write(&self, table: &str, f: impl Fn(&mut Tx) -> Result<()>) -> Result<()> {
        let done = self.work.write_blocking(|tx| triggers::without(tx, table, &f));
        done.map_err(settled)
    }

    /// The second pass: references that had to wait for other rows.
    fn link(&self, table: &Table, rows: &[Row]) -> Result<()> {
        let filled = |row: &&Row| table.later.iter().any(|place| row.get(*place).is_some_and(|v| !v.is_null()));
        let rows: Vec<&Row> = rows.iter().filter(filled).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.write(&table.name, |tx| {
            for row in &rows {
                let mut sql = Statement::new("UPDATE ");
                sql.name(&table.name).push(" SET ");
                for (i, place) in table.later.iter().enumerate() {
                    sql.push(if i == 0 { "" } else { ", " }).name(table.column(*place)).push(" = ");
                    sql.bind(row.get(*place).cloned().unwrap_or(Value::Bool(false)));
                }
                sql.push(" WHERE tenant_id = ").bind(tx.tenant());
                for place in &table.key {
                    sql.push(" AND ").name(table.column(*place)).push(" = ");
                    sql.bind(row.get(*place).cloned().unwrap_or(Value::Bool(false)));
                }
                sql.execute(tx.conn_mut())?;
            }
            Ok(())
        })
    }
}

/// The source would begin anew for a conflict at the target; the target has tried again often enough.
fn settled(error: Error) -> Error {
    if !is_transient(&error) {
        return error;
    }
    Error::from(TransferError::Interrupted { reason: error.message().to_owned() }).with_source(error)
}

/// The line of a row without the values that each database gives itself.
pub(super) fn encode_without(table: &Table, row: &Row, given: &[usize]) -> String {
    if given.is_empty() {
        return line::encode(table, row);
    }
    let mut row = row.clone();
    for place in given {
        if let Some(value) = row.get_mut(*place) {
            *value = Value::Null(value.column_type());
        }
    }
    line::encode(table, &row)
}

fn insert(tx: &mut Tx, table: &Table, rows: &[Row]) -> Result<()> {
    for part in rows.chunks(STATEMENT) {
        let mut sql = Statement::new("INSERT INTO ");
        sql.name(&table.name).push(" (");
        let all: Vec<usize> = (0..table.columns.len()).collect();
        names(&mut sql, table, &all);
        sql.push(") VALUES ");
        for (i, row) in (1_i32..).zip(part) {
            sql.push(if i == 1 { "(" } else { ", (" });
            for (place, value) in row.iter().enumerate() {
                sql.push(if place == 0 { "" } else { ", " });
                match given(table, place, tx.backend()) {
                    Some(Given::Text(text)) => sql.push(text),
                    Some(Given::Next) => sql.push("(SELECT coalesce(max(position), 0) FROM cortex_outbox) + ").bind(i),
                    None if table.later.contains(&place) => sql.bind(Value::Null(value.column_type())),
                    None => sql.bind(value.clone()),
                };
            }
            sql.push(")");
        }
        // The last part of each table has a length of its own.
        if part.len() < STATEMENT {
            sql.uncached();
        }
        sql.execute(tx.conn_mut())?;
    }
    Ok(())
}

/// What a database gives itself.
enum Given {
    Text(&'static str),
    Next,
}

/// Messages go to the end of the target's queue, in their order; the transaction that brings them is theirs now.
fn given(table: &Table, place: usize, backend: Backend) -> Option<Given> {
    match (table.name.as_str(), table.column(place), backend) {
        (OUTBOX, "position", Backend::Sqlite) => Some(Given::Next),
        (OUTBOX, "position", Backend::Postgres) => Some(Given::Text("nextval('cortex_outbox_position')")),
        (OUTBOX, "txid", Backend::Sqlite) => Some(Given::Text("0")),
        (OUTBOX, "txid", Backend::Postgres) => Some(Given::Text("pg_current_xact_id()::text::bigint")),
        _ => None,
    }
}
