//! Records that a file names by one of their fields, found for many rows at once.

use std::collections::{HashMap, HashSet};

use cortex_core::Result;
use cortex_data::{Filter, ReadTx, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::escape::unescape;
use crate::plan::Lookup;
use crate::read::Cell;

/// Values per statement.
const VALUES_BATCH: usize = 500;
/// Records that are remembered; beyond, they are looked up again.
const REMEMBERED_MAX: usize = 50_000;

/// What a value stands for.
#[derive(Debug, Clone, Copy)]
enum Found {
    One(Uuid),
    None,
    Several,
}

/// The records found so far.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    /// By table and field of the other entity and the value.
    known: HashMap<(&'static str, &'static str), HashMap<String, Found>>,
}

impl Lookups {
    /// Finds what these cells stand for, in a few statements. Only records that the actor may list are found.
    pub(crate) fn prepare(&mut self, tx: &mut ReadTx, wanted: Vec<(&Lookup, Vec<&Cell>)>) -> Result<()> {
        for (lookup, cells) in wanted {
            let known = self.known.entry((lookup.other.meta().table, lookup.by.name)).or_default();
            if known.len() > REMEMBERED_MAX {
                known.clear();
            }
            // What was missing may be there by now.
            known.retain(|_, found| matches!(found, Found::One(_)));
            let texts: HashSet<String> = cells.into_iter().map(text).filter(|text| !known.contains_key(text)).collect();
            let values: Vec<(String, Value)> =
                texts.into_iter().filter_map(|text| lookup.by.parse(&text).ok().map(|value| (text, value))).collect();
            for batch in values.chunks(VALUES_BATCH) {
                find(tx, lookup, batch, known)?;
            }
        }
        Ok(())
    }

    /// The id of the record that a cell stands for.
    pub(crate) fn find(&self, lookup: &Lookup, cell: &Cell) -> Result<Json, String> {
        let text = text(cell);
        let known = self.known.get(&(lookup.other.meta().table, lookup.by.name));
        let (other, by) = (lookup.other.resource(), lookup.by.name);
        match known.and_then(|known| known.get(&text)) {
            Some(Found::One(id)) => Ok(Json::from(id.to_string())),
            Some(Found::Several) => Err(format!("there is more than one `{other}` with `{by}` = `{text}`")),
            Some(Found::None) | None => Err(format!("there is no `{other}` with `{by}` = `{text}`")),
        }
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => unescape(text).trim().to_owned(),
        json => json.shown(),
    }
}

fn find(tx: &mut ReadTx, lookup: &Lookup, batch: &[(String, Value)], known: &mut HashMap<String, Found>) -> Result<()> {
    let meta = lookup.other.meta();
    let database = tx.database().clone();
    let visible = database.registry().guard().predicate(&tx.cx().clone(), meta)?;
    let values = batch.iter().map(|(_, value)| value.clone()).collect();
    let rows = lookup.other.list(tx, &Filter::In { column: lookup.by.column(), values }.and(visible))?;
    let at = meta.columns().position(|(column, _)| column == lookup.by.column()).unwrap_or_default();
    for (text, value) in batch {
        let mut ids = rows.iter().filter(|row| row.get(at) == Some(value)).filter_map(|row| match row.first() {
            Some(Value::Guid(id)) => Some(*id),
            _ => None,
        });
        let found = match (ids.next(), ids.next()) {
            (Some(id), None) => Found::One(id),
            (Some(_), Some(_)) => Found::Several,
            (None, _) => Found::None,
        };
        known.insert(text.clone(), found);
    }
    Ok(())
}
