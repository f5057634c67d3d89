//! Settling open items with each other: partial and full matches, write-offs, exchange differences.

use codexion::core::{Choice, MoneyError};
use codexion::prelude::{Currency, Date, Id, Money, Repository, Result, Rounding, Tx};

use super::ledger::{Books, Ledger};
use super::{rates, reversal};
use crate::domain::reconcile::{self, Match};
use crate::domain::{self, AccountId, Line};
use crate::error::{InvoiceError, ReconcileError};
use crate::store::entry::lines;
use crate::store::reconciliation::{delete_settlements, settlements};
use crate::store::{Company, Entry, Invoice, OpenItem, Origin, Reconciliation, Role, Settlement, invoice, open_item};

/// What happens to what stays open after a payment or a settlement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Choice)]
pub enum Difference {
    /// It stays open: an invoice is paid in part, or too much was paid.
    #[default]
    Keep,
    /// It is written off, and everything is settled.
    WriteOff,
}

/// What was settled.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) id: Id<Reconciliation>,
    /// Invoices that are wholly paid now.
    pub(super) paid: Vec<Id<Invoice>>,
}

/// Something to be taken off an item by an entry: a write-off, or what its rate was better or worse.
struct Adjustment {
    item: usize,
    /// In company currency, a debit of the item above zero.
    amount: Money,
    foreign: Option<Money>,
    role: Role,
    /// Part of the amount that goes to the exchange account instead.
    exchange: Money,
}

/// Settles items on one account with each other, in the order given. They must be locked. `None` when nothing could
/// be settled.
pub(super) fn settle(
    tx: &mut Tx,
    company: &Company,
    mut items: Vec<OpenItem>,
    date: Date,
    difference: Difference,
) -> Result<Option<Settled>> {
    let Some(account) = items.first().map(|item| item.account) else { return Ok(None) };
    if items.iter().any(|item| item.account != account) {
        return Err(InvoiceError::SeveralAccounts.into());
    }
    let (currency, rounding) = (company.currency, company.tax_rounding()?.rule);
    let mut open: Vec<reconcile::OpenItem> = items.iter().map(|item| of_row(item, currency)).collect();
    let matches = reconcile::settle(&mut open)?;
    let mut adjustments = exchanges(&matches, currency)?;
    let date = items.iter().map(|item| item.date).fold(date, Date::max);
    if difference == Difference::WriteOff {
        adjustments.extend(write_offs(tx, &mut open, date, rounding)?);
    }
    if matches.is_empty() && adjustments.is_empty() {
        return Ok(None);
    }
    let id = tx.new_id();
    let entry = match adjustments.as_slice() {
        [] => None,
        some => post(tx, some, &Posting { id, account, items: &items, currency, date })?,
    };
    Reconciliation::insert(tx, &Reconciliation { id, account, date, entry, undone: false })?;
    let mut pairs: Vec<Settlement> = Vec::new();
    for found in &matches {
        pairs.extend(pair(tx, id, date, found, &items));
    }
    if let Some(entry) = entry {
        pairs.extend(adjusted_pairs(tx, id, date, entry, &adjustments, &items)?);
        settle_lines(tx, entry, account, date)?;
    }
    Settlement::insert_many(tx, &pairs)?;
    for (item, open) in items.iter_mut().zip(&open) {
        item.open_amount = open.amount.minor();
        item.open_foreign = open.foreign;
        item.settled_on = open.is_settled().then_some(date);
    }
    open_item::write_open(tx, &items)?;
    let entries: Vec<Id<Entry>> = items.iter().map(|item| item.entry).collect();
    Ok(Some(Settled { id, paid: invoice::refresh_states(tx, &entries)? }))
}

fn of_row(item: &OpenItem, currency: Currency) -> reconcile::OpenItem {
    reconcile::OpenItem { amount: Money::from_minor(item.open_amount, currency), foreign: item.open_foreign }
}

/// A debit that was worth more than its credit leaves a loss on the debit, otherwise a gain on the credit.
fn exchanges(matches: &[Match], currency: Currency) -> Result<Vec<Adjustment>, MoneyError> {
    let zero = Money::zero(currency);
    let different = matches.iter().filter(|m| !m.exchange.is_zero());
    let adjustment = |m: &Match| {
        let (item, role) =
            if m.exchange.is_positive() { (m.debit, Role::ExchangeLoss) } else { (m.credit, Role::ExchangeGain) };
        Adjustment { item, amount: m.exchange, foreign: None, role, exchange: zero }
    };
    Ok(different.map(adjustment).collect())
}

fn write_offs(
    tx: &mut Tx,
    open: &mut [reconcile::OpenItem],
    date: Date,
    rounding: Rounding,
) -> Result<Vec<Adjustment>> {
    let mut adjustments = Vec::new();
    for (item, open) in open.iter_mut().enumerate().filter(|(_, open)| !open.is_settled()) {
        let rate = match open.foreign.filter(|foreign| !foreign.is_zero()) {
            Some(foreign) => Some(rates::rate(tx, foreign.currency(), open.amount.currency(), date)?),
            None => None,
        };
        let whole = open.amount;
        let written = reconcile::write_off(open, rate, rounding)?;
        let (foreign, exchange) = (written.foreign, written.exchange);
        adjustments.push(Adjustment { item, amount: whole, foreign, role: Role::WriteOff, exchange });
    }
    Ok(adjustments)
}

/// What the entry of adjustments is posted for.
struct Posting<'a> {
    id: Id<Reconciliation>,
    account: AccountId,
    items: &'a [OpenItem],
    currency: Currency,
    date: Date,
}

