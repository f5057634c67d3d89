//! Exchange rates by day.

use std::collections::HashSet;
use std::time::Duration;

use codexion::data::Statement;
use codexion::data::sqltype::Fine;
use codexion::prelude::{Currency, Date, Execute, Id, Rate, ReadTx, Repository, Result};
use diesel::prelude::*;
use diesel::sql_types::Text;

/// What one unit of a currency was worth in another on a day.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_rates", tenant)]
pub struct ExchangeRate {
    /// Its id.
    pub id: Id<ExchangeRate>,
    /// One unit of this,
    pub base: Currency,
    /// in units of this.
    pub currency: Currency,
    /// On this day, and on the days after it without a rate.
    pub date: Date,
    /// How many.
    #[field(min = 0)]
    pub rate: Rate,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    base: Currency,
    #[diesel(sql_type = Text)]
    currency: Currency,
    #[diesel(sql_type = Fine)]
    rate: Rate,
}

/// A rate that holds on a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) base: Currency,
    pub(crate) currency: Currency,
    pub(crate) rate: Rate,
}

/// The newest rates up to a day between any of these currencies and any base, not older than some days.
pub(crate) fn latest(tx: &mut ReadTx, of: &[Currency], date: Date, days: i64) -> Result<Vec<Known>> {
    let oldest = date.checked_sub(Duration::from_secs(days.unsigned_abs() * 24 * 60 * 60)).unwrap_or(date);
    let mut sql = Statement::new(
        "SELECT r.base, r.currency, r.rate FROM finance_rates r JOIN (SELECT base, currency, MAX(date) AS date \
         FROM finance_rates WHERE tenant_id = ",
    );
    let tenant = tx.tenant();
    sql.bind(tenant).push(" AND date <= ").bind(date).push(" AND date >= ").bind(oldest).push(" AND currency IN (");
    for (index, currency) in of.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).bind(*currency);
    }
    sql.push(") GROUP BY base, currency) n ON n.base = r.base AND n.currency = r.currency AND n.date = r.date ");
    sql.push("WHERE r.tenant_id = ").bind(tenant).push(" ORDER BY r.base, r.currency");
    let found: Vec<Found> = sql.rows(tx)?;
    Ok(found.into_iter().map(|Found { base, currency, rate }| Known { base, currency, rate }).collect())
}

/// The days and currencies for which there are rates of a base.
pub(crate) fn stored(tx: &mut ReadTx, base: Currency) -> Result<HashSet<(Currency, Date)>> {
    let found: Vec<(Currency, Date)> = ExchangeRate::query(tx)
        .filter(finance_rates::base.eq(base.code()))
        .select((finance_rates::currency, finance_rates::date))
        .rows(tx)?;
    Ok(found.into_iter().collect())
}
