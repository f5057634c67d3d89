//! Quantities of one item in one place by date, with counts that say what there is.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use codexion::core::{Date, Quantity, Unit};

use super::Position;
use crate::StockError;

/// What happened to the quantity in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Goods came (above zero) or went (below).
    Move(Quantity),
    /// Somebody counted: so much is there, whatever was expected.
    Count(Quantity),
}

/// Whether a balance may fall below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NegativeStock {
    /// It may not, on any day.
    #[default]
    Refuse,
    /// It may.
    Allow,
}

/// A change of what a move or a count means for the quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// The move or count.
    pub of: Position,
    /// By how much more than before.
    pub by: Quantity,
}

/// A stretch of the history of quantities: what there was at its start, and what happened since.
///
/// A change in the past shifts the balances up to the next count, and there it ends: the count then explains that
/// much less. So whatever comes later, a change costs two [`Shift`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    opening: Quantity,
    closed: BTreeMap<Date, Quantity>,
    happenings: BTreeMap<Position, Happening>,
}

impl Timeline {
    /// Nothing happened yet to what was there.
    #[must_use]
    pub const fn new(opening: Quantity) -> Self {
        Self { opening, closed: BTreeMap::new(), happenings: BTreeMap::new() }
    }

    /// What was there, and what is known to have happened since.
    #[must_use]
    pub fn with(opening: Quantity, happenings: impl IntoIterator<Item = (Position, Happening)>) -> Self {
        Self { opening, closed: BTreeMap::new(), happenings: happenings.into_iter().collect() }
    }

    /// What there is at the end of a day.
    ///
    /// # Errors
    /// [`StockError::Quantity`] on overflow.
    pub fn balance_on(&self, date: Date) -> Result<Quantity, StockError> {
        if let Some(known) = self.closed.get(&date) {
            return Ok(*known);
        }
        self.balance_before(Position::end_of(date))
    }

    /// What there is just before a position.
    ///
    /// # Errors
    /// [`StockError::Quantity`] on overflow.
    pub fn balance_before(&self, position: Position) -> Result<Quantity, StockError> {
        let (from, mut balance) = match self.closed.range(..position.date).next_back() {
            Some((date, balance)) => (Excluded(Position::end_of(*date)), *balance),
            None => (Unbounded, self.opening),
        };
        for happening in self.happenings.range((from, Excluded(position))).map(|(_, happening)| happening) {
            balance = after(balance, happening)?;
        }
        Ok(balance)
    }

    /// Puts a move or a count where it belongs and says what that shifts: itself, and the next count.
    ///
    /// # Errors
    /// [`StockError::Known`], [`StockError::Closed`], and [`StockError::Negative`] when negative stock is refused
    /// and a balance from here to the next count would be below zero. The timeline is then as before.
    pub fn insert(
        &mut self,
        position: Position,
        happening: Happening,
        negative: NegativeStock,
    ) -> Result<Vec<Shift>, StockError> {
        self.open(position.date)?;
        if self.happenings.contains_key(&position) {
            return Err(StockError::Known);
        }
        if let Happening::Count(counted) = happening
            && counted.is_negative()
        {
            return Err(StockError::CountNegative(counted));
        }
        let before = self.balance_before(position)?;
        let by = after(before, &happening)?.checked_sub(before)?;
        self.check(position, Some(happening), before, by, negative)?;
        let shifts = self.shifts(position, by)?;
        self.happenings.insert(position, happening);
        Ok(shifts)
    }

    /// Takes a move or a count out again and says what that shifts.
    ///
    /// # Errors
    /// [`StockError::Unknown`], [`StockError::Closed`], [`StockError::Negative`] as for [`Timeline::insert`].
    pub fn remove(&mut self, position: Position, negative: NegativeStock) -> Result<Vec<Shift>, StockError> {
        self.open(position.date)?;
        let happening = self.happenings.get(&position).ok_or(StockError::Unknown)?;
        let before = self.balance_before(position)?;
        let by = before.checked_sub(after(before, happening)?)?;
        self.check(position, None, before, by, negative)?;
        let shifts = self.shifts(position, by)?;
        self.happenings.remove(&position);
        Ok(shifts)
    }

    /// Closes the days through `through`: their quantities are final, and later balances are read from here.
    ///
    /// # Errors
    /// [`StockError::Quantity`] on overflow.
    pub fn close(&mut self, through: Date) -> Result<(), StockError> {
        let balance = self.balance_on(through)?;
        self.closed.insert(through, balance);
        Ok(())
    }

    fn open(&self, date: Date) -> Result<(), StockError> {
        match self.closed.last_key_value() {
            Some((through, _)) if date <= *through => Err(StockError::Closed { through: *through }),
            _ => Ok(()),
        }
    }

    /// What changes when everything after `position` is `by` more: the place itself and the next count.
    fn shifts(&self, position: Position, by: Quantity) -> Result<Vec<Shift>, StockError> {
        let mut shifts = vec![Shift { of: position, by }];
        if let Some(next) = self.next_count(position) {
            shifts.push(Shift { of: next, by: by.checked_neg()? });
        }
        Ok(shifts)
    }

    fn next_count(&self, position: Position) -> Option<Position> {
        let later = self.happenings.range((Excluded(position), Unbounded));
        later.into_iter().find(|(_, happening)| matches!(happening, Happening::Count(_))).map(|(at, _)| *at)
    }

    /// Refuses a change that lowers balances when one of them, up to the next count, would be below zero.
    fn check(
        &self,
        position: Position,
        happening: Option<Happening>,
        before: Quantity,
        by: Quantity,
        negative: NegativeStock,
    ) -> Result<(), StockError> {
        if negative == NegativeStock::Allow || !by.is_negative() {
            return Ok(());
        }
        let refuse_below_zero = |date, balance: Quantity| {
            if balance.is_negative() { Err(StockError::Negative { date, balance }) } else { Ok(()) }
        };
        let mut balance = match happening {
            Some(happening) => after(before, &happening)?,
            None => before,
        };
        refuse_below_zero(position.date, balance)?;
        for (at, happening) in self.happenings.range((Excluded(position), Unbounded)) {
            if matches!(happening, Happening::Count(_)) {
                break;
            }
            balance = after(balance, happening)?;
            refuse_below_zero(at.date, balance)?;
        }
        Ok(())
    }

    /// All positions of a stretch of days, with the balance after each.
    ///
    /// # Errors
    /// [`StockError::Quantity`] on overflow.
    pub fn balances(&self, from: Date, through: Date) -> Result<Vec<(Position, Quantity)>, StockError> {
        let mut balance = self.balance_before(Position::start_of(from))?;
        let days = (Included(Position::start_of(from)), Included(Position::end_of(through)));
        self.happenings
            .range(days)
            .map(|(at, happening)| {
                balance = after(balance, happening)?;
                Ok((*at, balance))
            })
            .collect()
    }

    /// In which unit.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.opening.unit()
    }
}

fn after(balance: Quantity, happening: &Happening) -> Result<Quantity, StockError> {
    match happening {
        Happening::Move(quantity) => Ok(balance.checked_add(*quantity)?),
        // The sum with nothing refuses a count in another unit.
        Happening::Count(counted) => Ok(Quantity::zero(balance.unit()).checked_add(*counted)?),
    }
}
