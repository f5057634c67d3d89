//! What can be wrong with companies.

use cortex_core::{Currency, Kind, Refusal};

use super::Companies;

/// Why something about companies is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompanyError {
    /// The tenant has no such company.
    #[error("there is no company `{0}`")]
    Unknown(String),
    /// Nothing can be written in it.
    #[error("the company `{0}` is archived")]
    Archived(String),
    /// It would be a branch of itself.
    #[error("the company `{0}` can't be a branch of itself, nor of one of its branches")]
    Cycle(String),
    /// Branches of branches of branches.
    #[error("companies have at most {} levels of branches", Companies::DEPTH_MAX)]
    Depth,
    /// The tenant has as many as are possible.
    #[error("a tenant has at most {} companies and branches", Companies::MAX)]
    TooMany,
    /// A company has a currency.
    #[error("the company has no currency")]
    NoCurrency,
    /// A branch has its company's currency.
    #[error("a branch keeps its books in the currency of its company, {0}")]
    Currency(Currency),
    /// There is no such time zone.
    #[error("`{0}` is no time zone")]
    TimeZone(String),
    /// Some of its branches are still at work.
    #[error("the company `{0}` has branches that are not archived")]
    Branches(String),
    /// The main company stays.
    #[error("the main company can be neither archived nor a branch")]
    Main,
}

impl Refusal for CompanyError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unknown(_) => Kind::NotFound,
            Self::NoCurrency | Self::TimeZone(_) => Kind::Invalid,
            Self::Archived(_) | Self::Branches(_) => Kind::Conflict,
            Self::Cycle(_) | Self::Depth | Self::TooMany | Self::Currency(_) | Self::Main => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "company.unknown",
            Self::Archived(_) => "company.archived",
            Self::Cycle(_) => "company.cycle",
            Self::Depth => "company.depth",
            Self::TooMany => "company.limit",
            Self::NoCurrency => "company.no_currency",
            Self::Currency(_) => "company.currency",
            Self::TimeZone(_) => "company.time_zone",
            Self::Branches(_) => "company.branches",
            Self::Main => "company.main",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::Unknown(_) => "name one of this tenant's companies by its id or code",
            Self::Archived(_) => "restore it first, or work in another company",
            Self::Cycle(_) => "make it a branch of a company that is not among its own branches",
            Self::Depth => "make it a branch of a company higher up",
            Self::TooMany => "what needs no books of its own is no company",
            Self::NoCurrency => "name the currency that its books are kept in",
            Self::Currency(_) => "leave the currency out, or found a company of its own",
            Self::TimeZone(_) => "take a name of the IANA time zone database, such as `Europe/Berlin`",
            Self::Branches(_) => "archive or move them first",
            Self::Main => "make another company the branch, or move what is at work there",
        };
        Some(help.to_owned())
    }
}
