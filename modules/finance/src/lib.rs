//! Finance: chart of accounts, fiscal years, balanced entries, taxes, payment terms and reconciliation.
//!
//! [`domain`] holds the rules and knows neither clock nor database.

pub mod domain;
mod error;

pub use error::{ChartError, ChartFault, EntryError, FiscalError, NumberError, ReconcileError, TaxError, TermError};
