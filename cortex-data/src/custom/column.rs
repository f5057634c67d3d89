//! A custom field in SQL: the same expression in filters, orders, groups and indexes, so that an index serves them.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::INDEXED_TEXT_MAX;
use super::kind::CustomKind;
use crate::database::Backend;
use crate::value::{ColumnType, Value};

/// A part of a custom field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// All of it; of an amount, its number.
    Value,
    /// The currency of an amount.
    Currency,
}

/// How its values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    /// A text; `short` where it fits into an index.
    Text {
        short: bool,
    },
    Number,
    Flag,
    /// A list of names.
    List,
    /// Any JSON.
    Json,
}

/// Something of a custom field to filter, sort or group by. It comes from a catalogue and never from a client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomColumn {
    name: Arc<str>,
    /// Below the field: `amount` or `currency`.
    below: Option<&'static str>,
    class: Class,
}

impl CustomColumn {
    /// A part of a field; `None` where its kind has no such part.
    pub(super) fn of(name: &Arc<str>, kind: CustomKind, part: Part, max_len: Option<u32>) -> Option<Self> {
        let has = part == Part::Value || kind == CustomKind::Money;
        has.then(|| Self::of_checked(name, kind, part, max_len))
    }

    pub(super) fn of_checked(name: &Arc<str>, kind: CustomKind, part: Part, max_len: Option<u32>) -> Self {
        let short = Class::Text { short: true };
        let (below, class) = match (kind, part) {
            (CustomKind::Money, Part::Value) => (Some("amount"), Class::Number),
            (CustomKind::Money, Part::Currency) => (Some("currency"), short),
            (CustomKind::Text, _) => (None, Class::Text { short: max_len.is_some_and(|max| max <= INDEXED_TEXT_MAX) }),
            (CustomKind::Number | CustomKind::DateTime, _) => (None, Class::Number),
            (CustomKind::Boolean, _) => (None, Class::Flag),
            (CustomKind::MultiChoice, _) => (None, Class::List),
            (CustomKind::Json, _) => (None, Class::Json),
            (CustomKind::Date | CustomKind::Choice | CustomKind::Reference, _) => (None, short),
        };
        Self { name: Arc::clone(name), below, class }
    }

    /// The field's name.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.name
    }

    /// The type of its values in statements.
    #[must_use]
    pub fn column_type(&self) -> ColumnType {
        match self.class {
            Class::Number => ColumnType::BigInt,
            Class::Flag => ColumnType::Bool,
            Class::Text { .. } | Class::List | Class::Json => ColumnType::Text,
        }
    }

    /// The expression. Names are made of letters, digits and `_`, and can stand in a text.
    pub(crate) fn sql(&self, backend: Backend) -> String {
        let Self { name, below, class } = self;
        match backend {
            Backend::Sqlite => {
                let dot = if below.is_some() { "." } else { "" };
                format!("(\"extra\" ->> '$.{name}{dot}{}')", below.unwrap_or_default())
            }
            Backend::Postgres => {
                let path = [Some(&**name), *below].into_iter().flatten().collect::<Vec<_>>().join(",");
                match class {
                    Class::Number => format!("cortex_number(\"extra\", '{{{path}}}')"),
                    Class::Flag => format!("cortex_flag(\"extra\", '{{{path}}}')"),
                    Class::Text { short: true } => format!("(cortex_text(\"extra\", '{{{path}}}') COLLATE \"C\")"),
                    Class::Text { short: false } | Class::List | Class::Json => {
                        format!("((\"extra\" #>> '{{{path}}}') COLLATE \"C\")")
                    }
                }
            }
        }
    }

    /// The value in a record's custom fields.
    #[must_use]
    pub fn value(&self, extra: &Map<String, Json>) -> Value {
        let stored = extra.get(&*self.name);
        let stored = match self.below {
            Some(below) => stored.and_then(|json| json.get(below)),
            None => stored,
        };
        stored.map_or(Value::Null(self.column_type()), |json| self.bound(json))
    }

    /// A stored value as a parameter.
    #[must_use]
    pub fn bound(&self, stored: &Json) -> Value {
        match (self.class, stored) {
            (Class::Number, Json::Number(n)) => n.as_i64().map_or(Value::Null(ColumnType::BigInt), Value::BigInt),
            (Class::Flag, Json::Bool(flag)) => Value::Bool(*flag),
            (Class::Text { .. }, Json::String(text)) => Value::from(text.as_str()),
            _ => Value::Null(self.column_type()),
        }
    }
}

/// A column of an entity's own, or something of a custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// The name of a column, taken from the entity's meta data and never from a client.
    Own(&'static str),
    /// Something of a custom field.
    Custom(CustomColumn),
}

impl Column {
    /// As SQL that can be compared for equality.
    pub(crate) fn sql(&self, backend: Backend) -> String {
        match self {
            Self::Own(name) => format!("\"{name}\""),
            Self::Custom(custom) => custom.sql(backend),
        }
    }

    /// As SQL to order by: texts by their bytes, on every database.
    pub(crate) fn ordered_sql(&self, of: ColumnType, backend: Backend) -> String {
        match self {
            Self::Own(name) if of == ColumnType::Text && backend == Backend::Postgres => {
                format!("\"{name}\" COLLATE \"C\"")
            }
            other => other.sql(backend),
        }
    }
}
