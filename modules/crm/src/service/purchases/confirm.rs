//! Confirming and cancelling purchase orders.

use codexion::prelude::{Date, Id, Result, Tx};

use super::{Purchases, SERIES};
use crate::event::PurchaseConfirmed;
use crate::hook::{AfterPurchaseCancelled, AfterPurchaseConfirmed};
use crate::policy::{CancelPurchase, ConfirmPurchase};
use crate::service::trade;
use crate::store::{PurchaseOrder, PurchaseSheet};

impl Purchases {
    /// Confirms an order and gives it its number: its reference where it has one, else the next of its series.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is no draft; a hook refuses.
    pub fn confirm(&self, tx: &mut Tx, id: Id<PurchaseOrder>, date: Date) -> Result<PurchaseSheet> {
        let mut sheet = PurchaseSheet::lock(tx, id)?;
        tx.authorize::<ConfirmPurchase>(&sheet.order)?;
        let number = trade::confirm(tx, &mut sheet, SERIES, date)?;
        let sheet = sheet.into_sheet();
        let (supplier, net) = (sheet.order.supplier, sheet.order.net);
        tx.emit(PurchaseConfirmed { order: id, number, supplier, net });
        tx.after::<AfterPurchaseConfirmed>(&sheet)?;
        Ok(sheet)
    }

    /// Gives an order up of which nothing has moved or been invoiced.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is done or cancelled, [`OrderError::Begun`](crate::OrderError); a
    /// hook refuses.
    pub fn cancel(&self, tx: &mut Tx, id: Id<PurchaseOrder>) -> Result<PurchaseSheet> {
        let mut sheet = PurchaseSheet::lock(tx, id)?;
        tx.authorize::<CancelPurchase>(&sheet.order)?;
        trade::cancel(tx, &mut sheet)?;
        let sheet = sheet.into_sheet();
        tx.after::<AfterPurchaseCancelled>(&sheet)?;
        Ok(sheet)
    }
}
