//! The JSON of value types: decimals are text, because a JSON number has passed through a float somewhere.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::{self, Deserializer, Visitor};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use crate::{Currency, Unit, exact};

/// A decimal that reads and writes itself as text only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text(pub(crate) Decimal);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InCurrency {
    pub(crate) amount: Text,
    pub(crate) currency: Currency,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InUnit {
    pub(crate) amount: Text,
    pub(crate) unit: Unit,
}

/// `{"amount": "12.50", KEY: CODE}`.
pub(crate) fn write<S: Serializer>(
    serializer: S,
    name: &'static str,
    amount: Decimal,
    key: &'static str,
    code: &str,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct(name, 2)?;
    fields.serialize_field("amount", &Text(amount))?;
    fields.serialize_field(key, code)?;
    fields.end()
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal in quotes, such as \"12.50\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        exact::parse_decimal(text).map(Text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}
