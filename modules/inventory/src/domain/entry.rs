//! What happened to an item, and what it did to quantity and value.

use codexion::core::{Money, Price, Quantity};

use super::Position;

/// One move of an item into or out of the stock that is valued. Moves inside that stock change no value and
/// are no entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands in the item's history.
    pub position: Position,
    /// What it does.
    pub change: Change,
}

/// What an entry does to the stock. Quantities are positive and in the item's own unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Goods arrive and have cost `value`, charges that were added later included.
    Receive {
        /// How much.
        quantity: Quantity,
        /// What all of it cost.
        value: Money,
    },
    /// Goods leave, at the cost of the layers they are taken from.
    Issue {
        /// How much.
        quantity: Quantity,
    },
    /// Goods of a receipt go back to the supplier: at that receipt's cost as far as its layer lasts.
    SupplierReturn {
        /// How much.
        quantity: Quantity,
        /// The receipt they came with.
        receipt: Position,
    },
    /// Goods of an issue come back, at what they cost when they left.
    CustomerReturn {
        /// How much.
        quantity: Quantity,
        /// The issue they left with.
        issue: Position,
    },
    /// A count found more than expected.
    Find {
        /// How much more.
        quantity: Quantity,
        /// What one unit is worth; without it the last cost.
        price: Option<Price>,
    },
    /// Nothing: a cancelled move, or a count that found what was expected.
    Void,
}

/// What one entry did to the quantity and the value of one move: a row of the value ledger.
///
/// Most entries have one effect, on themselves. A receipt that fills a shortage also corrects the issues that
/// left before it: their value changes on the day of the *receipt*, so that no earlier balance moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The move whose value changes.
    pub of: Position,
    /// The entry that changes it; its date is the date of the row.
    pub cause: Position,
    /// Change of the stock's quantity.
    pub quantity: Quantity,
    /// Change of the stock's value.
    pub value: Money,
}

impl Effect {
    /// Whether neither quantity nor value change.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.quantity.is_zero() && self.value.is_zero()
    }
}

/// What is left of an issue to come back: issued less returned, at its corrected cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    /// How much can still come back.
    pub quantity: Quantity,
    /// What that cost.
    pub value: Money,
}
