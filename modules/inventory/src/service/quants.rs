//! Quantities in places: what a set of moves does to them, and to the counts after them.

use std::collections::{BTreeMap, BTreeSet};

use codexion::prelude::*;

use crate::domain::{Bin, Happening, NegativeStock, Position, Shift, Timeline};
use crate::store::{self, Item, Level, Location, Move, MoveKind, StockEntry, sql};

/// An item in a place: what is locked together.
pub(super) use store::history::Pair;

/// What a move does to a quantity in one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Touch {
    pub(super) pair: Pair,
    pub(super) position: Position,
    pub(super) happening: Happening,
    /// What of the goods that leave is reserved for this move.
    pub(super) held: Quantity,
}

/// One item in one place, locked.
#[derive(Debug)]
struct Quant {
    level: Level,
    line: Timeline,
}

/// Items in places, locked by this unit of work.
#[derive(Debug)]
pub(super) struct Quants {
    levels: BTreeMap<Pair, Level>,
    quants: BTreeMap<Pair, Quant>,
    entries: Vec<StockEntry>,
    /// Counts that now explain more or less than before.
    pub(super) shifted: BTreeSet<(Id<Item>, Position)>,
    /// By how much each move changed the stock.
    pub(super) moved: BTreeMap<Position, Quantity>,
}

impl Quants {
    /// Locks the levels of `pairs`, each given with the item's unit, and reads them; those that are not there yet
    /// are written first.
    pub(super) fn lock(tx: &mut Tx, pairs: &BTreeMap<Pair, Unit>) -> Result<Self> {
        let mut levels = BTreeMap::new();
        for missing in [false, true] {
            let wanted: Vec<Pair> = pairs.keys().filter(|pair| !levels.contains_key(*pair)).copied().collect();
            if wanted.is_empty() {
                break;
            }
            if missing {
                let mut new = Vec::with_capacity(wanted.len());
                for (pair, unit) in pairs.iter().filter(|(pair, _)| !levels.contains_key(*pair)) {
                    new.push(empty_level(tx, *pair, *unit));
                }
                sql::put_missing(tx, &new)?;
            }
            let keys: Vec<_> = wanted.iter().map(|(item, place)| vec![(*item).into(), (*place).into()]).collect();
            let found = sql::locked::<Level>(tx, &["item", "location"], &keys)?;
            levels.extend(found.into_iter().map(|level| ((level.item, level.location), level)));
        }
        Ok(Self {
            levels,
            quants: BTreeMap::new(),
            entries: Vec::new(),
            shifted: BTreeSet::new(),
            moved: BTreeMap::new(),
        })
    }

    /// The positions of the last moves in these places.
    pub(super) fn lasts(&self) -> impl Iterator<Item = (Pair, Position)> {
        self.levels.iter().filter_map(|(pair, level)| Some((*pair, last(level)?)))
    }

    /// Books `touches`, each in its place of the history.
    pub(super) fn book(&mut self, tx: &mut Tx, touches: &[Touch], negative: NegativeStock) -> Result<()> {
        self.open(tx, touches)?;
        for touch in touches {
            let Some(quant) = self.quants.get_mut(&touch.pair) else { continue };
            if let Happening::Move(quantity) = touch.happening
                && quantity.is_negative()
            {
                take(&mut quant.level, quantity.checked_neg()?, touch.held)?;
            }
            let shifts = quant.line.insert(touch.position, touch.happening, negative)?;
            for shift in shifts {
                let entry = quant.shift(tx, touch, shift)?;
                if shift.of != touch.position {
                    self.shifted.insert((touch.pair.0, shift.of));
                }
                let moved = self.moved.entry(shift.of).or_insert(Quantity::zero(shift.by.unit()));
                *moved = moved.checked_add(shift.by)?;
                self.entries.extend(entry);
            }
            quant.remember(touch.position);
        }
        Ok(())
    }

    /// Writes what was booked.
    pub(super) fn store(&mut self, tx: &mut Tx) -> Result<()> {
        StockEntry::insert_many(tx, &std::mem::take(&mut self.entries))?;
        let levels: Vec<Level> = std::mem::take(&mut self.quants).into_values().map(|quant| quant.level).collect();
        sql::put_many(tx, &levels)
    }

