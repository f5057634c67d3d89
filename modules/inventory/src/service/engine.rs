//! The way that every move takes, many at once: look up, lock, order, write, value, tell.

use std::collections::{BTreeMap, BTreeSet};

use codexion::prelude::*;

use super::draft::{Draft, Known};
use super::hold::Holds;
use super::quants::{Pair, Quants, touches};
use super::{Moved, StockMoved, value};
use crate::domain::Position;
use crate::settings::InventorySettings;
use crate::store::book::{self, Book};
use crate::store::{Item, Location, Move, MoveKind};

/// Does what the drafts ask for, in their order. A fixed number of statements, however many there are.
pub(super) fn execute<P: Policy<Resource = Move>>(
    tx: &mut Tx,
    settings: &InventorySettings,
    drafts: &[Draft],
) -> Result<Vec<Moved>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let known = Known::load(tx, drafts)?;
    let mut moves = drafts.iter().map(|draft| known.to_move(tx, draft)).collect::<Result<Vec<_>>>()?;
    let ours = ours(&known, drafts)?;
    let mut quants = Quants::lock(tx, &pairs(&moves, &ours))?;
    let mut books = book::open(tx, valued_items(&known, &moves)?)?;
    number(tx, &mut moves, &quants, &books);
    for movement in &moves {
        tx.authorize::<P>(movement)?;
    }
    Move::insert_many(tx, &moves)?;
    let mut holds = Holds::load(tx, drafts)?;
    let mut all = Vec::with_capacity(moves.len());
    for (movement, draft) in moves.iter().zip(drafts) {
        let held = holds.use_up(draft, movement)?;
        all.extend(touches(movement, |place| ours.contains(&place), held)?);
    }
    quants.book(tx, &all, settings.negative())?;
    quants.store(tx)?;
    holds.store(tx)?;
    let shifted = std::mem::take(&mut quants.shifted);
    let items: BTreeSet<_> = shifted.iter().map(|(item, _)| *item).filter(|item| !books.contains_key(item)).collect();
    let items = items.into_iter().map(|item| Ok(known.item(item)?.clone())).collect::<Result<Vec<_>>>()?;
    books.append(&mut book::open(tx, items)?);
    let rows =
        value::new_moves(tx, settings, &mut books, value::New { moves: &moves, shifted: &shifted, quants: &quants })?;
    let moved =
        moves.iter().map(|movement| moved(&known, movement, &quants, &books, &rows)).collect::<Result<Vec<_>>>()?;
    if let Some(first) = moved.first() {
        tx.emit(StockMoved { movement: first.movement, moves: moved.clone() });
    }
    value::tell(tx, &moves, &rows)?;
    Ok(moved)
}

/// The places that are ours.
fn ours(known: &Known, drafts: &[Draft]) -> Result<BTreeSet<Id<Location>>> {
    let mut ours = BTreeSet::new();
    for draft in drafts {
        for side in [draft.source, draft.destination] {
            let place = known.place(side)?;
            if place.kind.is_ours() {
                ours.insert(place.id);
            }
        }
    }
    Ok(ours)
}

fn pairs(moves: &[Move], ours: &BTreeSet<Id<Location>>) -> BTreeMap<Pair, Unit> {
    let sides = moves.iter().flat_map(|m| [m.source, m.destination].map(|place| ((m.item, place), m.quantity.unit())));
    sides.filter(|((_, place), _)| ours.contains(place)).collect()
}

fn valued_items(known: &Known, moves: &[Move]) -> Result<Vec<Item>> {
    let valued = moves.iter().filter(|movement| movement.kind != MoveKind::Transfer);
    let ids: BTreeSet<_> = valued.map(|movement| movement.item).collect();
    ids.into_iter().map(|id| Ok(known.item(id)?.clone())).collect()
}

/// Gives the moves ids in their order, each behind what its item and its places saw on that day: whoever holds the
/// locks comes later than everybody before, whatever the clocks of the machines say.
fn number(tx: &mut Tx, moves: &mut [Move], quants: &Quants, books: &BTreeMap<Id<Item>, Book>) {
    let places = quants.lasts().map(|((item, _), last)| (item, last));
    let items = books.iter().filter_map(|(item, book)| Some((*item, book.last()?)));
    let lasts: Vec<(Id<Item>, Position)> = places.chain(items).collect();
    let last = |movement: &Move| {
        let same = lasts.iter().filter(|(item, last)| *item == movement.item && last.date == movement.date);
        same.map(|(_, last)| last.id).max()
    };
    let behind = moves.iter().filter_map(last).max();
    let mut ids: Vec<Id<Move>> = moves.iter().map(|_| tx.new_id()).collect();
    if let Some(behind) = behind
        && ids.iter().any(|id| id.uuid() <= behind)
    {
        let later = i64::try_from(behind.as_u128() >> 80).unwrap_or(0).saturating_add(1);
        let later = Timestamp::from_millisecond(later).unwrap_or(tx.now());
        ids = moves.iter().map(|_| Id::at(later)).collect();
    }
    ids.sort_unstable();
    for (movement, id) in moves.iter_mut().zip(ids) {
        movement.id = id;
    }
}

/// What a move did, as far as it is valued.
fn moved(
    known: &Known,
    movement: &Move,
    quants: &Quants,
    books: &BTreeMap<Id<Item>, Book>,
    rows: &[(Id<Item>, book::Row)],
) -> Result<Moved> {
    let position = movement.position();
    let book = books.get(&movement.item).filter(|_| movement.kind != MoveKind::Transfer);
    let own = rows.iter().filter(|(_, row)| row.effect.of == position).map(|(_, row)| row.effect.value);
    let value = Money::sum(own, known.item(movement.item)?.currency)?;
    let counted = || quants.moved.get(&position).copied().unwrap_or(Quantity::zero(movement.quantity.unit()));
    let quantity = if movement.kind == MoveKind::Count { counted() } else { movement.quantity };
    let pending = book.and_then(Book::dirty).is_some();
    Ok(Moved { movement: movement.id, item: movement.item, quantity, value, pending })
}
