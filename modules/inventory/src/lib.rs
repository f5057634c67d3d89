//! Inventory: items, warehouses, stock moves, reservations, and what the stock is worth.
//!
//! Quantity and value are two ledgers that only grow; a unit cost is derived from them and never the stored
//! truth. [`domain`] holds the rules and knows neither clock nor database.

#![warn(clippy::float_arithmetic)]

pub mod domain;
mod error;
mod service;
pub mod store;

pub use error::{LandedCostError, MeasureError, ReservationError, StockError, ValuationError};
pub use service::{AfterValued, Flow, Reason, StockMoved, Valued};
pub use service::{Count, Issue, Moved, Receipt, Reserve, Reserved, Returned, Transfer};
pub use store::{Costing, Item, Level, Location, LocationKind, MeasureUnit, Move, MoveKind, MoveState, Warehouse};
