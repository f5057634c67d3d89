//! Posting an invoice: its entry, its number, and for a credit note what it settles.

use codexion::core::MoneyError;
use codexion::prelude::{Currency, Date, Decimal, Id, Money, Rate, Record, Repository, Result, Rounding, Tx};

use crate::domain::tax::TaxId;
use crate::domain::{self, AccountId, Line, Side, apportion};
use crate::error::{InvoiceError, PostError};
use crate::event::InvoicePosted;
use crate::service::ledger::company;
use crate::service::open_items::control;
use crate::service::settle::{self, Difference};
use crate::service::{Ledger, Posted, posting, rates};
use crate::store::tax::tax_accounts;
use crate::store::{
    Entry, Invoice, InvoiceKind, InvoiceLine, InvoiceSide, InvoiceState, Origin, Role, Series, TaxLine,
    company as rule, invoice, open_item, series,
};

/// An amount for an account in the invoice's currency, a debit above zero.
type Part = (AccountId, Money);

pub(super) fn post(tx: &mut Tx, ledger: &dyn Ledger, record: &Record<Invoice>) -> Result<Posted> {
    let of = &record.entity;
    if of.state != InvoiceState::Draft {
        return Err(InvoiceError::State { state: of.state }.into());
    }
    // What a credit note settles is locked before the books are.
    let credited = match of.credits {
        Some(original) => Invoice::get(tx, original)?.entry,
        None => None,
    };
    let mut items = open_item::lock_entries(tx, credited.as_slice())?;
    let currency = company(tx)?.currency;
    let (lines, rate) = entry_lines(tx, ledger, of, currency)?;
    let origin = Origin::of("finance.invoice", of.id);
    let posted = if lines.is_empty() {
        Entryless { id: of.id, date: of.date }.number(tx, series_of(of))?
    } else {
        let entry = domain::Entry::new(of.date, currency, &text(of), lines)?;
        ledger.post_in(tx, series_of(of), &entry, &origin)?
    };
    let entry = (posted.id.uuid() != of.id.uuid()).then_some(posted.id);
    let version = record.system.version.unwrap_or(1);
    Invoice::update_at(tx, of.id, version, |invoice| {
        invoice.number = Some(posted.number.clone());
        invoice.state = if invoice.total.is_zero() { InvoiceState::Paid } else { InvoiceState::Posted };
        invoice.entry = entry;
        invoice.rate = rate;
        Ok(())
    })?;
    items.retain(|item| item.settled_on.is_none());
    if let (Some(entry), false) = (entry, items.is_empty()) {
        let account = ledger.account(tx, control(of.side))?;
        items.retain(|item| item.account == account);
        items.extend(open_item::of_account_and_entry(tx, account, entry)?);
        settle::settle(tx, items, of.date, Difference::Keep)?;
    }
    let (number, total) = (posted.number.clone(), of.total);
    tx.emit(InvoicePosted { id: of.id, number, side: of.side, party: of.party, date: of.date, total });
    Ok(posted)
}

/// An invoice of nothing but zeros: it has a number, and nothing to post.
struct Entryless {
    id: Id<Invoice>,
    date: Date,
}

impl Entryless {
    fn number(&self, tx: &mut Tx, code: &str) -> Result<Posted> {
        posting::frame(tx, &[self.date])?;
        let (series, numbers) = series::take(tx, code, &[self.date])?;
        let number = numbers.first().copied().ok_or_else(|| PostError::NoSeries { code: code.to_owned() })?;
        let id: Id<Entry> = Id::from_uuid(self.id.uuid());
        Ok(Posted { id, number: series.print(number) })
    }
}

const fn series_of(invoice: &Invoice) -> &'static str {
    match (invoice.side, invoice.kind) {
        (InvoiceSide::Customer, InvoiceKind::Invoice) => Series::INVOICES,
        (InvoiceSide::Customer, InvoiceKind::CreditNote) => Series::CREDIT_NOTES,
        (InvoiceSide::Supplier, InvoiceKind::Invoice) => Series::BILLS,
        (InvoiceSide::Supplier, InvoiceKind::CreditNote) => Series::BILL_CREDITS,
    }
}

fn text(of: &Invoice) -> String {
    let words = [of.text.as_str(), of.reference.as_str()];
    words.into_iter().find(|text| !text.is_empty()).unwrap_or("invoice").to_owned()
}

