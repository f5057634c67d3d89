//! Fiscal years and their periods.

use codexion::data::Statement;
use codexion::data::sqltype::{Day, Guid};
use codexion::prelude::{Currency, Date, Execute, Id, ReadTx, Repository, Result, Tx};
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};

use crate::domain::PeriodState;
use crate::error::PostError;

/// A fiscal year.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_years", tenant, company, versioned, audited)]
pub struct FiscalYear {
    /// Its id.
    pub id: Id<FiscalYear>,
    /// First day.
    #[field(unique)]
    pub first: Date,
    /// Last day.
    pub last: Date,
}

/// A span of days that is opened and closed as one.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_periods", tenant, company, versioned, audited)]
pub struct Period {
    /// Its id.
    pub id: Id<Period>,
    /// The year it belongs to.
    #[field(references = FiscalYear)]
    pub year: Id<FiscalYear>,
    /// Counts from 1 within the year.
    pub number: i32,
    /// First day.
    #[field(unique)]
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// What may happen in it.
    pub state: PeriodState,
}

/// The company and the periods around the dates of a posting, read at once.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The company's currency.
    pub(crate) currency: Currency,
    locked_until: Option<Date>,
    periods: Vec<Span>,
}

#[derive(Debug)]
struct Span {
    id: Id<Period>,
    first: Date,
    last: Date,
    state: PeriodState,
}

impl Frame {
    /// The period of a date, if it takes entries.
    pub(crate) fn check(&self, date: Date) -> Result<Id<Period>, PostError> {
        if let Some(until) = self.locked_until.filter(|until| date <= *until) {
            return Err(PostError::Locked { date, until });
        }
        let span = self.periods.iter().find(|p| (p.first..=p.last).contains(&date));
        let Span { id, state, .. } = span.ok_or(PostError::NoPeriod { date })?;
        if state.accepts_entries() { Ok(*id) } else { Err(PostError::PeriodClosed { date, state: *state }) }
    }
}

#[derive(QueryableByName)]
struct FrameRow {
    #[diesel(sql_type = Text)]
    currency: Currency,
    #[diesel(sql_type = Nullable<Day>)]
    locked_until: Option<Date>,
    #[diesel(sql_type = Nullable<Day>)]
    closed_until: Option<Date>,
    #[diesel(sql_type = Nullable<Guid>)]
    id: Option<Id<Period>>,
    #[diesel(sql_type = Nullable<Day>)]
    first: Option<Date>,
    #[diesel(sql_type = Nullable<Day>)]
    last: Option<Date>,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<PeriodState>,
}

/// The company and all periods that share a day with `first..=last`; `None` without a company.
pub(crate) fn frame(tx: &mut ReadTx, first: Date, last: Date) -> Result<Option<Frame>> {
    let mut sql = Statement::new(
        "SELECT c.currency, c.locked_until, c.closed_until, p.id, p.first, p.last, p.state FROM finance_companies c \
         LEFT JOIN finance_periods p ON p.tenant_id = c.tenant_id AND p.company_id = c.company_id AND p.first <= ",
    );
    sql.bind(last).push(" AND p.last >= ").bind(first).push(" WHERE c.tenant_id = ").bind(tx.tenant());
    sql.push(" AND c.company_id = ").bind(tx.company());
    let rows: Vec<FrameRow> = sql.rows(tx)?;
    let Some(company) = rows.first() else { return Ok(None) };
    let (currency, locked_until) = (company.currency, company.locked_until.max(company.closed_until));
    let span = |row: FrameRow| Some(Span { id: row.id?, first: row.first?, last: row.last?, state: row.state? });
    Ok(Some(Frame { currency, locked_until, periods: rows.into_iter().filter_map(span).collect() }))
}

/// Waits until no posting is under way and keeps the next ones waiting until the commit, so that none slips into a
/// period that is being closed: a posting takes its number last, and looks at its period after that.
pub(crate) fn hold_postings(tx: &mut Tx) -> Result<()> {
    let mut sql = Statement::new("UPDATE finance_series SET last_number = last_number WHERE tenant_id = ");
    sql.bind(tx.tenant()).push(" AND company_id = ").bind(tx.company());
    sql.run(tx).map(|_| ())
}
