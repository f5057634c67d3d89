//! Fiscal years and the periods they are cut into.

use codexion::core::{Choice, Date};

use super::calendar::{add_days, month_and_day};
use crate::FiscalError;

/// The first and last day of a fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiscalYear {
    first: Date,
    last: Date,
}

/// How a year is cut: periods of so many months that end on a day of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    /// Months per period, 1 to 12.
    pub months: u8,
    /// Last day of a period; where a month is shorter, its last day. 1 to 31.
    pub end_day: u8,
}

/// A span of days that is opened and closed as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Counts from 1 within the year.
    pub number: u32,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

/// What may happen in a period or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum PeriodState {
    /// Entries may be posted.
    Open,
    /// No entries, until it is opened again.
    Closed,
    /// No entries, ever again.
    Locked,
}

impl Cycle {
    /// Calendar months.
    pub const MONTHLY: Self = Self { months: 1, end_day: 31 };
    /// Quarters of a calendar year.
    pub const QUARTERLY: Self = Self { months: 3, end_day: 31 };
}

impl FiscalYear {
    /// Longest year: companies are founded and change their year in the middle of one, but two whole years is a typo.
    pub const DAYS_MAX: u32 = 2 * 366;

    /// The year from its first to its last day.
    ///
    /// # Errors
    /// [`FiscalError::Reversed`], [`FiscalError::TooLong`].
    pub fn new(first: Date, last: Date) -> Result<Self, FiscalError> {
        if last < first {
            return Err(FiscalError::Reversed { first, last });
        }
        let days = last.duration_since(first).as_hours() / 24 + 1;
        if days > i64::from(Self::DAYS_MAX) {
            return Err(FiscalError::TooLong { first, last });
        }
        Ok(Self { first, last })
    }

    /// First day.
    #[must_use]
    pub const fn first(self) -> Date {
        self.first
    }

    /// Last day.
    #[must_use]
    pub const fn last(self) -> Date {
        self.last
    }

    /// Whether the day belongs to this year.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// Checks that a new year shares no day with those that exist.
    ///
    /// # Errors
    /// [`FiscalError::Overlap`] with the first of them.
    pub fn check_apart(self, existing: &[Self]) -> Result<(), FiscalError> {
        match existing.iter().find(|year| year.first <= self.last && self.first <= year.last) {
            Some(year) => Err(FiscalError::Overlap { first: year.first, last: year.last }),
            None => Ok(()),
        }
    }

    /// The periods of this year: consecutive, without a gap, the last one cut off at the year's end.
    ///
    /// # Errors
    /// [`FiscalError::Cycle`] when the cycle is not one.
    pub fn periods(self, cycle: Cycle) -> Result<Vec<Period>, FiscalError> {
        if !(1..=12).contains(&cycle.months) || !(1..=31).contains(&cycle.end_day) {
            return Err(FiscalError::Cycle { months: cycle.months, end_day: cycle.end_day });
        }
        let mut periods = Vec::new();
        let mut first = self.first;
        let mut number = 1;
        while first <= self.last {
            let end = period_end(first, cycle).unwrap_or(self.last);
            // A period has at least one day, whatever the cycle.
            let last = end.clamp(first, self.last);
            periods.push(Period { number, first, last });
            let Some(next) = add_days(last, 1) else { break };
            first = next;
            number += 1;
        }
        Ok(periods)
    }
}

/// A period that begins before its month's end day ends in the last of its months, otherwise one month later.
fn period_end(first: Date, cycle: Cycle) -> Option<Date> {
    let begun = i32::from(u8::try_from(first.day()).ok()? < cycle.end_day);
    month_and_day(first, i32::from(cycle.months) - begun, cycle.end_day)
}

impl Period {
    /// Whether the day belongs to this period.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

impl PeriodState {
    /// Whether entries may be posted.
    #[must_use]
    pub const fn accepts_entries(self) -> bool {
        matches!(self, Self::Open)
    }

    /// The state after a change: open and closed go both ways, only what is closed can be locked, and locked stays.
    ///
    /// # Errors
    /// [`FiscalError::State`].
    pub fn change(self, to: Self) -> Result<Self, FiscalError> {
        match (self, to) {
            (Self::Open, Self::Closed) | (Self::Closed, Self::Open | Self::Locked) => Ok(to),
            _ => Err(FiscalError::State { from: self, to }),
        }
    }
}
