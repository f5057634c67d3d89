//! Billing purchase orders.

use codexion::prelude::*;
use crm::{Locked, PurchaseOrder, PurchaseOrderLine, PurchaseSheet, Taken};
use finance::{Invoice, InvoiceSide, Role};

use super::charge::Charged;
use super::{Billing, Charge};

impl Billing {
    /// Drafts the bill of a purchase order. Goods that are kept in stock clear what was received and not billed yet;
    /// services and freight are cost.
    ///
    /// # Errors
    /// [`BillingError`](crate::BillingError); as [`Invoices::draft`](finance::Invoices::draft).
    pub fn draft_bill(
        &self,
        tx: &mut Tx,
        order: Id<PurchaseOrder>,
        charge: &Charge<PurchaseOrderLine>,
    ) -> Result<Id<Invoice>> {
        let sheet = PurchaseSheet::lock(tx, order)?;
        let new = self.charge(tx, &sheet, charge)?;
        self.invoices.draft(tx, &new)
    }

    /// Enters and posts the bill of a purchase order, and tells the order.
    ///
    /// # Errors
    /// As [`draft_bill`](Self::draft_bill) and [`post`](Self::post).
    pub fn bill(
        &self,
        tx: &mut Tx,
        order: Id<PurchaseOrder>,
        charge: &Charge<PurchaseOrderLine>,
    ) -> Result<Id<Invoice>> {
        self.issue(tx, order, charge)
    }
}

impl Charged for PurchaseOrder {
    const SIDE: InvoiceSide = InvoiceSide::Supplier;
    const ORIGIN: &'static str = "crm.purchase_order";
    const LINE_ORIGIN: &'static str = "crm.purchase_order_line";
    const WORD: &'static str = "purchase order";
    const GOODS: Role = Role::GoodsReceivedNotInvoiced;
    const SERVICES: Role = Role::Purchases;
    const FREIGHT: Role = Role::Purchases;

    fn outside<'a>(&'a self, charge: &'a str) -> &'a str {
        charge
    }

    fn tell(billing: &Billing, tx: &mut Tx, sheet: Locked<Self>, taken: &Taken<'_, PurchaseOrderLine>) -> Result<()> {
        billing.purchases.bill_locked(tx, sheet, taken).map(|_| ())
    }
}
