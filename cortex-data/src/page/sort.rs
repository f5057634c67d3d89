//! The order of a list: from text, as columns, and the values of a record in it.

use cortex_core::{Error, Result};

use serde_json::Value as Json;

use super::{PageError, SORT_KEYS_MAX};
use crate::custom::{Column, Part};
use crate::entity::Entity;
use crate::filter::Names;
use crate::meta::{FieldKind, Meta};
use crate::record::Record;
use crate::value::{ColumnType, Value};

/// One column of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// What to sort by.
    pub column: Column,
    /// From the largest to the smallest.
    pub descending: bool,
}

impl SortKey {
    /// From the smallest to the largest.
    #[must_use]
    pub const fn up(column: &'static str) -> Self {
        Self { column: Column::Own(column), descending: false }
    }

    /// From the largest to the smallest.
    #[must_use]
    pub const fn down(column: &'static str) -> Self {
        Self { column: Column::Own(column), descending: true }
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
        // The currency or unit, which is the second column, comes first: amounts compare within one.
        let columns: Vec<Column> = match &target.custom {
            Some((field, _)) if !field.definition().kind.can_be_indexed() => {
                return Err(PageError::Unsortable(name.to_owned()));
            }
            Some((field, Part::Currency)) => field.column(Part::Currency).map(Column::Custom).into_iter().collect(),
            Some((field, Part::Value)) => {
                let parts = [Part::Currency, Part::Value].into_iter();
                parts.filter_map(|part| field.column(part)).map(Column::Custom).collect()
            }
            None if matches!(target.kind, FieldKind::Json | FieldKind::Extra) => {
                return Err(PageError::Unsortable(name.to_owned()));
            }
            None => target.columns.iter().rev().map(|column| Column::Own(column)).collect(),
        };
        for column in columns {
            if keys.iter().any(|key| key.column == column) {
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
#[derive(Debug, Clone)]
pub(super) struct KeyColumn {
    pub(super) column: Column,
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
    /// The same of the value that holds the custom fields.
    Extra(usize),
    System(&'static str),
}

/// The columns of an order, ending with the key, so that no two records are equal in it.
pub(super) fn columns(meta: &'static Meta, sort: &[SortKey]) -> Result<Vec<KeyColumn>> {
    let mut keys = Vec::with_capacity(sort.len() + 1);
    let end = Column::Own(meta.key_column());
    for key in sort {
        keys.push(column(meta, key)?);
        if key.column == end {
            return Ok(keys);
        }
    }
    // In the direction of the last key, so that an index on the keys and that column serves both directions.
    let descending = sort.last().is_some_and(|key| key.descending);
    keys.push(column(meta, &SortKey { column: end, descending })?);
    Ok(keys)
}

fn column(meta: &'static Meta, key: &SortKey) -> Result<KeyColumn> {
    let unknown = || Error::internal("page.sort", format!("`{}` has no column `{:?}`", meta.table, key.column));
    let wanted = match &key.column {
        Column::Own(name) => *name,
        Column::Custom(custom) => {
            let place = Place::Extra(meta.extra().ok_or_else(unknown)?);
            let (of, descending) = (custom.column_type(), key.descending);
            return Ok(KeyColumn { column: key.column.clone(), of, nullable: true, descending, place });
        }
    };
    let mut at = 0;
    for field in meta.fields {
        for (name, of) in field.typed_columns() {
            if name == wanted {
                let (nullable, descending) = (field.nullable, key.descending);
                return Ok(KeyColumn { column: Column::Own(name), of, nullable, descending, place: Place::Value(at) });
            }
            at += 1;
        }
    }
    match meta.system_columns().find(|(name, ..)| *name == wanted) {
        Some((name, of, nullable)) => {
            let (column, descending) = (Column::Own(name), key.descending);
            Ok(KeyColumn { column, of, nullable, descending, place: Place::System(name) })
        }
        None => Err(unknown()),
    }
}

/// The values of a record in an order.
pub(super) fn values<E: Entity>(keys: &[KeyColumn], record: &Record<E>) -> Vec<Value> {
    let own = record.entity.values();
    let system = &record.system;
    let value = |key: &KeyColumn| match key.place {
        Place::Value(at) => own.get(at).cloned(),
        Place::Extra(at) => match (own.get(at), &key.column) {
            (Some(Value::Json(Json::Object(extra))), Column::Custom(column)) => Some(column.value(extra)),
            _ => None,
        },
        Place::System("version") => system.version.map(Value::BigInt),
        Place::System("created_at") => system.created.map(|(at, _)| Value::Instant(at)),
        Place::System("created_by") => system.created.map(|(_, by)| Value::Guid(by)),
        Place::System("updated_at") => system.updated.map(|(at, _)| Value::Instant(at)),
        Place::System("updated_by") => system.updated.map(|(_, by)| Value::Guid(by)),
        Place::System(_) => None,
    };
    keys.iter().map(|key| value(key).unwrap_or(Value::Null(key.of))).collect()
}
