//! Recording a payment: its entry, and what it settles.

use codexion::prelude::{Currency, Id, Money, Repository, Result, Rounding, Tx};

use super::NewPayment;
use crate::domain::{self, Line};
use crate::error::InvoiceError;
use crate::event::PaymentReceived;
use crate::service::ledger::company;
use crate::service::open_items::control;
use crate::service::{Ledger, rates, settle};
use crate::store::{Entry, Invoice, InvoiceSide, InvoiceState, Origin, Payment, Role, Series, open_item};

pub(super) fn pay(tx: &mut Tx, ledger: &dyn Ledger, new: &NewPayment) -> Result<Id<Payment>> {
    if new.amount.is_zero() {
        return Err(InvoiceError::ZeroPayment.into());
    }
    // What is settled is locked before the books are.
    let entries = invoiced(tx, new)?;
    let mut items = open_item::lock_entries(tx, &entries)?;
    items.retain(|item| item.settled_on.is_none());
    items.sort_by_key(|item| (entries.iter().position(|entry| *entry == item.entry), item.due, item.id));

    let company = company(tx)?;
    let rounding = company.tax_rounding()?.rule;
    let worth = worth(tx, new, company.currency, rounding)?;
    let accounts = ledger.accounts(tx, &[control(new.side), Role::Bank])?;
    let (Some(control), Some(bank)) = (accounts.first().copied(), accounts.get(1).copied()) else {
        return Err(InvoiceError::SeveralAccounts.into());
    };
    let account = new.account.unwrap_or(bank);
    // Money of a customer comes in; a refund and money for a supplier go out.
    let incoming = (new.side == InvoiceSide::Customer) == new.amount.is_positive();
    let (amount, foreign) = (worth.abs()?, (new.amount.currency() != company.currency).then_some(new.amount.abs()?));
    let (money, claim) = if incoming {
        (Line::debit(account, amount), Line::credit(control, amount))
    } else {
        (Line::credit(account, amount), Line::debit(control, amount))
    };
    let agreed = |line: Line| foreign.map_or(line.clone(), |foreign| line.with_foreign(foreign));
    let text = if new.reference.is_empty() { "payment" } else { new.reference.as_str() };
    let lines = vec![agreed(money), agreed(claim).with_party(new.party)];
    let entry = domain::Entry::new(new.date, company.currency, text, lines)?;
    let id = tx.new_id();
    let posted = ledger.post_in(tx, Series::PAYMENTS, &entry, &Origin::of("finance.payment", id))?;
    Payment::insert(
        tx,
        &Payment {
            id,
            side: new.side,
            number: posted.number,
            party: new.party,
            date: new.date,
            amount: new.amount,
            account,
            reference: new.reference.clone(),
            entry: posted.id,
        },
    )?;
    let mut settled = Vec::new();
    if !items.is_empty() {
        items.retain(|item| item.account == control);
        items.extend(open_item::of_account_and_entry(tx, control, posted.id)?);
        settled = settle::settle(tx, items, new.date, new.difference)?.map_or_else(Vec::new, |done| done.paid);
    }
    let (side, party, date, amount) = (new.side, new.party, new.date, new.amount);
    tx.emit(PaymentReceived { id, side, party, date, amount, settled });
    Ok(id)
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
    let exact = new.amount.to_decimal().checked_mul(factor).ok_or(codexion::core::MoneyError::Overflow)?;
    Ok(Money::from_decimal(exact, company, rounding)?)
}
