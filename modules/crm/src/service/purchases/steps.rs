//! What came of a purchase order: receipts, bills, payments.

use codexion::prelude::{Id, Result, Tx};

use super::Purchases;
use crate::domain::progress::{Document, StepKind};
use crate::domain::state::Progress;
use crate::event::PurchaseReceived;
use crate::policy::{BillPurchase, ReceivePurchase, SettlePurchase};
use crate::service::record::Taken;
use crate::service::trade::{self, Act};
use crate::store::{Locked, PurchaseOrder, PurchaseOrderLine, PurchaseSheet};

const RECEIVE: Act = Act { kind: StepKind::Moved, name: "receive" };
const BILL: Act = Act { kind: StepKind::Invoiced, name: "bill" };

impl Purchases {
    /// Notes that goods of an order arrived.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is not confirmed, [`StepError`](crate::StepError) when a part is
    /// more than is open.
    pub fn receive(
        &self,
        tx: &mut Tx,
        id: Id<PurchaseOrder>,
        received: &Taken<'_, PurchaseOrderLine>,
    ) -> Result<PurchaseSheet> {
        let sheet = PurchaseSheet::lock(tx, id)?;
        self.receive_locked(tx, sheet, received)
    }

    /// The same for an order that was locked before.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn receive_locked(
        &self,
        tx: &mut Tx,
        mut sheet: Locked<PurchaseOrder>,
        received: &Taken<'_, PurchaseOrderLine>,
    ) -> Result<PurchaseSheet> {
        tx.authorize::<ReceivePurchase>(&sheet.order)?;
        let overall = trade::record(tx, &mut sheet, RECEIVE, received)?;
        let (order, whole) = (sheet.order.id, overall.moved == Progress::Whole);
        tx.emit(PurchaseReceived { order, receipt: received.document, whole });
        Ok(sheet.into_sheet())
    }

    /// Notes that parts of an order were billed.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn bill(
        &self,
        tx: &mut Tx,
        id: Id<PurchaseOrder>,
        billed: &Taken<'_, PurchaseOrderLine>,
    ) -> Result<PurchaseSheet> {
        let sheet = PurchaseSheet::lock(tx, id)?;
        self.bill_locked(tx, sheet, billed)
    }

    /// The same for an order that was locked before.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn bill_locked(
        &self,
        tx: &mut Tx,
        mut sheet: Locked<PurchaseOrder>,
        billed: &Taken<'_, PurchaseOrderLine>,
    ) -> Result<PurchaseSheet> {
        tx.authorize::<BillPurchase>(&sheet.order)?;
        trade::record(tx, &mut sheet, BILL, billed)?;
        Ok(sheet.into_sheet())
    }

    /// Notes that a bill of an order is paid. Nothing happens for one that is noted as paid already.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when the order is not confirmed.
    pub fn settle(&self, tx: &mut Tx, id: Id<PurchaseOrder>, bill: Id<Document>) -> Result<PurchaseSheet> {
        let mut sheet = PurchaseSheet::lock(tx, id)?;
        tx.authorize::<SettlePurchase>(&sheet.order)?;
        trade::settle(tx, &mut sheet, bill)?;
        Ok(sheet.into_sheet())
    }
}
