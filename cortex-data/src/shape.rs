//! What clients send and get for an entity, from its meta data alone: no struct is generated for it.
//!
//! [`Create`] makes a record from a JSON object, [`Patch`] changes one, [`Read`] shows one. All three know their
//! JSON Schema. Mistakes of a client are reported all at once, each with the field it concerns.

mod create;
mod extra;
mod patch;
mod read;
mod schema;
mod select;

pub use create::Create;
pub use extra::{GivenExtra, ShownExtra};
pub use patch::{Patch, ReadyPatch};
pub use read::Read;
pub use select::{Select, SelectError};

use cortex_core::FieldError;
use serde_json::{Map, Value as Json};

use crate::filter::nearest;
use crate::json::field_from_json;
use crate::meta::{FieldMeta, Meta};
use crate::record::SYSTEM_FIELDS;
use crate::validate::check_field;
use crate::value::Value;

/// Most unknown fields that one answer names: finding the nearest names takes time.
const UNKNOWN_MAX: usize = 20;

/// The fields of a client's object.
pub(crate) type Object = Map<String, Json>;

/// Whether a client may set the field of a new record. The server gives keys, but for those of some tables of others.
fn is_settable(meta: &Meta, field: &FieldMeta) -> bool {
    !field.rules.read_only && (!meta.is_key(field) || meta.takes_keys())
}

/// Whether a client may change the field of a stored record.
fn is_changeable(meta: &Meta, field: &FieldMeta) -> bool {
    !field.rules.read_only && !meta.is_key(field)
}

fn problem(path: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { path: path.to_owned(), code, message: message.into() }
}

/// The values of one field, checked against its type and rules; `None` after a problem.
fn read_field(field: &FieldMeta, allowed: bool, json: &Json, problems: &mut Vec<FieldError>) -> Option<Vec<Value>> {
    if !allowed {
        problems.push(problem(field.name, "read_only", "is set by the server"));
        return None;
    }
    match field_from_json(field, json) {
        Ok(values) => {
            let before = problems.len();
            check_field(field, &values, problems);
            (problems.len() == before).then_some(values)
        }
        Err(message) => {
            problems.push(problem(field.name, "type", message));
            None
        }
    }
}

/// Reports the fields that do not exist.
fn refuse_unknown(meta: &Meta, object: &Object, problems: &mut Vec<FieldError>) {
    let mut known = Vec::new();
    let unknown = object.keys().filter(|name| meta.field(name).is_none());
    for name in unknown.take(UNKNOWN_MAX) {
        if SYSTEM_FIELDS.contains(&name.as_str()) {
            problems.push(problem(name, "read_only", "is set by the server"));
            continue;
        }
        if known.is_empty() {
            known.extend(meta.fields.iter().filter(|f| is_settable(meta, f)).map(|f| f.name.to_owned()));
        }
        problems.push(problem(
            name,
            "unknown",
            format!("is no field here: {}", nearest(name, &known, "accepted fields")),
        ));
    }
}

/// What is shared by the shapes that hold a client's object.
macro_rules! object_shape {
    ($shape:ident) => {
        impl<E> Clone for $shape<E> {
            fn clone(&self) -> Self {
                Self { object: self.object.clone(), ..Self::empty() }
            }
        }

        impl<E> std::fmt::Debug for $shape<E> {
            // Names only: the values may be secrets or personal data.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_set().entries(self.object.keys()).finish()
            }
        }

        impl<E> From<Object> for $shape<E> {
            fn from(object: Object) -> Self {
                Self { object, ..Self::empty() }
            }
        }

        impl<'de, E> serde::Deserialize<'de> for $shape<E> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Object::deserialize(deserializer).map(Self::from)
            }
        }
    };
}
use object_shape;
