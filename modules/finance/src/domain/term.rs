//! Payment terms: which part of an amount is due when.

use codexion::core::{Date, Money, Rate, Rounding};

use super::calendar::{add_days, add_months, month_and_day};
use crate::TermError;

/// Lines that together make up an amount; the last takes what the others leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentTerm {
    lines: Vec<TermLine>,
}

/// One part of the amount and the way to its date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermLine {
    /// How much.
    pub portion: Portion,
    /// From the document's date to the due date, one step after the other; without steps it is due at once.
    pub steps: Vec<DueStep>,
}

/// How much of the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portion {
    /// A share of what the lines before leave.
    OfRest(Rate),
    /// A share of the whole.
    OfTotal(Rate),
    /// So much, but never more than is left; its sign follows the document's.
    Fixed(Money),
    /// All that is left.
    Rest,
}

/// One step towards a due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueStep {
    /// So many months later, on the same day or the month's last.
    Months(u16),
    /// To this day of the month the date is in, or the month's last; 31 is always the last.
    DayOfMonth(u8),
    /// So many days later.
    Days(u16),
}

/// A part of an amount with its due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    /// When.
    pub due: Date,
    /// How much.
    pub amount: Money,
}

impl PaymentTerm {
    /// A term of these lines.
    ///
    /// # Errors
    /// [`TermError::RestNotLast`] unless the last line, and no other, takes the rest; [`TermError::Portion`] for
    /// shares that are not above zero; [`TermError::Day`] for a day no month has.
    pub fn new(lines: Vec<TermLine>) -> Result<Self, TermError> {
        let rests = lines.iter().filter(|l| l.portion == Portion::Rest).count();
        if rests != 1 || lines.last().is_none_or(|l| l.portion != Portion::Rest) {
            return Err(TermError::RestNotLast);
        }
        for (index, line) in lines.iter().enumerate() {
            let above_zero = match line.portion {
                Portion::OfRest(rate) | Portion::OfTotal(rate) => rate > Rate::ZERO,
                Portion::Fixed(amount) => amount.is_positive(),
                Portion::Rest => true,
            };
            if !above_zero {
                return Err(TermError::Portion { line: index + 1 });
            }
            if let Some(day) = line.steps.iter().find_map(|s| wrong_day(*s)) {
                return Err(TermError::Day { line: index + 1, day });
            }
        }
        Ok(Self { lines })
    }

    /// Everything, so many days after the document.
    #[must_use]
    pub fn net(days: u16) -> Self {
        Self { lines: vec![TermLine { portion: Portion::Rest, steps: vec![DueStep::Days(days)] }] }
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> &[TermLine] {
        &self.lines
    }

    /// The instalments of `amount` for a document of `date`; they add up to it exactly. Shares are rounded by
    /// `rounding`, parts of nothing are left out.
    ///
    /// # Errors
    /// [`TermError::OutOfRange`] when a date is beyond the calendar, [`TermError::Money`] when a fixed part is in
    /// another currency.
    pub fn instalments(&self, amount: Money, date: Date, rounding: Rounding) -> Result<Vec<Instalment>, TermError> {
        let mut rest = amount;
        let mut instalments = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let due = line.steps.iter().try_fold(date, |date, step| take(*step, date)).ok_or(TermError::OutOfRange)?;
            let part = match line.portion {
                Portion::OfRest(rate) => rate.apply(rest, rounding)?,
                Portion::OfTotal(rate) => rate.apply(amount, rounding)?,
                Portion::Fixed(fixed) if amount.is_negative() => fixed.checked_neg()?,
                Portion::Fixed(fixed) => fixed,
                Portion::Rest => rest,
            };
            let left = rest.checked_sub(part)?;
            // A part that is larger than what is left takes just that.
            let overdrawn = !left.is_zero() && left.is_negative() != amount.is_negative();
            let part = if overdrawn { rest } else { part };
            rest = rest.checked_sub(part)?;
            if !part.is_zero() {
                instalments.push(Instalment { due, amount: part });
            }
        }
        Ok(instalments)
    }
}

fn wrong_day(step: DueStep) -> Option<u8> {
    match step {
        DueStep::DayOfMonth(day) if !(1..=31).contains(&day) => Some(day),
        _ => None,
    }
}

fn take(step: DueStep, date: Date) -> Option<Date> {
    match step {
        DueStep::Months(months) => add_months(date, i32::from(months)),
        DueStep::DayOfMonth(day) => month_and_day(date, 0, day),
        DueStep::Days(days) => add_days(date, i32::from(days)),
    }
}