/// The lines of the entry, and the rate of a foreign invoice.
fn entry_lines(tx: &mut Tx, ledger: &dyn Ledger, of: &Invoice, company: Currency) -> Result<(Vec<Line>, Option<Rate>)> {
    let lines = invoice::lines(tx, of.id)?;
    let taxes = invoice::tax_lines(tx, of.id)?;
    let control = ledger.account(tx, control(of.side))?;
    let mut parts = parts(tx, ledger, of, &lines, &taxes)?;
    parts.retain(|(_, amount)| !amount.is_zero());
    let total = match of.side {
        InvoiceSide::Customer => of.total,
        InvoiceSide::Supplier => of.total.checked_neg()?,
    };
    let rounding = rule::rounding(&of.rounding)?;
    let exchange = Exchange::of(tx, of, company)?;
    let worth = exchange.worth(total, &parts, rounding)?;
    let mut entry = Vec::with_capacity(parts.len() + 1);
    if !total.is_zero() {
        let line = exchange.line(control, worth.total, total)?;
        entry.push(line.with_party(of.party).with_due(of.due));
    }
    for ((account, amount), worth) in parts.into_iter().zip(worth.parts) {
        entry.push(exchange.line(account, worth, amount)?);
    }
    Ok((entry, exchange.rate))
}

/// What goes to income or cost, to taxes and to the round-off account, once for each account.
fn parts(
    tx: &mut Tx,
    ledger: &dyn Ledger,
    of: &Invoice,
    lines: &[InvoiceLine],
    taxes: &[TaxLine],
) -> Result<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |account: AccountId, amount: Money| -> Result<(), MoneyError> {
        match parts.iter_mut().find(|(of, _)| *of == account) {
            Some((_, sum)) => *sum = sum.checked_add(amount)?,
            None => parts.push((account, amount)),
        }
        Ok(())
    };
    for line in lines {
        match of.side {
            InvoiceSide::Customer => add(line.account, line.net.checked_neg()?)?,
            InvoiceSide::Supplier => add(line.account, line.cost)?,
        }
    }
    if !taxes.is_empty() {
        let ids: Vec<TaxId> = taxes.iter().map(|line| line.tax).collect();
        let own = tax_accounts(tx, &ids, of.side)?;
        let role = match of.side {
            InvoiceSide::Customer => Role::SalesTax,
            InvoiceSide::Supplier => Role::PurchaseTax,
        };
        let common =
            if taxes.iter().all(|t| own.contains_key(&t.tax)) { None } else { Some(ledger.account(tx, role)?) };
        for line in taxes {
            let Some(account) = own.get(&line.tax).copied().or(common) else { continue };
            match of.side {
                InvoiceSide::Customer => add(account, line.amount.checked_neg()?)?,
                InvoiceSide::Supplier => add(account, line.deductible)?,
            }
        }
    }
    if of.round_off != 0 {
        let amount = Money::from_minor(of.round_off, of.total.currency());
        let account = ledger.account(tx, Role::RoundOff)?;
        match of.side {
            InvoiceSide::Customer => add(account, amount.checked_neg()?)?,
            InvoiceSide::Supplier => add(account, amount)?,
        }
    }
    Ok(parts)
}

/// How amounts of the invoice become amounts of the books.
struct Exchange {
    company: Currency,
    foreign: bool,
    factor: Decimal,
    rate: Option<Rate>,
}

/// Amounts in company currency.
struct Worth {
    total: Money,
    parts: Vec<Money>,
}

impl Exchange {
    fn of(tx: &mut Tx, of: &Invoice, company: Currency) -> Result<Self> {
        let currency = of.total.currency();
        if currency == company {
            return Ok(Self { company, foreign: false, factor: Decimal::ONE, rate: None });
        }
        let factor = match of.rate {
            Some(rate) => rate.to_decimal(),
            None => rates::factor(tx, currency, company, of.date)?,
        };
        let rate = Some(Rate::new(Rounding::HalfEven.round(factor, Rate::DIGITS))?);
        Ok(Self { company, foreign: true, factor, rate })
    }

    /// The total is rounded once, and the parts so that they add up to it.
    fn worth(&self, total: Money, parts: &[Part], rounding: Rounding) -> Result<Worth> {
        if !self.foreign {
            return Ok(Worth { total, parts: parts.iter().map(|(_, amount)| *amount).collect() });
        }
        let exact = |amount: Money| amount.to_decimal().checked_mul(self.factor).ok_or(MoneyError::Overflow);
        let worth = Money::from_decimal(exact(total)?, self.company, rounding)?;
        let amounts = parts.iter().map(|(_, amount)| exact(*amount)).collect::<Result<Vec<_>, _>>()?;
        let parts = if amounts.is_empty() { Vec::new() } else { apportion(&amounts, worth.checked_neg()?)? };
        Ok(Worth { total: worth, parts })
    }

    fn line(&self, account: AccountId, worth: Money, amount: Money) -> Result<Line, MoneyError> {
        if !self.foreign {
            return Line::balance_of(account, worth);
        }
        let decisive = if worth.is_zero() { amount } else { worth };
        let side = if decisive.is_negative() { Side::Credit } else { Side::Debit };
        Ok(Line::on(account, side, worth.abs()?).with_foreign(amount.abs()?))
    }
}
