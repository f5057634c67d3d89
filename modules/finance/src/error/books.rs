//! What is missing before books can be kept.

use codexion::prelude::{Currency, Date, Kind, Refusal};

use crate::store::Role;

/// What is missing before books can be kept, or there already.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BooksError {
    /// The tenant has no company.
    #[error("no books are kept yet")]
    NoCompany,
    /// The tenant has one.
    #[error("the books of `{name}` are set up already")]
    CompanyExists {
        /// Of the company.
        name: String,
    },
    /// No account plays the role.
    #[error("no account plays the role `{role}`")]
    RoleUnset {
        /// Which.
        role: Role,
    },
    /// No account has the code.
    #[error("no account has the code `{code}`")]
    NoAccount {
        /// As asked for.
        code: String,
    },
    /// No rate is known for the day.
    #[error("no rate from {from} to {to} is known for {date}")]
    NoRate {
        /// What is to be converted,
        from: Currency,
        /// into what,
        to: Currency,
        /// on which day.
        date: Date,
    },
    /// A hard lock only moves forward.
    #[error("the books are closed up to {until}, which cannot be taken back")]
    ClosedForGood {
        /// Last closed day.
        until: Date,
    },
}

impl Refusal for BooksError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoAccount { .. } => Kind::NotFound,
            Self::CompanyExists { .. } => Kind::Conflict,
            _ => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoCompany => "finance.books.no_company",
            Self::CompanyExists { .. } => "finance.books.company_exists",
            Self::RoleUnset { .. } => "finance.books.role_unset",
            Self::NoAccount { .. } => "finance.books.no_account",
            Self::NoRate { .. } => "finance.books.no_rate",
            Self::ClosedForGood { .. } => "finance.books.closed_for_good",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoCompany => "set up a company first".to_owned(),
            Self::RoleUnset { role } => format!("say which account is `{role}`"),
            Self::NoRate { from, .. } => format!("enter or import the rate of {from}, or give it with the document"),
            _ => return None,
        })
    }
}
