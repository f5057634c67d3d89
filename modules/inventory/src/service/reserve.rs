//! Reserving goods, and giving reservations back.

use codexion::prelude::*;

use super::draft::{Draft, Known, Place};
use super::hold::{forget, release};
use super::{Reserve, Reserved, Stock};
use crate::domain::{self, Bin};
use crate::policy::ReserveStock;
use crate::store::{Item, Level, Location, LocationKind, Move, MoveKind, MoveState, StockReservation, read, sql};
use crate::{MoveError, ReservationError};

impl Stock {
    /// Promises free goods of a place and those within it to a planned move, the oldest first; never more than there
    /// is. Only the goods in the places asked for are locked.
    ///
    /// # Errors
    /// [`MoveError`] when item or place do not exist or the place is not ours;
    /// [`ReservationError`] for a quantity that is not above zero.
    pub fn reserve(&self, tx: &mut Tx, wanted: &Reserve) -> Result<Reserved> {
        let draft = Draft {
            kind: MoveKind::Issue,
            item: wanted.item,
            source: Place::At(wanted.within),
            destination: Place::Usual(LocationKind::Customer),
            quantity: wanted.quantity,
            unit_cost: None,
            returned: None,
            date: wanted.date,
            origin: wanted.origin.clone(),
            reserved: None,
        };
        if !wanted.quantity.is_positive() {
            return Err(ReservationError::NotPositive(wanted.quantity).into());
        }
        let known = Known::load(tx, std::slice::from_ref(&draft))?;
        let planned = Move { id: tx.new_id(), state: MoveState::Planned, ..known.to_move(tx, &draft)? };
        tx.authorize::<ReserveStock>(&planned)?;
        let mut levels = levels_within(tx, wanted.item, wanted.within)?;
        let mut bins: Vec<_> = levels.iter().map(bin).collect();
        let picked = domain::reserve(&mut bins, planned.quantity)?;
        Move::insert(tx, &planned)?;
        let mut holds = Vec::with_capacity(picked.picks.len());
        for pick in &picked.picks {
            holds.push(StockReservation {
                id: tx.new_id(),
                r#move: planned.id,
                item: planned.item,
                location: pick.key,
                quantity: pick.quantity,
            });
        }
        for (level, bin) in levels.iter_mut().zip(&bins) {
            level.reserved = bin.reserved;
        }
        levels.retain(|level| holds.iter().any(|hold| hold.location == level.location));
        StockReservation::insert_many(tx, &holds)?;
        sql::put_many(tx, &levels)?;
        let domain::Reservation { picks, assigned, missing } = picked;
        Ok(Reserved { movement: planned.id, picks, assigned, missing })
    }

    /// Gives back what is left of a reservation; its planned move goes.
    ///
    /// # Errors
    /// [`MoveError`] when there is no such planned move.
    pub fn unreserve(&self, tx: &mut Tx, movement: Id<Move>) -> Result<()> {
        let planned = Move::find(tx, movement)?.filter(|found| found.state == MoveState::Planned);
        let planned = planned.ok_or(MoveError::NothingReserved(movement.uuid()))?;
        tx.authorize::<ReserveStock>(&planned)?;
        let wanted = Filter::eq("move", movement);
        let places: Vec<_> = StockReservation::list(tx, &wanted)?.iter().map(|hold| hold.location).collect();
        let mut levels = lock_levels(tx, planned.item, &places)?;
        // What others used up meanwhile is gone from what is read under the lock.
        let holds = StockReservation::list(tx, &wanted)?;
        levels.retain(|level| holds.iter().any(|hold| hold.location == level.location));
        for level in &mut levels {
            for hold in holds.iter().filter(|hold| hold.location == level.location) {
                level.reserved = level.reserved.checked_sub(hold.quantity)?;
            }
        }
        sql::put_many(tx, &levels)?;
        release(tx, &holds)?;
        forget(tx, &[movement])
    }

    /// What is reserved for a planned move, and where.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such move; the database refuses a statement.
    pub fn reservation(&self, tx: &mut ReadTx, movement: Id<Move>) -> Result<Reserved> {
        let planned = Move::get(tx, movement)?;
        let holds = StockReservation::list(tx, &Filter::eq("move", movement))?;
        let assigned = Quantity::sum(holds.iter().map(|hold| hold.quantity), planned.quantity.unit())?;
        let picks = holds.iter().map(|hold| domain::Pick { key: hold.location, quantity: hold.quantity }).collect();
        Ok(Reserved { movement, picks, assigned, missing: planned.quantity.checked_sub(assigned)? })
    }
}

fn bin(level: &Level) -> Bin<Id<Location>> {
    Bin { key: level.location, since: level.since, on_hand: level.on_hand, reserved: level.reserved }
}

fn lock_levels(tx: &mut Tx, item: Id<Item>, places: &[Id<Location>]) -> Result<Vec<Level>> {
    let keys: Vec<Vec<Value>> = places.iter().map(|place| vec![item.into(), (*place).into()]).collect();
    sql::locked(tx, &["item", "location"], &keys)
}

/// The levels of an item in a place and in those within it, locked.
fn levels_within(tx: &mut Tx, item: Id<Item>, within: Id<Location>) -> Result<Vec<Level>> {
    let places = read::places_within(tx, item, within)?;
    lock_levels(tx, item, &places)
}
