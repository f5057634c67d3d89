//! Fiscal years, their periods, and dates that are locked.

use codexion::core::Choice;
use codexion::prelude::{Date, Filter, Id, Provider, Repository, Result, Tx};

use super::ledger::company;
use crate::domain::{self, Cycle, PeriodState};
use crate::error::BooksError;
use crate::policy::{ChangeCalendar, LockBooks};
use crate::store::calendar::hold_postings;
use crate::store::{Company, FiscalYear, Period};

/// Opening and closing of the books.
#[derive(Debug, Default, Provider)]
#[provider(singleton)]
pub struct Calendar;

/// How firmly dates are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum LockKind {
    /// It can be moved back.
    Soft,
    /// It only moves forward.
    Hard,
}

impl Calendar {
    /// Opens a year, cut into periods that are open.
    ///
    /// # Errors
    /// The actor may not; [`FiscalError`](crate::FiscalError): it overlaps with another, or is no year.
    pub fn open_year(&self, tx: &mut Tx, first: Date, last: Date, cycle: Cycle) -> Result<Id<FiscalYear>> {
        tx.authorize::<ChangeCalendar>(&())?;
        open_year(tx, first, last, cycle)
    }

    /// Closes a period, opens it again, or locks it for ever. No posting can slip in while it is being closed.
    ///
    /// # Errors
    /// The actor may not; [`FiscalError::State`](crate::FiscalError::State).
    pub fn set_state(&self, tx: &mut Tx, period: Id<Period>, to: PeriodState) -> Result<Period> {
        tx.authorize::<ChangeCalendar>(&())?;
        hold_postings(tx)?;
        Period::update(tx, period, |stored| {
            stored.state = stored.state.change(to)?;
            Ok(())
        })
    }

    /// Locks all dates up to a day; a soft lock is taken away by `None`.
    ///
    /// # Errors
    /// The actor may not; [`BooksError::ClosedForGood`] when a hard lock would move back.
    pub fn lock(&self, tx: &mut Tx, kind: LockKind, until: Option<Date>) -> Result<Company> {
        let company = company(tx)?;
        tx.authorize::<LockBooks>(&company)?;
        hold_postings(tx)?;
        Company::update(tx, company.id, |stored| {
            match (kind, stored.closed_until) {
                (LockKind::Soft, _) => stored.locked_until = until,
                (LockKind::Hard, Some(closed)) if until.is_none_or(|until| until < closed) => {
                    return Err(BooksError::ClosedForGood { until: closed }.into());
                }
                (LockKind::Hard, _) => stored.closed_until = until,
            }
            Ok(())
        })
    }
}

pub(super) fn open_year(tx: &mut Tx, first: Date, last: Date, cycle: Cycle) -> Result<Id<FiscalYear>> {
    let year = domain::FiscalYear::new(first, last)?;
    let stored = FiscalYear::list(tx, &Filter::All)?;
    let existing = stored.iter().map(|y| domain::FiscalYear::new(y.first, y.last)).collect::<Result<Vec<_>, _>>()?;
    year.check_apart(&existing)?;
    let id = tx.new_id();
    FiscalYear::insert(tx, &FiscalYear { id, first, last })?;
    let mut periods = Vec::new();
    for domain::Period { number, first, last } in year.periods(cycle)? {
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        periods.push(Period { id: tx.new_id(), year: id, number, first, last, state: PeriodState::Open });
    }
    Period::insert_many(tx, &periods)?;
    Ok(id)
}
