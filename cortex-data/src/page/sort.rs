//! The order of a list: from text, as columns, and the values of a record in it.

use cortex_core::{Error, Result};

use super::{PageError, SORT_KEYS_MAX};
use crate::entity::Entity;
use crate::filter::Names;
use crate::meta::{FieldKind, Meta};
use crate::record::Record;
use crate::value::{ColumnType, Value};

/// One column of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortKey {
    /// The column's name, taken from the entity's meta data and never from a client.
    pub column: &'static str,
    /// From the largest to the smallest.
    pub descending: bool,
}

impl SortKey {
    /// From the smallest to the largest.
    #[must_use]
    pub const fn up(column: &'static str) -> Self {
        Self { column, descending: false }
    }

    /// From the largest to the smallest.
    #[must_use]
    pub const fn down(column: &'static str) -> Self {
        Self { column, descending: true }
    }
}

/// Reads `-price,plate`.
pub(super) fn parse(names: Names<'_>, text: &str) -> Result<Vec<SortKey>, PageError> {
    let mut keys: Vec<SortKey> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (descending, name) = match part.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, part.strip_prefix('+').unwrap_or(part)),
        };
        let Some(target) = names.target(name) else {
            return Err(PageError::UnknownField { name: name.to_owned(), help: names.help(name) });
        };
        if matches!(target.kind, FieldKind::Json) {
            return Err(PageError::Unsortable(name.to_owned()));
        }
        // The currency or unit, which is the second column, comes first: amounts compare within one.
        for column in target.columns.iter().rev() {
            if keys.iter().any(|key| key.column == *column) {
                return Err(PageError::SortedTwice(name.to_owned()));
            }
            keys.push(SortKey { column, descending });
        }
        if keys.len() > SORT_KEYS_MAX {
            return Err(PageError::TooManyKeys);
        }
    }
    Ok(keys)
}

/// A column of an order with what the database needs to know of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyColumn {
    pub(super) name: &'static str,
    pub(super) of: ColumnType,
    pub(super) nullable: bool,
    pub(super) descending: bool,
    /// Where a record keeps it.
    place: Place,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// The position among the values of the entity.
    Value(usize),
    System,
}

/// The columns of an order, ending with the id, so that no two records are equal in it.
pub(super) fn columns(meta: &'static Meta, sort: &[SortKey]) -> Result<Vec<KeyColumn>> {
    let mut keys = Vec::with_capacity(sort.len() + 1);
    for key in sort {
        keys.push(column(meta, *key)?);
        if key.column == "id" {
            return Ok(keys);
        }
    }
    // In the direction of the last key, so that an index on the keys and the id serves both directions.
    let descending = sort.last().is_some_and(|key| key.descending);
    keys.push(column(meta, SortKey { column: "id", descending })?);
    Ok(keys)
}

fn column(meta: &'static Meta, key: SortKey) -> Result<KeyColumn> {
    let mut at = 0;
    for field in meta.fields {
        for (name, of) in field.typed_columns() {
            if name == key.column {
                let (nullable, descending) = (field.nullable, key.descending);
                return Ok(KeyColumn { name, of, nullable, descending, place: Place::Value(at) });
            }
            at += 1;
        }
    }
    match meta.system_columns().find(|(name, ..)| *name == key.column) {
        Some((name, of, nullable)) => {
            Ok(KeyColumn { name, of, nullable, descending: key.descending, place: Place::System })
        }
        None => Err(Error::internal("page.sort", format!("`{}` has no column `{}`", meta.table, key.column))),
    }
}

/// The values of a record in an order.
pub(super) fn values<E: Entity>(keys: &[KeyColumn], record: &Record<E>) -> Vec<Value> {
    let own = record.entity.values();
    let system = &record.system;
    let value = |key: &KeyColumn| match (key.place, key.name) {
        (Place::Value(at), _) => own.get(at).cloned(),
        (Place::System, "version") => system.version.map(Value::BigInt),
        (Place::System, "created_at") => system.created.map(|(at, _)| Value::Instant(at)),
        (Place::System, "created_by") => system.created.map(|(_, by)| Value::Guid(by)),
        (Place::System, "updated_at") => system.updated.map(|(at, _)| Value::Instant(at)),
        (Place::System, "updated_by") => system.updated.map(|(_, by)| Value::Guid(by)),
        (Place::System, _) => None,
    };
    keys.iter().map(|key| value(key).unwrap_or(Value::Null(key.of))).collect()
}
