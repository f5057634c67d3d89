//! What came of a sales order: shipments, invoices, payments.

use codexion::prelude::{Id, Repository, Result, Tx};

use super::Orders;
use crate::domain::progress::{Document, StepKind};
use crate::event::OrderShipped;
use crate::hook::AfterOrderPaid;
use crate::policy::{InvoiceOrder, SettleOrder, ShipOrder};
use crate::service::record::{Overall, Taken, take};
use crate::store::{OrderSheet, SalesOrder, SalesOrderLine, SalesStep};

impl Orders {
    /// Notes that parts of an order were shipped.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is not confirmed, [`StepError`](crate::StepError) when a part is
    /// more than is open.
    pub fn ship(&self, tx: &mut Tx, id: Id<SalesOrder>, shipped: &Taken<'_, SalesOrderLine>) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::locked(tx, id)?;
        tx.authorize::<ShipOrder>(&sheet.order)?;
        record(tx, &mut sheet, StepKind::Moved, shipped)?;
        let reach = save(tx, &mut sheet, "ship")?;
        let whole = reach.moved == crate::domain::state::Progress::Whole;
        tx.emit(OrderShipped { order: id, shipment: shipped.document, whole });
        Ok(sheet)
    }

    /// Notes that parts of an order were invoiced.
    ///
    /// # Errors
    /// As [`ship`](Self::ship).
    pub fn invoice(&self, tx: &mut Tx, id: Id<SalesOrder>, invoiced: &Taken<'_, SalesOrderLine>) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::locked(tx, id)?;
        tx.authorize::<InvoiceOrder>(&sheet.order)?;
        record(tx, &mut sheet, StepKind::Invoiced, invoiced)?;
        save(tx, &mut sheet, "invoice")?;
        Ok(sheet)
    }

    /// Notes that an invoice of an order is paid. Nothing happens for one that is noted as paid already.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when the order is not confirmed; a hook refuses.
    pub fn settle(&self, tx: &mut Tx, id: Id<SalesOrder>, invoice: Id<Document>) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::locked(tx, id)?;
        tx.authorize::<SettleOrder>(&sheet.order)?;
        let of_invoice = |step: &&mut SalesStep| step.kind == StepKind::Invoiced && step.document == invoice;
        let mut unpaid = sheet.steps.iter_mut().filter(of_invoice).filter(|step| !step.paid).peekable();
        if unpaid.peek().is_none() {
            return Ok(sheet);
        }
        unpaid.for_each(|step| step.paid = true);
        SalesStep::mark_paid(tx, invoice)?;
        save(tx, &mut sheet, "pay")?;
        tx.after::<AfterOrderPaid>(&sheet)?;
        Ok(sheet)
    }
}

/// Checks the parts against what is open and stores them as steps.
fn record(tx: &mut Tx, sheet: &mut OrderSheet, kind: StepKind, taken: &Taken<'_, SalesOrderLine>) -> Result<()> {
    take(&mut sheet.progress()?, taken.parts, kind)?;
    let first = sheet.steps.last().map_or(1, |step| step.position + 1);
    let mut steps = Vec::with_capacity(taken.parts.len());
    for (part, position) in taken.parts.iter().zip(first..) {
        steps.push(SalesStep {
            id: tx.new_id(),
            sales_order: sheet.order.id,
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
    SalesStep::insert_many(tx, &steps)?;
    sheet.steps.extend(steps);
    Ok(())
}

/// Writes how far the order has come by its steps.
fn save(tx: &mut Tx, sheet: &mut OrderSheet, act: &'static str) -> Result<Overall> {
    let reach = Overall::of(&sheet.progress()?, |line| sheet.line(line).is_some_and(|line| line.stocked));
    sheet.order = SalesOrder::update(tx, sheet.order.id, |order| {
        order.state = order.state.advance(act, reach.is_whole())?;
        (order.shipped, order.invoiced, order.paid) = (reach.moved, reach.invoiced, reach.paid);
        Ok(())
    })?;
    Ok(reach)
}
