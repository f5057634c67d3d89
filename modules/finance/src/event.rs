//! What finance tells the others, after the commit.

use codexion::prelude::{Date, Event, Id, Money};
use serde::{Deserialize, Serialize};

use crate::domain::Party;
use crate::store::{Entry, Invoice, InvoiceSide, Payment};

/// An entry was posted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
#[event(name = "finance.entry_posted", version = 1, aggregate = "id")]
pub struct EntryPosted {
    /// The entry.
    pub id: Id<Entry>,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: Date,
    /// What kind of document it comes from.
    pub origin: String,
    /// The entry that it undoes, if it does.
    pub reverses: Option<Id<Entry>>,
}

/// An invoice or a credit note was posted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
#[event(name = "finance.invoice_posted", version = 1, aggregate = "id")]
pub struct InvoicePosted {
    /// The invoice.
    pub id: Id<Invoice>,
    /// Its number.
    pub number: String,
    /// To a customer or of a supplier.
    pub side: InvoiceSide,
    /// Who pays, or is paid.
    pub party: Id<Party>,
    /// Its date.
    pub date: Date,
    /// What is to be paid; below zero on credit notes.
    pub total: Money,
}

/// Money came in, or went out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
#[event(name = "finance.payment_received", version = 1, aggregate = "id")]
pub struct PaymentReceived {
    /// The payment.
    pub id: Id<Payment>,
    /// A customer's or to a supplier.
    pub side: InvoiceSide,
    /// Who paid, or was paid.
    pub party: Id<Party>,
    /// When.
    pub date: Date,
    /// How much.
    pub amount: Money,
    /// The invoices that it settled wholly.
    pub settled: Vec<Id<Invoice>>,
}
