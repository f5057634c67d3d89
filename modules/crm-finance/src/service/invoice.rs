//! Invoicing sales orders.

use codexion::prelude::*;
use crm::{Locked, OrderSheet, SalesOrder, SalesOrderLine, Taken};
use finance::{Invoice, InvoiceSide, Posted, Role};

use super::charge::Charged;
use super::{Billing, Charge};
use crate::BillingError;

impl Billing {
    /// Drafts an invoice of an order: its lines, and its freight with the first one. The order hears of it once it
    /// is posted.
    ///
    /// # Errors
    /// [`BillingError`]; as [`Invoices::draft`](finance::Invoices::draft).
    pub fn draft(&self, tx: &mut Tx, order: Id<SalesOrder>, charge: &Charge<SalesOrderLine>) -> Result<Id<Invoice>> {
        let sheet = OrderSheet::lock(tx, order)?;
        let new = self.charge(tx, &sheet, charge)?;
        self.invoices.draft(tx, &new)
    }

    /// Writes the draft of an order's invoice anew, with other parts or on another day.
    ///
    /// # Errors
    /// [`BillingError`]; as [`Invoices::redraft`](finance::Invoices::redraft).
    pub fn redraft(&self, tx: &mut Tx, invoice: Id<Invoice>, charge: &Charge<SalesOrderLine>) -> Result<()> {
        let order = SalesOrder::of(&Invoice::get(tx, invoice)?).ok_or(BillingError::NoOrder)?;
        let sheet = OrderSheet::load(tx, order)?;
        let new = self.written(tx, &sheet, charge)?;
        self.invoices.redraft(tx, invoice, &new)
    }

    /// Posts the draft of an order's invoice, and tells the order.
    ///
    /// # Errors
    /// As [`Invoices::post`](finance::Invoices::post) and [`Orders::invoice`](crm::Orders::invoice).
    pub fn post(&self, tx: &mut Tx, invoice: Id<Invoice>) -> Result<Posted> {
        let posted = self.invoices.post(tx, invoice)?;
        self.record(tx, invoice)?;
        Ok(posted)
    }

    /// Writes and posts an invoice of an order, and tells the order.
    ///
    /// # Errors
    /// As [`draft`](Self::draft) and [`post`](Self::post).
    pub fn invoice(&self, tx: &mut Tx, order: Id<SalesOrder>, charge: &Charge<SalesOrderLine>) -> Result<Id<Invoice>> {
        self.issue(tx, order, charge)
    }
}

impl Charged for SalesOrder {
    const SIDE: InvoiceSide = InvoiceSide::Customer;
    const ORIGIN: &'static str = "crm.sales_order";
    const LINE_ORIGIN: &'static str = "crm.sales_order_line";
    const WORD: &'static str = "order";
    const GOODS: Role = Role::Sales;
    const SERVICES: Role = Role::Sales;
    const FREIGHT: Role = Role::Freight;

    fn outside<'a>(&'a self, charge: &'a str) -> &'a str {
        self.reference.as_deref().unwrap_or(charge)
    }

    fn tell(billing: &Billing, tx: &mut Tx, sheet: Locked<Self>, taken: &Taken<'_, SalesOrderLine>) -> Result<()> {
        billing.orders.invoice_locked(tx, sheet, taken).map(|_| ())
    }
}
