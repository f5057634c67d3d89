//! The verbs of selling and buying, each over the unit of work it is given.

mod catalogue;
mod draft;
mod orders;
mod parties;
mod purchases;
mod quotes;
mod record;
mod trade;

pub use catalogue::Catalogue;
pub use draft::{LINES_MAX, LineDraft, TaxTerm};
pub use orders::{OrderDraft, Orders};
pub use parties::Parties;
pub use purchases::{PurchaseDraft, Purchases};
pub use quotes::{QuoteDraft, Quotes};
pub use record::{Part, Taken};
