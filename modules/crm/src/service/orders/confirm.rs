//! Confirming and cancelling sales orders.

use codexion::prelude::{Date, Id, Result, Tx};

use super::{Orders, SERIES};
use crate::event::{OrderCancelled, OrderConfirmed};
use crate::hook::{AfterOrderCancelled, AfterOrderConfirmed, BeforeOrderConfirmed};
use crate::policy::{CancelOrder, ConfirmOrder};
use crate::service::trade;
use crate::store::{OrderSheet, SalesOrder};

impl Orders {
    /// Confirms an order and gives it its number: its reference where it has one, else the next of its series.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is no draft; a hook refuses.
    pub fn confirm(&self, tx: &mut Tx, id: Id<SalesOrder>, date: Date) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::lock(tx, id)?;
        tx.authorize::<ConfirmOrder>(&sheet.order)?;
        sheet.order.state.confirm()?;
        tx.before::<BeforeOrderConfirmed>(sheet.as_mut())?;
        let number = trade::confirm(tx, &mut sheet, SERIES, date)?;
        let sheet = sheet.into_sheet();
        let (customer, net) = (sheet.order.customer, sheet.order.net);
        tx.emit(OrderConfirmed { order: id, number, customer, net });
        tx.after::<AfterOrderConfirmed>(&sheet)?;
        Ok(sheet)
    }

    /// Gives an order up of which nothing has moved or been invoiced.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is done or cancelled, [`OrderError::Begun`](crate::OrderError); a
    /// hook refuses.
    pub fn cancel(&self, tx: &mut Tx, id: Id<SalesOrder>) -> Result<OrderSheet> {
        let mut sheet = OrderSheet::lock(tx, id)?;
        tx.authorize::<CancelOrder>(&sheet.order)?;
        trade::cancel(tx, &mut sheet)?;
        let sheet = sheet.into_sheet();
        tx.emit(OrderCancelled { order: id });
        tx.after::<AfterOrderCancelled>(&sheet)?;
        Ok(sheet)
    }
}
