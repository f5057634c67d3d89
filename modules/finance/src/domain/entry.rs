//! Entries: what exists is balanced.

use codexion::core::{Currency, Date, Money};

use super::{Line, Side};
use crate::EntryError;

/// A balanced set of lines on a date, ready to be posted.
///
/// INVARIANT: an `Entry` that exists has lines, debits equal credits in company currency, and in every foreign
/// currency that stands on both sides. There is no way to change one; a correction is a reversal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    date: Date,
    currency: Currency,
    text: String,
    lines: Vec<Line>,
    total: Money,
}

impl Entry {
    /// Most lines of one entry: the closing of a large year fits, an endless loop does not.
    pub const LINES_MAX: usize = 100_000;

    /// A balanced entry of a company that keeps its books in `currency`.
    ///
    /// # Errors
    /// [`EntryError::Empty`], [`EntryError::TooManyLines`]; a line that is no line ([`EntryError::ZeroLine`],
    /// [`EntryError::NegativeAmount`], [`EntryError::ForeignIsCompany`], a currency that is not the company's);
    /// [`EntryError::Unbalanced`], [`EntryError::ForeignUnbalanced`].
    pub fn new(date: Date, currency: Currency, text: &str, lines: Vec<Line>) -> Result<Self, EntryError> {
        if lines.is_empty() {
            return Err(EntryError::Empty);
        }
        if lines.len() > Self::LINES_MAX {
            return Err(EntryError::TooManyLines { lines: lines.len() });
        }
        for (index, line) in lines.iter().enumerate() {
            check_line(index + 1, line, currency)?;
        }
        let total = check_balance(&lines, currency)?;
        check_foreign_balances(&lines)?;
        Ok(Self { date, currency, text: text.to_owned(), lines, total })
    }

    /// The entry that undoes this one: every line on its other side.
    ///
    /// # Errors
    /// [`EntryError::ReversalTooEarly`] when `date` is before the date of this entry.
    pub fn reversal(&self, date: Date, text: &str) -> Result<Self, EntryError> {
        if date < self.date {
            return Err(EntryError::ReversalTooEarly { date, entry: self.date });
        }
        let lines = self.lines.iter().map(Line::reversed).collect();
        Self::new(date, self.currency, text, lines)
    }

    /// The date it takes effect.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// The company's currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What it is about.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its lines, as given.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The sum of its debits, which is the sum of its credits.
    #[must_use]
    pub const fn total(&self) -> Money {
        self.total
    }
}

fn check_line(number: usize, line: &Line, currency: Currency) -> Result<(), EntryError> {
    let foreign = line.foreign();
    Money::zero(currency).checked_add(line.amount())?;
    if line.amount().is_negative() || foreign.is_some_and(Money::is_negative) {
        return Err(EntryError::NegativeAmount { line: number });
    }
    if foreign.is_some_and(|amount| amount.currency() == currency) {
        return Err(EntryError::ForeignIsCompany { line: number, currency });
    }
    if line.amount().is_zero() && foreign.is_none_or(Money::is_zero) {
        return Err(EntryError::ZeroLine { line: number });
    }
    Ok(())
}

fn check_balance(lines: &[Line], currency: Currency) -> Result<Money, EntryError> {
    let total = |side| Money::sum(lines.iter().filter(|l| l.side() == side).map(Line::amount), currency);
    let (debit, credit) = (total(Side::Debit)?, total(Side::Credit)?);
    if debit == credit { Ok(debit) } else { Err(EntryError::Unbalanced { debit, credit }) }
}

/// A currency that stands on one side only is a payment from an account kept in another currency, and needs no
/// balance.
fn check_foreign_balances(lines: &[Line]) -> Result<(), EntryError> {
    let mut currencies: Vec<Currency> = lines.iter().filter_map(|l| Some(l.foreign()?.currency())).collect();
    currencies.sort_unstable();
    currencies.dedup();
    for currency in currencies {
        let total = |side| {
            let of_side = lines.iter().filter(|l| l.side() == side).filter_map(Line::foreign);
            Money::sum(of_side.filter(|amount| amount.currency() == currency), currency)
        };
        let (debit, credit) = (total(Side::Debit)?, total(Side::Credit)?);
        if !debit.is_zero() && !credit.is_zero() && debit != credit {
            return Err(EntryError::ForeignUnbalanced { debit, credit });
        }
    }
    Ok(())
}
