//! Rows whose columns are known at run time only.

use cortex_core::{Date, Decimal, Rate, Timestamp};
use diesel::deserialize::{self, FromSql};
use diesel::row::Row;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::conn::{MultiBackend as Db, MultiRow};
use crate::sqltype::{Day, Fine, Fixed, Guid, Instant, Json as JsonColumn, Maybe};
use crate::value::{ColumnType, Value};

/// The values of a row whose columns are of these types.
pub(super) fn values(row: &MultiRow<'_, '_>, types: &[ColumnType]) -> deserialize::Result<Vec<Value>> {
    types.iter().enumerate().map(|(at, of)| value(row, at, *of)).collect()
}

fn value(row: &MultiRow<'_, '_>, at: usize, of: ColumnType) -> deserialize::Result<Value> {
    let value = match of {
        ColumnType::Bool => cell::<Bool, bool>(row, at)?.map(Value::Bool),
        ColumnType::Int => cell::<Integer, i32>(row, at)?.map(Value::Int),
        ColumnType::BigInt => cell::<BigInt, i64>(row, at)?.map(Value::BigInt),
        ColumnType::Text => cell::<Text, String>(row, at)?.map(Value::Text),
        ColumnType::Guid => cell::<Guid, Uuid>(row, at)?.map(Value::Guid),
        ColumnType::Instant => cell::<Instant, Timestamp>(row, at)?.map(Value::Instant),
        ColumnType::Day => cell::<Day, Date>(row, at)?.map(Value::Day),
        ColumnType::Fixed => cell::<Fixed, Decimal>(row, at)?.map(Value::Fixed),
        ColumnType::Fine => cell::<Fine, Rate>(row, at)?.map(Value::Fine),
        ColumnType::Json => cell::<JsonColumn, Json>(row, at)?.map(Value::Json),
    };
    Ok(value.unwrap_or(Value::Null(of)))
}

fn cell<ST, T>(row: &MultiRow<'_, '_>, at: usize) -> deserialize::Result<Option<T>>
where
    Option<T>: FromSql<Maybe<ST>, Db>,
{
    row.get_value::<Maybe<ST>, Option<T>, _>(at)
}

/// The stored form of a custom field's value that a column holds.
pub(super) fn stored(value: &Value) -> Json {
    match value {
        Value::Bool(flag) => Json::from(*flag),
        Value::BigInt(number) => Json::from(*number),
        Value::Text(text) => Json::from(text.as_str()),
        _ => Json::Null,
    }
}
