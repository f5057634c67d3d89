//! Groups of records: how many share the values of some fields, and the sum of another field over them.

mod error;
mod row;

pub use error::GroupError;

use std::collections::BTreeMap;
use std::sync::Arc;

use cortex_core::Result;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::custom::{Column, CustomField, CustomKind, FieldSet, IndexState, Part};
use crate::entity::Entity;
use crate::filter::{Filter, Names, Target};
use crate::json::field_to_json;
use crate::meta::{FieldKind, Meta};
use crate::page::narrow;
use crate::repository::read;
use crate::statement::Statement;
use crate::tx::ReadTx;
use crate::value::{ColumnType, Value};

/// Most groups of one answer.
pub const GROUPS_MAX: usize = 1_000;
/// Most fields to group by.
pub const GROUP_FIELDS_MAX: usize = 3;

/// A request for groups as a client wrote it.
#[derive(Debug, Clone, Copy, Default)]
pub struct GroupQuery<'a> {
    /// By which fields, with commas between them: `extra.color,branch`.
    pub by: &'a str,
    /// Which field to add up: a number, or an amount, whose currency or unit then is one of the fields to group by.
    pub sum: Option<&'a str>,
    /// Which records: see [`Filter::parse`].
    pub filter: Option<&'a str>,
    /// Fields that this client may not read.
    pub hidden: &'a [&'a str],
    /// The custom fields of its tenant: [`ReadTx::custom_fields`].
    pub custom: Option<&'a FieldSet>,
}

/// A request for groups.
#[derive(Debug, Clone)]
pub struct GroupRequest {
    filter: Filter,
    scope: Filter,
    keys: Vec<Key>,
    sum: Option<Key>,
}

/// A field to group by or to add up.
#[derive(Debug, Clone)]
struct Key {
    name: String,
    holds: Holds,
    /// The amount before its currency or unit.
    columns: Vec<(Column, ColumnType)>,
}

#[derive(Debug, Clone)]
enum Holds {
    Own(FieldKind),
    Custom(Arc<CustomField>, Part),
}

/// Records that share values.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Group {
    /// The values that they share, by the names that were asked for.
    pub key: Map<String, Json>,
    /// How many they are.
    pub count: i64,
    /// What was to be added up; absent where nothing was, `null` where none of them has a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<Json>,
}

/// The groups of a list, the largest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Groups {
    /// The groups.
    pub groups: Vec<Group>,
    /// Whether there are more than one answer has.
    pub more: bool,
    /// Custom fields that were asked for and whose index does not answer yet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub index: BTreeMap<String, IndexState>,
}

impl GroupRequest {
    /// Reads a client's request.
    ///
    /// # Errors
    /// Filter or names can't be understood; a field has no values to group by or to add up.
    pub fn parse(meta: &'static Meta, query: &GroupQuery<'_>) -> Result<Self, GroupError> {
        let names = Names { meta, hidden: query.hidden, custom: query.custom };
        let mut keys: Vec<Key> = Vec::new();
        for name in query.by.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let key = key(names, name)?.filter(is_groupable).ok_or_else(|| GroupError::Ungroupable(name.to_owned()))?;
            if keys.iter().any(|known| known.name == key.name) {
                return Err(GroupError::Twice(key.name));
            }
            keys.push(key);
        }
        let sum = query.sum.map(str::trim).filter(|name| !name.is_empty()).map(|name| {
            let sum = key(names, name)?.filter(is_summable).ok_or_else(|| GroupError::Unsummable(name.to_owned()))?;
            if let Some(of) = names.second(name)
                && let Some(of) = key(names, &of)?.filter(|of| keys.iter().all(|key| key.name != of.name))
            {
                keys.push(of);
            }
            Ok::<_, GroupError>(sum)
        });
        let sum = sum.transpose()?;
        match keys.len() {
            0 => return Err(GroupError::NoField),
            n if n > GROUP_FIELDS_MAX => return Err(GroupError::TooMany),
            _ => {}
        }
        let filter = Filter::parse_visible(meta, query.hidden, query.custom, query.filter.unwrap_or_default())?;
        Ok(Self { filter, scope: Filter::All, keys, sum })
    }

    /// The same for records that also satisfy `scope`: what a policy lets the client see.
    #[must_use]
    pub fn and(mut self, scope: Filter) -> Self {
        self.scope = self.scope.and(scope);
        self
    }

    fn statement(&self, tx: &mut ReadTx, meta: &'static Meta) -> Statement {
        let backend = tx.backend();
        let columns = self.keys.iter().flat_map(|key| &key.columns);
        let columns: Vec<String> = columns.map(|(column, of)| column.ordered_sql(*of, backend)).collect();
        let mut sql = Statement::new("SELECT ");
        for column in &columns {
            sql.push(column).push(", ");
        }
        sql.push("count(*)");
        if let Some((column, of)) = self.sum.as_ref().and_then(|sum| sum.columns.first()) {
            let text = column.sql(backend);
            sql.push(&match of {
                ColumnType::Fixed => format!(", sum({text})"),
                // PostgreSQL adds integers up to decimals.
                _ => format!(", CAST(sum({text}) AS bigint)"),
            });
        }
        read::from(meta, tx, &mut sql);
        for part in [&self.filter, &self.scope].into_iter().filter(|part| **part != Filter::All) {
            sql.push(" AND ");
            part.push_to(backend, &mut sql);
        }
        let places: Vec<String> = (1..=columns.len()).map(|place| place.to_string()).collect();
        sql.push(" GROUP BY ").push(&places.join(", ")).push(" ORDER BY count(*) DESC");
        for place in &places {
            sql.push(", ").push(place).push(" NULLS LAST");
        }
        sql.push(&format!(" LIMIT {}", GROUPS_MAX + 1)).uncached();
        sql
    }
}

