//! What the books refuse, one closed family per operation.

mod chart;
mod entry;
mod fiscal;
mod number;
mod reconcile;
mod tax;
mod term;

pub use chart::{ChartError, ChartFault};
pub use entry::EntryError;
pub use fiscal::FiscalError;
pub use number::NumberError;
pub use reconcile::ReconcileError;
pub use tax::TaxError;
pub use term::TermError;
