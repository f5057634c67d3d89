//! Exchange rates: looked up by day, imported from the European Central Bank's file.

mod import;

use codexion::core::MoneyError;
use codexion::prelude::{Currency, Date, Decimal, Money, Provider, Rate, ReadTx, Repository, Result, Rounding, Tx};

use super::ImportSummary;
use crate::error::BooksError;
use crate::policy::ImportRates;
use crate::store::{ExchangeRate, rate};

/// Days that a rate stays valid without a newer one: banks close for holidays, but not for weeks.
const DAYS_MAX: i64 = 10;

/// Exchange rates.
#[derive(Debug, Default, Provider)]
#[provider(singleton)]
pub struct Rates;

impl Rates {
    /// What one unit of a currency was worth in another on a day, rounded to ten digits: directly, the other way
    /// round, or by way of a third currency.
    ///
    /// # Errors
    /// [`BooksError::NoRate`].
    pub fn rate(&self, tx: &mut ReadTx, from: Currency, to: Currency, date: Date) -> Result<Rate> {
        rate(tx, from, to, date)
    }

    /// An amount in another currency, rounded once.
    ///
    /// # Errors
    /// As [`rate`](Self::rate); the amount is too large.
    pub fn convert(&self, tx: &mut ReadTx, amount: Money, to: Currency, date: Date) -> Result<Money> {
        let factor = factor(tx, amount.currency(), to, date)?;
        let exact = amount.to_decimal().checked_mul(factor).ok_or(MoneyError::Overflow)?;
        Ok(Money::from_decimal(exact, to, Rounding::HalfUp)?)
    }

    /// Stores a rate: one unit of `base` was worth `rate` units of `currency` from that day on.
    ///
    /// # Errors
    /// The actor may not; the rate is not above zero.
    pub fn set(&self, tx: &mut Tx, base: Currency, currency: Currency, date: Date, rate: Rate) -> Result<()> {
        tx.authorize::<ImportRates>(&())?;
        let new = ExchangeRate { id: tx.new_id(), base, currency, date, rate };
        ExchangeRate::upsert(tx, &new, &["base", "currency", "date"])
    }

    /// Imports the reference rates of the European Central Bank: a column for the date, then one for each currency,
    /// in units for one euro. `file` names the text in errors. What is stored already is left alone, so that the
    /// same file can be imported again.
    ///
    /// # Errors
    /// The actor may not; [`ImportError`](crate::ImportError) with file, line and column.
    pub fn import(&self, tx: &mut Tx, file: &str, csv: &str) -> Result<ImportSummary> {
        tx.authorize::<ImportRates>(&())?;
        import::import(tx, file, csv)
    }
}

pub(super) fn rate(tx: &mut ReadTx, from: Currency, to: Currency, date: Date) -> Result<Rate> {
    let factor = factor(tx, from, to, date)?;
    Ok(Rate::new(Rounding::HalfEven.round(factor, Rate::DIGITS))?)
}

/// The same with all the digits of a decimal.
pub(super) fn factor(tx: &mut ReadTx, from: Currency, to: Currency, date: Date) -> Result<Decimal> {
    if from == to {
        return Ok(Decimal::ONE);
    }
    let known = rate::latest(tx, &[from, to], date, DAYS_MAX)?;
    let missing = || BooksError::NoRate { from, to, date };
    for base in known.iter().map(|r| r.base).chain([from, to]) {
        let in_base = |of: Currency| {
            let stored = known.iter().find(|r| r.base == base && r.currency == of).map(|r| r.rate.to_decimal());
            if of == base { Some(Decimal::ONE) } else { stored }
        };
        if let (Some(one), Some(other)) = (in_base(from), in_base(to)) {
            return Ok(other.checked_div(one).ok_or_else(missing)?);
        }
    }
    Err(missing().into())
}
