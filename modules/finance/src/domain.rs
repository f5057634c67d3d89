//! The rules of the books, pure: dates, rates and numbers are passed in, figures come out.
//!
//! - [`ChartAccount`] and [`chart`]: accounts and the tree they form.
//! - [`FiscalYear`], [`Period`] and [`PeriodState`]: the calendar of the books.
//! - [`Entry`] and [`Line`]: an entry that exists is balanced.
//! - [`Series`]: legal numbers in the order of dates.
//! - [`tax`]: taxes of a line and of a document, rounding included.
//! - [`PaymentTerm`]: when which part of an amount is due.
//! - [`reconcile`]: what settles what, write-offs and exchange differences.

mod account;
mod apportion;
mod calendar;
pub mod chart;
mod entry;
mod fiscal;
mod line;
mod numbering;
mod party;
pub mod reconcile;
pub mod tax;
mod term;

pub use account::{AccountId, AccountKind, ChartAccount};
pub use apportion::apportion;
pub use entry::Entry;
pub use fiscal::{Cycle, FiscalYear, Period, PeriodState};
pub use line::{Line, Side};
pub use numbering::Series;
pub use party::Party;
pub use term::{DueStep, Instalment, PaymentTerm, Portion, TermLine};
