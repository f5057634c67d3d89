//! Custom fields as columns of an export.

use std::sync::Arc;

use cortex_core::{Date, Decimal, Money, Timestamp};
use cortex_data::{CustomField, CustomKind, ExtraValue, Value};
use serde_json::Value as Json;

use super::Holds;

/// A custom field, or the currency of one.
#[derive(Debug, Clone)]
pub(crate) struct CustomPart {
    field: Arc<CustomField>,
    second: bool,
}

impl CustomPart {
    /// The columns of a field: two for an amount.
    pub(super) fn of(field: &Arc<CustomField>) -> Vec<Self> {
        let part = |second| Self { field: Arc::clone(field), second };
        match field.definition().kind {
            CustomKind::Money => vec![part(false), part(true)],
            _ => vec![part(false)],
        }
    }

    /// `extra.color`, `extra.budget.currency`
    pub(super) fn name(&self) -> String {
        let path = self.field.path();
        if self.second { format!("{path}.currency") } else { path.to_owned() }
    }

    pub(super) fn holds(&self) -> Holds {
        match self.field.definition().kind {
            CustomKind::Money if self.second => Holds::Name,
            CustomKind::Number | CustomKind::Money => Holds::Decimal,
            CustomKind::Date => Holds::Day,
            CustomKind::DateTime => Holds::Instant,
            CustomKind::Boolean => Holds::Bool,
            CustomKind::Reference => Holds::Name,
            CustomKind::MultiChoice | CustomKind::Json => Holds::Json,
            CustomKind::Text | CustomKind::Choice => Holds::Text,
        }
    }

    /// The value in the object of all custom fields, if there is one.
    pub(super) fn value(&self, extra: &Value) -> Option<Value> {
        let Value::Json(Json::Object(extra)) = extra else { return None };
        let stored = extra.get(&self.field.definition().name)?;
        Some(match self.field.definition().kind {
            CustomKind::Money if self.second => Money::from_stored(stored)?.currency().into(),
            CustomKind::Money => Value::Fixed(Money::from_stored(stored)?.to_decimal()),
            CustomKind::Number => Value::Fixed(Decimal::from_stored(stored)?),
            CustomKind::Date => Value::Day(Date::from_stored(stored)?),
            CustomKind::DateTime => Value::Instant(Timestamp::from_stored(stored)?),
            CustomKind::Boolean => Value::Bool(bool::from_stored(stored)?),
            CustomKind::MultiChoice | CustomKind::Json => Value::Json(stored.clone()),
            _ => Value::Text(stored.as_str()?.to_owned()),
        })
    }
}
