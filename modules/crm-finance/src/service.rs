//! The verbs of billing.

mod bill;
mod charge;
mod invoice;
mod pay;
mod record;

use std::sync::Arc;

use codexion::prelude::*;
use crm::{Orders, Purchases};
use finance::domain::tax::TaxRounding;
use finance::{Invoices, Ledger};

/// Invoices sales orders and bills purchase orders.
///
/// An order hears of an invoice when it is posted and of a payment when it settles the invoice: within the same unit
/// of work where that is done here, after it where the books were asked directly.
#[derive(Provider)]
#[provider(singleton)]
pub struct Billing {
    orders: Arc<Orders>,
    purchases: Arc<Purchases>,
    invoices: Arc<Invoices>,
    ledger: Arc<dyn Ledger>,
}

impl std::fmt::Debug for Billing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Billing")
    }
}

/// When and how an order is invoiced, and what of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Charge<L> {
    /// The invoice's date.
    pub date: Date,
    /// How it is rounded; as the company says if it is not said.
    pub rounding: Option<TaxRounding>,
    /// The other side's number: a supplier's of its bill.
    pub reference: String,
    /// Lines of the order, and how much of each; everything that is to be invoiced where none is given.
    pub parts: Vec<(Id<L>, Quantity)>,
}

impl<L> Charge<L> {
    /// Everything that is to be invoiced, on a day.
    #[must_use]
    pub const fn all(date: Date) -> Self {
        Self { date, rounding: None, reference: String::new(), parts: Vec::new() }
    }

    /// The same, rounded otherwise.
    #[must_use]
    pub const fn rounded(mut self, rounding: TaxRounding) -> Self {
        self.rounding = Some(rounding);
        self
    }

    /// The same with only these parts.
    #[must_use]
    pub fn only(mut self, parts: impl IntoIterator<Item = (Id<L>, Quantity)>) -> Self {
        self.parts.extend(parts);
        self
    }
}
