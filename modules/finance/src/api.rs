//! Finance over HTTP: what clients send, and the verbs it goes to.

mod books;
mod entries;
mod invoices;

use codexion::prelude::{Id, Registrar, WebRegistrar};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::{
    Account, AccountRole, Company, Entry, EntryLine, ExchangeRate, FiscalYear, Invoice, InvoiceLine, OpenItem, Payment,
    Period, Reconciliation, Series, Tax, TaxLine,
};

/// The id of a new record.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(bound = "")]
#[schemars(rename = "NewRecord", bound = "")]
struct NewRecord<T: ?Sized> {
    /// Its id.
    id: Id<T>,
}

/// Adds the routes, all under `/api/v1/finance`.
pub(crate) fn register(m: &mut Registrar) {
    m.browse::<Company>("/companies").browse::<Account>("/accounts").rest::<AccountRole>("/account_roles");
    m.browse::<FiscalYear>("/years").browse::<Period>("/periods").browse::<Series>("/series");
    m.browse::<Entry>("/entries").browse::<EntryLine>("/entry_lines").browse::<OpenItem>("/items");
    m.browse::<Invoice>("/invoices").browse::<InvoiceLine>("/invoice_lines").browse::<TaxLine>("/tax_lines");
    m.browse::<Payment>("/payments").browse::<Reconciliation>("/reconciliations");
    m.rest::<Tax>("/taxes").browse::<ExchangeRate>("/rates");
    books::register(m);
    entries::register(m);
    invoices::register(m);
}
