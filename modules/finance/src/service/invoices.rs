//! Invoices of both sides: drafted, posted, paid, credited.

mod draft;
mod new;
mod pay;
mod post;

use std::sync::Arc;

use codexion::prelude::{Date, Id, Provider, ReadTx, Repository, Result, Tx};

pub use new::{NewInvoice, NewInvoiceLine, NewPayment};

use super::ledger::company;
use super::settle::{self, Difference};
use super::{Ledger, OpenItems, Posted, open_items};
use crate::error::InvoiceError;
use crate::policy::{DraftInvoice, PostInvoice, ReadReports, Settle};
use crate::store::{
    Invoice, InvoiceLine, InvoiceSide, InvoiceState, OpenItem, Payment, Reconciliation, TaxLine, invoice, open_item,
};

/// Invoices, payments and what is still open.
#[derive(Provider)]
#[provider(singleton)]
pub struct Invoices {
    ledger: Arc<dyn Ledger>,
}

impl std::fmt::Debug for Invoices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Invoices")
    }
}

impl Invoices {
    /// Invoices over a ledger; the container builds it otherwise.
    #[must_use]
    pub fn new(ledger: Arc<dyn Ledger>) -> Self {
        Self { ledger }
    }

    /// Writes a draft: taxed and rounded, but without a number and not in the books.
    ///
    /// # Errors
    /// The actor may not; [`InvoiceError`]; [`TaxError`](crate::TaxError).
    pub fn draft(&self, tx: &mut Tx, new: &NewInvoice) -> Result<Id<Invoice>> {
        let id = tx.new_id();
        let drafted = draft::reckon(tx, self.ledger.as_ref(), id, new)?;
        tx.authorize::<DraftInvoice>(&drafted.invoice)?;
        Invoice::insert(tx, &drafted.invoice)?;
        drafted.insert_lines(tx)?;
        Ok(id)
    }

    /// Writes a draft anew.
    ///
    /// # Errors
    /// As [`draft`](Self::draft); [`InvoiceError::State`] when it is no draft.
    pub fn redraft(&self, tx: &mut Tx, id: Id<Invoice>, new: &NewInvoice) -> Result<()> {
        let stored = Invoice::get(tx, id)?;
        tx.authorize::<DraftInvoice>(&stored)?;
        let drafted = draft::reckon(tx, self.ledger.as_ref(), id, new)?;
        Invoice::update(tx, id, |invoice| {
            if invoice.state != InvoiceState::Draft {
                return Err(InvoiceError::State { state: invoice.state }.into());
            }
            *invoice = drafted.invoice.clone();
            Ok(())
        })?;
        invoice::delete_lines(tx, id)?;
        drafted.insert_lines(tx)
    }

    /// Cancels a draft.
    ///
    /// # Errors
    /// The actor may not; [`InvoiceError::State`] when it is no draft.
    pub fn cancel(&self, tx: &mut Tx, id: Id<Invoice>) -> Result<()> {
        let stored = Invoice::get(tx, id)?;
        tx.authorize::<DraftInvoice>(&stored)?;
        Invoice::update(tx, id, |invoice| match std::mem::replace(&mut invoice.state, InvoiceState::Cancelled) {
            InvoiceState::Draft => Ok(()),
            state => Err(InvoiceError::State { state }.into()),
        })?;
        Ok(())
    }

    /// Posts a draft: it gets the next number of its series and an entry in the books. A credit note settles what is
    /// open of its invoice.
    ///
    /// # Errors
    /// The actor may not; [`InvoiceError::State`] when it is no draft; as [`Ledger::post_in`].
    pub fn post(&self, tx: &mut Tx, id: Id<Invoice>) -> Result<Posted> {
        let record = Invoice::record(tx, id)?;
        tx.authorize::<PostInvoice>(&record.entity)?;
        post::post(tx, self.ledger.as_ref(), &record)
    }

