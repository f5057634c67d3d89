//! Statements over many rows at once: locks, and rows that are written whether they are there or not.

use codexion::data::{Backend, Db, Entity, Statement};
use codexion::prelude::*;
use diesel::QueryableByName;
use diesel::row::NamedRow;

/// Rows per statement, under the databases' limits of parameters and of nested conditions.
pub(crate) const ROWS_MAX: usize = 200;

/// Writes rows that may be there already, under the same id: a statement for all of them.
pub(crate) fn put_many<E: Entity>(tx: &mut Tx, rows: &[E]) -> Result<()> {
    for rows in rows.chunks(ROWS_MAX) {
        let mut sql = insert(tx, rows);
        sql.push(" ON CONFLICT (tenant_id, id) DO UPDATE SET ");
        for (i, (name, _)) in E::META.columns().filter(|(name, _)| *name != "id").enumerate() {
            sql.push(if i > 0 { ", " } else { "" });
            sql.name(name).push(" = excluded.").name(name);
        }
        sql.run(tx)?;
    }
    Ok(())
}

/// Writes rows unless there are some with the same unique values: of two units of work the second waits here.
pub(crate) fn put_missing<E: Entity>(tx: &mut Tx, rows: &[E]) -> Result<()> {
    for rows in rows.chunks(ROWS_MAX) {
        let mut sql = insert(tx, rows);
        sql.push(" ON CONFLICT DO NOTHING");
        sql.run(tx)?;
    }
    Ok(())
}

/// Removes rows for good.
pub(crate) fn remove_many<E: Entity>(tx: &mut Tx, ids: &[Id<E>]) -> Result<()> {
    for ids in ids.chunks(ROWS_MAX) {
        let mut sql = Statement::new("DELETE FROM ");
        sql.name(E::META.table).push(" WHERE tenant_id = ").bind(tx.tenant()).push(" AND id IN (");
        for (i, id) in ids.iter().enumerate() {
            sql.push(if i > 0 { ", " } else { "" }).bind(*id);
        }
        sql.push(")");
        sql.run(tx)?;
    }
    Ok(())
}

fn insert<E: Entity>(tx: &Tx, rows: &[E]) -> Statement {
    let mut sql = Statement::new("INSERT INTO ");
    sql.name(E::META.table).push(" (tenant_id");
    for (name, _) in E::META.columns() {
        sql.push(", ").name(name);
    }
    sql.push(") VALUES ");
    for (i, row) in rows.iter().enumerate() {
        sql.push(if i > 0 { ", (" } else { "(" });
        sql.bind(tx.tenant());
        for value in row.values() {
            sql.push(", ").bind(value);
        }
        sql.push(")");
    }
    sql
}

/// The rows of `E` whose `columns` have one of these values, in the order of `columns`; locked until the commit where
/// the database locks rows, so that they are what the last unit of work left.
pub(crate) fn locked<E: Entity>(tx: &mut Tx, columns: &[&str], keys: &[Vec<Value>]) -> Result<Vec<E>> {
    let mut found = Vec::with_capacity(keys.len());
    for keys in keys.chunks(ROWS_MAX) {
        let mut sql = Statement::new("SELECT ");
        for (i, (name, _)) in E::META.columns().enumerate() {
            sql.push(if i > 0 { ", " } else { "" }).name(name);
        }
        sql.push(" FROM ").name(E::META.table).push(" WHERE tenant_id = ").bind(tx.tenant()).push(" AND (");
        for (i, key) in keys.iter().enumerate() {
            sql.push(if i > 0 { " OR (" } else { "(" });
            for (j, (column, value)) in columns.iter().zip(key).enumerate() {
                sql.push(if j > 0 { " AND " } else { "" });
                sql.name(column).push(" = ").bind(value.clone());
            }
            sql.push(")");
        }
        sql.push(") ORDER BY ");
        for (i, column) in columns.iter().enumerate() {
            sql.push(if i > 0 { ", " } else { "" }).name(column);
        }
        sql.push(if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" });
        found.extend(sql.rows::<Whole<E>>(tx)?.into_iter().map(|row| row.0));
    }
    Ok(found)
}

/// A row with all columns of `E`, in their order.
struct Whole<E>(E);

impl<E: Entity> QueryableByName<Db> for Whole<E> {
    fn build<'a>(row: &impl NamedRow<'a, Db>) -> diesel::deserialize::Result<Self> {
        E::build_from_row(row).map(Self)
    }
}

/// `(a, b) <op> (x, y)` for a position.
pub(crate) fn push_position(sql: &mut Statement, columns: &str, op: &str, position: crate::domain::Position) {
    sql.push(columns).push(op).push("(").bind(position.date).push(", ").bind(position.id).push(")");
}
