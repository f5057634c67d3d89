//! Confirming and cancelling purchase orders.

use codexion::prelude::{Date, Id, Repository, Result, Tx};

use super::{Purchases, SERIES};
use crate::domain::state::Progress;
use crate::error::OrderError;
use crate::event::PurchaseConfirmed;
use crate::hook::{AfterPurchaseCancelled, AfterPurchaseConfirmed};
use crate::policy::{CancelPurchase, ConfirmPurchase};
use crate::service::record::Overall;
use crate::store::{PurchaseOrder, PurchaseSheet, next_number};

impl Purchases {
    /// Confirms an order and gives it its number: its reference where it has one, else the next of its series.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is no draft; a hook refuses.
    pub fn confirm(&self, tx: &mut Tx, id: Id<PurchaseOrder>, date: Date) -> Result<PurchaseSheet> {
        let mut sheet = PurchaseSheet::locked(tx, id)?;
        tx.authorize::<ConfirmPurchase>(&sheet.order)?;
        let state = sheet.order.state.confirm()?;
        let reach = Overall::of(&sheet.progress()?, |line| sheet.line(line).is_some_and(|line| line.stocked));
        let number = match &sheet.order.reference {
            Some(reference) if reference.chars().count() <= 40 => reference.clone(),
            _ => next_number(tx, SERIES)?,
        };
        sheet.order = PurchaseOrder::update(tx, id, |order| {
            order.state = state;
            order.confirmed = Some(date);
            order.number = Some(number.clone());
            order.received = reach.moved;
            Ok(())
        })?;
        let (supplier, net) = (sheet.order.supplier, sheet.order.net);
        tx.emit(PurchaseConfirmed { order: id, number, supplier, net });
        tx.after::<AfterPurchaseConfirmed>(&sheet)?;
        Ok(sheet)
    }

    /// Gives an order up of which nothing has moved or been invoiced.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is done or cancelled, [`OrderError::Begun`]; a hook refuses.
    pub fn cancel(&self, tx: &mut Tx, id: Id<PurchaseOrder>) -> Result<PurchaseSheet> {
        let mut sheet = PurchaseSheet::locked(tx, id)?;
        tx.authorize::<CancelPurchase>(&sheet.order)?;
        let state = sheet.order.state.cancel()?;
        if !sheet.steps.is_empty() {
            return Err(OrderError::Begun.into());
        }
        sheet.order = PurchaseOrder::update(tx, id, |order| {
            order.state = state;
            order.received = Progress::Open;
            Ok(())
        })?;
        tx.after::<AfterPurchaseCancelled>(&sheet)?;
        Ok(sheet)
    }
}
