//! What inventory stores: entities, and the tables behind stock levels and the value ledger.

mod item;
mod ledger;
mod level;
mod movement;
mod place;

pub(crate) mod book;
pub(crate) mod history;
pub(crate) mod journal;
mod layers;
pub(crate) mod read;
pub(crate) mod sql;

pub use item::{Costing, Item, MeasureUnit};
pub use ledger::{ItemValuation, StockEntry, ValueCheckpoint, ValueEntry};
pub use level::{Level, StockReservation};
pub use movement::{Move, MoveKind, MoveState};
pub use place::{Location, LocationKind, Warehouse};

pub(crate) use ledger::inventory_checkpoints;
pub(crate) use movement::inventory_moves;
