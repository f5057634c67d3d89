//! A cell as the JSON that clients would send for the field.

use cortex_data::FieldKind;
use serde_json::Value as Json;

use crate::escape::unescape;
use crate::read::Cell;

/// The value of a cell for a field of this kind; whether it is right is found out later.
pub(crate) fn cell_to_json(kind: FieldKind, cell: &Cell) -> Result<Json, String> {
    let text = match cell {
        Cell::Json(json) => return Ok(json.clone()),
        Cell::Text(text) if text.is_empty() => return Ok(Json::Null),
        Cell::Raw(text) if matches!(kind, FieldKind::Text) => return Ok(Json::from(text.as_str())),
        Cell::Text(text) | Cell::Raw(text) => text,
    };
    match kind {
        FieldKind::Text => Ok(Json::String(unescape(text).into_owned())),
        FieldKind::Bool => boolean(text),
        FieldKind::Int | FieldKind::BigInt => whole(text),
        FieldKind::Json | FieldKind::Extra => serde_json::from_str(text).map_err(|_| format!("`{text}` is not JSON")),
        FieldKind::Decimal | FieldKind::Rate => Ok(Json::from(clean(text))),
        _ => Ok(Json::from(text.trim())),
    }
}

/// Spreadsheets write `TRUE`, people `yes`.
pub(crate) fn boolean(text: &str) -> Result<Json, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true.into()),
        "false" | "no" | "0" => Ok(false.into()),
        _ => Err(format!("`{text}` is not `true` or `false`")),
    }
}

fn whole(text: &str) -> Result<Json, String> {
    text.trim().parse::<i64>().map(Json::from).map_err(|_| format!("`{text}` is not a whole number"))
}

/// A number without what stands around it.
pub(crate) fn clean(text: &str) -> &str {
    text.trim()
}
