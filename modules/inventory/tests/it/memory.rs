//! A value ledger in memory, and the short words that the tests are written in.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::time::Duration;

use codexion::core::{Currency, Date, Id, Money, Price, Quantity, Result, Unit};
use inventory::domain::{
    Booked, Change, Checkpoint, Dirty, Effect, Entry, Journal, Pace, Position, Progress, Removal, ReturnLink,
    Valuation, Worth, revalue,
};

pub(crate) const UNIT: Unit = Unit::PIECE;
pub(crate) const CURRENCY: Currency = Currency::EUR;

/// So many days after new year 2026.
pub(crate) fn day(number: i16) -> Date {
    let seconds = 86_400 * u64::try_from(number).unwrap();
    Date::new(2026, 1, 1).unwrap().checked_add(Duration::from_secs(seconds)).unwrap()
}

/// The `n`-th move of a day.
pub(crate) fn at(number: i16, n: u128) -> Position {
    Position::of::<()>(day(number), Id::from_uuid(uuid::Uuid::from_u128(n)))
}

pub(crate) fn pcs(text: &str) -> Quantity {
    format!("{text} pcs").parse().unwrap()
}

pub(crate) fn eur(text: &str) -> Money {
    format!("{text} EUR").parse().unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    Price::new(text.parse().unwrap(), CURRENCY).unwrap()
}

/// The item's history, its ledger and its checkpoints.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    removal: Removal,
    pub(crate) pace: Pace,
    pub(crate) entries: BTreeMap<Position, Change>,
    pub(crate) rows: Vec<Effect>,
    pub(crate) checkpoints: BTreeMap<Position, Checkpoint>,
    pub(crate) dirty: Option<Dirty>,
    /// Entries read so far.
    pub(crate) read: usize,
    sums: BTreeMap<Position, BTreeMap<Position, Effect>>,
}

impl Memory {
    pub(crate) fn new(removal: Removal) -> Self {
        Self {
            removal,
            pace: Pace { entries_max: 50, batch: 7, spacing: 5 },
            entries: BTreeMap::new(),
            rows: Vec::new(),
            checkpoints: BTreeMap::new(),
            dirty: None,
            read: 0,
            sums: BTreeMap::new(),
        }
    }

    /// Puts an entry where it belongs (or another in its place), without valuing it yet.
    pub(crate) fn put(&mut self, position: Position, change: Change) {
        self.entries.insert(position, change);
        let changed = Dirty::at(position);
        self.dirty = Some(self.dirty.map_or(changed, |dirty| dirty.and(changed)));
    }

    /// Puts an entry where it belongs and brings the ledger up to date, step by step.
    #[track_caller]
    pub(crate) fn book(&mut self, position: Position, change: Change) {
        self.put(position, change);
        self.catch_up();
    }

    #[track_caller]
    pub(crate) fn catch_up(&mut self) {
        let mut last = None;
        while let Progress::More { next, .. } = revalue(self, self.pace).unwrap() {
            assert!(last < Some(next), "every step comes further");
            last = Some(next);
        }
    }

    /// Quantity and value of the stock by the ledger's rows.
    pub(crate) fn stock(&self) -> (Quantity, Money) {
        let quantity = Quantity::sum(self.rows.iter().map(|row| row.quantity), UNIT).unwrap();
        (quantity, Money::sum(self.rows.iter().map(|row| row.value), CURRENCY).unwrap())
    }

    /// What each entry did to each move: the rows summed up, without those that cancel out.
    pub(crate) fn figures(&self) -> BTreeMap<(Position, Position), (i64, i64)> {
        let mut figures = BTreeMap::new();
        for row in &self.rows {
            let (quantity, value) = figures.entry((row.of, row.cause)).or_insert((0, 0));
            *quantity += row.quantity.scaled();
            *value += row.value.minor();
        }
        figures.retain(|_, figure| *figure != (0, 0));
        figures
    }

    /// Value of one move by the ledger's rows.
    pub(crate) fn value_of(&self, of: Position) -> Money {
        Money::sum(self.rows.iter().filter(|row| row.of == of).map(|row| row.value), CURRENCY).unwrap()
    }

