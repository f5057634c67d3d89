//! What is stored of the books, and the SQL that is more than reading and writing one record.

pub(crate) mod account;
pub(crate) mod balance;
pub(crate) mod calendar;
pub(crate) mod company;
pub(crate) mod entry;
pub(crate) mod invoice;
pub(crate) mod open_item;
pub(crate) mod payment;
pub(crate) mod rate;
pub(crate) mod reconciliation;
pub(crate) mod series;
pub(crate) mod tax;

pub use account::{Account, AccountRole, Role};
pub use calendar::{FiscalYear, Period};
pub use company::Company;
pub use entry::{Document, Entry, EntryLine, EntryState, Origin};
pub use invoice::{Invoice, InvoiceKind, InvoiceLine, InvoiceSide, InvoiceState, TaxLine};
pub use open_item::OpenItem;
pub use payment::Payment;
pub use rate::ExchangeRate;
pub use reconciliation::{Reconciliation, Settlement};
pub use series::Series;
pub use tax::{Tax, TaxKind};
