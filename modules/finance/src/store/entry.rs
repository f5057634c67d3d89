//! Entries: headers and lines. What is posted never changes, and the database sees to it too.

use std::collections::HashMap;

use codexion::data::{Backend, Statement};
use codexion::prelude::{
    Actor, Choice, Date, Execute, Filter, Id, Money, ReadTx, Repository, Result, Timestamp, Tx, Value,
};
use diesel::prelude::*;

use super::{Account, Period, Series};
use crate::domain::Party;
use crate::error::PostError;

/// A set of lines on a date: a draft that can change, or posted and unchangeable.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_entries", tenant, company)]
pub struct Entry {
    /// Its id.
    pub id: Id<Entry>,
    /// Draft or posted.
    pub state: EntryState,
    /// The date it takes effect.
    pub date: Date,
    /// What it is about.
    #[field(max_len = 400)]
    pub text: String,
    /// What kind of document it comes from: `finance.manual`, `finance.invoice`, `inventory.move`.
    #[field(max_len = 60)]
    pub origin: String,
    /// That document.
    pub origin_id: Option<Id<Document>>,
    /// The posted entry that this one undoes.
    #[field(references = Entry)]
    pub reverses: Option<Id<Entry>>,
    /// The period it was posted in.
    #[field(references = Period)]
    pub period: Option<Id<Period>>,
    /// The series of its number.
    #[field(references = Series)]
    pub series: Option<Id<Series>>,
    /// Its place in the series.
    pub sequence: Option<i64>,
    /// Its number, as it is printed.
    #[field(max_len = 60)]
    pub number: Option<String>,
    /// When it was written.
    pub written_at: Timestamp,
    /// By whom it was written.
    pub written_by: Id<Actor>,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
    /// By whom it was posted.
    pub posted_by: Option<Id<Actor>>,
}

/// What an entry does to one account.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_entry_lines", tenant, company)]
pub struct EntryLine {
    /// Its id.
    pub id: Id<EntryLine>,
    /// The entry.
    #[field(references = Entry)]
    pub entry: Id<Entry>,
    /// Its place in the entry, from 1.
    pub position: i32,
    /// The account.
    #[field(references = Account)]
    pub account: Id<Account>,
    /// Coins in company currency, when it is a debit.
    #[field(min = 0)]
    pub debit: i64,
    /// Coins in company currency, when it is a credit.
    #[field(min = 0)]
    pub credit: i64,
    /// The same in the currency it was agreed in, a credit below zero.
    pub foreign_amount: Option<Money>,
    /// Who owes or is owed.
    pub party: Option<Id<Party>>,
    /// When it is to be paid.
    pub due: Option<Date>,
    /// Words of its own.
    #[field(max_len = 400)]
    pub text: String,
}

/// Whether an entry can still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum EntryState {
    /// It can.
    Draft,
    /// It can't, ever.
    Posted,
}

/// Names the document an entry comes from, whatever it is; never constructed.
#[derive(Debug)]
pub enum Document {}

/// What an entry or an invoice comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    kind: String,
    id: Option<Id<Document>>,
}

impl Origin {
    /// Somebody wrote it by hand.
    #[must_use]
    pub fn manual() -> Self {
        Self { kind: "finance.manual".to_owned(), id: None }
    }

    /// A document of a kind: `Origin::of("inventory.move", movement.id)`.
    #[must_use]
    pub fn of<T: ?Sized>(kind: &str, id: Id<T>) -> Self {
        Self { kind: kind.to_owned(), id: Some(Id::from_uuid(id.uuid())) }
    }

    /// What kind of document: `inventory.move`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which document, where there is one.
    #[must_use]
    pub const fn id(&self) -> Option<Id<Document>> {
        self.id
    }
}

impl Default for Origin {
    fn default() -> Self {
        Self::manual()
    }
}

/// What a draft gets when it is posted.
#[derive(Debug)]
pub(crate) struct Sealed {
    pub(crate) id: Id<Entry>,
    pub(crate) period: Id<Period>,
    pub(crate) series: Id<Series>,
    pub(crate) sequence: i64,
    pub(crate) number: String,
}

/// Entries per statement that seals them.
const BATCH: usize = 2_000;

