//! Payments of orders' invoices.

use codexion::prelude::*;
use finance::{Invoice, InvoiceSide, NewPayment, OpenItem, Payment, Role};

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
        let of = Invoice::get(tx, invoice)?;
        let amount = self.open(tx, &of)?;
        if amount.is_zero() {
            return Err(BillingError::NothingDue.into());
        }
        self.pay(tx, &NewPayment::new(of.side, of.party, date, amount).settling(invoice))
    }

    /// What is open of an invoice, in its own currency.
    fn open(&self, tx: &mut ReadTx, invoice: &Invoice) -> Result<Money> {
        let zero = Money::zero(invoice.total.currency());
        let Some(entry) = invoice.entry else { return Ok(zero) };
        let role = match invoice.side {
            InvoiceSide::Customer => Role::Receivable,
            InvoiceSide::Supplier => Role::Payable,
        };
        let account = self.ledger.account(tx, role)?;
        let items = OpenItem::list(tx, &Filter::eq("entry", entry))?;
        let open = items.iter().filter(|item| item.account == account && item.settled_on.is_none());
        let amounts =
            open.map(|item| item.open_foreign.unwrap_or(Money::from_minor(item.open_amount, zero.currency())));
        let balance = Money::sum(amounts, zero.currency())?;
        Ok(match invoice.side {
            InvoiceSide::Customer => balance,
            InvoiceSide::Supplier => balance.checked_neg()?,
        })
    }
}
