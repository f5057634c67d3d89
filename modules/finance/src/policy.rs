//! What actors may be allowed to do in finance, act by act.

use codexion::prelude::Policy;

use crate::service::NewPayment;
use crate::store::{Company, Entry, Invoice};

macro_rules! policy {
    ($(#[doc = $doc:literal] $name:ident: $action:literal on $resource:ty as $kind:literal;)*) => {$(
        #[doc = $doc]
        #[derive(Debug)]
        pub struct $name;

        impl Policy for $name {
            type Resource = $resource;
            const RESOURCE: &'static str = $kind;
            const ACTION: &'static str = $action;
            const ABOUT: &'static str = $doc;
        }
    )*};
}

policy! {
    /// Setting up a company with its chart of accounts and its years.
    SetUpBooks: "set_up" on () as "finance.company";
    /// Changing accounts, their roles and taxes.
    ChangeChart: "change" on () as "finance.chart";
    /// Opening years, opening and closing periods, locking dates.
    ChangeCalendar: "change" on () as "finance.calendar";
    /// Locking and unlocking dates of a company.
    LockBooks: "lock" on Company as "finance.company";
    /// Writing and changing drafts of entries.
    DraftEntry: "draft" on Entry as "finance.entry";
    /// Posting entries.
    PostEntry: "post" on Entry as "finance.entry";
    /// Undoing a posted entry by another one.
    ReverseEntry: "reverse" on Entry as "finance.entry";
    /// Writing, changing and cancelling drafts of invoices and credit notes.
    DraftInvoice: "draft" on Invoice as "finance.invoice";
    /// Posting invoices and credit notes.
    PostInvoice: "post" on Invoice as "finance.invoice";
    /// Recording that money came in or went out.
    RecordPayment: "record" on NewPayment as "finance.payment";
    /// Settling open items with each other, and undoing that.
    Settle: "settle" on () as "finance.reconciliation";
    /// Importing exchange rates.
    ImportRates: "import" on () as "finance.rate";
    /// Reading reports: trial balance and open items.
    ReadReports: "read" on () as "finance.report";
}
