//! `GET /vehicles/{id}` and `GET /vehicles/{id}/history`: one record, and what happened to it.

use cortex_core::{Error, Result};
use cortex_data::{EXTRA, Entity, HistoryEntry, Read, Repository, Work};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::handler::{PathKey, Query};
use crate::rest::condition::IfNoneMatch;
use crate::rest::shown::Shown;
use crate::rest::{Known, Target};

/// What a client may ask of a record.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GetParams {
    /// Which fields, with commas between them
    select: Option<String>,
}

pub(crate) async fn get<E: Entity>(
    target: Target<E>,
    work: Work,
    key: PathKey<E>,
    query: Query<GetParams>,
    when: IfNoneMatch,
) -> Result<Shown<E>> {
    let read = work
        .read(move |tx| {
            let record = E::record(tx, key.0.clone())?;
            target.may(tx, "read", &record.entity)?;
            let select = Target::<E>::select(tx, query.select.as_deref())?;
            Ok(Read::new(record, select))
        })
        .await?;
    let version = read.record().system.version;
    Ok(if when.has(version) { Shown::Unchanged { version } } else { Shown::Record(read) })
}

pub(crate) async fn history<E: Entity>(target: Target<E>, work: Work, key: PathKey<E>) -> Result<Vec<HistoryEntry>> {
    let PathKey(key) = key;
    work.read(move |tx| {
        match E::find(tx, key.clone())? {
            Some(entity) => target.may(tx, "read", &entity)?,
            None => target.may(tx, "read", &Known(key.clone().into()))?,
        }
        let mut entries = E::history(tx, key.clone())?;
        if entries.is_empty() && E::find(tx, key.clone())?.is_none() {
            return Err(Error::not_found("not_found", format!("there is no record `{key}`")));
        }
        let mut hidden = tx.hidden_fields(E::META)?;
        let secret = E::META.fields.iter().filter(|field| field.rules.write_only);
        hidden.extend(secret.map(|field| field.name.to_owned()));
        for entry in &mut entries {
            for side in [&mut entry.before, &mut entry.after] {
                if let Some(serde_json::Value::Object(fields)) = side {
                    fields.retain(|name, _| !hidden.contains(name));
                    if let Some(serde_json::Value::Object(custom)) = fields.get_mut(EXTRA) {
                        custom.retain(|name, _| !hidden.contains(&format!("{EXTRA}.{name}")));
                    }
                }
            }
        }
        Ok(entries)
    })
    .await
}
