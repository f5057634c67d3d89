//! What can be done with stock: one verb per file, each in the caller's unit of work.

mod request;
mod valued;

pub use request::{Count, Issue, Moved, Receipt, Reserve, Reserved, Returned, Transfer};
pub use valued::{AfterValued, Flow, Reason, StockMoved, Valued};
