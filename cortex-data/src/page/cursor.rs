//! The text that stands for the end of a page: what list it belongs to, and the values to go on from.
//!
//! It is opaque but no secret and no proof: it says where to go on, and what a client may see is decided anew for
//! every page. The checks in it only tell mistakes from each other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::sort::KeyColumn;
use super::{CURSOR_LENGTH_MAX, PageError, PageRequest};
use crate::json::{value_from_column, value_to_json};
use crate::meta::Meta;
use crate::value::Value;

/// Changes with the layout, so that a cursor of an older program is refused and not misread.
const VERSION: u8 = 1;
const CHECK_BYTES: usize = 4;

/// What a list is: entity, filter and order.
pub(super) type Fingerprint = [u8; 8];

pub(super) fn fingerprint(meta: &'static Meta, request: &PageRequest) -> Fingerprint {
    let text = format!("{}\n{:?}\n{:?}", meta.table, request.filter, request.sort);
    first_bytes(&[text.as_bytes()])
}

fn first_bytes<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let mut first = [0; N];
    for (to, from) in first.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    first
}

/// The cursor after a record with these values.
pub(super) fn write(last: &[Value], fingerprint: Fingerprint) -> Result<String, PageError> {
    let values = Json::Array(last.iter().map(value_to_json).collect()).to_string();
    let check: [u8; CHECK_BYTES] = first_bytes(&[&fingerprint, values.as_bytes()]);
    let mut bytes = vec![VERSION];
    bytes.extend(fingerprint);
    bytes.extend(check);
    bytes.extend(values.bytes());
    let text = URL_SAFE_NO_PAD.encode(bytes);
    if text.len() > CURSOR_LENGTH_MAX { Err(PageError::LongCursor) } else { Ok(text) }
}

/// The values that [`write`] was given.
pub(super) fn read(text: &str, fingerprint: Fingerprint, keys: &[KeyColumn]) -> Result<Vec<Value>, PageError> {
    if text.len() > CURSOR_LENGTH_MAX {
        return Err(PageError::DamagedCursor);
    }
    let damaged = |_| PageError::DamagedCursor;
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| PageError::DamagedCursor)?;
    let Some((&[VERSION], rest)) = bytes.split_first_chunk() else { return Err(PageError::DamagedCursor) };
    let Some((of, rest)) = rest.split_first_chunk::<8>() else { return Err(PageError::DamagedCursor) };
    let Some((check, values)) = rest.split_first_chunk::<CHECK_BYTES>() else { return Err(PageError::DamagedCursor) };
    if *check != first_bytes::<CHECK_BYTES>(&[of, values]) {
        return Err(PageError::DamagedCursor);
    }
    if *of != fingerprint {
        return Err(PageError::ForeignCursor);
    }
    let values: Vec<Json> = serde_json::from_slice(values).map_err(|_| PageError::DamagedCursor)?;
    if values.len() != keys.len() {
        return Err(PageError::DamagedCursor);
    }
    values.iter().zip(keys).map(|(value, key)| value_from_column(key.of, value).map_err(damaged)).collect()
}
