//! The description of the API as one tenant sees it: with its custom fields.

use axum::body::Bytes;
use cortex_core::{Cx, Result};
use cortex_data::{Database, FieldsFor, ReadTx};
use serde_json::Value as Json;

/// Where the document holds the place of custom fields.
const MARK: &str = "x-cortex-fields";

/// The document with the custom fields that the actor may see; as it is where they can't be read.
pub(super) async fn document(database: &Database, cx: Cx, plain: Bytes) -> Bytes {
    let Ok(document) = serde_json::from_slice::<Json>(&plain) else { return plain };
    match database.work(cx).read(move |tx| with_fields(tx, document.clone())).await {
        Ok(Some(own)) => serde_json::to_vec(&own).map_or(plain, Bytes::from),
        Ok(None) => plain,
        Err(error) => {
            tracing::warn!(?error, "the API is described without custom fields");
            plain
        }
    }
}

/// Nothing where no entity holds custom fields.
fn with_fields(tx: &mut ReadTx, mut document: Json) -> Result<Option<Json>> {
    let mut any = false;
    let schemas = document.pointer_mut("/components/schemas").and_then(Json::as_object_mut);
    for schema in schemas.into_iter().flat_map(|all| all.values_mut()) {
        let Some(extra) = schema.pointer_mut("/properties/extra") else { continue };
        let said = |name: &str| extra.get(MARK).and_then(|mark| mark.get(name)).and_then(Json::as_str);
        let (Some(table), Some(purpose)) = (said("table"), said("for")) else { continue };
        let purpose = match purpose {
            "create" => FieldsFor::Create,
            "patch" => FieldsFor::Patch,
            _ => FieldsFor::Read,
        };
        let db = tx.database().clone();
        let Some((_, meta)) = db.registry().entities().iter().find(|(_, meta)| meta.table == table) else { continue };
        let (set, hidden) = (tx.custom_fields(meta)?, tx.hidden_fields(meta)?);
        any = true;
        *extra = set.json_schema(purpose, &hidden);
    }
    Ok(any.then_some(document))
}
