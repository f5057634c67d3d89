//! Posting: a balanced entry becomes a numbered, unchangeable one.
//!
//! What can fail or take time comes first. The rows that all postings share come last, and shortly before the
//! commit: balances in a fixed order, then the series of numbers.

use std::collections::{BTreeMap, HashMap};

use codexion::prelude::{Date, HookPoint, Id, Money, Repository, Result, Tx};

use super::{Posted, Posting};
use crate::domain::{self, AccountId, Line, Side};
use crate::error::{BooksError, PostError};
use crate::event::EntryPosted;
use crate::store::balance::{self, Change};
use crate::store::calendar::{self, Frame};
use crate::store::entry::{self, Sealed};
use crate::store::series;
use crate::store::{Account, Entry, EntryLine, EntryState, OpenItem, Origin};

/// Before an entry is posted: a hook may replace it by another one, or refuse it.
#[derive(Debug)]
pub struct BeforePost;

impl HookPoint for BeforePost {
    type Subject = domain::Entry;
    const NAME: &'static str = "finance.entry.before_post";
}

/// A header that is stored as a draft, with its lines, and the series that its number is to come from.
#[derive(Debug)]
pub(super) struct Pending<'a> {
    pub(super) series: &'a str,
    pub(super) header: Entry,
    pub(super) lines: Vec<EntryLine>,
}

