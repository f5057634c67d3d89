//! What can be done with stock: each verb runs in the caller's unit of work.

mod draft;
mod engine;
mod hold;
mod levels;
mod quants;
mod request;
mod reserve;
mod returns;
mod revalue;
mod setup;
mod stock;
mod value;
mod valued;

pub use levels::{ItemValue, StockValue};
pub use request::{Count, Issue, Moved, Receipt, Reserve, Reserved, Returned, Transfer};
pub use revalue::ValueItem;
pub use setup::{Setup, WarehousePlaces};
pub use stock::Stock;
pub use valued::{AfterValued, Flow, Reason, StockMoved, ValueChanges, Valued};
