//! Completes and checks the custom fields of a record before it is stored, and shows what changed of them.

use std::collections::HashSet;

use cortex_core::{FieldError, Result};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::EXTRA;
use super::cache::{load, reload};
use super::field::CustomField;
use super::kind::CustomKind;
use super::set::FieldSet;
use crate::filter::nearest;
use crate::meta::Meta;
use crate::repository::read::{from, lower};
use crate::sqltype::Guid;
use crate::statement::Statement;
use crate::tx::ReadTx;
use crate::value::Value;

/// Most unknown fields that one answer names.
const UNKNOWN_MAX: usize = 20;

/// Adds defaults to the custom fields among `values`, and reports every one that breaks a rule.
///
/// Values that `before` has already are left alone where their field is archived: they are kept, and hidden.
pub(crate) fn complete(
    tx: &mut ReadTx,
    meta: &'static Meta,
    before: Option<&[Value]>,
    values: &mut [Value],
    problems: &mut Vec<FieldError>,
) -> Result<()> {
    let Some(at) = meta.extra() else { return Ok(()) };
    let before = before.and_then(|values| values.get(at)).and_then(object);
    let Some(Value::Json(Json::Object(extra))) = values.get_mut(at) else { return Ok(()) };
    extra.retain(|_, value| !value.is_null());
    let mut set = load(tx, meta)?;
    if extra.keys().any(|name| set.get(name).is_none()) {
        set = reload(tx, meta)?;
    }
    for field in set.eager() {
        if extra.contains_key(&field.definition.name) {
            continue;
        }
        match field.default() {
            Some(default) => _ = extra.insert(field.definition.name.clone(), default.clone()),
            None => problems.push(problem(field, "required", "is required".to_owned())),
        }
    }
    let mut unknown = 0;
    for (name, value) in extra.iter() {
        let same = before.and_then(|before| before.get(name)) == Some(value);
        match set.get(name) {
            Some(field) => {
                field.check(value, problems);
                if !same {
                    check_reference(tx, field, value, problems)?;
                }
            }
            None if same => {}
            None if unknown == UNKNOWN_MAX => {}
            None => {
                unknown += 1;
                problems.push(no_field(&set, name));
            }
        }
    }
    Ok(())
}

fn object(value: &Value) -> Option<&Map<String, Json>> {
    match value {
        Value::Json(Json::Object(map)) => Some(map),
        _ => None,
    }
}

fn problem(field: &CustomField, code: &'static str, message: String) -> FieldError {
    FieldError { path: field.path.clone(), code, message }
}

/// There is no such field, or none any more.
pub(super) fn no_field(set: &FieldSet, name: &str) -> FieldError {
    let known: Vec<String> = set.iter().map(|field| field.definition.name.clone()).collect();
    let message = match (set.any(name), known.is_empty()) {
        (Some(_), _) => "is archived: bring it back to set it".to_owned(),
        (None, true) => "is no field here: none was added yet".to_owned(),
        (None, false) => format!("is no field here: {}", nearest(name, &known, "accepted fields")),
    };
    FieldError { path: format!("{EXTRA}.{name}"), code: "unknown", message }
}

fn check_reference(tx: &mut ReadTx, field: &CustomField, value: &Json, problems: &mut Vec<FieldError>) -> Result<()> {
    let (CustomKind::Reference, Some(other)) = (field.definition.kind, field.references) else { return Ok(()) };
    let Some(id) = value.as_str().and_then(|text| Uuid::parse_str(text).ok()) else { return Ok(()) };
    let mut sql = Statement::new("SELECT id");
    from(other, tx, &mut sql);
    sql.push(" AND id = ").bind(id);
    if sql.rows::<(Guid,), (Uuid,)>(tx.conn())?.is_empty() {
        let message = format!("refers to a {} that does not exist", lower(other.name));
        problems.push(problem(field, "reference", message));
    }
    Ok(())
}

/// What of the custom fields changed, as people read it: before and after. Without `before` all of it is new.
pub(crate) fn changes(set: &FieldSet, before: Option<&Value>, after: Option<&Value>) -> (Option<Json>, Option<Json>) {
    let (before, after) = (before.and_then(object), after.and_then(object));
    let names: HashSet<&String> = before.into_iter().chain(after).flat_map(Map::keys).collect();
    let differs = |name: &String| match (before, after) {
        (Some(b), Some(a)) => b.get(name) != a.get(name),
        _ => true,
    };
    let changed: HashSet<&String> = names.into_iter().filter(|name| differs(name)).collect();
    let side = |map: Option<&Map<String, Json>>| {
        map.map(|map| {
            let shown = |(name, value): (&String, &Json)| {
                let shown = set.any(name).map_or_else(|| value.clone(), |field| field.to_client(value));
                (name.clone(), shown)
            };
            Json::Object(map.iter().filter(|(name, _)| changed.contains(name)).map(shown).collect())
        })
    };
    (side(before), side(after))
}
