//! The rules of stock, pure: the same moves give the same figures, whatever the order they became known in.
//!
//! - [`Position`]: where a move stands in the history of its item.
//! - [`Entry`] and [`Effect`]: what happened, and what it did to quantity and value.
//! - [`Valuation`]: layers of stock, what each entry takes from them, and what shortages are owed.
//! - [`revalue`]: brings a value ledger up to date from a position on, in steps, by appending corrections.
//! - [`Timeline`]: quantities by date, with counts, and the balances that may not become negative.
//! - [`reserve`], [`Measure`], [`landed`]: reservations, units of measure, charges spread over receipts.

mod entry;
pub mod landed;
mod measure;
mod portion;
mod position;
mod reserve;
mod revalue;
mod timeline;
mod valuation;

pub use entry::{Change, Effect, Entry, Worth};
pub use measure::Measure;
pub use portion::Portion;
pub use position::Position;
pub use reserve::{Bin, Pick, Reservation, free, reserve};
pub use revalue::{Booked, Checkpoint, Dirty, Journal, Pace, Progress, ReturnLink, revalue};
pub use timeline::{Happening, NegativeStock, Shift, Timeline};
pub use valuation::{Removal, Valuation};
