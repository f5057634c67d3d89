//! The value ledgers of items, locked by a unit of work: read together, valued one by one, written together.

use std::collections::{BTreeMap, BTreeSet};

use codexion::data::Statement;
use codexion::data::sqltype::{Day, Guid, Json};
use codexion::prelude::*;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use uuid::Uuid;

use super::sql::{ROWS_MAX, locked, put_many, put_missing, remove_many};
use super::{Item, ItemValuation, Move, ValueCheckpoint, ValueEntry, layers};
use crate::domain::{Booked, Checkpoint, Dirty, Effect, Position, ReturnLink, Valuation};

/// The value ledger of one item.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) item: Item,
    pub(crate) row: ItemValuation,
    /// The last checkpoint of all.
    pub(super) head: Option<Checkpoint>,
    /// The ids of the checkpoints that were read.
    pub(super) known: BTreeMap<Position, Id<ValueCheckpoint>>,
    pub(super) kept: BTreeMap<Position, Checkpoint>,
    pub(super) forgotten: BTreeSet<Position>,
    /// What there is after the head, where no statement is needed to know it.
    pub(super) fresh: Option<Fresh>,
    /// Behind this position there is nothing: the last batch was not full.
    pub(super) end: Option<Position>,
    /// Entries that were not valued before.
    pub(super) unvalued: BTreeSet<Position>,
    /// What is appended.
    pub(crate) rows: Vec<Row>,
}

/// The entries after the head.
#[derive(Debug, Default)]
pub(crate) struct Fresh {
    pub(crate) entries: Vec<Booked>,
    pub(crate) returns: Vec<ReturnLink>,
}

/// A row of the value ledger about to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) effect: Effect,
    /// The move is valued for the first time, by itself.
    pub(crate) first: bool,
}

impl Book {
    /// The position of the last entry.
    pub(crate) fn last(&self) -> Option<Position> {
        Some(Position::of(self.row.last_date?, self.row.last_move?))
    }

    /// What is in question.
    pub(crate) fn dirty(&self) -> Option<Dirty> {
        let from = Position::of(self.row.dirty_from_date?, self.row.dirty_from?);
        Some(Dirty { from, until: Position::of(self.row.dirty_until_date?, self.row.dirty_until?) })
    }

    pub(crate) fn set_dirty(&mut self, dirty: Option<Dirty>) {
        let part = |position: Option<Position>| (position.map(|p| p.date), position.map(|p| Id::from_uuid(p.id)));
        (self.row.dirty_from_date, self.row.dirty_from) = part(dirty.map(|dirty| dirty.from));
        (self.row.dirty_until_date, self.row.dirty_until) = part(dirty.map(|dirty| dirty.until));
    }

    /// An entry that is new, or that changed.
    pub(crate) fn touch(&mut self, position: Position) {
        let dirty = Dirty::at(position);
        self.set_dirty(Some(self.dirty().map_or(dirty, |known| known.and(dirty))));
    }

    /// Takes `fresh` as what there is after the head, if the ledger was complete up to there and all of it is behind.
    pub(crate) fn append_only(&mut self, fresh: Fresh) {
        let last = self.last();
        let behind = fresh.entries.iter().all(|booked| Some(booked.entry.position) > last);
        if behind && self.row.dirty_from.is_none() && last == self.head.as_ref().map(|head| head.at) {
            self.fresh = Some(fresh);
        }
    }

    /// Notes that there is an entry at this position.
    pub(crate) fn reach(&mut self, position: Position) {
        if self.last() < Some(position) {
            self.row.last_date = Some(position.date);
            self.row.last_move = Some(Id::from_uuid(position.id));
        }
    }

    pub(super) fn empty(&self) -> Valuation {
        Valuation::new(self.item.removal.into(), self.item.unit, self.item.currency)
    }

