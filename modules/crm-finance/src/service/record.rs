//! Telling orders what the books did: what was posted, what was paid.

use codexion::prelude::*;
use crm::{Document, Part, PurchaseStep, SalesStep, Taken};
use finance::{Invoice, InvoiceKind, InvoiceLine, InvoiceState};

use super::Billing;
use super::bill::purchase_order;
use super::charge::origin;
use super::invoice::sales_order;

impl Billing {
    /// Tells an order of its posted invoice, unless it knows. Nothing happens for invoices that come from elsewhere.
    ///
    /// # Errors
    /// As [`Orders::invoice`](crm::Orders::invoice) and [`Purchases::bill`](crm::Purchases::bill).
    pub fn record(&self, tx: &mut Tx, id: Id<Invoice>) -> Result<()> {
        let invoice = Invoice::get(tx, id)?;
        let (sale, purchase) = (sales_order(&invoice), purchase_order(&invoice));
        let posted = matches!(invoice.state, InvoiceState::Posted | InvoiceState::Paid);
        if !posted || invoice.kind != InvoiceKind::Invoice || (sale.is_none() && purchase.is_none()) {
            return Ok(());
        }
        let document: Id<Document> = Id::from_uuid(id.uuid());
        let mut lines = InvoiceLine::list(tx, &Filter::eq("invoice", id))?;
        lines.sort_by_key(|line| line.position);
        if let Some(order) = sale
            && SalesStep::count(tx, &Filter::eq("document", document))? == 0
        {
            let parts = parts(&lines, origin::SALES_LINE);
            self.orders.invoice(tx, order, &Taken { document, date: invoice.date, parts: &parts })?;
        }
        if let Some(order) = purchase
            && PurchaseStep::count(tx, &Filter::eq("document", document))? == 0
        {
            let parts = parts(&lines, origin::PURCHASE_LINE);
            self.purchases.bill(tx, order, &Taken { document, date: invoice.date, parts: &parts })?;
        }
        self.settle(tx, &invoice)
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
        if let Some(order) = sales_order(invoice) {
            self.orders.settle(tx, order, document)?;
        }
        if let Some(order) = purchase_order(invoice) {
            self.purchases.settle(tx, order, document)?;
        }
        Ok(())
    }
}

/// The lines of an invoice that charge for lines of an order; freight does not.
fn parts<L>(lines: &[InvoiceLine], of: &str) -> Vec<Part<L>> {
    let part = |line: &InvoiceLine| {
        let order_line = Id::from_uuid(line.origin_id?.uuid());
        Some(Part { line: order_line, quantity: line.quantity, document_line: Id::from_uuid(line.id.uuid()) })
    };
    lines.iter().filter(|line| line.origin == of).filter_map(part).collect()
}
