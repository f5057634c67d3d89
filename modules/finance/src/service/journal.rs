//! What people write into the books by hand: drafts of entries, postings, reversals.

use std::sync::Arc;

use codexion::prelude::{Currency, Date, Id, Policy, Provider, ReadTx, Repository, Result, Tx};

use super::posting::{self, BeforePost, Pending};
use super::{Ledger, Posted, TrialBalance, reversal, trial_balance};
use crate::domain::{self, Line};
use crate::error::PostError;
use crate::policy::{DraftEntry, PostEntry, ReadReports, ReverseEntry};
use crate::store::entry::{delete_lines, lines, lines_of_all, lock};
use crate::store::{Entry, EntryLine, EntryState, Origin, Series};

/// An entry that is being written. A draft need not balance yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// The date it shall take effect.
    pub date: Date,
    /// What it is about.
    pub text: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Entries by hand.
#[derive(Provider)]
#[provider(singleton)]
pub struct Journal {
    ledger: Arc<dyn Ledger>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Journal")
    }
}

impl Journal {
    /// A journal over a ledger; the container builds it otherwise.
    #[must_use]
    pub fn new(ledger: Arc<dyn Ledger>) -> Self {
        Self { ledger }
    }

    /// Writes a draft. Nobody else is kept waiting by drafts.
    ///
    /// # Errors
    /// The actor may not; an account does not exist.
    pub fn draft(&self, tx: &mut Tx, new: &NewEntry) -> Result<Id<Entry>> {
        let header = posting::header(tx, new.date, &new.text, &Origin::manual());
        tx.authorize::<DraftEntry>(&header)?;
        Entry::insert(tx, &header)?;
        posting::write_lines(tx, header.id, &new.lines)?;
        Ok(header.id)
    }

    /// Writes a draft anew.
    ///
    /// # Errors
    /// As [`draft`](Self::draft); [`PostError::NotDraft`].
    pub fn redraft(&self, tx: &mut Tx, id: Id<Entry>, new: &NewEntry) -> Result<()> {
        authorized_draft::<DraftEntry>(tx, id)?;
        Entry::update(tx, id, |entry| {
            entry.date = new.date;
            entry.text.clone_from(&new.text);
            Ok(())
        })?;
        delete_lines(tx, id)?;
        posting::write_lines(tx, id, &new.lines)?;
        Ok(())
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// The actor may not; [`PostError::NotDraft`].
    pub fn discard(&self, tx: &mut Tx, id: Id<Entry>) -> Result<()> {
        authorized_draft::<DraftEntry>(tx, id)?;
        delete_lines(tx, id)?;
        Entry::delete(tx, id)
    }

    /// Posts drafts together, under the next numbers of a series. Where the series asks for it, numbers follow
    /// dates; among equal dates they follow the order given.
    ///
    /// # Errors
    /// The actor may not; what makes a draft no entry ([`EntryError`](crate::EntryError)); [`PostError`];
    /// [`NumberError`](crate::NumberError).
    pub fn post(&self, tx: &mut Tx, series: &str, drafts: &[Id<Entry>]) -> Result<Vec<Posted>> {
        if drafts.is_empty() {
            return Ok(Vec::new());
        }
        let headers = authorized_drafts::<PostEntry>(tx, drafts)?;
        let frame = posting::frame(tx, &headers.iter().map(|header| header.date).collect::<Vec<Date>>())?;
        let mut stored = lines_of_all(tx, drafts)?;
        let mut pending = Vec::with_capacity(headers.len());
        for header in headers {
            let lines = stored.remove(&header.id).unwrap_or_default();
            let lines = hooked(tx, &header, lines, frame.currency)?;
            pending.push(Pending { series, header, lines });
        }
        posting::seal(tx, &frame, &pending)
    }

    /// Writes and posts an entry at once, under the next number of the journal.
    ///
    /// # Errors
    /// As [`post`](Self::post).
    pub fn write(&self, tx: &mut Tx, new: &NewEntry) -> Result<Posted> {
        let currency = self.ledger.company_currency(tx)?;
        let entry = domain::Entry::new(new.date, currency, &new.text, new.lines.clone())?;
        let header = posting::header(tx, new.date, &new.text, &Origin::manual());
        tx.authorize::<PostEntry>(&header)?;
        self.ledger.post_in(tx, Series::JOURNAL, &entry, &Origin::manual())
    }

    /// Undoes a posted entry by another one of that date.
    ///
    /// # Errors
    /// The actor may not; as [`Ledger::reverse`].
    pub fn reverse(&self, tx: &mut Tx, id: Id<Entry>, date: Date) -> Result<Posted> {
        let entry = Entry::get(tx, id)?;
        tx.authorize::<ReverseEntry>(&entry)?;
        self.ledger.reverse(tx, id, date)
    }

    /// An entry with its lines.
    ///
    /// # Errors
    /// There is none for this tenant; the actor may not see it.
    pub fn entry(&self, tx: &mut ReadTx, id: Id<Entry>) -> Result<(Entry, Vec<EntryLine>)> {
        tx.check::<ReadReports>(&())?;
        Ok((Entry::get(tx, id)?, lines(tx, id)?))
    }

    /// The trial balance up to a day.
    ///
    /// # Errors
    /// The actor may not see it; as [`Ledger::trial_balance`].
    pub fn trial_balance(&self, tx: &mut ReadTx, as_of: Date) -> Result<TrialBalance> {
        tx.check::<ReadReports>(&())?;
        self.ledger.trial_balance(tx, as_of)
    }

    /// The trial balance of the company and its branches together, account by account of the same code. What one of
    /// them owes another is not taken out.
    ///
    /// # Errors
    /// The actor may not see it, or not enter a branch; [`BooksError::ChartsDiffer`](crate::BooksError::ChartsDiffer).
    pub fn consolidated_trial_balance(&self, tx: &mut ReadTx, as_of: Date) -> Result<TrialBalance> {
        tx.check::<ReadReports>(&())?;
        trial_balance::consolidated(tx, as_of)
    }
}

/// The lines of a draft once the hooks have seen it as an entry; written anew where they changed it.
fn hooked(tx: &mut Tx, header: &Entry, lines: Vec<EntryLine>, currency: Currency) -> Result<Vec<EntryLine>> {
    let parts = lines.iter().map(|row| reversal::line(row, currency)).collect();
    let entry = domain::Entry::new(header.date, currency, &header.text, parts)?;
    let mut checked = entry.clone();
    tx.before::<BeforePost>(&mut checked)?;
    if checked == entry {
        return Ok(lines);
    }
    delete_lines(tx, header.id)?;
    posting::write_lines(tx, header.id, checked.lines())
}

/// A draft, locked until the commit, after a look at whether the actor may do this to it.
fn authorized_draft<P: Policy<Resource = Entry>>(tx: &mut Tx, id: Id<Entry>) -> Result<()> {
    authorized_drafts::<P>(tx, &[id]).map(|_| ())
}

/// Drafts in the order of their ids given, locked until the commit, after a look at whether the actor may do this to
/// them.
fn authorized_drafts<P: Policy<Resource = Entry>>(tx: &mut Tx, ids: &[Id<Entry>]) -> Result<Vec<Entry>> {
    lock(tx, ids)?;
    let entries = Entry::get_many(tx, ids)?;
    if let Some(missing) = ids.iter().find(|id| !entries.iter().any(|entry| entry.id == **id)) {
        Entry::get(tx, *missing)?;
    }
    for entry in &entries {
        tx.authorize::<P>(entry)?;
        if entry.state != EntryState::Draft {
            return Err(PostError::NotDraft.into());
        }
    }
    Ok(entries)
}
