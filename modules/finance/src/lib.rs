//! Finance: chart of accounts, fiscal years, balanced entries, invoices, payments, reconciliation, trial balance.
//!
//! Other modules ask for `dyn` [`Ledger`] to post entries, and for [`Invoices`] to bill and to be paid. A [`Ledger`]
//! takes only entries that balance ([`domain::Entry`]); what is posted never changes, neither by this code nor by SQL.
//!
//! [`domain`] holds the rules and knows neither clock nor database.

mod api;
pub mod domain;
mod error;
mod event;
mod module;
mod policy;
mod service;
mod store;

pub use domain::{AccountId, AccountKind, Party};
pub use error::{
    BooksError, ChartError, ChartFault, EntryError, FiscalError, ImportError, InvoiceError, NumberError, PostError,
    ReconcileError, TaxError, TermError,
};
pub use event::{EntryPosted, InvoicePosted, PaymentReceived};
pub use module::Finance;
pub use policy::{
    ChangeCalendar, ChangeChart, DraftEntry, DraftInvoice, ImportRates, LockBooks, PostEntry, PostInvoice, ReadReports,
    RecordPayment, ReverseEntry, SetUpBooks, Settle,
};
pub use service::{
    BeforePost, Books, Calendar, Charts, Difference, ImportSummary, Invoices, Journal, Ledger, LockKind, NewCompany,
    NewEntry, NewInvoice, NewInvoiceLine, NewPayment, Numbering, OpenAmount, OpenItems, Posted, Posting, Rates, Setup,
    TrialBalance, TrialBalanceRow, YearSpan,
};
pub use store::{
    Account, AccountRole, Company, Document, Entry, EntryLine, EntryState, ExchangeRate, FiscalYear, Invoice,
    InvoiceKind, InvoiceLine, InvoiceSide, InvoiceState, OpenItem, Origin, Payment, Period, Reconciliation, Role,
    Series, Settlement, Tax, TaxKind, TaxLine,
};