    /// Quantity and value at the end of a day.
    pub(crate) fn stock_on(&self, date: Date) -> (Quantity, Money) {
        let rows = || self.rows.iter().filter(|row| row.cause.date <= date);
        let quantity = Quantity::sum(rows().map(|row| row.quantity), UNIT).unwrap();
        (quantity, Money::sum(rows().map(|row| row.value), CURRENCY).unwrap())
    }

    pub(crate) fn head(&self) -> &Valuation {
        &self.checkpoints.last_key_value().unwrap().1.state
    }
}

fn after<T>(map: &BTreeMap<Position, T>, position: Option<Position>) -> impl Iterator<Item = (&Position, &T)> {
    map.range((position.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded))
}

impl Journal for Memory {
    fn empty(&self) -> Valuation {
        Valuation::new(self.removal, UNIT, CURRENCY)
    }

    fn dirty(&mut self) -> Result<Option<Dirty>> {
        Ok(self.dirty)
    }

    fn set_dirty(&mut self, dirty: Option<Dirty>) -> Result<()> {
        self.dirty = dirty;
        Ok(())
    }

    fn checkpoint_before(&mut self, position: Position) -> Result<Option<Checkpoint>> {
        Ok(self.checkpoints.range(..position).next_back().map(|(_, checkpoint)| checkpoint.clone()))
    }

    fn checkpoint_after(&mut self, position: Option<Position>) -> Result<Option<Checkpoint>> {
        Ok(after(&self.checkpoints, position).next().map(|(_, checkpoint)| checkpoint.clone()))
    }

    fn keep(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        self.checkpoints.insert(checkpoint.at, checkpoint.clone());
        Ok(())
    }

    fn forget(&mut self, at: Position) -> Result<()> {
        assert!(self.checkpoints.remove(&at).is_some(), "a checkpoint is dropped once");
        Ok(())
    }

    fn entries_after(&mut self, position: Option<Position>, entries_max: usize) -> Result<Vec<Booked>> {
        let read: Vec<_> = after(&self.entries, position).take(entries_max).collect();
        self.read += read.len();
        Ok(read
            .into_iter()
            .map(|(position, change)| Booked {
                entry: Entry { position: *position, change: *change },
                effects: self.sums.get(position).map(|sums| sums.values().copied().collect()).unwrap_or_default(),
            })
            .collect())
    }

    fn returns_after(&mut self, position: Option<Position>) -> Result<Vec<ReturnLink>> {
        let link = |(returned, change): (&Position, &Change)| match change {
            Change::CustomerReturn { issue, .. } => Some(ReturnLink { issue: *issue, returned: *returned }),
            _ => None,
        };
        Ok(after(&self.entries, position).filter_map(link).collect())
    }

    fn worth(&mut self, issue: Position, until: Position) -> Result<Worth> {
        let of_issue = |of: Position| {
            of == issue || matches!(self.entries.get(&of), Some(Change::CustomerReturn { issue: i, .. }) if *i == issue)
        };
        let rows: Vec<_> = self.rows.iter().filter(|row| row.cause <= until && of_issue(row.of)).collect();
        let quantity = Quantity::sum(rows.iter().map(|row| row.quantity), UNIT)?.checked_neg()?;
        let value = Money::sum(rows.iter().map(|row| row.value), CURRENCY)?.checked_neg()?;
        Ok(Worth { quantity, value })
    }

    fn append(&mut self, rows: &[Effect]) -> Result<()> {
        for row in rows {
            assert!(!row.is_zero(), "a row without a change");
            let zero = Effect { quantity: Quantity::zero(UNIT), value: Money::zero(CURRENCY), ..*row };
            let sum = self.sums.entry(row.cause).or_default().entry(row.of).or_insert(zero);
            sum.quantity = sum.quantity.checked_add(row.quantity)?;
            sum.value = sum.value.checked_add(row.value)?;
        }
        self.rows.extend_from_slice(rows);
        Ok(())
    }
}
