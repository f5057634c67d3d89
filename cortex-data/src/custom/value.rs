//! Values of custom fields from clients' JSON and text into the form in which they are stored, and back.

use cortex_core::{Date, Decimal, Money, Timestamp};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::definition::FieldDefinition;
use super::extra::ExtraValue;
use super::kind::CustomKind;
use crate::json::{field_from_json_kind, has_nul, value_from_text};
use crate::meta::FieldKind;
use crate::value::Value;

/// Most names that one message lists.
const LISTED_MAX: usize = 20;

/// The stored form of what a client wrote, or what is wrong with it, for people.
pub(super) fn to_stored(field: &FieldDefinition, json: &Json) -> Result<Json, String> {
    match field.kind {
        CustomKind::MultiChoice => several(field, json),
        CustomKind::Json if has_nul(json) => Err("has the character U+0000, which can't be stored".to_owned()),
        CustomKind::Json => Ok(json.clone()),
        CustomKind::Money => match field_from_json_kind(FieldKind::Money, json)?.as_slice() {
            [Value::BigInt(minor), Value::Text(code)] => Ok(json!({ "amount": minor, "currency": code })),
            _ => Err("expected an object with `amount` and `currency`".to_owned()),
        },
        CustomKind::Boolean => json.as_bool().map(Json::from).ok_or_else(|| "expected true or false".to_owned()),
        _ => match json.as_str() {
            Some(text) => from_text(field, text),
            None => Err(format!("expected a string that holds {}", expected(field.kind))),
        },
    }
}

fn several(field: &FieldDefinition, json: &Json) -> Result<Json, String> {
    let wrong = || "expected a list of names".to_owned();
    let names: Vec<&str> =
        json.as_array().ok_or_else(wrong)?.iter().map(Json::as_str).collect::<Option<_>>().ok_or_else(wrong)?;
    if let Some(unknown) = names.iter().find(|name| !field.choices.iter().any(|known| known == *name)) {
        return Err(none_of(unknown, &field.choices));
    }
    // In the order of the choices and once each, so that equal sets are stored alike.
    Ok(field.choices.iter().filter(|known| names.contains(&known.as_str())).cloned().collect())
}

fn none_of(text: &str, choices: &[String]) -> String {
    let shown: Vec<String> = choices.iter().take(LISTED_MAX).map(|name| format!("`{name}`")).collect();
    let rest = if choices.len() > LISTED_MAX { " and others" } else { "" };
    format!("`{text}` is none of {}{rest}", shown.join(", "))
}

fn expected(kind: CustomKind) -> &'static str {
    match kind {
        CustomKind::Number => "a decimal number such as `12.50`",
        CustomKind::Date => "a date such as `2026-03-01`",
        CustomKind::DateTime => "a time such as `2026-03-01T08:00:00Z`",
        CustomKind::Reference => "an id",
        CustomKind::Choice => "a name",
        _ => "text",
    }
}

/// The stored form of a value as text: for JSON strings, filters, bounds and files.
pub(crate) fn from_text(field: &FieldDefinition, text: &str) -> Result<Json, String> {
    let value = |kind| value_from_text(kind, text);
    let stored = match field.kind {
        CustomKind::Text => value(FieldKind::Text)?,
        CustomKind::Number => value(FieldKind::Decimal)?,
        CustomKind::Date => value(FieldKind::Day)?,
        CustomKind::DateTime => value(FieldKind::Instant)?,
        CustomKind::Boolean => value(FieldKind::Bool)?,
        CustomKind::Reference => value(FieldKind::Id)?,
        CustomKind::Money => {
            let money: Money = text.parse().map_err(|e: cortex_core::MoneyError| e.to_string())?;
            return Ok(money.to_stored());
        }
        CustomKind::Choice | CustomKind::MultiChoice if field.choices.iter().any(|known| known == text) => {
            Value::from(text)
        }
        CustomKind::Choice | CustomKind::MultiChoice => return Err(none_of(text, &field.choices)),
        CustomKind::Json => return serde_json::from_str(text).map_err(|_| "is no JSON".to_owned()),
    };
    Ok(stored_of(&stored))
}

fn stored_of(value: &Value) -> Json {
    match value {
        Value::Bool(v) => v.to_stored(),
        Value::BigInt(v) => Json::from(*v),
        Value::Text(v) => v.to_stored(),
        Value::Guid(v) => Json::from(v.to_string()),
        Value::Instant(v) => v.to_stored(),
        Value::Day(v) => v.to_stored(),
        Value::Fixed(v) => v.to_stored(),
        _ => Json::Null,
    }
}

/// What clients get of a stored value.
pub(super) fn to_client(kind: CustomKind, stored: &Json) -> Json {
    let shown = match kind {
        CustomKind::Number => Decimal::from_stored(stored).map(|v| Json::from(v.to_string())),
        CustomKind::DateTime => Timestamp::from_stored(stored).map(|v| Json::from(v.to_string())),
        CustomKind::Money => Money::from_stored(stored).and_then(|v| serde_json::to_value(v).ok()),
        _ => None,
    };
    shown.unwrap_or_else(|| stored.clone())
}

/// Whether a stored value is of this kind at all: for values that code wrote, or that came from elsewhere.
pub(super) fn fits(field: &FieldDefinition, stored: &Json) -> Result<(), String> {
    let text = || stored.as_str().ok_or_else(|| format!("does not hold {}", expected(field.kind)));
    match field.kind {
        CustomKind::Text => {
            if text()?.contains('\0') {
                Err("has the character U+0000, which can't be stored".to_owned())
            } else {
                Ok(())
            }
        }
        CustomKind::Choice => from_text(field, text()?).map(drop),
        CustomKind::MultiChoice => several(field, stored).map(drop),
        CustomKind::Reference => Uuid::parse_str(text()?).map(drop).map_err(|_| "does not hold an id".to_owned()),
        CustomKind::Date => Date::from_stored(stored).map(drop).ok_or_else(|| "does not hold a date".to_owned()),
        CustomKind::DateTime => {
            Timestamp::from_stored(stored).map(drop).ok_or_else(|| "does not hold a time".to_owned())
        }
        CustomKind::Number => {
            Decimal::from_stored(stored).map(drop).ok_or_else(|| "does not hold a number that can be stored".to_owned())
        }
        CustomKind::Money => Money::from_stored(stored).map(drop).ok_or_else(|| "does not hold an amount".to_owned()),
        CustomKind::Boolean => bool::from_stored(stored).map(drop).ok_or_else(|| "does not hold yes or no".to_owned()),
        CustomKind::Json if has_nul(stored) => Err("has the character U+0000, which can't be stored".to_owned()),
        CustomKind::Json => Ok(()),
    }
}

/// Whether a client may ask which value is larger.
pub(crate) fn is_ordered(kind: CustomKind) -> bool {
    kind.has_bounds() || kind == CustomKind::Text
}
