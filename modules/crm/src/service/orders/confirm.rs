//! Confirming and cancelling sales orders.

use codexion::prelude::{Date, Id, Repository, Result, Tx};

use super::{Orders, SERIES};
use crate::domain::state::Progress;
use crate::error::OrderError;
use crate::event::{OrderCancelled, OrderConfirmed};
use crate::hook::{AfterOrderCancelled, AfterOrderConfirmed, BeforeOrderConfirmed};
use crate::policy::{CancelOrder, ConfirmOrder};
use crate::service::record::Overall;
use crate::store::{OrderSheet, SalesOrder, next_number};

impl Orders {
    /// Confirms an order and gives it its number: its reference where it has one, else the next of its series.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is no draft; a hook refuses.
    pub fn confirm(&self, tx: &mut Tx, id: Id<SalesOrder>, date: Date) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::locked(tx, id)?;
        tx.authorize::<ConfirmOrder>(&sheet.order)?;
        let state = sheet.order.state.confirm()?;
        tx.before::<BeforeOrderConfirmed>(&mut sheet)?;
        let reach = Overall::of(&sheet.progress()?, |line| sheet.line(line).is_some_and(|line| line.stocked));
        let number = match &sheet.order.reference {
            Some(reference) if reference.chars().count() <= 40 => reference.clone(),
            _ => next_number(tx, SERIES)?,
        };
        sheet.order = SalesOrder::update(tx, id, |order| {
            order.state = state;
            order.confirmed = Some(date);
            order.number = Some(number.clone());
            order.shipped = reach.moved;
            Ok(())
        })?;
        let (customer, net) = (sheet.order.customer, sheet.order.net);
        tx.emit(OrderConfirmed { order: id, number, customer, net });
        tx.after::<AfterOrderConfirmed>(&sheet)?;
        Ok(sheet)
    }

    /// Gives an order up of which nothing has moved or been invoiced.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is done or cancelled, [`OrderError::Begun`]; a hook refuses.
    pub fn cancel(&self, tx: &mut Tx, id: Id<SalesOrder>) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::locked(tx, id)?;
        tx.authorize::<CancelOrder>(&sheet.order)?;
        let state = sheet.order.state.cancel()?;
        if !sheet.steps.is_empty() {
            return Err(OrderError::Begun.into());
        }
        sheet.order = SalesOrder::update(tx, id, |order| {
            order.state = state;
            order.shipped = Progress::Open;
            Ok(())
        })?;
        tx.emit(OrderCancelled { order: id });
        tx.after::<AfterOrderCancelled>(&sheet)?;
        Ok(sheet)
    }
}
