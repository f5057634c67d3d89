//! Recording a payment: its entry, and what it settles.

use codexion::core::MoneyError;
use codexion::prelude::{Currency, Date, Id, Money, Repository, Result, Rounding, Tx};

use super::NewPayment;
use crate::domain::{self, AccountId, Line};
use crate::error::InvoiceError;
use crate::event::PaymentReceived;
use crate::policy::RecordPayment;
use crate::service::ledger::company;
use crate::service::open_items::control;
use crate::service::{Ledger, Posted, rates, settle};
use crate::store::{Entry, Invoice, InvoiceSide, InvoiceState, OpenItem, Origin, Payment, Role, Series, open_item};

/// Records a payment.
pub(super) fn pay(tx: &mut Tx, ledger: &dyn Ledger, new: &NewPayment) -> Result<Id<Payment>> {
    tx.authorize::<RecordPayment>(new)?;
    if new.amount.is_zero() {
        return Err(InvoiceError::ZeroPayment.into());
    }
    let entries = invoiced(tx, new)?;
    let due = Due::lock(tx, &entries)?;
    record(tx, ledger, new, due)
}

/// Records that everything that is open of an invoice was paid; `None` when nothing is.
pub(super) fn pay_in_full(
    tx: &mut Tx,
    ledger: &dyn Ledger,
    id: Id<Invoice>,
    date: Date,
) -> Result<Option<Id<Payment>>> {
    let of = Invoice::get(tx, id)?;
    let due = Due::lock(tx, of.entry.as_slice())?;
    let control = ledger.account(tx, control(of.side))?;
    let amount = due.open(control, of.total.currency())?;
    let amount = match of.side {
        InvoiceSide::Customer => amount,
        InvoiceSide::Supplier => amount.checked_neg()?,
    };
    if amount.is_zero() {
        return Ok(None);
    }
    let new = NewPayment::new(of.side, of.party, date, amount).settling(id);
    tx.authorize::<RecordPayment>(&new)?;
    record(tx, ledger, &new, due).map(Some)
}

/// What invoices left open, locked.
struct Due {
    items: Vec<OpenItem>,
}

impl Due {
    /// What is settled is locked before the books are.
    fn lock(tx: &mut Tx, entries: &[Id<Entry>]) -> Result<Self> {
        let mut items = open_item::lock_entries(tx, entries)?;
        items.retain(|item| item.settled_on.is_none());
        items.sort_by_key(|item| (entries.iter().position(|entry| *entry == item.entry), item.due, item.id));
        Ok(Self { items })
    }

    /// What of it is open on an account, in the invoices' currency.
    fn open(&self, account: AccountId, currency: Currency) -> Result<Money, MoneyError> {
        let items = self.items.iter().filter(|item| item.account == account);
        let amounts = items.map(|item| item.open_foreign.unwrap_or(Money::from_minor(item.open_amount, currency)));
        Money::sum(amounts, currency)
    }
}

fn record(tx: &mut Tx, ledger: &dyn Ledger, new: &NewPayment, due: Due) -> Result<Id<Payment>> {
    let company = company(tx)?;
    let worth = worth(tx, new, company.currency, company.tax_rounding()?.rule)?;
    let accounts = ledger.accounts(tx, &[control(new.side), Role::Bank])?;
    let (Some(control), Some(bank)) = (accounts.first().copied(), accounts.get(1).copied()) else {
        return Err(InvoiceError::SeveralAccounts.into());
    };
    let account = new.account.unwrap_or(bank);
    let lines = lines(new, worth, Transfer { account, control })?;
    let text = if new.reference.is_empty() { "payment" } else { new.reference.as_str() };
    let entry = domain::Entry::new(new.date, company.currency, text, lines)?;
    let id = tx.new_id();
    let Posted { id: entry, number } =
        ledger.post_in(tx, Series::PAYMENTS, &entry, &Origin::of("finance.payment", id))?;
    let NewPayment { side, party, date, amount, .. } = *new;
    let reference = new.reference.clone();
    Payment::insert(tx, &Payment { id, side, number, party, date, amount, account, reference, entry })?;
    let mut settled = Vec::new();
    let mut items = due.items;
    if !items.is_empty() {
        items.retain(|item| item.account == control);
        items.extend(open_item::of_account_and_entry(tx, control, entry)?);
        settled = settle::settle(tx, &company, items, date, new.difference)?.map_or_else(Vec::new, |done| done.paid);
    }
    tx.emit(PaymentReceived { id, side, party, date, amount, settled });
    Ok(id)
}

/// Between which accounts the money goes.
#[derive(Clone, Copy)]
struct Transfer {
    account: AccountId,
    control: AccountId,
}

/// Money of a customer comes in; a refund and money for a supplier go out.
fn lines(new: &NewPayment, worth: Money, between: Transfer) -> Result<Vec<Line>, MoneyError> {
    let Transfer { account, control } = between;
    let incoming = (new.side == InvoiceSide::Customer) == new.amount.is_positive();
    let amount = worth.abs()?;
    let (money, claim) = if incoming {
        (Line::debit(account, amount), Line::credit(control, amount))
    } else {
        (Line::credit(account, amount), Line::debit(control, amount))
    };
    let claim = claim.with_party(new.party);
    if new.amount.currency() == worth.currency() {
        return Ok(vec![money, claim]);
    }
    let foreign = new.amount.abs()?;
    Ok(vec![money.with_foreign(foreign), claim.with_foreign(foreign)])
}

/// The entries of the invoices that are paid.
fn invoiced(tx: &mut Tx, new: &NewPayment) -> Result<Vec<Id<Entry>>> {
    if new.invoices.is_empty() {
        return Ok(Vec::new());
    }
    let found = Invoice::get_many(tx, &new.invoices)?;
    for id in &new.invoices {
        if !found.iter().any(|invoice| invoice.id == *id) {
            Invoice::get(tx, *id)?;
        }
    }
    for invoice in &found {
        if !matches!(invoice.state, InvoiceState::Posted | InvoiceState::Paid) {
            return Err(InvoiceError::NotPosted { state: invoice.state }.into());
        }
        if invoice.party != new.party || invoice.side != new.side {
            return Err(InvoiceError::OtherParty { number: invoice.number.clone().unwrap_or_default() }.into());
        }
    }
    Ok(found.into_iter().filter_map(|invoice| invoice.entry).collect())
}

/// The amount in company currency.
fn worth(tx: &mut Tx, new: &NewPayment, company: Currency, rounding: Rounding) -> Result<Money> {
    if new.amount.currency() == company {
        return Ok(new.amount);
    }
    let factor = match new.rate {
        Some(rate) => rate.to_decimal(),
        None => rates::factor(tx, new.amount.currency(), company, new.date)?,
    };
    let exact = new.amount.to_decimal().checked_mul(factor).ok_or(MoneyError::Overflow)?;
    Ok(Money::from_decimal(exact, company, rounding)?)
}
