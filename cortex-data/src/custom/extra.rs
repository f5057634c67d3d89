//! The values of an entity's custom fields, and the Rust types that they can have.

use cortex_core::{Currency, Date, Decimal, Error, Id, Money, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::definition::FieldDefinition;
use super::kind::CustomKind;
use super::value::to_stored;
use crate::field::Field;
use crate::meta::FieldKind;
use crate::source::Source;
use crate::sqltype::{FIXED_SCALE, scaled, unscaled};
use crate::value::Value;

/// The values of custom fields, by name.
///
/// They are kept in the form in which they are stored, which filters and sorts exactly on every database; read and
/// write them as Rust values by [`get`](Self::get) and [`set`](Self::set). Events may carry them in that form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extra(Map<String, Json>);

impl std::fmt::Debug for Extra {
    // Names only: the values may be personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Extra {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a field, if it has one.
    ///
    /// # Errors
    /// The field holds another kind of value.
    pub fn get<T: ExtraValue>(&self, name: &str) -> Result<Option<T>> {
        let Some(stored) = self.0.get(name) else { return Ok(None) };
        T::from_stored(stored).map(Some).ok_or_else(|| {
            let message = format!("the custom field `{name}` does not hold a {}", T::KIND);
            Error::internal("custom.kind", message).with_help("read it as the type with which it was defined")
        })
    }

    /// The same for a field that every record has: those that are older than the field have its default, here as
    /// clients write it.
    #[doc(hidden)]
    pub fn get_or<T: ExtraValue>(&self, name: &str, default: impl Into<Json>) -> Result<T> {
        if let Some(value) = self.get(name)? {
            return Ok(value);
        }
        let stored = to_stored(&FieldDefinition::of::<T>(name), &default.into());
        stored.ok().and_then(|stored| T::from_stored(&stored)).ok_or_else(|| {
            let message = format!("the default of the custom field `{name}` is no {}", T::KIND);
            Error::internal("custom.kind", message)
        })
    }

    /// Sets a field; its rules are checked when the record is stored.
    pub fn set<T: ExtraValue>(&mut self, name: &str, value: &T) {
        self.0.insert(name.to_owned(), value.to_stored());
    }

    /// Sets a field, or takes its value away.
    pub fn set_or_clear<T: ExtraValue>(&mut self, name: &str, value: Option<&T>) {
        match value {
            Some(value) => self.set(name, value),
            None => _ = self.clear(name),
        }
    }

    /// Takes the value of a field away; whether there was one.
    pub fn clear(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    /// Whether no field has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names of the fields that have a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn from_stored(json: Json) -> Option<Self> {
        match json {
            Json::Object(map) => Some(Self(map)),
            _ => None,
        }
    }
}

impl Field for Extra {
    const KIND: FieldKind = FieldKind::Extra;

    fn put(&self, out: &mut Vec<Value>) {
        out.push(Value::Json(Json::Object(self.0.clone())));
    }

    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
        match from.column()? {
            Json::Object(map) => Ok(Self(map)),
            _ => Err(Error::internal("data.mismatch", "the custom fields of a record are no JSON object").into()),
        }
    }
}

/// A Rust type that a custom field can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a custom field",
    label = "this type is none of a custom field",
    note = "use `String`, `Decimal`, `Money`, `Date`, `Timestamp`, `bool`, `Id<T>`, `Vec<String>`, \
            `serde_json::Value`, an enum with `#[derive(Choice)]`, or an `Option` of these in a typed struct"
)]
pub trait ExtraValue: Sized {
    /// What the field holds.
    const KIND: CustomKind;
    /// The accepted names, for a choice.
    const CHOICES: &'static [&'static str] = &[];

    /// The form in which it is stored.
    fn to_stored(&self) -> Json;

    /// The reverse of [`to_stored`](Self::to_stored); `None` for another kind of value.
    fn from_stored(stored: &Json) -> Option<Self>;
}

macro_rules! extra_values {
    ($($rust:ty: $kind:ident, |$value:ident| $to:expr, |$stored:ident| $from:expr;)*) => {$(
        impl ExtraValue for $rust {
            const KIND: CustomKind = CustomKind::$kind;

            fn to_stored(&self) -> Json {
                let $value = self;
                $to
            }

            fn from_stored($stored: &Json) -> Option<Self> {
                $from
            }
        }
    )*};
}

extra_values! {
    String: Text, |v| Json::from(v.as_str()), |s| s.as_str().map(str::to_owned);
    Decimal: Number, |v| number(*v), |s| s.as_i64().map(|n| unscaled(n, FIXED_SCALE));
    Money: Money, |v| json!({ "amount": v.minor(), "currency": v.currency().code() }), |s| money(s);
    Date: Date, |v| Json::from(v.to_string()), |s| s.as_str()?.parse().ok();
    Timestamp: DateTime, |v| Json::from(v.as_microsecond()), |s| Timestamp::from_microsecond(s.as_i64()?).ok();
    bool: Boolean, |v| Json::from(*v), |s| s.as_bool();
    Vec<String>: MultiChoice, |v| Json::from(v.clone()), |s| names(s);
    Json: Json, |v| v.clone(), |s| Some(s.clone());
}

impl<T: ?Sized> ExtraValue for Id<T> {
    const KIND: CustomKind = CustomKind::Reference;

    fn to_stored(&self) -> Json {
        Json::from(self.to_string())
    }

    fn from_stored(stored: &Json) -> Option<Self> {
        Uuid::parse_str(stored.as_str()?).ok().map(Self::from_uuid)
    }
}

/// A number that does not fit is stored as its text, which no validation lets through.
fn number(value: Decimal) -> Json {
    scaled(value, FIXED_SCALE).map_or_else(|| Json::from(value.to_string()), Json::from)
}

fn money(stored: &Json) -> Option<Money> {
    let currency = Currency::parse(stored.get("currency")?.as_str()?).ok()?;
    Some(Money::from_minor(stored.get("amount")?.as_i64()?, currency))
}

fn names(stored: &Json) -> Option<Vec<String>> {
    stored.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}