    /// Writes an invoice and posts it at once, without a draft in between. Answers it as it is stored.
    ///
    /// # Errors
    /// As [`draft`](Self::draft) and [`post`](Self::post).
    pub fn issue(&self, tx: &mut Tx, new: &NewInvoice) -> Result<(Invoice, Vec<InvoiceLine>)> {
        let id = tx.new_id();
        let drafted = draft::reckon(tx, self.ledger.as_ref(), id, new)?;
        tx.authorize::<DraftInvoice>(&drafted.invoice)?;
        tx.authorize::<PostInvoice>(&drafted.invoice)?;
        post::issue(tx, self.ledger.as_ref(), drafted)
    }

    /// Drafts the credit note that takes back a whole posted invoice.
    ///
    /// # Errors
    /// The actor may not; [`InvoiceError::NotPosted`].
    pub fn credit(&self, tx: &mut Tx, id: Id<Invoice>, date: Date) -> Result<Id<Invoice>> {
        let new = draft::credit(tx, id, date)?;
        self.draft(tx, &new)
    }

    /// Records a payment, posts it, and settles the invoices it names as far as it goes: wholly, in part, or with
    /// something left over.
    ///
    /// # Errors
    /// The actor may not; [`InvoiceError`]; as [`Ledger::post_in`].
    pub fn pay(&self, tx: &mut Tx, new: &NewPayment) -> Result<Id<Payment>> {
        pay::pay(tx, self.ledger.as_ref(), new)
    }

    /// Records that everything that is open of an invoice was paid on a day, in the invoice's own currency. `None`
    /// when nothing is open.
    ///
    /// # Errors
    /// As [`pay`](Self::pay).
    pub fn pay_in_full(&self, tx: &mut Tx, id: Id<Invoice>, date: Date) -> Result<Option<Id<Payment>>> {
        pay::pay_in_full(tx, self.ledger.as_ref(), id, date)
    }

    /// Settles open items on one account with each other, in the order given, as of a day. `None` when nothing could
    /// be settled.
    ///
    /// # Errors
    /// The actor may not; [`InvoiceError::NotOpen`], [`InvoiceError::SeveralAccounts`].
    pub fn settle(
        &self,
        tx: &mut Tx,
        items: &[Id<OpenItem>],
        date: Date,
        difference: Difference,
    ) -> Result<Option<Id<Reconciliation>>> {
        tx.authorize::<Settle>(&())?;
        let mut rows = open_item::lock_ids(tx, items)?;
        if rows.len() != items.len() || rows.iter().any(|row| row.settled_on.is_some()) {
            return Err(InvoiceError::NotOpen.into());
        }
        rows.sort_by_key(|row| items.iter().position(|id| *id == row.id));
        let company = company(tx)?;
        Ok(settle::settle(tx, &company, rows, date, difference)?.map(|settled| settled.id))
    }

    /// Undoes a settlement: what it settled is open again, paid invoices are posted again, and the entry of its
    /// write-offs and exchange differences is reversed on that day.
    ///
    /// # Errors
    /// The actor may not; [`InvoiceError::Undone`]; as [`Ledger::reverse`].
    pub fn undo(&self, tx: &mut Tx, id: Id<Reconciliation>, date: Date) -> Result<()> {
        tx.authorize::<Settle>(&())?;
        settle::undo(tx, id, date)
    }

    /// What is open on a side at the end of a day. Its total is the balance of the control account.
    ///
    /// # Errors
    /// The actor may not see it.
    pub fn open_items(&self, tx: &mut ReadTx, side: InvoiceSide, as_of: Date) -> Result<OpenItems> {
        tx.check::<ReadReports>(&())?;
        open_items::read(tx, self.ledger.as_ref(), side, as_of)
    }

    /// An invoice with its lines and taxes.
    ///
    /// # Errors
    /// There is none for this tenant; the actor may not see it.
    pub fn invoice(&self, tx: &mut ReadTx, id: Id<Invoice>) -> Result<(Invoice, Vec<InvoiceLine>, Vec<TaxLine>)> {
        tx.check::<ReadReports>(&())?;
        Ok((Invoice::get(tx, id)?, invoice::lines(tx, id)?, invoice::tax_lines(tx, id)?))
    }
}