/// Ids per question: long lists plan badly.
const IDS_BATCH: usize = 500;

/// Turns drafts into posted entries, by one statement. The database checks the lines once more.
pub(crate) fn seal(tx: &mut Tx, sealed: &[Sealed]) -> Result<()> {
    let (now, actor) = (tx.now(), tx.cx().actor().id);
    for batch in sealed.chunks(BATCH) {
        let mut sql = Statement::new("UPDATE finance_entries SET state = 'posted', posted_at = ");
        sql.bind(now).push(", posted_by = ").bind(actor);
        sql.push(", period = v.column2, series = v.column3, sequence = v.column4, number = v.column5 FROM (VALUES ");
        for (index, one) in batch.iter().enumerate() {
            sql.push(if index == 0 { "(" } else { ", (" }).bind(one.id).push(", ").bind(one.period);
            sql.push(", ").bind(one.series).push(", ").bind(one.sequence).push(", ").bind(one.number.as_str());
            sql.push(")");
        }
        sql.push(") AS v WHERE finance_entries.tenant_id = ").bind(tx.tenant());
        sql.push(" AND finance_entries.company_id = ").bind(tx.company());
        sql.push(" AND finance_entries.id = v.column1 AND finance_entries.state = 'draft'");
        if sql.run(tx)? != batch.len() {
            return Err(PostError::NotDraft.into());
        }
    }
    Ok(())
}

/// The lines of an entry in their order.
pub(crate) fn lines(tx: &mut ReadTx, entry: Id<Entry>) -> Result<Vec<EntryLine>> {
    let of_entry = finance_entry_lines::entry.eq(codexion::prelude::arg(entry));
    EntryLine::query(tx).filter(of_entry).order(finance_entry_lines::position).select(EntryLine::as_select()).rows(tx)
}

/// The lines of entries, each in their order.
pub(crate) fn lines_of_all(tx: &mut ReadTx, entries: &[Id<Entry>]) -> Result<HashMap<Id<Entry>, Vec<EntryLine>>> {
    let mut found: HashMap<_, Vec<EntryLine>> = HashMap::new();
    for batch in entries.chunks(IDS_BATCH) {
        let values = batch.iter().map(|id| Value::from(*id)).collect();
        EntryLine::stream(tx, &Filter::In { column: "entry", values }, |line| {
            found.entry(line.entity.entry).or_default().push(line.entity);
            Ok(())
        })?;
    }
    found.values_mut().for_each(|lines| lines.sort_unstable_by_key(|line| line.position));
    Ok(found)
}

/// Takes the lines off a draft.
pub(crate) fn delete_lines(tx: &mut Tx, entry: Id<Entry>) -> Result<()> {
    let lines = diesel::delete(finance_entry_lines::table).filter(EntryLine::scope(tx));
    lines.filter(finance_entry_lines::entry.eq(codexion::prelude::arg(entry))).run(tx).map(|_| ())
}

/// Keeps others from changing or posting entries until the commit. SQLite's writer is alone anyway.
pub(crate) fn lock(tx: &mut Tx, entries: &[Id<Entry>]) -> Result<()> {
    if tx.backend() != Backend::Postgres {
        return Ok(());
    }
    let mut sorted = entries.to_vec();
    sorted.sort_unstable();
    for batch in sorted.chunks(IDS_BATCH) {
        let mut sql = Statement::new("SELECT id FROM finance_entries WHERE tenant_id = ");
        sql.bind(tx.tenant()).push(" AND company_id = ").bind(tx.company()).push(" AND id IN (");
        for (index, id) in batch.iter().enumerate() {
            sql.push(if index == 0 { "" } else { ", " }).bind(*id);
        }
        sql.push(") ORDER BY id FOR UPDATE");
        sql.run(tx)?;
    }
    Ok(())
}

/// Whether a posted entry undoes this one.
pub(crate) fn is_reversed(tx: &mut ReadTx, entry: Id<Entry>) -> Result<bool> {
    let reversals: i64 = Entry::query(tx).filter(finance_entries::reverses.eq(Some(entry))).count().row(tx)?;
    Ok(reversals > 0)
}
