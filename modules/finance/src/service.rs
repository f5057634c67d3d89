//! The verbs: one per file, each over a unit of work.

mod calendar;
mod charts;
mod invoices;
mod journal;
mod ledger;
mod open_items;
mod posting;
mod rates;
mod reversal;
mod settle;
mod setup;
mod trial_balance;

pub use calendar::{Calendar, LockKind};
pub use charts::{Charts, ImportSummary};
pub use invoices::{Invoices, NewInvoice, NewInvoiceLine, NewPayment};
pub use journal::{Journal, NewEntry};
pub use ledger::{Books, Ledger, Posted, Posting};
pub use open_items::{OpenAmount, OpenItems};
pub use posting::BeforePost;
pub use rates::Rates;
pub use settle::Difference;
pub use setup::{NewCompany, Numbering, Setup, YearSpan};
pub use trial_balance::{TrialBalance, TrialBalanceRow};
