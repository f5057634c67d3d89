//! Fields as JSON and back: one mapping for REST, history, events, import and export.
//!
//! Money is `{"amount": "12.50", "currency": "EUR"}`, a quantity `{"amount": "3", "unit": "pcs"}`; decimals are
//! strings, since a JSON number is a binary float to most readers.

use std::fmt::Display;

use cortex_core::{Currency, Date, Decimal, Money, Price, Quantity, Rate, Timestamp, Unit};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::meta::{FieldKind, FieldMeta, Meta};
use crate::value::{ColumnType, Value};

/// The year 1 in UTC: earlier times are kept differently, or not at all, from one database to the other.
const FIRST_INSTANT: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// What stands for the value of a field that nobody can read.
const SECRET: &str = "***";

/// The chosen fields of a record as a JSON object; `choose` is asked with the index of each first column.
pub(crate) fn record_to_json(meta: &Meta, values: &[Value], choose: &dyn Fn(usize) -> bool) -> Json {
    let mut object = Map::new();
    let mut at = 0;
    for field in meta.fields {
        let width = field.columns.len();
        if (at..at + width).any(choose) {
            let own = values.get(at..at + width).unwrap_or_default();
            let shown = match field_to_json(field.kind, own) {
                // A history tells that a secret changed, and not what it was.
                json if field.rules.write_only && !json.is_null() => Json::from(SECRET),
                json => json,
            };
            object.insert(field.name.to_owned(), shown);
        }
        at += width;
    }
    Json::Object(object)
}

/// One field as JSON.
#[must_use]
pub fn field_to_json(kind: FieldKind, values: &[Value]) -> Json {
    // Values are texts, numbers and JSON, which always serialize.
    serde_json::to_value(FieldJson { kind, values }).unwrap_or_default()
}

/// One field, written as JSON without a tree of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldJson<'a> {
    pub(crate) kind: FieldKind,
    pub(crate) values: &'a [Value],
}

impl Serialize for FieldJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.kind, self.values) {
            (_, [] | [Value::Null(_), ..]) => serializer.serialize_unit(),
            (FieldKind::Money, [Value::BigInt(minor), Value::Text(code)]) => match Currency::parse(code) {
                Ok(currency) => {
                    let amount = Money::from_minor(*minor, currency).to_decimal();
                    pair(serializer, ("amount", &Shown(amount)), ("currency", code))
                }
                Err(_) => pair(serializer, ("currency", code), ("minor", minor)),
            },
            (FieldKind::Price, [Value::Fixed(amount), Value::Text(code)]) => {
                pair(serializer, ("amount", &Shown(amount)), ("currency", code))
            }
            (FieldKind::Quantity, [Value::Fixed(amount), Value::Text(unit)]) => {
                pair(serializer, ("amount", &Shown(amount)), ("unit", unit))
            }
            (_, [value, ..]) => ValueJson(value).serialize(serializer),
        }
    }
}

fn pair<S: Serializer>(
    serializer: S,
    first: (&'static str, &impl Serialize),
    second: (&'static str, &impl Serialize),
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry(first.0, first.1)?;
    map.serialize_entry(second.0, second.1)?;
    map.end()
}

/// What is a string in JSON, as people write it.
struct Shown<T>(T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// One column value as JSON.
pub(crate) fn value_to_json(value: &Value) -> Json {
    serde_json::to_value(ValueJson(value)).unwrap_or_default()
}

struct ValueJson<'a>(&'a Value);

impl Serialize for ValueJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null(_) => serializer.serialize_unit(),
            Value::Bool(v) => serializer.serialize_bool(*v),
            Value::Int(v) => serializer.serialize_i32(*v),
            Value::BigInt(v) => serializer.serialize_i64(*v),
            Value::Text(v) => serializer.serialize_str(v),
            Value::Guid(v) => v.serialize(serializer),
            Value::Instant(v) => serializer.collect_str(v),
            Value::Day(v) => serializer.collect_str(v),
            Value::Fixed(v) => serializer.collect_str(v),
            Value::Fine(v) => serializer.collect_str(&v.to_decimal()),
            Value::Json(v) => v.serialize(serializer),
        }
    }
}

/// One field from JSON: its column values, or what is wrong with it, for people.
pub(crate) fn field_from_json(field: &FieldMeta, json: &Json) -> Result<Vec<Value>, String> {
    if json.is_null() {
        return Ok(field.kind.columns().iter().map(|of| Value::Null(*of)).collect());
    }
    field_from_json_kind(field.kind, json)
}

/// The same for a value that is there.
pub(crate) fn field_from_json_kind(kind: FieldKind, json: &Json) -> Result<Vec<Value>, String> {
    match kind {
        FieldKind::Money => {
            let money: Money = read_pair(json, "currency")?;
            Ok(vec![Value::BigInt(money.minor()), money.currency().into()])
        }
        FieldKind::Price => {
            let price: Price = read_pair(json, "currency")?;
            Ok(vec![Value::Fixed(price.amount()), price.currency().into()])
        }
        FieldKind::Quantity => {
            let quantity: Quantity = read_pair(json, "unit")?;
            Ok(vec![Value::Fixed(quantity.amount()), quantity.unit().into()])
        }
        FieldKind::Json | FieldKind::Extra => Ok(vec![Value::Json(json.clone())]),
        FieldKind::Bool => json.as_bool().map(|v| vec![Value::Bool(v)]).ok_or_else(|| "expected true or false".into()),
        FieldKind::Int => match json.as_i64().and_then(|n| i32::try_from(n).ok()) {
            Some(n) => Ok(vec![Value::Int(n)]),
            None => Err("expected a whole number of 32 bits".into()),
        },
        FieldKind::BigInt => match json.as_i64() {
            Some(n) => Ok(vec![Value::BigInt(n)]),
            None => Err("expected a whole number of 64 bits".into()),
        },
        kind => match json.as_str() {
            Some(text) => value_from_text(kind, text).map(|v| vec![v]),
            None => Err(format!("expected a string that holds {}", expected(kind))),
        },
    }
}

