//! What the books refuse, one closed family per operation.

mod books;
mod chart;
mod entry;
mod fiscal;
mod import;
mod invoice;
mod number;
mod post;
mod reconcile;
mod tax;
mod term;

pub use books::BooksError;
pub use chart::{ChartError, ChartFault};
pub use entry::EntryError;
pub use fiscal::FiscalError;
pub use import::ImportError;
pub use invoice::InvoiceError;
pub use number::NumberError;
pub use post::PostError;
pub use reconcile::ReconcileError;
pub use tax::TaxError;
pub use term::TermError;
