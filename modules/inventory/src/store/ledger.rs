//! The two ledgers, which only grow, and what is derived from them.

use codexion::prelude::*;

use super::{Item, Location, Move};

/// What a move did to the quantity in one of its places.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_stock_entries", tenant)]
pub struct StockEntry {
    /// The record.
    pub id: Id<StockEntry>,
    /// Which move.
    #[field(references = Move)]
    pub r#move: Id<Move>,
    /// Of what.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// Where.
    #[field(references = Location)]
    pub location: Id<Location>,
    /// How much more there is.
    pub quantity: Quantity,
    /// The day of the move.
    pub date: Date,
    /// When this became known.
    pub recorded_at: Timestamp,
}

/// What the entry `cause`, on its day, did to the value of `move`.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_value_entries", tenant)]
pub struct ValueEntry {
    /// The record.
    pub id: Id<ValueEntry>,
    /// The move whose value changes.
    #[field(references = Move)]
    pub r#move: Id<Move>,
    /// The move that changes it.
    #[field(references = Move)]
    pub cause: Id<Move>,
    /// Of what.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// Change of the stock's quantity.
    pub quantity: Quantity,
    /// Change of the stock's value.
    pub value: Money,
    /// The day of `cause`.
    pub date: Date,
    /// When this became known.
    pub recorded_at: Timestamp,
}

/// What an item's stock is now, and which part of its history waits to be valued.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_valuations", tenant)]
pub struct ItemValuation {
    /// The record.
    pub id: Id<ItemValuation>,
    /// Of what.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// How much there is.
    pub quantity: Quantity,
    /// What it is worth.
    pub value: Money,
    /// The day of the last entry.
    pub last_date: Option<Date>,
    /// The last entry.
    pub last_move: Option<Id<Move>>,
    /// The day of the first entry in question.
    pub dirty_from_date: Option<Date>,
    /// The first entry in question.
    pub dirty_from: Option<Id<Move>>,
    /// The day of the last entry that changed.
    pub dirty_until_date: Option<Date>,
    /// The last entry that changed.
    pub dirty_until: Option<Id<Move>>,
}

/// The open layers of an item after a move. Derived: it may be deleted at any time.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_checkpoints", tenant)]
pub struct ValueCheckpoint {
    /// The record.
    pub id: Id<ValueCheckpoint>,
    /// Of what.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// The day of the move.
    pub date: Date,
    /// The move.
    #[field(references = Move)]
    pub r#move: Id<Move>,
    /// How many entries after the checkpoint before it.
    #[field(min = 1)]
    pub since: i32,
    /// Layers, shortages and the last cost.
    pub state: serde_json::Value,
}
