//! Invoices of both sides: drafted, posted, paid, credited.

mod draft;
mod pay;
mod post;

use std::sync::Arc;

use codexion::prelude::{
    Currency, Date, Id, Money, Price, Provider, Quantity, Rate, ReadTx, Repository, Result, Tx, Value,
};

use super::ledger::company;
use super::settle::{self, Difference};
use super::{Ledger, OpenItems, Posted, open_items};
use crate::domain::tax::{PriceBasis, TaxRounding};
use crate::domain::{AccountId, Party};
use crate::error::InvoiceError;
use crate::policy::{DraftInvoice, PostInvoice, ReadReports, Settle};
use crate::store::{
    Invoice, InvoiceKind, InvoiceLine, InvoiceSide, InvoiceState, OpenItem, Origin, Payment, Reconciliation, Tax,
    TaxLine, invoice, open_item,
};

/// An invoice or credit note that is being written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInvoice {
    /// To a customer or of a supplier.
    pub side: InvoiceSide,
    /// Invoice or credit note; the quantities of a credit note are below zero.
    pub kind: InvoiceKind,
    /// Who pays, or is paid.
    pub party: Id<Party>,
    /// Its date.
    pub date: Date,
    /// When it is to be paid; at once if it is not said.
    pub due: Option<Date>,
    /// The currency of its prices.
    pub currency: Currency,
    /// What is billed.
    pub lines: Vec<NewInvoiceLine>,
    /// Whether its prices include taxes.
    pub prices: PriceBasis,
    /// How it is rounded; as the company says if it is not said.
    pub rounding: Option<TaxRounding>,
    /// What one unit of its currency is worth in the company's; the rate of the day if it is not said.
    pub rate: Option<Rate>,
    /// Of a credit note: the invoice it takes back.
    pub credits: Option<Id<Invoice>>,
    /// The other side's number or order.
    pub reference: String,
    /// What it is about.
    pub text: String,
    /// What it comes from.
    pub origin: Origin,
}

/// A line of an invoice that is being written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInvoiceLine {
    /// What is sold or bought.
    pub text: String,
    /// How much.
    pub quantity: Quantity,
    /// For one unit.
    pub price: Price,
    /// Taken off the price: `0.05` for 5 %.
    pub discount: Rate,
    /// The tax on it; several are a group.
    pub tax: Option<Id<Tax>>,
    /// The share of the taxes that is reclaimed; the rest is cost.
    pub deductible: Rate,
    /// Where it is posted; the account for sales, or for purchases, if it is not said.
    pub account: Option<AccountId>,
    /// What it comes from: a stock move, an order line.
    pub origin: Origin,
}

impl NewInvoice {
    /// An invoice without lines yet.
    #[must_use]
    pub fn new(side: InvoiceSide, party: Id<Party>, date: Date, currency: Currency) -> Self {
        Self {
            side,
            kind: InvoiceKind::Invoice,
            party,
            date,
            due: None,
            currency,
            lines: Vec::new(),
            prices: PriceBasis::Net,
            rounding: None,
            rate: None,
            credits: None,
            reference: String::new(),
            text: String::new(),
            origin: Origin::manual(),
        }
    }

    /// An invoice to a customer.
    #[must_use]
    pub fn customer(party: Id<Party>, date: Date, currency: Currency) -> Self {
        Self::new(InvoiceSide::Customer, party, date, currency)
    }

    /// A bill of a supplier.
    #[must_use]
    pub fn supplier(party: Id<Party>, date: Date, currency: Currency) -> Self {
        Self::new(InvoiceSide::Supplier, party, date, currency)
    }

    /// The same with one more line.
    #[must_use]
    pub fn line(mut self, line: NewInvoiceLine) -> Self {
        self.lines.push(line);
        self
    }
}

impl NewInvoiceLine {
    /// A line without discount and tax.
    #[must_use]
    pub fn new(text: &str, quantity: Quantity, price: Price) -> Self {
        Self {
            text: text.to_owned(),
            quantity,
            price,
            discount: Rate::ZERO,
            tax: None,
            deductible: Rate::ONE,
            account: None,
            origin: Origin::manual(),
        }
    }

    /// The same with a tax.
    #[must_use]
    pub const fn taxed(mut self, tax: Id<Tax>) -> Self {
        self.tax = Some(tax);
        self
    }

    /// The same on an account.
    #[must_use]
    pub const fn on(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }
}

/// A payment that is to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPayment {
    /// A customer's (money comes in) or to a supplier (money goes out).
    pub side: InvoiceSide,
    /// Who paid, or is paid.
    pub party: Id<Party>,
    /// When.
    pub date: Date,
    /// How much; below zero for a refund, which goes the other way.
    pub amount: Money,
    /// Where the money comes in or goes out; the bank account if it is not said.
    pub account: Option<AccountId>,
    /// The invoices it settles, in this order; none for a payment on account.
    pub invoices: Vec<Id<Invoice>>,
    /// What happens to the difference.
    pub difference: Difference,
    /// What one unit of its currency is worth in the company's; the rate of the day if it is not said.
    pub rate: Option<Rate>,
    /// What the bank statement says.
    pub reference: String,
}

impl NewPayment {
    /// A payment on account.
    #[must_use]
    pub fn new(side: InvoiceSide, party: Id<Party>, date: Date, amount: Money) -> Self {
        Self {
            side,
            party,
            date,
            amount,
            account: None,
            invoices: Vec::new(),
            difference: Difference::Keep,
            rate: None,
            reference: String::new(),
        }
    }

    /// The same for an invoice.
    #[must_use]
    pub fn settling(mut self, invoice: Id<Invoice>) -> Self {
        self.invoices.push(invoice);
        self
    }

    /// The same, with what is left over written off.
    #[must_use]
    pub const fn writing_off(mut self) -> Self {
        self.difference = Difference::WriteOff;
        self
    }
}

impl codexion::data::Resource for NewPayment {
    fn attributes(&self) -> Vec<(&'static str, Value)> {
        let (amount, currency) = (self.amount.minor(), self.amount.currency());
        let side = codexion::prelude::Choice::as_str(&self.side);
        vec![
            ("side", side.into()),
            ("party", self.party.into()),
            ("amount", amount.into()),
            ("currency", currency.into()),
        ]
    }
}

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
