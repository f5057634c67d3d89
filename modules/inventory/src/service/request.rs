//! What is asked of the stock, and what is answered.

use codexion::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::Pick;
use crate::store::{Item, Location, Move};

/// Goods arrive.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// What.
    pub item: Id<Item>,
    /// Where they are put: a place of ours.
    pub to: Id<Location>,
    /// How much, in the item's unit or one that converts to it.
    pub quantity: Quantity,
    /// What one of the quantity's unit costs.
    pub unit_cost: Price,
    /// The day they arrived; it may lie in the past.
    pub date: Date,
    /// Where they come from; the place `suppliers` where it is not given.
    pub from: Option<Id<Location>>,
    /// The document they belong to.
    pub origin: Option<String>,
}

/// Goods leave.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// What.
    pub item: Id<Item>,
    /// From which place of ours.
    pub from: Id<Location>,
    /// How much, in the item's unit or one that converts to it.
    pub quantity: Quantity,
    /// The day they left; it may lie in the past.
    pub date: Date,
    /// Where they go; the place `customers` where it is not given.
    pub to: Option<Id<Location>>,
    /// The document they belong to.
    pub origin: Option<String>,
    /// The reservation that this uses up.
    pub reserved: Option<Id<Move>>,
}

/// Goods change places and stay ours.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// What.
    pub item: Id<Item>,
    /// From which place of ours.
    pub from: Id<Location>,
    /// To which place of ours.
    pub to: Id<Location>,
    /// How much, in the item's unit or one that converts to it.
    pub quantity: Quantity,
    /// The day they moved.
    pub date: Date,
    /// The document they belong to.
    pub origin: Option<String>,
}

/// Somebody counted.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// What.
    pub item: Id<Item>,
    /// In which place of ours.
    pub place: Id<Location>,
    /// How much was there, in the item's unit or one that converts to it.
    pub found: Quantity,
    /// What one of the quantity's unit is worth when there is more than expected; the last cost where it is not given.
    pub unit_cost: Option<Price>,
    /// The day of the count.
    pub date: Date,
    /// The document it belongs to.
    pub origin: Option<String>,
}

/// Goods of an issue come back, or goods of a receipt go back.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Returned {
    /// The issue or the receipt.
    pub movement: Id<Move>,
    /// The place of ours where they are put, or from where they leave.
    pub place: Id<Location>,
    /// How much of it, in the item's unit or one that converts to it.
    pub quantity: Quantity,
    /// The day.
    pub date: Date,
    /// The document it belongs to.
    pub origin: Option<String>,
}

/// Goods are wanted.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// What.
    pub item: Id<Item>,
    /// Out of which place of ours, those within it included.
    pub within: Id<Location>,
    /// How much, in the item's unit or one that converts to it.
    pub quantity: Quantity,
    /// The day they are to leave.
    pub date: Date,
    /// The document they are for.
    pub origin: Option<String>,
}

/// What was reserved.
#[derive(Debug, Clone, PartialEq)]
pub struct Reserved {
    /// The planned move that holds the reservation.
    pub movement: Id<Move>,
    /// From where to take how much, the oldest goods first.
    pub picks: Vec<Pick<Id<Location>>>,
    /// All picks together, in the item's unit.
    pub assigned: Quantity,
    /// What is wanted and not there.
    pub missing: Quantity,
}

/// What a move did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    /// The move.
    pub movement: Id<Move>,
    /// Of what.
    pub item: Id<Item>,
    /// How much moved, in the item's unit; of a count, by how much it corrected the stock.
    pub quantity: Quantity,
    /// What it changed of the stock's value: above zero for a receipt, below for an issue.
    pub value: Money,
    /// More earlier moves changed with it than are valued at once: a job values the rest, and this value may change.
    pub pending: bool,
}

impl Moved {
    /// What the goods that left have cost: the value with its sign turned.
    ///
    /// # Errors
    /// An overflow.
    pub fn cost(&self) -> Result<Money> {
        Ok(self.value.checked_neg()?)
    }
}
