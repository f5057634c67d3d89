//! What inventory stores: entities, and the tables behind stock levels and the value ledger.

mod item;
mod ledger;
mod level;
mod movement;
mod place;

pub use item::{Costing, Item, MeasureUnit};
pub use ledger::{ItemValuation, StockEntry, ValueCheckpoint, ValueEntry};
pub use level::{Level, StockReservation};
pub use movement::{Move, MoveKind, MoveState};
pub use place::{Location, LocationKind, Warehouse};
