//! Inventory: items, warehouses, stock moves, reservations, and what the stock is worth.
//!
//! Quantity and value are two ledgers that only grow; a unit cost is derived from them and never the stored
//! truth. [`domain`] holds the rules and knows neither clock nor database; [`Stock`] is what other code calls.

#![warn(clippy::float_arithmetic)]

mod api;
pub mod domain;
mod error;
mod module;
pub mod policy;
mod service;
mod settings;
pub mod store;

pub use error::{LandedCostError, MeasureError, MoveError, ReservationError, StockError, ValuationError};
pub use module::Inventory;
pub use service::{AfterValued, Flow, Reason, StockMoved, ValueChanges, ValueItem, Valued};
pub use service::{Count, Issue, Moved, Receipt, Reserve, Reserved, Returned, Transfer};
pub use service::{ItemValue, Setup, Stock, StockValue, WarehousePlaces};
pub use settings::InventorySettings;
pub use store::{Costing, Item, Level, Location, LocationKind, MeasureUnit, Move, MoveKind, MoveState, Warehouse};
