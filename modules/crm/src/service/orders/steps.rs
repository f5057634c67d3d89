//! What came of a sales order: shipments, invoices, payments.

use codexion::prelude::{Id, Result, Tx};

use super::Orders;
use crate::domain::progress::{Document, StepKind};
use crate::domain::state::Progress;
use crate::event::OrderShipped;
use crate::hook::AfterOrderPaid;
use crate::policy::{InvoiceOrder, SettleOrder, ShipOrder};
use crate::service::record::Taken;
use crate::service::trade::{self, Act};
use crate::store::{Locked, OrderSheet, SalesOrder, SalesOrderLine};

const SHIP: Act = Act { kind: StepKind::Moved, name: "ship" };
const INVOICE: Act = Act { kind: StepKind::Invoiced, name: "invoice" };

impl Orders {
    /// Notes that parts of an order were shipped.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is not confirmed, [`StepError`](crate::StepError) when a part is
    /// more than is open.
    pub fn ship(&self, tx: &mut Tx, id: Id<SalesOrder>, shipped: &Taken<'_, SalesOrderLine>) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::lock(tx, id)?;
        tx.authorize::<ShipOrder>(&sheet.order)?;
        let overall = trade::record(tx, &mut sheet, SHIP, shipped)?;
        let whole = overall.moved == Progress::Whole;
        tx.emit(OrderShipped { order: id, shipment: shipped.document, whole });
        Ok(sheet.into_sheet())
    }

    /// Notes that parts of an order were invoiced.
    ///
    /// # Errors
    /// As [`ship`](Self::ship).
    pub fn invoice(&self, tx: &mut Tx, id: Id<SalesOrder>, invoiced: &Taken<'_, SalesOrderLine>) -> Result<OrderSheet> {
        let sheet = OrderSheet::lock(tx, id)?;
        self.invoice_locked(tx, sheet, invoiced)
    }

    /// The same for an order that was locked before.
    ///
    /// # Errors
    /// As [`ship`](Self::ship).
    pub fn invoice_locked(
        &self,
        tx: &mut Tx,
        mut sheet: Locked<SalesOrder>,
        invoiced: &Taken<'_, SalesOrderLine>,
    ) -> Result<OrderSheet> {
        tx.authorize::<InvoiceOrder>(&sheet.order)?;
        trade::record(tx, &mut sheet, INVOICE, invoiced)?;
        Ok(sheet.into_sheet())
    }

    /// Notes that an invoice of an order is paid. Nothing happens for one that is noted as paid already.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when the order is not confirmed; a hook refuses.
    pub fn settle(&self, tx: &mut Tx, id: Id<SalesOrder>, invoice: Id<Document>) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::lock(tx, id)?;
        tx.authorize::<SettleOrder>(&sheet.order)?;
        if trade::settle(tx, &mut sheet, invoice)? {
            tx.after::<AfterOrderPaid>(&sheet)?;
        }
        Ok(sheet.into_sheet())
    }
}
