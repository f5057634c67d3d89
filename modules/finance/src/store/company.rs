//! How a company keeps its books.

use codexion::core::Error;
use codexion::prelude::{CompanyId, Currency, Date, Id, Repository, Result, Rounding};

use crate::domain::tax::{RoundAt, TaxRounding};

/// The books of a company or branch: there is one record for each, and its id is the company's.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_companies", tenant, company, versioned, audited)]
pub struct Company {
    /// The company's id.
    pub id: Id<Company>,
    /// For people.
    #[field(max_len = 200)]
    pub name: String,
    /// The currency that the books are kept in: the company's.
    #[field(read_only)]
    pub currency: Currency,
    /// No entries up to this day, until it is moved back.
    #[field(read_only)]
    pub locked_until: Option<Date>,
    /// No entries up to this day, ever again.
    #[field(read_only)]
    pub closed_until: Option<Date>,
    /// How amounts are rounded unless a document says otherwise: `half_up`, `half_even` and so on.
    #[field(max_len = 12)]
    pub rounding: String,
    /// Where net amounts are rounded.
    pub net_at: RoundAt,
    /// Where taxes are rounded.
    pub tax_at: RoundAt,
}

impl Company {
    /// The books of a company.
    #[must_use]
    pub const fn of(company: CompanyId) -> Id<Self> {
        Id::from_uuid(company.uuid())
    }

    /// How documents are rounded unless they say otherwise.
    ///
    /// # Errors
    /// The stored rule has no name that is known.
    pub fn tax_rounding(&self) -> Result<TaxRounding> {
        Ok(TaxRounding { rule: rounding(&self.rounding)?, net: self.net_at, tax: self.tax_at })
    }
}

/// Reads a stored rounding rule.
pub(crate) fn rounding(name: &str) -> Result<Rounding> {
    name.parse().map_err(Error::from)
}