    pub(super) fn checkpoint(&mut self, stored: &ValueCheckpoint) -> Result<Checkpoint> {
        let at = Position::of(stored.date, stored.r#move);
        self.known.insert(at, stored.id);
        let since = u32::try_from(stored.since).unwrap_or(1);
        Ok(Checkpoint { at, since, state: layers::from_json(&stored.state, self.empty())? })
    }

    /// What the ledger of checkpoints lacks: those kept, under the ids of those forgotten as far as there are some.
    fn checkpoints(&mut self, tx: &mut Tx) -> Result<(Vec<ValueCheckpoint>, Vec<Id<ValueCheckpoint>>)> {
        let kept = std::mem::take(&mut self.kept);
        let forgotten = std::mem::take(&mut self.forgotten);
        let free: Vec<Position> = forgotten.into_iter().filter(|at| !kept.contains_key(at)).collect();
        let mut free: Vec<_> = free.iter().filter_map(|at| self.known.remove(at)).collect();
        let mut rows = Vec::with_capacity(kept.len());
        for (at, checkpoint) in &kept {
            let known = self.known.get(at).copied();
            let id = known.or_else(|| free.pop()).unwrap_or_else(|| tx.new_id());
            self.known.insert(*at, id);
            rows.push(ValueCheckpoint {
                id,
                item: self.item.id,
                date: at.date,
                r#move: Id::from_uuid(at.id),
                since: i32::try_from(checkpoint.since).unwrap_or(i32::MAX),
                state: layers::to_json(&checkpoint.state)?,
            });
        }
        Ok((rows, free))
    }
}

/// Locks the value ledgers of `items` and reads where they stand.
pub(crate) fn open(tx: &mut Tx, items: Vec<Item>) -> Result<BTreeMap<Id<Item>, Book>> {
    if items.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut rows = read_locked(tx, &items)?;
    if rows.len() < items.len() {
        let missing: Vec<_> = items.iter().filter(|item| !rows.contains_key(&item.id)).collect();
        let new: Vec<_> = missing.into_iter().map(|item| nothing(tx, item)).collect();
        put_missing(tx, &new)?;
        rows = read_locked(tx, &items)?;
    }
    let mut books = BTreeMap::new();
    for item in items {
        let Some(row) = rows.remove(&item.id) else { continue };
        books.insert(
            item.id,
            Book {
                item,
                row,
                head: None,
                known: BTreeMap::new(),
                kept: BTreeMap::new(),
                forgotten: BTreeSet::new(),
                fresh: None,
                end: None,
                unvalued: BTreeSet::new(),
                rows: Vec::new(),
            },
        );
    }
    for head in heads(tx, &books)? {
        if let Some(book) = books.get_mut(&head.item) {
            book.head = Some(book.checkpoint(&head)?);
        }
    }
    Ok(books)
}

/// Writes what was valued, and answers the rows that were appended.
pub(crate) fn close(tx: &mut Tx, books: &mut BTreeMap<Id<Item>, Book>) -> Result<Vec<(Id<Item>, Row)>> {
    let (mut entries, mut appended, mut kept, mut dropped, mut rows) = (vec![], vec![], vec![], vec![], vec![]);
    for book in books.values_mut() {
        for row in std::mem::take(&mut book.rows) {
            let effect = row.effect;
            book.row.quantity = book.row.quantity.checked_add(effect.quantity)?;
            book.row.value = book.row.value.checked_add(effect.value)?;
            entries.push(ValueEntry {
                id: tx.new_id(),
                r#move: Id::from_uuid(effect.of.id),
                cause: Id::from_uuid(effect.cause.id),
                item: book.item.id,
                quantity: effect.quantity,
                value: effect.value,
                date: effect.cause.date,
                recorded_at: tx.now(),
            });
            appended.push((book.item.id, row));
        }
        let (keep, drop) = book.checkpoints(tx)?;
        kept.extend(keep);
        dropped.extend(drop);
        rows.push(book.row.clone());
    }
    ValueEntry::insert_many(tx, &entries)?;
    remove_many(tx, &dropped)?;
    put_many(tx, &kept)?;
    put_many(tx, &rows)?;
    Ok(appended)
}

fn read_locked(tx: &mut Tx, items: &[Item]) -> Result<BTreeMap<Id<Item>, ItemValuation>> {
    let keys: Vec<_> = items.iter().map(|item| vec![item.id.into()]).collect();
    let rows = locked::<ItemValuation>(tx, &["item"], &keys)?;
    Ok(rows.into_iter().map(|row| (row.item, row)).collect())
}

fn nothing(tx: &mut Tx, item: &Item) -> ItemValuation {
    ItemValuation {
        id: tx.new_id(),
        item: item.id,
        quantity: Quantity::zero(item.unit),
        value: Money::zero(item.currency),
        last_date: None,
        last_move: None,
        dirty_from_date: None,
        dirty_from: None,
        dirty_until_date: None,
        dirty_until: None,
    }
}

#[derive(QueryableByName)]
struct HeadRow {
    #[diesel(sql_type = Guid)]
    id: Uuid,
    #[diesel(sql_type = Guid)]
    item: Uuid,
    #[diesel(sql_type = Day)]
    date: Date,
    #[diesel(sql_type = Guid)]
    movement: Uuid,
    #[diesel(sql_type = Integer)]
    since: i32,
    #[diesel(sql_type = Json)]
    state: serde_json::Value,
}

/// The last checkpoint of each item.
fn heads(tx: &mut ReadTx, books: &BTreeMap<Id<Item>, Book>) -> Result<Vec<ValueCheckpoint>> {
    let valued: Vec<_> = books.values().filter(|book| book.row.last_move.is_some()).map(|book| book.item.id).collect();
    let mut heads = Vec::with_capacity(valued.len());
    for items in valued.chunks(ROWS_MAX) {
        let mut sql = Statement::new(
            "SELECT c.id, c.item, c.date, c.move AS movement, c.since, c.state FROM inventory_checkpoints c \
             WHERE NOT EXISTS (SELECT 1 FROM inventory_checkpoints d WHERE d.tenant_id = c.tenant_id \
             AND d.item = c.item AND (d.date, d.move) > (c.date, c.move)) AND c.tenant_id = ",
        );
        sql.bind(tx.tenant()).push(" AND c.item IN (");
        for (i, item) in items.iter().enumerate() {
            sql.push(if i > 0 { ", " } else { "" }).bind(*item);
        }
        sql.push(")");
        heads.extend(sql.rows::<HeadRow>(tx)?.into_iter().map(|row| ValueCheckpoint {
            id: Id::from_uuid(row.id),
            item: Id::from_uuid(row.item),
            date: row.date,
            r#move: Id::<Move>::from_uuid(row.movement),
            since: row.since,
            state: row.state,
        }));
    }
    Ok(heads)
}
