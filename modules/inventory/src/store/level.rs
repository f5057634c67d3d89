//! What is where now, and what of it is promised.

use codexion::prelude::*;

use super::{Item, Location, Move};

/// What there is of an item in one place.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_levels", tenant)]
pub struct Level {
    /// The record.
    pub id: Id<Level>,
    /// Of what.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// Where.
    #[field(references = Location)]
    pub location: Id<Location>,
    /// What there is.
    pub on_hand: Quantity,
    /// What of it is promised.
    pub reserved: Quantity,
    /// Since when goods are there.
    pub since: Date,
    /// The day of the last move there.
    pub last_date: Option<Date>,
    /// The last move there.
    pub last_move: Option<Id<Move>>,
}

/// What of a place's stock is promised to a planned move.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_reservations", tenant)]
pub struct StockReservation {
    /// The record.
    pub id: Id<StockReservation>,
    /// To which move.
    #[field(references = Move)]
    pub r#move: Id<Move>,
    /// Of what.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// Where.
    #[field(references = Location)]
    pub location: Id<Location>,
    /// How much.
    pub quantity: Quantity,
}
