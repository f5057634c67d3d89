//! Reservations that issues use up.

use std::collections::BTreeMap;

use codexion::prelude::*;

use super::draft::Draft;
use crate::MoveError;
use crate::store::{Location, Move, StockReservation, sql};

/// The reservations that a set of moves names, and what is left of them.
#[derive(Debug)]
pub(super) struct Holds {
    held: BTreeMap<(Id<Move>, Id<Location>), StockReservation>,
    changed: Vec<(Id<Move>, Id<Location>)>,
}

impl Holds {
    pub(super) fn load(tx: &mut ReadTx, drafts: &[Draft]) -> Result<Self> {
        let named: Vec<Value> = drafts.iter().filter_map(|draft| draft.reserved).map(Value::from).collect();
        let mut held = BTreeMap::new();
        if !named.is_empty() {
            for one in StockReservation::list(tx, &Filter::In { column: "move", values: named })? {
                held.insert((one.r#move, one.location), one);
            }
        }
        Ok(Self { held, changed: Vec::new() })
    }

    /// What of a move's goods is reserved for it; that much of the reservation is used up.
    pub(super) fn use_up(&mut self, draft: &Draft, movement: &Move) -> Result<Quantity> {
        let none = Quantity::zero(movement.quantity.unit());
        let Some(planned) = draft.reserved else { return Ok(none) };
        let key = (planned, movement.source);
        let hold = self.held.get_mut(&key).filter(|hold| hold.item == movement.item);
        let hold = hold.ok_or(MoveError::NothingReserved(planned.uuid()))?;
        let used =
            if hold.quantity.checked_cmp(movement.quantity)?.is_lt() { hold.quantity } else { movement.quantity };
        hold.quantity = hold.quantity.checked_sub(used)?;
        self.changed.push(key);
        Ok(used)
    }

    /// Writes what is left; planned moves without a reservation go.
    pub(super) fn store(self, tx: &mut Tx) -> Result<()> {
        if self.changed.is_empty() {
            return Ok(());
        }
        let changed = self.changed.iter().filter_map(|key| self.held.get(key));
        let (left, gone): (Vec<_>, Vec<_>) = changed.cloned().partition(|hold| hold.quantity.is_positive());
        sql::put_many(tx, &unique(left))?;
        release(tx, &gone)?;
        let kept = |id: Id<Move>| self.held.values().any(|hold| hold.r#move == id && hold.quantity.is_positive());
        let done: Vec<_> = gone.iter().map(|hold| hold.r#move).filter(|id| !kept(*id)).collect();
        forget(tx, &done)
    }
}

/// Removes reservations.
pub(super) fn release(tx: &mut Tx, holds: &[StockReservation]) -> Result<()> {
    sql::remove_many(tx, &holds.iter().map(|hold| hold.id).collect::<Vec<_>>())
}

/// Removes planned moves.
pub(super) fn forget(tx: &mut Tx, planned: &[Id<Move>]) -> Result<()> {
    sql::remove_many(tx, planned)
}

/// A reservation that two moves used is written once.
fn unique(holds: Vec<StockReservation>) -> Vec<StockReservation> {
    holds.into_iter().map(|hold| (hold.id, hold)).collect::<BTreeMap<_, _>>().into_values().collect()
}
