//! What is missing before books can be kept.

use codexion::prelude::{Currency, Date, Kind, Refusal};

use crate::store::Role;

/// What is missing before books can be kept, or there already.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BooksError {
    /// The company keeps no books.
    #[error("no books are kept yet")]
    NoCompany,
    /// It does.
    #[error("the books of `{name}` are set up already")]
    CompanyExists {
        /// Of the company.
        name: String,
    },
    /// Books are kept in the company's currency.
    #[error("the company `{code}` keeps its books in {currency}")]
    CompanyCurrency {
        /// The company's code.
        code: String,
        /// Its currency.
        currency: Currency,
    },
    /// An account is one thing in a company and another in its branch.
    #[error("the account `{code}` is of another kind in the company `{company}`")]
    ChartsDiffer {
        /// The account's code.
        code: String,
        /// The company's code.
        company: String,
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
            Self::CompanyCurrency { .. } => "finance.books.company_currency",
            Self::ChartsDiffer { .. } => "finance.books.charts_differ",
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
            Self::CompanyCurrency { currency, .. } => format!("set them up in {currency}, or found another company"),
            Self::ChartsDiffer { .. } => "give accounts of one code one kind in all companies of the tree".to_owned(),
            Self::RoleUnset { role } => format!("say which account is `{role}`"),
            Self::NoRate { from, .. } => format!("enter or import the rate of {from}, or give it with the document"),
            _ => return None,
        })
    }
}
