//! Custom fields in what clients send and get.

use std::sync::Arc;

use cortex_core::FieldError;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json};

use super::EXTRA;
use super::check::no_field;
use super::set::FieldSet;
use crate::value::Value;

/// Most fields that one answer reports as unknown.
const UNKNOWN_MAX: usize = 20;

/// What a client sent for custom fields, in the form in which it is stored.
#[derive(Debug, Default)]
pub(crate) struct Ready {
    /// By name; `None` takes the value away.
    given: Vec<(String, Option<Json>)>,
    pub(crate) problems: Vec<FieldError>,
}

impl Ready {
    /// Reads the member `extra`; rules are not checked here.
    pub(crate) fn read(set: &FieldSet, json: &Json, denied: &dyn Fn(&str) -> bool) -> Self {
        let mut ready = Self::default();
        let wrong =
            |path: &str, code: &'static str, message: String| FieldError { path: path.to_owned(), code, message };
        let Json::Object(object) = json else {
            ready.problems.push(wrong(EXTRA, "type", "expected an object with custom fields".to_owned()));
            return ready;
        };
        let mut unknown = 0;
        for (name, json) in object {
            let Some(field) = set.get(name) else {
                unknown += 1;
                if unknown <= UNKNOWN_MAX {
                    ready.problems.push(no_field(set, name));
                }
                continue;
            };
            if denied(field.path()) {
                ready.problems.push(wrong(field.path(), "read_only", "you may not set it".to_owned()));
                continue;
            }
            match (json.is_null(), field.to_stored(json)) {
                (true, _) => ready.given.push((name.clone(), None)),
                (false, Ok(stored)) => ready.given.push((name.clone(), Some(stored))),
                (false, Err(message)) => ready.problems.push(wrong(field.path(), "type", message)),
            }
        }
        ready
    }

    /// Puts what was given into the value that holds the custom fields.
    pub(crate) fn apply(&self, value: &mut Value) {
        if let Value::Json(Json::Object(extra)) = value {
            for (name, stored) in &self.given {
                match stored {
                    Some(stored) => _ = extra.insert(name.clone(), stored.clone()),
                    None => _ = extra.remove(name),
                }
            }
        }
    }
}

/// The custom fields that a client asked for and may see.
#[derive(Debug)]
pub(crate) struct Shown {
    set: Arc<FieldSet>,
    /// Paths that are hidden.
    hidden: Vec<String>,
    /// Names that were asked for; `None` for all.
    only: Option<Vec<String>>,
}

impl Shown {
    pub(crate) fn all(set: Arc<FieldSet>, hidden: &[&str]) -> Self {
        Self { set, hidden: hidden.iter().map(|path| (*path).to_owned()).collect(), only: None }
    }

    /// The same with these names only.
    pub(crate) fn only(mut self, names: Vec<String>) -> Self {
        self.only = Some(names);
        self
    }

    /// Whether `extra.name` may be asked for.
    pub(crate) fn sees(&self, name: &str) -> bool {
        self.set.get(name).is_some_and(|field| !self.hidden.iter().any(|path| path == field.path()))
    }

    /// Paths that may be asked for.
    pub(crate) fn paths(&self) -> impl Iterator<Item = String> + '_ {
        self.set.iter().map(|field| field.path().to_owned()).filter(|path| !self.hidden.contains(path))
    }

    /// The visible custom fields that have a value.
    pub(crate) fn of<'a>(&'a self, value: &'a Value) -> impl Serialize + 'a {
        ShownValues {
            shown: self,
            extra: if let Value::Json(Json::Object(extra)) = value { Some(extra) } else { None },
        }
    }

    fn has(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|one| one == name)) && self.sees(name)
    }
}

struct ShownValues<'a> {
    shown: &'a Shown,
    extra: Option<&'a Map<String, Json>>,
}

impl Serialize for ShownValues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, stored) in self.extra.into_iter().flatten() {
            if self.shown.has(name)
                && let Some(field) = self.shown.set.get(name)
            {
                map.serialize_entry(name, &field.to_client(stored))?;
            }
        }
        map.end()
    }
}
