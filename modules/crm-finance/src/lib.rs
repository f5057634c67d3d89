//! Where selling and buying meet the books.
//!
//! [`Billing::invoice`] makes the invoice of a sales order with its freight, [`Billing::bill`] enters the bill of a
//! purchase order, [`Billing::pay`] records what was paid; the orders hear of all three. They hear of it too, a
//! moment later, where an invoice was posted or paid in the books directly.

#![warn(clippy::float_arithmetic)]

mod api;
mod error;
mod service;

use codexion::prelude::*;
use finance::{InvoicePosted, PaymentReceived};

pub use error::BillingError;
pub use service::{Billing, Charge};

/// Invoices of sales orders, bills of purchase orders, and their payments.
#[derive(Debug, Default, Module)]
#[module(name = "crm_finance", needs = ["crm", "finance"])]
pub struct CrmFinance;

impl Registers for CrmFinance {
    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../docs/errors.md")).provide::<Billing>().on(record_posted).on(record_paid);
        api::routes(m);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what is injected is handed over")]
fn record_posted(tx: &mut Tx, posted: &InvoicePosted, billing: Inject<Billing>) -> Result<()> {
    billing.record(tx, posted.id)
}

#[expect(clippy::needless_pass_by_value, reason = "what is injected is handed over")]
fn record_paid(tx: &mut Tx, received: &PaymentReceived, billing: Inject<Billing>) -> Result<()> {
    billing.settle_all(tx, &received.settled)
}
