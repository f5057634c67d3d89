//! Says which field a constraint of the database was about.

use std::collections::HashMap;
use std::error::Error as StdError;

use cortex_core::{Error, Result};
use diesel::result::Error as Diesel;
use diesel::sql_types::Integer;

use super::read::{lower, scope};
use crate::database::Backend;
use crate::meta::{FieldMeta, Meta};
use crate::statement::Statement;
use crate::tx::Tx;
use crate::value::Value;

/// Ids per statement when looking for the one that does not exist.
const LOOKED_UP_MAX: usize = 500;

/// Why records with these values could not be stored.
pub(super) fn stored(tx: &mut Tx, meta: &'static Meta, records: &[&[Value]], error: Error) -> Error {
    match error.code() {
        "unique" => taken(meta, error),
        "reference" => {
            let field = match tx.backend() {
                Backend::Postgres => columns(&error).iter().find_map(|column| reference(meta, column)),
                // SQLite does not say which, but still answers in this transaction.
                Backend::Sqlite => missing(tx, meta, records).unwrap_or(None),
            };
            let Some((field, other)) = field else { return error };
            let message = format!("`{}` refers to a {} that does not exist", field.name, lower(other.name));
            Error::conflict("reference", message).with_source(error)
        }
        _ => error,
    }
}

/// Why a record could not be deleted.
pub(super) fn deleted(meta: &'static Meta, error: Error) -> Error {
    if error.code() != "reference" {
        return error;
    }
    Error::conflict("reference", format!("other records refer to this {}", lower(meta.name)))
        .with_source(error)
        .with_help("delete or change those first")
}

fn taken(meta: &'static Meta, error: Error) -> Error {
    let columns = columns(&error);
    let of = |column: &&str| meta.fields.iter().find(|f| f.columns.contains(column));
    let names: Vec<String> =
        columns.iter().map(String::as_str).filter_map(|c| of(&c)).map(|f| format!("`{}`", f.name)).collect();
    if names.is_empty() {
        return error;
    }
    let message = format!("there is a {} with the same {} already", lower(meta.name), names.join(" and "));
    Error::conflict("unique", message).with_source(error)
}

fn reference(meta: &'static Meta, column: &str) -> Option<(&'static FieldMeta, &'static Meta)> {
    let field = meta.fields.iter().find(|f| f.columns.contains(&column))?;
    field.rules.references.map(|other| (field, other()))
}

/// The columns that the driver's error is about.
fn columns(error: &Error) -> Vec<String> {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<Diesel>());
    let Some(Diesel::DatabaseError(_, info)) = cause else { return Vec::new() };
    let list = match info.details() {
        // PostgreSQL: `Key (tenant_id, plate)=(..., ...) already exists.`
        Some(details) => details.split_once(")=(").map(|(left, _)| left.trim_start_matches("Key (")),
        // SQLite: `UNIQUE constraint failed: vehicles.tenant_id, vehicles.plate`
        None => info.message().split_once("constraint failed: ").map(|(_, right)| right),
    };
    let name = |column: &str| column.rsplit('.').next().unwrap_or(column).trim().trim_matches('"').to_owned();
    list.unwrap_or_default().split(',').map(name).collect()
}

/// The first field of which a record refers to nothing.
fn missing(
    tx: &mut Tx,
    meta: &'static Meta,
    records: &[&[Value]],
) -> Result<Option<(&'static FieldMeta, &'static Meta)>> {
    let mut at = 0;
    for field in meta.fields {
        if let Some((field, other)) = field.columns.first().and_then(|column| reference(meta, column)) {
            let keys = |at: usize| records.iter().filter_map(move |values| values.get(at)).filter(|key| !key.is_null());
            let mut wanted: HashMap<String, &Value> = keys(at).map(|key| (format!("{key:?}"), key)).collect();
            if other.table == meta.table {
                // Records of one statement may refer to each other.
                keys(0).for_each(|key| _ = wanted.remove(&format!("{key:?}")));
            }
            let wanted: Vec<&Value> = wanted.into_values().collect();
            for batch in wanted.chunks(LOOKED_UP_MAX) {
                if existing(tx, other, batch)? < batch.len() {
                    return Ok(Some((field, other)));
                }
            }
        }
        at += field.columns.len();
    }
    Ok(None)
}

/// How many of these records there are.
fn existing(tx: &mut Tx, meta: &'static Meta, keys: &[&Value]) -> Result<usize> {
    let mut sql = Statement::new("SELECT 1 FROM ");
    sql.name(meta.table).push(" WHERE ");
    scope(meta, tx, &mut sql);
    sql.push(" AND ").name(meta.key_column()).push(" IN (NULL");
    for key in keys {
        sql.push(", ").bind((*key).clone());
    }
    sql.push(")").uncached();
    Ok(sql.rows::<(Integer,), (i32,)>(tx.conn())?.len())
}
