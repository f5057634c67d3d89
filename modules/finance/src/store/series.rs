//! Series of legal numbers, and the one statement that takes numbers from them.

use codexion::data::Statement;
use codexion::data::sqltype::Guid;
use codexion::prelude::{Date, Execute, Filter, Id, Repository, Result, Tx};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Text};

use crate::domain;
use crate::error::{NumberError, PostError};

/// A series of numbers without a gap.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_series", tenant, company)]
pub struct Series {
    /// Its id.
    pub id: Id<Series>,
    /// What programs call it: `INV`.
    #[field(unique, max_len = 20)]
    pub code: String,
    /// What stands before the number: `INV-`.
    #[field(max_len = 20)]
    pub prefix: String,
    /// Digits of a number, filled up with zeros.
    #[field(min = 1, max = 18)]
    pub digits: i32,
    /// Whether numbers follow dates: then nothing is posted before the date of the last number.
    pub by_date: bool,
    /// The last number that was given; zero before the first.
    #[field(read_only)]
    pub last_number: i64,
    /// The latest date that got a number.
    #[field(read_only)]
    pub last_date: Option<Date>,
}

impl Series {
    /// Entries of all kinds, numbered as they are posted.
    pub const JOURNAL: &'static str = "JE";
    /// Invoices to customers.
    pub const INVOICES: &'static str = "INV";
    /// Credit notes to customers.
    pub const CREDIT_NOTES: &'static str = "CRN";
    /// Bills of suppliers.
    pub const BILLS: &'static str = "BILL";
    /// Credit notes of suppliers.
    pub const BILL_CREDITS: &'static str = "BCR";
    /// Payments, in and out.
    pub const PAYMENTS: &'static str = "PAY";

    /// A number of this series as it is printed.
    #[must_use]
    pub fn print(&self, number: i64) -> String {
        let width = usize::try_from(self.digits).unwrap_or(1);
        format!("{}{number:0width$}", self.prefix)
    }
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Guid)]
    id: Id<Series>,
    #[diesel(sql_type = Text)]
    prefix: String,
    #[diesel(sql_type = Integer)]
    digits: i32,
    #[diesel(sql_type = Bool)]
    by_date: bool,
    #[diesel(sql_type = BigInt)]
    last_number: i64,
}

/// Takes the next numbers of a series for documents of these dates, in their order. The series is locked from here
/// to the commit: this comes last.
pub(crate) fn take(tx: &mut Tx, code: &str, dates: &[Date]) -> Result<(Series, Vec<i64>)> {
    let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max()) else {
        return Ok((find(tx, code)?, Vec::new()));
    };
    let count = i64::try_from(dates.len()).map_err(|_| NumberError::Exhausted)?;
    let mut sql = Statement::new("UPDATE finance_series SET last_number = last_number + ");
    sql.bind(count).push(", last_date = CASE WHEN last_date > ").bind(*last);
    sql.push(" THEN last_date ELSE ").bind(*last).push(" END WHERE tenant_id = ").bind(tx.tenant());
    sql.push(" AND company_id = ")
        .bind(tx.company())
        .push(" AND code = ")
        .bind(code)
        .push(" AND (NOT by_date OR last_date IS NULL OR last_date <= ")
        .bind(*first);
    sql.push(") RETURNING id, prefix, digits, by_date, last_number");
    let taken: Vec<Taken> = sql.rows(tx)?;
    let Some(row) = taken.into_iter().next() else {
        let series = find(tx, code)?;
        let last = series.last_date.unwrap_or(*first);
        return Err(NumberError::DateBeforeLast { date: *first, last }.into());
    };
    let Taken { id, prefix, digits, by_date, last_number } = row;
    let numbers = numbers(last_number - count, by_date, dates)?;
    let code = code.to_owned();
    Ok((Series { id, code, prefix, digits, by_date, last_number, last_date: Some(*last) }, numbers))
}

/// The numbers after `before`: in the order of dates if the series asks for it, otherwise as given.
fn numbers(before: i64, by_date: bool, dates: &[Date]) -> Result<Vec<i64>> {
    if !by_date {
        return Ok(dates.iter().zip(before + 1..).map(|(_, number)| number).collect());
    }
    let (before, first) = (u64::try_from(before).map_err(|_| NumberError::Exhausted)?, dates.iter().min());
    let mut series = match first {
        Some(first) if before > 0 => domain::Series::after(before, *first),
        _ => domain::Series::new(),
    };
    let signed = |number: u64| i64::try_from(number).map_err(|_| NumberError::Exhausted.into());
    series.assign(dates)?.into_iter().map(signed).collect()
}

fn find(tx: &mut Tx, code: &str) -> Result<Series> {
    let found = Series::list(tx, &Filter::eq("code", code))?;
    Ok(found.into_iter().next().ok_or_else(|| PostError::NoSeries { code: code.to_owned() })?)
}