/// Posts one entry for all adjustments: first a line on the account for each, then their other sides.
fn post(tx: &mut Tx, adjustments: &[Adjustment], of: &Posting<'_>) -> Result<Option<Id<Entry>>> {
    let mut lines = Vec::new();
    let mut others: Vec<(Role, Money)> = Vec::new();
    for adjustment in adjustments {
        let balance = adjustment.amount.checked_neg()?;
        let mut line = Line::balance_of(of.account, balance)?;
        if let Some(foreign) = adjustment.foreign {
            if balance.is_zero() && foreign.is_positive() {
                line = Line::credit(of.account, balance);
            }
            line = line.with_foreign(foreign.abs()?);
        }
        if let Some(party) = of.items.get(adjustment.item).and_then(|item| item.party) {
            line = line.with_party(party);
        }
        lines.push(line);
        let exchange = if adjustment.exchange.is_positive() { Role::ExchangeLoss } else { Role::ExchangeGain };
        others.push((exchange, adjustment.exchange));
        others.push((adjustment.role, adjustment.amount.checked_sub(adjustment.exchange)?));
    }
    others.retain(|(_, amount)| !amount.is_zero());
    let roles: Vec<Role> = others.iter().map(|(role, _)| *role).collect();
    let accounts = Books.accounts(tx, &roles)?;
    for ((_, amount), account) in others.iter().zip(accounts) {
        lines.push(Line::balance_of(account, *amount)?);
    }
    let entry = domain::Entry::new(of.date, of.currency, "write-off and exchange difference", lines)?;
    Ok(Some(Books.post(tx, &entry, &Origin::of("finance.reconciliation", of.id))?.id))
}

fn pair(tx: &mut Tx, of: Id<Reconciliation>, date: Date, found: &Match, items: &[OpenItem]) -> Option<Settlement> {
    let minor = |foreign: Option<Money>| foreign.map_or(0, Money::minor);
    Some(Settlement {
        id: tx.new_id(),
        reconciliation: of,
        debit: items.get(found.debit)?.id,
        credit: items.get(found.credit)?.id,
        date,
        amount: found.amount.minor(),
        debit_foreign: minor(found.debit_foreign),
        credit_foreign: minor(found.credit_foreign),
    })
}

/// Pairs each adjusted item with its line of the entry; those lines are the first, in the same order.
fn adjusted_pairs(
    tx: &mut Tx,
    of: Id<Reconciliation>,
    date: Date,
    entry: Id<Entry>,
    adjustments: &[Adjustment],
    items: &[OpenItem],
) -> Result<Vec<Settlement>> {
    let mut pairs = Vec::new();
    for (adjustment, row) in adjustments.iter().zip(lines(tx, entry)?) {
        let Some(item) = items.get(adjustment.item) else { continue };
        let (line, foreign) =
            (Id::from_uuid(row.id.uuid()), adjustment.foreign.map_or(0, Money::minor).saturating_abs());
        let is_debit = row.credit > 0 || row.foreign_amount.is_some_and(Money::is_negative);
        let (debit, credit) = if is_debit { (item.id, line) } else { (line, item.id) };
        let amount = adjustment.amount.minor().saturating_abs();
        let (debit_foreign, credit_foreign) = (foreign, foreign);
        let id = tx.new_id();
        pairs.push(Settlement { id, reconciliation: of, debit, credit, date, amount, debit_foreign, credit_foreign });
    }
    Ok(pairs)
}

/// The lines of an entry of adjustments on the account are settled from the start.
fn settle_lines(tx: &mut Tx, entry: Id<Entry>, account: AccountId, date: Date) -> Result<()> {
    let mut items = open_item::of_account_and_entry(tx, account, entry)?;
    for item in &mut items {
        item.open_amount = 0;
        item.open_foreign = item.open_foreign.map(|f| Money::zero(f.currency()));
        item.settled_on = Some(date);
    }
    open_item::write_open(tx, &items)
}

/// Undoes a settlement: what it settled is open again, and its entry is reversed.
pub(super) fn undo(tx: &mut Tx, id: Id<Reconciliation>, date: Date) -> Result<()> {
    let mut before = false;
    let undone = Reconciliation::update(tx, id, |r| {
        before = std::mem::replace(&mut r.undone, true);
        Ok(())
    })?;
    if before {
        return Err(InvoiceError::Undone.into());
    }
    let pairs = settlements(tx, id)?;
    let ids: Vec<Id<OpenItem>> = pairs.iter().flat_map(|p| [p.debit, p.credit]).collect();
    let mut items = open_item::lock_ids(tx, &ids)?;
    for item in &mut items {
        for pair in &pairs {
            if pair.debit == item.id {
                reopen(item, pair.amount, pair.debit_foreign)?;
            } else if pair.credit == item.id {
                reopen(item, -pair.amount, -pair.credit_foreign)?;
            }
        }
    }
    open_item::write_open(tx, &items)?;
    delete_settlements(tx, id)?;
    let entries: Vec<Id<Entry>> = items.iter().map(|item| item.entry).collect();
    invoice::refresh_states(tx, &entries)?;
    if let Some(entry) = undone.entry {
        reversal::reverse_any(tx, entry, date.max(undone.date))?;
    }
    Ok(())
}

fn reopen(item: &mut OpenItem, amount: i64, foreign: i64) -> Result<(), ReconcileError> {
    item.open_amount = item.open_amount.checked_add(amount).ok_or(MoneyError::Overflow)?;
    if let Some(open) = item.open_foreign {
        item.open_foreign = Some(open.checked_add(Money::from_minor(foreign, open.currency()))?);
    }
    let open = item.open_amount != 0 || item.open_foreign.is_some_and(|f| !f.is_zero());
    item.settled_on = item.settled_on.filter(|_| !open);
    Ok(())
}
