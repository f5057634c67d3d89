//! Payments of orders' invoices.

use codexion::prelude::*;
use finance::{Invoice, NewPayment, Payment};

use super::Billing;
use crate::BillingError;

impl Billing {
    /// Records a payment, and tells the orders whose invoices it settles.
    ///
    /// # Errors
    /// As [`Invoices::pay`](finance::Invoices::pay) and [`Orders::settle`](crm::Orders::settle).
    pub fn pay(&self, tx: &mut Tx, payment: &NewPayment) -> Result<Id<Payment>> {
        let id = self.invoices.pay(tx, payment)?;
        self.settle_all(tx, &payment.invoices)?;
        Ok(id)
    }

    /// Records that everything that is open of an invoice was paid on a day.
    ///
    /// # Errors
    /// [`BillingError::NothingDue`]; as [`pay`](Self::pay).
    pub fn pay_in_full(&self, tx: &mut Tx, invoice: Id<Invoice>, date: Date) -> Result<Id<Payment>> {
        let id = self.invoices.pay_in_full(tx, invoice, date)?.ok_or(BillingError::NothingDue)?;
        self.settle_all(tx, &[invoice])?;
        Ok(id)
    }
}