    /// Reads the part of the history that the touches lie before; mostly there is none.
    fn open(&mut self, tx: &mut Tx, touches: &[Touch]) -> Result<()> {
        let mut first = BTreeMap::new();
        for touch in touches {
            let at = first.entry(touch.pair).or_insert(touch.position);
            *at = touch.position.min(*at);
        }
        let levels = std::mem::take(&mut self.levels);
        let past: Vec<(Pair, Position)> = first
            .iter()
            .filter(|(pair, first)| levels.get(*pair).and_then(last).is_some_and(|last| last > **first))
            .map(|(pair, first)| (*pair, *first))
            .collect();
        let mut past = store::history::since(tx, &past)?;
        for (pair, level) in levels {
            let happenings = past.remove(&pair).unwrap_or_default();
            let line = timeline(&level, &happenings)?;
            self.quants.insert(pair, Quant { level, line });
        }
        Ok(())
    }
}

impl Quant {
    fn shift(&mut self, tx: &mut Tx, touch: &Touch, shift: Shift) -> Result<Option<StockEntry>> {
        // A count that found what was expected still stops what comes from the past, so it is written down.
        if shift.by.is_zero() && shift.of != touch.position {
            return Ok(None);
        }
        let was_empty = !self.level.on_hand.is_positive();
        self.level.on_hand = self.level.on_hand.checked_add(shift.by)?;
        if was_empty && self.level.on_hand.is_positive() {
            self.level.since = shift.of.date;
        }
        Ok(Some(StockEntry {
            id: tx.new_id(),
            r#move: Id::from_uuid(shift.of.id),
            item: touch.pair.0,
            location: touch.pair.1,
            quantity: shift.by,
            date: shift.of.date,
            recorded_at: tx.now(),
        }))
    }

    fn remember(&mut self, position: Position) {
        if last(&self.level).is_none_or(|last| last < position) {
            self.level.last_date = Some(position.date);
            self.level.last_move = Some(Id::from_uuid(position.id));
        }
    }
}

/// What a move does to its places that are ours. `held` is what is reserved for it.
pub(super) fn touches(movement: &Move, ours: impl Fn(Id<Location>) -> bool, held: Quantity) -> Result<Vec<Touch>> {
    let position = movement.position();
    let none = Quantity::zero(movement.quantity.unit());
    let touch = |place, happening, held| Touch { pair: (movement.item, place), position, happening, held };
    if movement.kind == MoveKind::Count {
        return Ok(vec![touch(movement.destination, Happening::Count(movement.quantity), none)]);
    }
    let mut touches = Vec::with_capacity(2);
    if ours(movement.source) {
        touches.push(touch(movement.source, Happening::Move(movement.quantity.checked_neg()?), held));
    }
    if ours(movement.destination) {
        touches.push(touch(movement.destination, Happening::Move(movement.quantity), none));
    }
    Ok(touches)
}

/// What is promised to others stays.
fn take(level: &mut Level, wanted: Quantity, held: Quantity) -> Result<()> {
    let mut bin = Bin { key: (), since: level.since, on_hand: level.on_hand, reserved: level.reserved };
    if level.reserved.checked_cmp(held)?.is_gt() || !held.is_zero() {
        bin.take(wanted, held)?;
        level.reserved = bin.reserved;
    }
    Ok(())
}

/// What was there before the happenings, and they.
fn timeline(level: &Level, happenings: &[store::history::Past]) -> Result<Timeline> {
    let unit = level.on_hand.unit();
    let since = Quantity::sum(happenings.iter().map(|past| past.quantity), unit)?;
    let happening = |past: &store::history::Past| match past.counted {
        Some(found) => Happening::Count(found),
        None => Happening::Move(past.quantity),
    };
    let happenings = happenings.iter().map(|past| (past.position, happening(past)));
    Ok(Timeline::with(level.on_hand.checked_sub(since)?, happenings))
}

fn last(level: &Level) -> Option<Position> {
    Some(Position::of(level.last_date?, level.last_move?))
}

fn empty_level(tx: &mut Tx, (item, location): Pair, unit: Unit) -> Level {
    Level {
        id: tx.new_id(),
        item,
        location,
        on_hand: Quantity::zero(unit),
        reserved: Quantity::zero(unit),
        since: tx.today(),
        last_date: None,
        last_move: None,
    }
}
