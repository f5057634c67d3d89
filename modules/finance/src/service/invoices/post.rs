//! Posting an invoice: its entry, its number, and for a credit note what it settles.

use std::collections::HashMap;

use codexion::core::MoneyError;
use codexion::prelude::{Currency, Decimal, Id, Money, Rate, Record, Repository, Result, Rounding, Tx};

use super::draft::Drafted;
use crate::domain::tax::TaxId;
use crate::domain::{self, AccountId, Line, Side, apportion};
use crate::error::{BooksError, InvoiceError, PostError};
use crate::event::InvoicePosted;
use crate::service::ledger::company;
use crate::service::open_items::control;
use crate::service::settle::{self, Difference};
use crate::service::{Ledger, Posted, posting, rates};
use crate::store::tax::tax_accounts;
use crate::store::{
    Company, Entry, Invoice, InvoiceKind, InvoiceLine, InvoiceSide, InvoiceState, OpenItem, Origin, Role, Series,
    company as rule, invoice, open_item, series,
};

/// An amount for an account in the invoice's currency, a debit above zero.
type Part = (AccountId, Money);

/// Posts a stored draft.
pub(super) fn post(tx: &mut Tx, ledger: &dyn Ledger, record: &Record<Invoice>) -> Result<Posted> {
    let invoice = record.entity.clone();
    if invoice.state != InvoiceState::Draft {
        return Err(InvoiceError::State { state: invoice.state }.into());
    }
    let (lines, taxes) = (invoice::lines(tx, invoice.id)?, invoice::tax_lines(tx, invoice.id)?);
    let drafted = Drafted { invoice, lines, taxes };
    let entered = Entered::of(tx, ledger, &drafted)?;
    let version = record.system.version.unwrap_or(1);
    let posted = Invoice::update_at(tx, drafted.invoice.id, version, |invoice| {
        entered.note_in(invoice);
        Ok(())
    })?;
    entered.settle(tx, ledger, &posted.entity)
}

/// Writes an invoice that is posted from the start.
pub(super) fn issue(tx: &mut Tx, ledger: &dyn Ledger, mut drafted: Drafted) -> Result<(Invoice, Vec<InvoiceLine>)> {
    let entered = Entered::of(tx, ledger, &drafted)?;
    entered.note_in(&mut drafted.invoice);
    Invoice::insert(tx, &drafted.invoice)?;
    drafted.insert_lines(tx)?;
    entered.settle(tx, ledger, &drafted.invoice)?;
    Ok((drafted.invoice, drafted.lines))
}

/// What the books made of an invoice.
struct Entered {
    number: String,
    /// None where there was nothing to post.
    entry: Option<Id<Entry>>,
    rate: Option<Rate>,
    /// Of a credit note: the items of the invoice that it takes back, locked.
    credited: Vec<OpenItem>,
    company: Company,
}

impl Entered {
    /// Enters an invoice in the books.
    fn of(tx: &mut Tx, ledger: &dyn Ledger, drafted: &Drafted) -> Result<Self> {
        let of = &drafted.invoice;
        // What a credit note settles is locked before the books are.
        let original = match of.credits {
            Some(original) => Invoice::get(tx, original)?.entry,
            None => None,
        };
        let mut credited = open_item::lock_entries(tx, original.as_slice())?;
        credited.retain(|item| item.settled_on.is_none());
        let company = company(tx)?;
        let (lines, rate) = entry_lines(tx, ledger, drafted, company.currency)?;
        if lines.is_empty() {
            return Ok(Self { number: number(tx, of)?, entry: None, rate, credited, company });
        }
        let entry = domain::Entry::new(of.date, company.currency, &text(of), lines)?;
        let posted = ledger.post_in(tx, series_of(of), &entry, &Origin::of("finance.invoice", of.id))?;
        Ok(Self { number: posted.number, entry: Some(posted.id), rate, credited, company })
    }

    /// Writes it on the invoice.
    fn note_in(&self, invoice: &mut Invoice) {
        invoice.number = Some(self.number.clone());
        invoice.state = if invoice.total.is_zero() { InvoiceState::Paid } else { InvoiceState::Posted };
        (invoice.entry, invoice.rate) = (self.entry, self.rate);
    }

