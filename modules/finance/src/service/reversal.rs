//! Reversal: a posted entry is undone by another one that is linked to it.

use codexion::core::{Error, Kind};
use codexion::prelude::{Currency, Date, Id, Money, Repository, Result, Tx};

use super::settle::{self, Difference};
use super::{Posted, Posting, posting};
use crate::domain::{self, Line, Side};
use crate::error::PostError;
use crate::store::entry::{is_reversed, lines};
use crate::store::{Entry, EntryLine, EntryState, OpenItem, Origin, Series, invoice, open_item};

/// Undoes an entry that nothing rests on.
pub(super) fn reverse(tx: &mut Tx, id: Id<Entry>, date: Date) -> Result<Posted> {
    if invoice::is_posted_by(tx, id)? {
        return Err(PostError::OfInvoice.into());
    }
    reverse_any(tx, id, date)
}

/// The same for entries of which the caller keeps track.
pub(super) fn reverse_any(tx: &mut Tx, id: Id<Entry>, date: Date) -> Result<Posted> {
    let header = Entry::get(tx, id)?;
    if header.state != EntryState::Posted {
        return Err(PostError::NotPosted.into());
    }
    if is_reversed(tx, id)? {
        return Err(PostError::AlreadyReversed.into());
    }
    let items = open_item::lock_entries(tx, &[id])?;
    let rows = lines(tx, id)?;
    let touched = |row: &EntryLine| {
        let item = items.iter().find(|item| item.id.uuid() == row.id.uuid());
        item.is_some_and(|item| item.open_amount != row.debit - row.credit || item.open_foreign != row.foreign_amount)
    };
    if rows.iter().any(touched) {
        return Err(PostError::Reconciled.into());
    }
    let company = super::ledger::company(tx)?;
    let currency = company.currency;
    let original =
        domain::Entry::new(header.date, currency, &header.text, rows.iter().map(|r| line(r, currency)).collect())?;
    let number = header.number.unwrap_or_default();
    let reversal = original.reversal(date, &format!("reversal of {number}"))?;
    let posting = Posting { series: Series::JOURNAL, entry: reversal, origin: Origin::of("finance.reversal", id) };
    let posted = posting::post_reversal(tx, &posting, id).map_err(reversed_meanwhile)?;
    for of_account in by_account(items) {
        let mirrored = open_item::of_account_and_entry(tx, of_account.0, posted.id)?;
        let both = of_account.1.into_iter().chain(mirrored).collect();
        settle::settle(tx, &company, both, date, Difference::Keep)?;
    }
    Ok(posted)
}

/// Of two reversals at the same time the second meets the first at the link, which is unique.
fn reversed_meanwhile(error: Error) -> Error {
    if error.kind() == Kind::Conflict && error.code() == "unique" { PostError::AlreadyReversed.into() } else { error }
}

type OfAccount = (domain::AccountId, Vec<OpenItem>);

fn by_account(items: Vec<OpenItem>) -> Vec<OfAccount> {
    let mut groups: Vec<OfAccount> = Vec::new();
    for item in items {
        match groups.iter_mut().find(|(account, _)| *account == item.account) {
            Some((_, group)) => group.push(item),
            None => groups.push((item.account, vec![item])),
        }
    }
    groups
}

/// A stored line as the rules know it.
pub(super) fn line(row: &EntryLine, currency: Currency) -> Line {
    let (side, minor) = if row.credit == 0 && (row.debit != 0 || !row.foreign_amount.is_some_and(Money::is_negative)) {
        (Side::Debit, row.debit)
    } else {
        (Side::Credit, row.credit)
    };
    let mut line = Line::on(row.account, side, Money::from_minor(minor, currency)).with_text(&row.text);
    if let Some(foreign) = row.foreign_amount {
        line = line.with_foreign(Money::from_minor(foreign.minor().saturating_abs(), foreign.currency()));
    }
    if let Some(party) = row.party {
        line = line.with_party(party);
    }
    match row.due {
        Some(due) => line.with_due(due),
        None => line,
    }
}
