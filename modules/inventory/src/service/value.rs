//! Values what moved, within this unit of work as far as its pace allows, and tells others of each change.

use std::collections::{BTreeMap, BTreeSet};

use codexion::prelude::*;

use super::quants::Quants;
use super::revalue::ValueItem;
use super::{AfterValued, Flow, Reason, ValueChanges, Valued};
use crate::domain::{self, Booked, Change, Entry, Position, ReturnLink};
use crate::settings::InventorySettings;
use crate::store::book::{self, Book, Fresh, Row};
use crate::store::journal::{self, Ledger};
use crate::store::{Item, Move, MoveKind};

/// What happened to the quantities.
#[derive(Clone, Copy)]
pub(super) struct New<'a> {
    pub(super) moves: &'a [Move],
    pub(super) shifted: &'a BTreeSet<(Id<Item>, Position)>,
    pub(super) quants: &'a Quants,
}

/// Values new moves, and the counts that they shifted.
pub(super) fn new_moves(
    tx: &mut Tx,
    settings: &InventorySettings,
    books: &mut BTreeMap<Id<Item>, Book>,
    new: New<'_>,
) -> Result<Vec<(Id<Item>, Row)>> {
    let returned = returned(tx, new.moves)?;
    for (id, book) in books.iter_mut() {
        let mut fresh = Fresh::default();
        let valued = new.moves.iter().filter(|m| m.item == *id && m.kind != MoveKind::Transfer);
        let mut positions = Vec::new();
        for movement in valued {
            let position = movement.position();
            let counted = new.quants.moved.get(&position).copied().unwrap_or(Quantity::zero(book.item.unit));
            let of = movement.returned_move.and_then(|of| returned.get(&of).copied());
            let change = journal::change(&book.item, movement, counted, of)?;
            if let Change::CustomerReturn { issue, .. } = change {
                fresh.returns.push(ReturnLink { issue, returned: position });
            }
            fresh.entries.push(Booked { entry: Entry { position, change }, effects: Vec::new() });
            positions.push(position);
        }
        fresh.entries.sort_by_key(|booked| booked.entry.position);
        let mut shifted = new.shifted.iter().filter(|(item, _)| item == id).map(|(_, position)| *position).peekable();
        if shifted.peek().is_none() {
            book.append_only(fresh);
        }
        shifted.for_each(|position| book.touch(position));
        for position in positions {
            book.touch(position);
            book.reach(position);
        }
    }
    run(tx, settings, books)
}

/// Brings the books up to date, for one step each; what is left over is a job's.
pub(super) fn run(
    tx: &mut Tx,
    settings: &InventorySettings,
    books: &mut BTreeMap<Id<Item>, Book>,
) -> Result<Vec<(Id<Item>, Row)>> {
    for book in books.values_mut() {
        domain::revalue(&mut Ledger { tx, book }, settings.pace())?;
    }
    let rows = book::close(tx, books)?;
    for book in books.values().filter(|book| book.dirty().is_some()) {
        tx.enqueue(ValueItem { item: book.item.id });
    }
    Ok(rows)
}

/// Runs the hooks once for all changes of value. `moves` are those at hand; others are read together.
pub(super) fn tell(tx: &mut Tx, moves: &[Move], rows: &[(Id<Item>, Row)]) -> Result<()> {
    let rows: Vec<_> = rows.iter().filter(|(_, row)| !row.effect.value.is_zero()).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut known: BTreeMap<Id<Move>, (MoveKind, Option<String>)> =
        moves.iter().map(|m| (m.id, (m.kind, m.origin.clone()))).collect();
    let others: BTreeSet<_> = rows.iter().map(|(_, row)| Id::<Move>::from_uuid(row.effect.of.id)).collect();
    let others: Vec<_> = others.into_iter().filter(|id| !known.contains_key(id)).collect();
    for others in others.chunks(codexion::data::MANY_MAX) {
        known.extend(Move::get_many(tx, others)?.into_iter().map(|m| (m.id, (m.kind, m.origin))));
    }
    let mut changes = Vec::with_capacity(rows.len());
    for (item, row) in rows {
        let movement = Id::from_uuid(row.effect.of.id);
        let found = known.get(&movement).and_then(|(kind, origin)| Some((Flow::of(*kind)?, origin)));
        let Some((flow, origin)) = found else {
            return Err(Error::internal("inventory.valued_transfer", "a move without a value was valued"));
        };
        let reason = if row.first { flow.into() } else { Reason::Revaluation };
        let (date, value, origin) = (row.effect.cause.date, row.effect.value, origin.clone());
        changes.push(Valued { movement, item: *item, date, value, reason, flow, origin });
    }
    tx.after::<AfterValued>(&ValueChanges { changes })
}

/// Where the issues and receipts are whose goods came or went back.
fn returned(tx: &mut ReadTx, moves: &[Move]) -> Result<BTreeMap<Id<Move>, Position>> {
    let ids: BTreeSet<_> = moves.iter().filter_map(|movement| movement.returned_move).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<_> = ids.into_iter().collect();
    Ok(Move::get_many(tx, &ids)?.iter().map(|of| (of.id, of.position())).collect())
}
