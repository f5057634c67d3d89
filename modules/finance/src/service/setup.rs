//! The books of a company: its chart of accounts, its series of numbers, its years.

mod chart;

use std::collections::HashMap;

use codexion::core::{Choice, Error};
use codexion::data::Companies;
use codexion::prelude::{Currency, Date, Provider, Repository, Result, Rounding, Tx};

use super::calendar::open_year;
use crate::domain::tax::{RoundAt, TaxRounding};
use crate::domain::{AccountId, Cycle};
use crate::error::BooksError;
use crate::policy::SetUpBooks;
use crate::store::{Account, AccountRole, Company, Series};

/// The code of the company that setting up books describes, where nobody did before.
const MAIN_CODE: &str = "main";

/// A company that begins to keep books.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCompany {
    /// Its name.
    pub name: String,
    /// The currency of its books.
    pub currency: Currency,
    /// The years that are opened, cut into months.
    pub years: Vec<YearSpan>,
    /// How the numbers of invoices to customers follow their dates.
    pub numbering: Numbering,
    /// How documents are rounded unless they say otherwise.
    pub rounding: TaxRounding,
}

/// First and last day of a fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearSpan {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

/// How the numbers of invoices to customers follow their dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Choice)]
pub enum Numbering {
    /// A later number never has an earlier date: an invoice of a date before the last one is refused.
    #[default]
    ByDate,
    /// In the order of posting, whatever the dates.
    AsPosted,
}

impl NewCompany {
    /// A company with a number of calendar years from `first_year` on.
    ///
    /// # Errors
    /// A year is beyond the calendar.
    pub fn new(name: &str, currency: Currency, first_year: i16, years: u8) -> Result<Self> {
        let day = |year: i16, month, day| {
            let beyond = |_| Error::invalid("finance.setup.year", format!("{year} is beyond the calendar"));
            Date::new(year, month, day).map_err(beyond)
        };
        let years = (0..i16::from(years)).map(|i| first_year.saturating_add(i));
        let span = |year| Ok(YearSpan { first: day(year, 1, 1)?, last: day(year, 12, 31)? });
        Ok(Self {
            name: name.to_owned(),
            currency,
            years: years.map(span).collect::<Result<_>>()?,
            numbering: Numbering::default(),
            rounding: TaxRounding { rule: Rounding::HalfUp, net: RoundAt::Line, tax: RoundAt::Document },
        })
    }
}

/// Setting up companies.
#[derive(Debug, Default, Provider)]
#[provider(singleton)]
pub struct Setup;

impl Setup {
    /// Sets up the books of the unit of work's company: a small chart of accounts with all roles, series of numbers,
    /// years with monthly periods. A tenant that has described no company gets its main one by it.
    ///
    /// # Errors
    /// The actor may not; [`BooksError::CompanyExists`]; [`BooksError::CompanyCurrency`].
    pub fn company(&self, tx: &mut Tx, new: &NewCompany) -> Result<Company> {
        tx.authorize::<SetUpBooks>(&())?;
        let id = Company::of(tx.company());
        if let Some(company) = Company::find(tx, id)? {
            return Err(BooksError::CompanyExists { name: company.name }.into());
        }
        let found = match Companies::current(tx)? {
            Some(found) => found,
            None => Companies::create(tx, &codexion::data::NewCompany::new(MAIN_CODE, &new.name, new.currency))?,
        };
        if found.currency != new.currency {
            return Err(BooksError::CompanyCurrency { code: found.code, currency: found.currency }.into());
        }
        let company = Company {
            id,
            name: new.name.clone(),
            currency: new.currency,
            locked_until: None,
            closed_until: None,
            rounding: new.rounding.rule.to_string(),
            net_at: new.rounding.net,
            tax_at: new.rounding.tax,
        };
        Company::insert(tx, &company)?;
        install_chart(tx)?;
        install_series(tx, new.numbering)?;
        for YearSpan { first, last } in &new.years {
            open_year(tx, *first, *last, Cycle::MONTHLY)?;
        }
        Ok(company)
    }
}

fn install_chart(tx: &mut Tx) -> Result<()> {
    let mut ids: HashMap<&str, AccountId> = HashMap::new();
    let (mut accounts, mut roles) = (Vec::new(), Vec::new());
    for row in chart::CHART {
        let id = tx.new_id();
        ids.insert(row.code, id);
        accounts.push(Account {
            id,
            code: row.code.to_owned(),
            name: row.name.to_owned(),
            kind: row.kind,
            parent: row.parent.and_then(|parent| ids.get(parent).copied()),
            heading: row.heading,
            reconcilable: row.reconcilable,
        });
        if let Some(role) = row.role {
            roles.push(AccountRole { id: tx.new_id(), role, account: id });
        }
    }
    Account::insert_many(tx, &accounts)?;
    AccountRole::insert_many(tx, &roles)
}

fn install_series(tx: &mut Tx, numbering: Numbering) -> Result<()> {
    let by_date = numbering == Numbering::ByDate;
    let all = [
        (Series::JOURNAL, "JE-", false),
        (Series::INVOICES, "INV-", by_date),
        (Series::CREDIT_NOTES, "CRN-", by_date),
        (Series::BILLS, "BILL-", false),
        (Series::BILL_CREDITS, "BCR-", false),
        (Series::PAYMENTS, "PAY-", false),
    ];
    let mut rows = Vec::with_capacity(all.len());
    for (code, prefix, by_date) in all {
        let (code, prefix) = (code.to_owned(), prefix.to_owned());
        rows.push(Series { id: tx.new_id(), code, prefix, digits: 6, by_date, last_number: 0, last_date: None });
    }
    Series::insert_many(tx, &rows)
}
