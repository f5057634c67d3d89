//! Goods going from place to place.

use codexion::prelude::*;

use super::{Item, Location};
use crate::domain::Position;

/// What a move means for the value of the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum MoveKind {
    /// Goods become ours.
    Receipt,
    /// Goods leave us.
    Issue,
    /// Goods change places and stay ours; their value stays too.
    Transfer,
    /// Somebody counted what there is.
    Count,
    /// Goods of an issue come back.
    CustomerReturn,
    /// Goods of a receipt go back.
    SupplierReturn,
}

/// How far a move is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum MoveState {
    /// It is to happen; stock may be reserved for it.
    Planned,
    /// It happened.
    Done,
    /// It happened, and was taken back.
    Cancelled,
}

/// Goods going from one place to another. Once done it never changes; it can only be cancelled.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_moves", tenant)]
pub struct Move {
    /// The record. Of the moves of an item on one day, the one with the smaller id came first.
    pub id: Id<Move>,
    /// What moves.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// From where.
    #[field(references = Location)]
    pub source: Id<Location>,
    /// To where.
    #[field(references = Location)]
    pub destination: Id<Location>,
    /// What it means.
    pub kind: MoveKind,
    /// How far it is.
    pub state: MoveState,
    /// How much, in the item's unit; of a count, what was found in `destination`.
    pub quantity: Quantity,
    /// The day the goods moved.
    pub date: Date,
    /// The document it belongs to, in that module's words: `sales order 10248`.
    #[field(max_len = 120)]
    pub origin: Option<String>,
    /// The issue or receipt whose goods come or go back.
    #[field(references = Move)]
    pub returned_move: Option<Id<Move>>,
    /// What one unit cost, or what one found unit is worth.
    pub price: Option<Price>,
    /// What was added to a receipt's cost later.
    pub charge: Option<Money>,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: Id<Actor>,
}

impl Move {
    /// Where it stands in the history of its item.
    #[must_use]
    pub const fn position(&self) -> Position {
        Position::of(self.date, self.id)
    }
}
