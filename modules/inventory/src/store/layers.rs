//! The open layers of an item as JSON, for checkpoints.

use codexion::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ValuationError;
use crate::domain::{Portion, Position, Valuation};

/// Arrays and no names: a checkpoint may hold hundreds of layers.
#[derive(Serialize, Deserialize)]
struct Stored {
    layers: Vec<(Date, Uuid, i64, i64, i64)>,
    shortages: Vec<(Date, Uuid, i64, i64, i64)>,
    last: Option<(i64, i64)>,
}

/// The state of a checkpoint.
pub(super) fn to_json(state: &Valuation) -> Result<serde_json::Value> {
    let flat = |p: &Portion| (p.source.date, p.source.id, p.quantity_micro, p.value_minor, p.taken_micro);
    let stored = Stored {
        layers: state.layers().map(flat).collect(),
        shortages: state.shortages().map(flat).collect(),
        last: state.last_cost().map(|(quantity, value)| (quantity.scaled(), value.minor())),
    };
    serde_json::to_value(stored)
        .map_err(|e| Error::internal("inventory.layers", "layers can't be written").with_source(e))
}

/// The reverse, on top of the valuation of no stock.
pub(super) fn from_json(json: &serde_json::Value, empty: Valuation) -> Result<Valuation> {
    let stored = Stored::deserialize(json).map_err(|_| ValuationError::Damaged)?;
    let portions = |all: Vec<(Date, Uuid, i64, i64, i64)>| {
        let portion = |(date, id, quantity_micro, value_minor, taken_micro)| Portion {
            source: Position::new(date, id),
            quantity_micro,
            value_minor,
            taken_micro,
        };
        all.into_iter().map(portion).collect()
    };
    let (unit, currency) = (empty.quantity().unit(), empty.value().currency());
    let last = stored
        .last
        .map(|(quantity, value)| (Quantity::from_scaled(quantity, unit), Money::from_minor(value, currency)));
    Ok(empty.with_open(portions(stored.layers), portions(stored.shortages), last)?)
}
