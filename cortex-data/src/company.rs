//! Companies of a tenant and their branches, each with its own currency, time zone and books.
//!
//! Entities with `company` in their attribute belong to one of them: a unit of work sees those of its own company
//! only ([`ReadTx::company`](crate::ReadTx::company)). Everything else is shared by the companies of a tenant.

mod cache;
mod error;
mod service;
mod tree;

use cortex_core::{CompanyId, Currency, Id};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use cache::{Cache, Place, ids, place};
pub use error::CompanyError;
pub use service::Companies;

use crate::guard::Policy;

/// Who keeps books within a tenant. One with a parent is a branch of it.
#[derive(Debug, Clone, PartialEq, cortex_macros::Repository)]
#[repository(table = "cortex_companies", tenant, versioned, audited, crate = crate)]
pub struct Company {
    /// Its id; the tenant's first company has [`CompanyId::MAIN`].
    pub id: Id<Company>,
    /// What requests name it by.
    #[field(unique, max_len = 20, pattern = "[A-Za-z0-9][A-Za-z0-9_-]*")]
    pub code: String,
    /// For people.
    #[field(max_len = 200)]
    pub name: String,
    /// The company that it is a branch of.
    #[field(references = Company)]
    pub parent: Option<Id<Company>>,
    /// The currency of its books: it stays, and a branch has its company's.
    #[field(read_only)]
    pub currency: Currency,
    /// Where its days begin: a name of the IANA time zone database, such as `Europe/Berlin`.
    #[field(max_len = 60)]
    pub time_zone: String,
    /// Nothing can be written in it any more.
    #[field(read_only)]
    pub archived: bool,
}

impl Company {
    /// What units of work name it by: [`Cx::with_company`](cortex_core::Cx::with_company).
    #[must_use]
    pub const fn key(&self) -> CompanyId {
        CompanyId::from_uuid(self.id.uuid())
    }

    /// Where its days begin.
    ///
    /// # Errors
    /// [`CompanyError::TimeZone`].
    pub fn zone(&self) -> Result<TimeZone, CompanyError> {
        TimeZone::get(&self.time_zone).map_err(|_| CompanyError::TimeZone(self.time_zone.clone()))
    }
}

/// A company or branch that is to be.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCompany {
    /// What requests name it by: letters, digits, `-` and `_`.
    pub code: String,
    /// For people.
    pub name: String,
    /// The company that it is a branch of.
    #[serde(default)]
    pub parent: Option<Id<Company>>,
    /// The currency of its books; a branch has its company's.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Where its days begin, such as `Europe/Berlin`; that of the company for a branch, or else `UTC`.
    #[serde(default)]
    pub time_zone: Option<String>,
}

impl NewCompany {
    /// A company of its own, in UTC.
    #[must_use]
    pub fn new(code: &str, name: &str, currency: Currency) -> Self {
        Self { code: code.to_owned(), name: name.to_owned(), parent: None, currency: Some(currency), time_zone: None }
    }

    /// A branch of `parent`, with its currency and time zone.
    #[must_use]
    pub fn branch(code: &str, name: &str, parent: &Company) -> Self {
        let (code, name) = (code.to_owned(), name.to_owned());
        Self { code, name, parent: Some(parent.id), currency: None, time_zone: None }
    }

    /// The same where days begin elsewhere: `Europe/Berlin`.
    #[must_use]
    pub fn in_zone(mut self, time_zone: &str) -> Self {
        self.time_zone = Some(time_zone.to_owned());
        self
    }
}

/// What can change in a company.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyChange {
    /// What requests name it by.
    pub code: String,
    /// For people.
    pub name: String,
    /// The company that it is a branch of.
    pub parent: Option<Id<Company>>,
    /// Where its days begin.
    pub time_zone: String,
}

impl From<&Company> for CompanyChange {
    fn from(company: &Company) -> Self {
        let Company { code, name, parent, time_zone, .. } = company.clone();
        Self { code, name, parent, time_zone }
    }
}

/// Founding, changing and archiving companies.
#[derive(Debug, Clone, Copy)]
pub struct ManageCompanies;

impl Policy for ManageCompanies {
    type Resource = Company;
    const RESOURCE: &'static str = "cortex.company";
    const ACTION: &'static str = "manage";
    const ABOUT: &'static str = "Found, change and archive companies and branches";
}

/// Working in a company.
#[derive(Debug, Clone, Copy)]
pub struct EnterCompany;

impl Policy for EnterCompany {
    type Resource = Company;
    const RESOURCE: &'static str = "cortex.company";
    const ACTION: &'static str = "enter";
    const ABOUT: &'static str = "Work in a company or branch";
}