/// Writes entries and posts them at once.
pub(super) fn post_many(tx: &mut Tx, postings: &[Posting<'_>]) -> Result<Vec<Posted>> {
    write(tx, postings, None)
}

/// Writes an entry that undoes another one, and posts it at once.
pub(super) fn post_reversal(tx: &mut Tx, posting: &Posting<'_>, reverses: Id<Entry>) -> Result<Posted> {
    only(write(tx, std::slice::from_ref(posting), Some(reverses))?)
}

/// What the one posting that was asked for came to.
pub(super) fn only(posted: Vec<Posted>) -> Result<Posted> {
    posted.into_iter().next().ok_or_else(|| PostError::NotDraft.into())
}

fn write(tx: &mut Tx, postings: &[Posting<'_>], reverses: Option<Id<Entry>>) -> Result<Vec<Posted>> {
    if postings.is_empty() {
        return Ok(Vec::new());
    }
    let mut entries = Vec::with_capacity(postings.len());
    for posting in postings {
        let mut entry = posting.entry.clone();
        tx.before::<BeforePost>(&mut entry)?;
        entries.push(entry);
    }
    let frame = frame(tx, &entries.iter().map(domain::Entry::date).collect::<Vec<_>>())?;
    let mut pending = Vec::with_capacity(entries.len());
    for (posting, entry) in postings.iter().zip(&entries) {
        if entry.currency() != frame.currency {
            return Err(PostError::Currency { expected: frame.currency, found: entry.currency() }.into());
        }
        let mut header = header(tx, entry.date(), entry.text(), &posting.origin);
        header.reverses = reverses;
        let lines = rows(tx, header.id, entry.lines());
        pending.push(Pending { series: posting.series, header, lines });
    }
    let headers: Vec<Entry> = pending.iter().map(|p| p.header.clone()).collect();
    let lines: Vec<EntryLine> = pending.iter().flat_map(|p| &p.lines).cloned().collect();
    Entry::insert_many(tx, &headers)?;
    EntryLine::insert_many(tx, &lines)?;
    seal(tx, &frame, &pending)
}

/// The header of a new draft.
pub(super) fn header(tx: &mut Tx, date: Date, text: &str, origin: &Origin) -> Entry {
    Entry {
        id: tx.new_id(),
        state: EntryState::Draft,
        date,
        text: text.to_owned(),
        origin: origin.kind().to_owned(),
        origin_id: origin.id(),
        reverses: None,
        period: None,
        series: None,
        sequence: None,
        number: None,
        written_at: tx.now(),
        written_by: tx.cx().actor().id,
        posted_at: None,
        posted_by: None,
    }
}

/// Stores the lines of a draft.
pub(super) fn write_lines(tx: &mut Tx, entry: Id<Entry>, lines: &[Line]) -> Result<Vec<EntryLine>> {
    let rows = rows(tx, entry, lines);
    EntryLine::insert_many(tx, &rows)?;
    Ok(rows)
}

fn rows(tx: &mut Tx, entry: Id<Entry>, lines: &[Line]) -> Vec<EntryLine> {
    lines.iter().zip(1..).map(|(line, position)| row(tx, entry, line, position)).collect()
}

fn row(tx: &mut Tx, entry: Id<Entry>, line: &Line, position: i32) -> EntryLine {
    let (debit, credit) = match line.side() {
        Side::Debit => (line.amount().minor(), 0),
        Side::Credit => (0, line.amount().minor()),
    };
    EntryLine {
        id: tx.new_id(),
        entry,
        position,
        account: line.account(),
        debit,
        credit,
        foreign_amount: line.foreign_balance(),
        party: line.party(),
        due: line.due(),
        text: line.text().to_owned(),
    }
}

/// Company and periods for some dates, all of them open.
pub(super) fn frame(tx: &mut Tx, dates: &[Date]) -> Result<Frame> {
    let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max()) else {
        return Err(BooksError::NoCompany.into());
    };
    let frame = calendar::frame(tx, *first, *last)?.ok_or(BooksError::NoCompany)?;
    for date in dates {
        frame.check(*date)?;
    }
    Ok(frame)
}

/// Posts stored drafts together: numbers follow dates where a series asks for it.
pub(super) fn seal(tx: &mut Tx, frame: &Frame, pending: &[Pending<'_>]) -> Result<Vec<Posted>> {
    enter(tx, frame, pending)?;
    let sealed = number(tx, frame, pending)?;
    entry::seal(tx, &sealed)?;
    announce(tx, pending, sealed)
}

/// Enters the lines in the balances, and in the open items where they are reconciled.
fn enter(tx: &mut Tx, frame: &Frame, pending: &[Pending<'_>]) -> Result<()> {
    let accounts = accounts(tx, pending)?;
    let mut changes: BTreeMap<balance::Key, Change> = BTreeMap::new();
    let mut open = Vec::new();
    for Pending { header, lines, .. } in pending {
        let period = frame.check(header.date)?;
        for line in lines {
            let currency = line.foreign_amount.map_or(frame.currency, Money::currency);
            let key = balance::Key { account: line.account, period, currency };
            changes.entry(key).or_default().add(line)?;
            if accounts.get(&line.account).is_some_and(|a| a.reconcilable) {
                open.push(open_item(header, line));
            }
        }
    }
    OpenItem::insert_many(tx, &open)?;
    balance::add(tx, &changes)
}

/// Takes numbers once from each series, in the order of the series' codes, so that two postings never wait for each
/// other.
fn number(tx: &mut Tx, frame: &Frame, pending: &[Pending<'_>]) -> Result<Vec<Sealed>> {
    let mut by_series: BTreeMap<&str, Vec<(usize, &Entry)>> = BTreeMap::new();
    for (place, Pending { series, header, .. }) in pending.iter().enumerate() {
        by_series.entry(series).or_default().push((place, header));
    }
    let mut sealed = BTreeMap::new();
    for (code, headers) in by_series {
        let dates: Vec<Date> = headers.iter().map(|(_, header)| header.date).collect();
        let (series, numbers) = series::take(tx, code, &dates)?;
        for ((place, header), sequence) in headers.into_iter().zip(numbers) {
            let (period, number) = (frame.check(header.date)?, series.print(sequence));
            sealed.insert(place, Sealed { id: header.id, period, series: series.id, sequence, number });
        }
    }
    Ok(sealed.into_values().collect())
}

/// The accounts of all lines, each of which takes entries.
fn accounts(tx: &mut Tx, pending: &[Pending<'_>]) -> Result<HashMap<AccountId, Account>> {
    let mut ids: Vec<AccountId> = pending.iter().flat_map(|p| p.lines.iter().map(|l| l.account)).collect();
    ids.sort_unstable();
    ids.dedup();
    let found: HashMap<AccountId, Account> = Account::get_many(tx, &ids)?.into_iter().map(|a| (a.id, a)).collect();
    for id in ids {
        let account = found.get(&id).ok_or(PostError::UnknownAccount(id))?;
        if account.heading {
            return Err(PostError::Heading { code: account.code.clone() }.into());
        }
    }
    Ok(found)
}

fn open_item(header: &Entry, line: &EntryLine) -> OpenItem {
    let open_amount = line.debit - line.credit;
    let settled = open_amount == 0 && line.foreign_amount.is_none_or(Money::is_zero);
    OpenItem {
        id: Id::from_uuid(line.id.uuid()),
        entry: header.id,
        account: line.account,
        party: line.party,
        date: header.date,
        due: line.due,
        open_amount,
        open_foreign: line.foreign_amount,
        settled_on: settled.then_some(header.date),
    }
}

fn announce(tx: &mut Tx, pending: &[Pending<'_>], sealed: Vec<Sealed>) -> Result<Vec<Posted>> {
    let mut posted = Vec::with_capacity(sealed.len());
    for (Pending { header, .. }, Sealed { id, number, .. }) in pending.iter().zip(sealed) {
        let (date, origin, reverses) = (header.date, header.origin.clone(), header.reverses);
        tx.emit(EntryPosted { id, number: number.clone(), date, origin, reverses });
        posted.push(Posted { id, number });
    }
    Ok(posted)
}
