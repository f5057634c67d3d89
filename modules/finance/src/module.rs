//! What finance registers.

use codexion::prelude::{DataRegistrar, Module, Registers, Registrar};

use crate::api;
use crate::event::{EntryPosted, InvoicePosted, PaymentReceived};
use crate::policy::{
    ChangeCalendar, ChangeChart, DraftEntry, DraftInvoice, ImportRates, LockBooks, PostEntry, PostInvoice, ReadReports,
    RecordPayment, ReverseEntry, SetUpBooks, Settle,
};
use crate::service::{Books, Calendar, Charts, Invoices, Journal, Rates, Setup};
use crate::store::{
    Account, AccountRole, Company, Entry, EntryLine, ExchangeRate, FiscalYear, Invoice, InvoiceLine, OpenItem, Payment,
    Period, Reconciliation, Series, Settlement, Tax, TaxLine,
};

/// The books of a company: accounts, years, entries, invoices, payments.
#[derive(Debug, Clone, Copy, Default, Module)]
#[module(name = "finance", migrations = "migrations")]
pub struct Finance;

impl Registers for Finance {
    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../docs/errors.md"));
        m.provide::<Books>().provide::<Journal>().provide::<Invoices>().provide::<Calendar>();
        m.provide::<Charts>().provide::<Rates>().provide::<Setup>();

        m.repository::<Company>().repository::<Account>().repository::<AccountRole>();
        m.repository::<FiscalYear>().repository::<Period>().repository::<Series>().repository::<ExchangeRate>();
        m.repository::<Entry>().repository::<EntryLine>().repository::<OpenItem>();
        m.repository::<Tax>().repository::<Invoice>().repository::<InvoiceLine>().repository::<TaxLine>();
        m.repository::<Payment>().repository::<Reconciliation>().repository::<Settlement>();

        m.event::<EntryPosted>().event::<InvoicePosted>().event::<PaymentReceived>();

        m.policy::<SetUpBooks>().policy::<LockBooks>().policy::<ChangeChart>().policy::<ChangeCalendar>();
        m.policy::<DraftEntry>().policy::<PostEntry>().policy::<ReverseEntry>();
        m.policy::<DraftInvoice>().policy::<PostInvoice>().policy::<RecordPayment>().policy::<Settle>();
        m.policy::<ImportRates>().policy::<ReadReports>();

        api::register(m);
    }
}
