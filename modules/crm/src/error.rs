//! What selling and buying refuse, one closed family per operation.

mod amount;
mod draft;
mod order;
mod party;

pub use amount::AmountError;
pub use draft::DraftError;
pub use order::{OrderError, QuoteError, StateError, StepError};
pub use party::CatalogueError;
