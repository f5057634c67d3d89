//! Telling orders what the books did: what was posted, what was paid.

use codexion::prelude::*;
use crm::{Document, PurchaseOrder, SalesOrder, Sheet, Taken};
use finance::{Invoice, InvoiceKind, InvoiceLine, InvoiceState};

use super::charge::{Charged, parts};
use super::{Billing, Charge};

impl Billing {
    /// Writes and posts an invoice of an order, and tells the order.
    pub(super) fn issue<O: Charged>(&self, tx: &mut Tx, order: Id<O>, charge: &Charge<O::Line>) -> Result<Id<Invoice>> {
        let sheet = Sheet::lock(tx, order)?;
        let new = self.charge(tx, &sheet, charge)?;
        let (invoice, lines) = self.invoices.issue(tx, &new)?;
        self.tell(tx, sheet, &invoice, &lines)?;
        self.settle(tx, &invoice)?;
        Ok(invoice.id)
    }

    /// Tells an order of its posted invoice, unless it knows. Nothing happens for invoices that come from elsewhere.
    ///
    /// # Errors
    /// As [`Orders::invoice`](crm::Orders::invoice) and [`Purchases::bill`](crm::Purchases::bill).
    pub fn record(&self, tx: &mut Tx, id: Id<Invoice>) -> Result<()> {
        let invoice = Invoice::get(tx, id)?;
        let posted = matches!(invoice.state, InvoiceState::Posted | InvoiceState::Paid);
        if !posted || invoice.kind != InvoiceKind::Invoice {
            return Ok(());
        }
        self.record_in::<SalesOrder>(tx, &invoice)?;
        self.record_in::<PurchaseOrder>(tx, &invoice)?;
        self.settle(tx, &invoice)
    }

    fn record_in<O: Charged>(&self, tx: &mut Tx, invoice: &Invoice) -> Result<()> {
        let Some(order) = O::of(invoice) else { return Ok(()) };
        if O::Step::count(tx, &Filter::eq("document", invoice.id))? > 0 {
            return Ok(());
        }
        let sheet = Sheet::<O>::lock(tx, order)?;
        let mut lines = InvoiceLine::list(tx, &Filter::eq("invoice", invoice.id))?;
        lines.sort_by_key(|line| line.position);
        self.tell(tx, sheet, invoice, &lines)
    }

    fn tell<O: Charged>(
        &self,
        tx: &mut Tx,
        sheet: crm::Locked<O>,
        invoice: &Invoice,
        lines: &[InvoiceLine],
    ) -> Result<()> {
        let (document, parts): (Id<Document>, _) = (Id::from_uuid(invoice.id.uuid()), parts::<O>(lines));
        O::tell(self, tx, sheet, &Taken { document, date: invoice.date, parts: &parts })
    }

    /// Tells orders of those of their invoices that are paid.
    ///
    /// # Errors
    /// As [`Orders::settle`](crm::Orders::settle).
    pub fn settle_all(&self, tx: &mut Tx, invoices: &[Id<Invoice>]) -> Result<()> {
        for invoice in Invoice::get_many(tx, invoices)? {
            self.settle(tx, &invoice)?;
        }
        Ok(())
    }

    fn settle(&self, tx: &mut Tx, invoice: &Invoice) -> Result<()> {
        if invoice.state != InvoiceState::Paid {
            return Ok(());
        }
        let document = Id::from_uuid(invoice.id.uuid());
        if let Some(order) = SalesOrder::of(invoice) {
            self.orders.settle(tx, order, document)?;
        }
        if let Some(order) = PurchaseOrder::of(invoice) {
            self.purchases.settle(tx, order, document)?;
        }
        Ok(())
    }
}
