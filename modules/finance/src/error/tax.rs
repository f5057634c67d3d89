//! Why taxes cannot be computed.

use codexion::core::{Kind, MoneyError, Refusal};

/// Why taxes cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxError {
    /// A price with tax that leaves nothing of the net amount.
    #[error("taxes of -100 % cannot be taken out of a price that includes them")]
    NotInvertible,
    /// Groups in groups in groups.
    #[error("tax groups are nested too deep")]
    TooDeep,
    /// A figure is too large.
    #[error("the amount is too large to be taxed")]
    Overflow,
    /// An amount in the wrong currency, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Refusal for TaxError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotInvertible => "finance.tax.not_invertible",
            Self::TooDeep => "finance.tax.too_deep",
            Self::Overflow => "finance.tax.overflow",
            Self::Money(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::TooDeep => Some("look for a group that contains itself".to_owned()),
            Self::Money(error) => error.help(),
            _ => None,
        }
    }
}