    /// Settles what a credit note takes back, and tells of the invoice.
    fn settle(self, tx: &mut Tx, ledger: &dyn Ledger, of: &Invoice) -> Result<Posted> {
        let Self { number, entry, credited: mut items, company, .. } = self;
        if let (Some(entry), false) = (entry, items.is_empty()) {
            let account = ledger.account(tx, control(of.side))?;
            items.retain(|item| item.account == account);
            items.extend(open_item::of_account_and_entry(tx, account, entry)?);
            settle::settle(tx, &company, items, of.date, Difference::Keep)?;
        }
        let posted = Posted { id: entry.unwrap_or(Id::from_uuid(of.id.uuid())), number: number.clone() };
        let (id, side, party, date, total) = (of.id, of.side, of.party, of.date, of.total);
        tx.emit(InvoicePosted { id, number, side, party, date, total });
        Ok(posted)
    }
}

/// The number of an invoice of nothing but zeros: it has one, and nothing to post.
fn number(tx: &mut Tx, of: &Invoice) -> Result<String> {
    posting::frame(tx, &[of.date])?;
    let code = series_of(of);
    let (series, numbers) = series::take(tx, code, &[of.date])?;
    let number = numbers.first().copied().ok_or_else(|| PostError::NoSeries { code: code.to_owned() })?;
    Ok(series.print(number))
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
fn entry_lines(
    tx: &mut Tx,
    ledger: &dyn Ledger,
    drafted: &Drafted,
    company: Currency,
) -> Result<(Vec<Line>, Option<Rate>)> {
    let of = &drafted.invoice;
    let accounts = Accounts::of(tx, ledger, drafted)?;
    let mut parts = accounts.parts(drafted)?;
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
        let line = exchange.line(accounts.control, worth.total, total)?;
        entry.push(line.with_party(of.party).with_due(of.due));
    }
    for ((account, amount), worth) in parts.into_iter().zip(worth.parts) {
        entry.push(exchange.line(account, worth, amount)?);
    }
    Ok((entry, exchange.rate))
}

/// The accounts of an invoice besides those of its lines.
struct Accounts {
    control: AccountId,
    round_off: Option<AccountId>,
    taxes: HashMap<TaxId, AccountId>,
}

impl Accounts {
    /// Two questions: taxes that have accounts of their own, and the accounts by their roles.
    fn of(tx: &mut Tx, ledger: &dyn Ledger, drafted: &Drafted) -> Result<Self> {
        let side = drafted.invoice.side;
        let ids: Vec<TaxId> = drafted.taxes.iter().map(|line| line.tax).collect();
        let mut taxes = if ids.is_empty() { HashMap::new() } else { tax_accounts(tx, &ids, side)? };
        let others: Vec<TaxId> = ids.into_iter().filter(|tax| !taxes.contains_key(tax)).collect();
        let tax_role = match side {
            InvoiceSide::Customer => Role::SalesTax,
            InvoiceSide::Supplier => Role::PurchaseTax,
        };
        let mut roles = vec![control(side)];
        roles.extend((!others.is_empty()).then_some(tax_role));
        roles.extend((!drafted.invoice.round_off()?.is_zero()).then_some(Role::RoundOff));
        let found: HashMap<Role, AccountId> = roles.iter().copied().zip(ledger.accounts(tx, &roles)?).collect();
        let of_role = |role: Role| found.get(&role).copied();
        let control = of_role(control(side)).ok_or(BooksError::RoleUnset { role: control(side) })?;
        taxes.extend(others.into_iter().filter_map(|tax| Some((tax, of_role(tax_role)?))));
        Ok(Self { control, round_off: of_role(Role::RoundOff), taxes })
    }

    /// What goes to income or cost, to taxes and to the round-off account, once for each account.
    fn parts(&self, drafted: &Drafted) -> Result<Vec<Part>, MoneyError> {
        let Drafted { invoice: of, lines, taxes } = drafted;
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
        for line in taxes {
            let Some(account) = self.taxes.get(&line.tax).copied() else { continue };
            match of.side {
                InvoiceSide::Customer => add(account, line.amount.checked_neg()?)?,
                InvoiceSide::Supplier => add(account, line.deductible)?,
            }
        }
        if let Some(account) = self.round_off {
            let amount = of.round_off()?;
            match of.side {
                InvoiceSide::Customer => add(account, amount.checked_neg()?)?,
                InvoiceSide::Supplier => add(account, amount)?,
            }
        }
        Ok(parts)
    }
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
