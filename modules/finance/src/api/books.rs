//! Setting up and keeping the books: company, accounts, years, periods, rates, the trial balance.

use codexion::prelude::{
    Answer, Body, Currency, Date, Inject, NoContent, PathId, Query, Rate, ReadTx, Registrar, Tx, WebRegistrar, Work,
};
use codexion::web::Once;
use schemars::JsonSchema;
use serde::Deserialize;

use super::NewRecord;
use crate::domain::{AccountId, AccountKind, Cycle, PeriodState};
use crate::service::{Calendar, Charts, Journal, LockKind, NewCompany, Numbering, Rates, Setup, TrialBalance};
use crate::store::{Account, Company, FiscalYear, Period};

/// A company that begins to keep books.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CompanyRequest {
    /// Its name.
    name: String,
    /// The currency of its books.
    currency: Currency,
    /// The first calendar year that is opened.
    first_year: i16,
    /// How many are opened.
    years: u8,
    /// How the numbers of invoices follow their dates; strictly if it is not said.
    #[serde(default)]
    numbering: Numbering,
}

/// An account.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AccountRequest {
    /// What bookkeepers call it.
    code: String,
    /// For people.
    name: String,
    /// What its balance means.
    kind: AccountKind,
    /// The heading it stands under.
    #[serde(default)]
    parent: Option<AccountId>,
    /// Whether it only groups.
    #[serde(default)]
    heading: bool,
    /// Whether its lines are matched with each other.
    #[serde(default)]
    reconcilable: bool,
}

/// A fiscal year.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct YearRequest {
    /// First day.
    first: Date,
    /// Last day.
    last: Date,
    /// Months per period; one if it is not said.
    #[serde(default)]
    months: Option<u8>,
    /// Last day of a period; the month's last if it is not said.
    #[serde(default)]
    end_day: Option<u8>,
}

/// What a period shall be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StateRequest {
    /// Open, closed or locked.
    state: PeriodState,
}

/// Which dates are locked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LockRequest {
    /// Soft or hard.
    kind: LockKind,
    /// Last locked day; absent to take a soft lock away.
    #[serde(default)]
    until: Option<Date>,
}

/// What one unit of a currency was worth in another from a day on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RateRequest {
    /// One unit of this,
    base: Currency,
    /// in units of this.
    currency: Currency,
    /// From this day on.
    date: Date,
    /// How many.
    rate: Rate,
}

/// Up to when.
#[derive(Debug, Deserialize, JsonSchema)]
struct AsOf {
    /// The last day that counts.
    as_of: Date,
    /// Whether the company's branches are added to it.
    #[serde(default)]
    branches: bool,
}

/// `POST /companies`: sets up the books of the company.
async fn set_up_company(
    work: Work,
    setup: Inject<Setup>,
    once: Once,
    body: Body<CompanyRequest>,
) -> Answer<NewRecord<Company>> {
    let mut new = NewCompany::new(&body.name, body.currency, body.first_year, body.years)?;
    new.numbering = body.numbering;
    work.write(move |tx| once.run(tx, |tx| Ok(NewRecord { id: setup.company(tx, &new)?.id }))).await
}

/// `POST /accounts`: adds an account to the chart.
async fn add_account(
    work: Work,
    charts: Inject<Charts>,
    once: Once,
    body: Body<AccountRequest>,
) -> Answer<NewRecord<Account>> {
    let add = move |tx: &mut Tx| {
        let AccountRequest { code, name, kind, parent, heading, reconcilable } = (*body).clone();
        let id = tx.new_id();
        charts.add(tx, &[Account { id, code, name, kind, parent, heading, reconcilable }])?;
        Ok(NewRecord { id })
    };
    work.write(move |tx| once.run(tx, &add)).await
}

/// `POST /years`: opens a fiscal year with its periods.
async fn open_year(
    work: Work,
    calendar: Inject<Calendar>,
    once: Once,
    body: Body<YearRequest>,
) -> Answer<NewRecord<FiscalYear>> {
    let YearRequest { first, last, months, end_day } = *body;
    let cycle = Cycle { months: months.unwrap_or(1), end_day: end_day.unwrap_or(31) };
    let open = move |tx: &mut Tx| Ok(NewRecord { id: calendar.open_year(tx, first, last, cycle)? });
    work.write(move |tx| once.run(tx, &open)).await
}

/// `POST /periods/{id}/state`: closes, opens or locks a period.
async fn set_period_state(
    work: Work,
    calendar: Inject<Calendar>,
    id: PathId<Period>,
    body: Body<StateRequest>,
) -> Answer<NoContent> {
    work.write(move |tx| calendar.set_state(tx, *id, body.state).map(|_| ())).await?;
    Ok(NoContent)
}

/// `POST /lock`: locks all dates up to a day.
async fn lock_books(work: Work, calendar: Inject<Calendar>, body: Body<LockRequest>) -> Answer<NoContent> {
    work.write(move |tx| calendar.lock(tx, body.kind, body.until).map(|_| ())).await?;
    Ok(NoContent)
}

/// `POST /rates`: stores an exchange rate.
async fn set_rate(work: Work, rates: Inject<Rates>, body: Body<RateRequest>) -> Answer<NoContent> {
    let RateRequest { base, currency, date, rate } = *body;
    work.write(move |tx| rates.set(tx, base, currency, date, rate)).await?;
    Ok(NoContent)
}

/// `GET /trial_balance`: the sums of all accounts, of the company alone or with its branches.
async fn trial_balance(work: Work, journal: Inject<Journal>, query: Query<AsOf>) -> Answer<TrialBalance> {
    let AsOf { as_of, branches } = *query;
    let read = move |tx: &mut ReadTx| match branches {
        true => journal.consolidated_trial_balance(tx, as_of),
        false => journal.trial_balance(tx, as_of),
    };
    work.snapshot(read).await
}

pub(super) fn register(m: &mut Registrar) {
    m.post("/companies", set_up_company).post("/accounts", add_account);
    m.post("/years", open_year).post("/periods/{id}/state", set_period_state).post("/lock", lock_books);
    m.post("/rates", set_rate).get("/trial_balance", trial_balance);
}
