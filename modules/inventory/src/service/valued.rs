//! What others are told: inside the transaction by a hook, after it by an event.

use codexion::prelude::*;
use serde::{Deserialize, Serialize};

use super::Moved;
use crate::store::{Item, Move, MoveKind};

/// After the value of the stock changed, once for all changes of a call, in the same transaction. Bridges post their
/// entries here.
#[derive(Debug)]
pub struct AfterValued;

impl HookPoint for AfterValued {
    type Subject = ValueChanges;
    const NAME: &'static str = "inventory.stock.after_valued";
}

/// What one call changed of the value of the stock.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueChanges {
    /// The changes, by item; never none.
    pub changes: Vec<Valued>,
}

/// A change of the value of the stock: one row of the value ledger.
///
/// All changes through a day sum up to what the stock is worth at the end of that day.
#[derive(Debug, Clone, PartialEq)]
pub struct Valued {
    /// The move whose value changed.
    pub movement: Id<Move>,
    /// Of what.
    pub item: Id<Item>,
    /// The day of the change. Of a correction that is the day of what caused it.
    pub date: Date,
    /// The signed change of the stock's value; never zero.
    pub value: Money,
    /// Why it changed.
    pub reason: Reason,
    /// What the move is: where the other half of an accounting entry belongs, also for a revaluation.
    pub flow: Flow,
    /// The document the move belongs to.
    pub origin: Option<String>,
}

/// Why a value changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum Reason {
    /// Goods arrived from a supplier, or went back.
    Receipt,
    /// Goods left, or came back.
    Issue,
    /// A count found a difference.
    Adjustment,
    /// The move is older: its value follows from what became known now.
    Revaluation,
}

/// On which side of the stock a move is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum Flow {
    /// Between suppliers and us.
    Supply,
    /// Between us and customers.
    Delivery,
    /// Found or lost.
    Adjustment,
}

impl Flow {
    /// Of a move of this kind; a transfer has none.
    #[must_use]
    pub const fn of(kind: MoveKind) -> Option<Self> {
        match kind {
            MoveKind::Receipt | MoveKind::SupplierReturn => Some(Self::Supply),
            MoveKind::Issue | MoveKind::CustomerReturn => Some(Self::Delivery),
            MoveKind::Count => Some(Self::Adjustment),
            MoveKind::Transfer => None,
        }
    }
}

impl From<Flow> for Reason {
    fn from(flow: Flow) -> Self {
        match flow {
            Flow::Supply => Self::Receipt,
            Flow::Delivery => Self::Issue,
            Flow::Adjustment => Self::Adjustment,
        }
    }
}

/// Goods moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
#[event(name = "inventory.stock_moved", version = 1, aggregate = "movement")]
pub struct StockMoved {
    /// The first of the moves.
    pub movement: Id<Move>,
    /// All moves that were done together.
    pub moves: Vec<Moved>,
}
