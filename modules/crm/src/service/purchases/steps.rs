//! What came of a purchase order: receipts, bills, payments.

use codexion::prelude::{Id, Repository, Result, Tx};

use super::Purchases;
use crate::domain::progress::{Document, StepKind};
use crate::event::PurchaseReceived;
use crate::policy::{BillPurchase, ReceivePurchase, SettlePurchase};
use crate::service::record::{Overall, Taken, take};
use crate::store::{PurchaseOrder, PurchaseOrderLine, PurchaseSheet, PurchaseStep};

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
        let mut sheet = PurchaseSheet::locked(tx, id)?;
        tx.authorize::<ReceivePurchase>(&sheet.order)?;
        record(tx, &mut sheet, StepKind::Moved, received)?;
        let reach = save(tx, &mut sheet, "receive")?;
        let whole = reach.moved == crate::domain::state::Progress::Whole;
        tx.emit(PurchaseReceived { order: id, receipt: received.document, whole });
        Ok(sheet)
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
        let mut sheet = PurchaseSheet::locked(tx, id)?;
        tx.authorize::<BillPurchase>(&sheet.order)?;
        record(tx, &mut sheet, StepKind::Invoiced, billed)?;
        save(tx, &mut sheet, "bill")?;
        Ok(sheet)
    }

    /// Notes that a bill of an order is paid. Nothing happens for one that is noted as paid already.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when the order is not confirmed.
    pub fn settle(&self, tx: &mut Tx, id: Id<PurchaseOrder>, bill: Id<Document>) -> Result<PurchaseSheet> {
        let mut sheet = PurchaseSheet::locked(tx, id)?;
        tx.authorize::<SettlePurchase>(&sheet.order)?;
        let of_bill = |step: &&mut PurchaseStep| step.kind == StepKind::Invoiced && step.document == bill;
        let mut unpaid = sheet.steps.iter_mut().filter(of_bill).filter(|step| !step.paid).peekable();
        if unpaid.peek().is_none() {
            return Ok(sheet);
        }
        unpaid.for_each(|step| step.paid = true);
        PurchaseStep::mark_paid(tx, bill)?;
        save(tx, &mut sheet, "pay")?;
        Ok(sheet)
    }
}

/// Checks the parts against what is open and stores them as steps.
fn record(tx: &mut Tx, sheet: &mut PurchaseSheet, kind: StepKind, taken: &Taken<'_, PurchaseOrderLine>) -> Result<()> {
    take(&mut sheet.progress()?, taken.parts, kind)?;
    let first = sheet.steps.last().map_or(1, |step| step.position + 1);
    let mut steps = Vec::with_capacity(taken.parts.len());
    for (part, position) in taken.parts.iter().zip(first..) {
        steps.push(PurchaseStep {
            id: tx.new_id(),
            purchase_order: sheet.order.id,
            line: part.line,
            position,
            kind,
            quantity: part.quantity,
            date: taken.date,
            document: taken.document,
            document_line: part.document_line,
            paid: false,
        });
    }
    PurchaseStep::insert_many(tx, &steps)?;
    sheet.steps.extend(steps);
    Ok(())
}

/// Writes how far the order has come by its steps.
fn save(tx: &mut Tx, sheet: &mut PurchaseSheet, act: &'static str) -> Result<Overall> {
    let reach = Overall::of(&sheet.progress()?, |line| sheet.line(line).is_some_and(|line| line.stocked));
    sheet.order = PurchaseOrder::update(tx, sheet.order.id, |order| {
        order.state = order.state.advance(act, reach.is_whole())?;
        (order.received, order.billed, order.paid) = (reach.moved, reach.invoiced, reach.paid);
        Ok(())
    })?;
    Ok(reach)
}
