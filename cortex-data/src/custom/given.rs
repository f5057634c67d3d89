//! Custom fields as clients give them, in new records and in changes.

use std::collections::HashSet;

use cortex_core::{FieldError, Result};
use serde_json::Value as Json;

use super::check::complete;
use super::shape::Ready;
use super::{EXTRA, load, reload};
use crate::meta::Meta;
use crate::tx::ReadTx;
use crate::value::Value;

/// What a client gave under `extra`, read by the fields of the tenant.
pub(crate) fn read_given(
    tx: &mut ReadTx,
    meta: &'static Meta,
    json: Option<&Json>,
    problems: &mut Vec<FieldError>,
) -> Result<Ready> {
    let (Some(_), Some(json)) = (meta.extra(), json) else { return Ok(Ready::default()) };
    let names = || json.as_object().into_iter().flat_map(serde_json::Map::keys);
    let mut set = load(tx, meta)?;
    if names().any(|name| set.get(name).is_none()) {
        set = reload(tx, meta)?;
    }
    let mut denied = HashSet::new();
    for field in names().filter_map(|name| set.get(name)) {
        let needed = field.definition().write_permission.as_deref();
        if needed.is_some_and(|permission| !tx.has_permission(permission)) {
            denied.insert(field.path().to_owned());
        }
    }
    let mut ready = Ready::read(&set, json, &|path| denied.contains(path));
    problems.append(&mut ready.problems);
    Ok(ready)
}

/// Puts what a client gave into the values of a record, completes them, and reports each field once.
pub(crate) fn give(
    tx: &mut ReadTx,
    meta: &'static Meta,
    json: Option<&Json>,
    before: Option<&[Value]>,
    values: &mut [Value],
    problems: &mut Vec<FieldError>,
) -> Result<()> {
    let Some(at) = meta.extra() else { return Ok(()) };
    let ready = read_given(tx, meta, json, problems)?;
    if let Some(value) = values.get_mut(at) {
        ready.apply(value);
    }
    let mut more = Vec::new();
    complete(tx, meta, before, values, &mut more)?;
    // A value that could not be read is not missing too.
    more.retain(|problem| problems.iter().all(|known| known.path != problem.path));
    problems.append(&mut more);
    Ok(())
}

/// Reports custom fields where nobody can read them.
pub(crate) fn refuse_given(meta: &Meta, json: Option<&Json>, problems: &mut Vec<FieldError>) {
    if meta.extra().is_some() && json.is_some_and(|json| !json.is_null()) {
        let message = "can't be set here".to_owned();
        problems.push(FieldError { path: EXTRA.to_owned(), code: "unknown", message });
    }
}