/// An amount with its currency or unit. The shape is checked here: serde would name the Rust type.
fn read_pair<'a, T: Deserialize<'a>>(json: &'a Json, second: &str) -> Result<T, String> {
    let as_expected =
        json.as_object().is_some_and(|o| o.len() == 2 && o.contains_key("amount") && o.contains_key(second));
    if !as_expected {
        return Err(format!("expected an object with `amount` and `{second}`"));
    }
    T::deserialize(json).map_err(|e| e.to_string())
}

fn expected(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Id => "an id",
        FieldKind::Instant => "a time such as `2026-03-01T08:00:00Z`",
        FieldKind::Day => "a date such as `2026-03-01`",
        FieldKind::Decimal | FieldKind::Rate => "a decimal number such as `12.50`",
        FieldKind::Currency => "a currency code such as `EUR`",
        FieldKind::Unit => "a unit code such as `pcs`",
        FieldKind::Int | FieldKind::BigInt => "a whole number",
        FieldKind::Bool => "`true` or `false`",
        _ => "text",
    }
}

/// One column value from text: for JSON strings, filters, CSV.
pub(crate) fn value_from_text(kind: FieldKind, text: &str) -> Result<Value, String> {
    let wrong = || format!("`{text}` is not {}", expected(kind));
    Ok(match kind {
        FieldKind::Text if text.contains('\0') => return Err("a text has no character U+0000".to_owned()),
        FieldKind::Text => Value::Text(text.to_owned()),
        FieldKind::Id => Value::Guid(Uuid::parse_str(text).map_err(|_| wrong())?),
        FieldKind::Instant => {
            let instant = text.parse::<Timestamp>().map_err(|_| wrong())?;
            let fits = instant >= FIRST_INSTANT;
            Value::Instant(fits.then_some(instant).ok_or_else(|| format!("`{text}` is before the year 1"))?)
        }
        FieldKind::Day => {
            let day = text.parse::<Date>().map_err(|_| wrong())?;
            let fits = day.year() >= 1;
            Value::Day(fits.then_some(day).ok_or_else(|| format!("`{text}` is before the year 1"))?)
        }
        FieldKind::Decimal | FieldKind::Price | FieldKind::Quantity => {
            let decimal = Decimal::from_str_exact(text).map_err(|_| wrong())?;
            let fits = crate::sqltype::scaled(decimal, crate::sqltype::FIXED_SCALE).is_some();
            Value::Fixed(
                fits.then_some(decimal)
                    .ok_or_else(|| format!("`{text}` has more than 6 digits after the point or is too large"))?,
            )
        }
        FieldKind::Rate => {
            let decimal = Decimal::from_str_exact(text).map_err(|_| wrong())?;
            Value::Fine(Rate::new(decimal).map_err(|e| e.to_string())?)
        }
        FieldKind::Currency => Currency::parse(text).map_err(|e| e.to_string())?.into(),
        FieldKind::Unit => Unit::parse(text).map_err(|e| e.to_string())?.into(),
        FieldKind::Bool => Value::Bool(text.parse().map_err(|_| wrong())?),
        FieldKind::Int => Value::Int(text.parse().map_err(|_| wrong())?),
        FieldKind::BigInt | FieldKind::Money => Value::BigInt(text.parse().map_err(|_| wrong())?),
        FieldKind::Choice(names) if names.contains(&text) => Value::Text(text.to_owned()),
        FieldKind::Choice(names) => return Err(format!("`{text}` is none of {}", quoted(names))),
        FieldKind::Json | FieldKind::Extra => Value::Json(serde_json::from_str(text).map_err(|_| wrong())?),
    })
}

/// One column value from the JSON that [`value_to_json`] makes of it.
pub(crate) fn value_from_column(of: ColumnType, json: &Json) -> Result<Value, String> {
    let kind = match of {
        _ if json.is_null() => return Ok(Value::Null(of)),
        ColumnType::Json => return Ok(Value::Json(json.clone())),
        ColumnType::Bool => FieldKind::Bool,
        ColumnType::Int => FieldKind::Int,
        ColumnType::BigInt => FieldKind::BigInt,
        ColumnType::Text => FieldKind::Text,
        ColumnType::Guid => FieldKind::Id,
        ColumnType::Instant => FieldKind::Instant,
        ColumnType::Day => FieldKind::Day,
        ColumnType::Fixed => FieldKind::Decimal,
        ColumnType::Fine => FieldKind::Rate,
    };
    match json {
        Json::String(text) => value_from_text(kind, text),
        other => value_from_text(kind, &other.to_string()),
    }
}

pub(crate) fn quoted(names: &[&str]) -> String {
    names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}

/// No database keeps the character U+0000 in a text.
pub(crate) fn has_nul(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(has_nul),
        Json::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}
