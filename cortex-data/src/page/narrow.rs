//! Keeps lists that ask for custom fields without an index from looking through everything.

use std::collections::BTreeMap;

use cortex_core::Result;
use diesel::sql_types::BigInt;

use super::PageError;
use crate::custom::{FieldSet, IndexState};
use crate::filter::Filter;
use crate::meta::Meta;
use crate::repository::read;
use crate::statement::Statement;
use crate::tx::ReadTx;

/// Most records that a list looks through for a custom field without an index.
pub const UNINDEXED_ROWS_MAX: i64 = 100_000;

/// Refuses what would look through too much for the custom fields of `filter` and for `more` of them; else the indexes
/// that don't answer yet.
pub(crate) fn check<'a>(
    tx: &mut ReadTx,
    meta: &'static Meta,
    filter: &'a Filter,
    more: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, IndexState>> {
    let mut asked = Vec::new();
    filter.custom_fields(&mut asked);
    asked.extend(more);
    if asked.is_empty() {
        return Ok(BTreeMap::new());
    }
    let set = tx.custom_fields(meta)?;
    let missing = asked.iter().filter_map(|name| set.get(name)).filter(|field| field.index() != IndexState::Ready);
    let missing: BTreeMap<String, IndexState> = missing.map(|field| (field.path().to_owned(), field.index())).collect();
    if let Some((path, state)) = missing.first_key_value()
        && looked_through(tx, meta, &set, filter)? > UNINDEXED_ROWS_MAX
    {
        return Err(PageError::Unindexed { path: path.clone(), building: *state == IndexState::Building }.into());
    }
    Ok(missing.into_iter().filter(|(_, state)| *state != IndexState::None).collect())
}

/// How many records satisfy what can be found without looking at each, counted up to one more than are allowed.
fn looked_through(tx: &mut ReadTx, meta: &'static Meta, set: &FieldSet, filter: &Filter) -> Result<i64> {
    let parts = match filter {
        Filter::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let found = |part: &&Filter| {
        let mut names = Vec::new();
        part.custom_fields(&mut names);
        names.iter().all(|name| set.get(name).is_some_and(|field| field.index() == IndexState::Ready))
    };
    let mut sql = Statement::new("SELECT count(*) FROM (SELECT 1 AS one");
    read::from(meta, tx, &mut sql);
    for part in parts.iter().filter(found) {
        sql.push(" AND ");
        part.push_to(tx.backend(), &mut sql);
    }
    sql.push(&format!(" LIMIT {}) AS few", UNINDEXED_ROWS_MAX + 1)).uncached();
    Ok(sql.rows::<(BigInt,), (i64,)>(tx.conn())?.pop().map_or(0, |(n,)| n))
}