/// What a name stands for; `None` where it has no columns.
fn key(names: Names<'_>, name: &str) -> Result<Option<Key>, GroupError> {
    let unknown = || GroupError::Unknown { name: name.to_owned(), help: names.help(name) };
    let Target { columns, kind, custom } = names.target(name).ok_or_else(unknown)?;
    let (holds, columns): (_, Vec<_>) = match custom {
        None => {
            let columns = columns.iter().zip(kind.columns());
            (Holds::Own(kind), columns.map(|(column, of)| (Column::Own(column), *of)).collect())
        }
        Some((field, part)) => {
            let parts = if part == Part::Value { [Part::Value, Part::Currency].as_slice() } else { &[Part::Currency] };
            let columns = parts.iter().filter_map(|part| field.column(*part));
            let columns = columns.map(|column| (Column::Custom(column.clone()), column.column_type())).collect();
            (Holds::Custom(field, part), columns)
        }
    };
    Ok((!columns.is_empty()).then(|| Key { name: name.to_owned(), holds, columns }))
}

fn is_groupable(key: &Key) -> bool {
    match &key.holds {
        Holds::Own(kind) => !matches!(kind, FieldKind::Json | FieldKind::Extra),
        Holds::Custom(field, _) => field.definition().kind.can_be_indexed(),
    }
}

fn is_summable(key: &Key) -> bool {
    match &key.holds {
        Holds::Own(FieldKind::Int | FieldKind::BigInt | FieldKind::Decimal) => true,
        Holds::Own(kind) => matches!(kind, FieldKind::Money | FieldKind::Price | FieldKind::Quantity),
        Holds::Custom(field, part) => {
            *part == Part::Value && matches!(field.definition().kind, CustomKind::Number | CustomKind::Money)
        }
    }
}

impl Key {
    /// The value as clients get it.
    fn shown(&self, values: &[Value]) -> Json {
        match (&self.holds, values) {
            (Holds::Own(kind), values) => field_to_json(*kind, values),
            (_, [] | [Value::Null(_), ..]) => Json::Null,
            (Holds::Custom(field, Part::Value), [Value::BigInt(amount), Value::Text(currency)]) => {
                field.to_client(&json!({ "amount": amount, "currency": currency }))
            }
            (Holds::Custom(field, Part::Value), [value, ..]) => field.to_client(&row::stored(value)),
            (Holds::Custom(..), [value, ..]) => row::stored(value),
        }
    }

    /// A sum of its first column as clients get it. The currency or unit is a key of the group.
    fn total(&self, sum: &Value, group: &Map<String, Json>) -> Json {
        let second = |part: &str| group.get(&format!("{}.{part}", self.name)).and_then(Json::as_str).map(Value::from);
        let values = [Some(sum.clone()), second("currency").or_else(|| second("unit"))];
        match &self.holds {
            Holds::Own(FieldKind::Int) => field_to_json(FieldKind::BigInt, std::slice::from_ref(sum)),
            _ => self.shown(&values.into_iter().flatten().collect::<Vec<_>>()),
        }
    }
}

/// Reads the groups of an entity's records.
pub(crate) fn groups<E: Entity>(tx: &mut ReadTx, request: &GroupRequest) -> Result<Groups> {
    let keys = request.keys.iter().chain(&request.sum);
    let custom = keys.filter_map(|key| match &key.holds {
        Holds::Custom(field, _) => Some(field.definition().name.as_str()),
        Holds::Own(_) => None,
    });
    let index = narrow::check(tx, E::META, &request.filter, custom)?;
    let sum = request.sum.as_ref().and_then(|sum| sum.columns.first()).map(|(_, of)| match of {
        ColumnType::Fixed => ColumnType::Fixed,
        _ => ColumnType::BigInt,
    });
    let columns = request.keys.iter().flat_map(|key| &key.columns).map(|(_, of)| *of);
    let types: Vec<ColumnType> = columns.chain([ColumnType::BigInt]).chain(sum).collect();
    let rows = request.statement(tx, E::META).load(tx.conn(), |row| row::values(row, &types))?;
    let more = rows.len() > GROUPS_MAX;
    let groups = rows.into_iter().take(GROUPS_MAX).map(|row| group(request, &row)).collect();
    Ok(Groups { groups, more, index })
}

fn group(request: &GroupRequest, row: &[Value]) -> Group {
    let mut rest = row;
    let mut key = Map::new();
    for one in &request.keys {
        let (own, after) = rest.split_at_checked(one.columns.len()).unwrap_or((rest, &[]));
        key.insert(one.name.clone(), one.shown(own));
        rest = after;
    }
    let count = if let Some(Value::BigInt(count)) = rest.first() { *count } else { 0 };
    let sum = request.sum.as_ref().zip(rest.get(1)).map(|(sum, value)| sum.total(value, &key));
    Group { key, count, sum }
}
