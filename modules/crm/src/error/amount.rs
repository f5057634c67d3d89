//! What keeps a document from being added up.

use codexion::core::MoneyError;
use codexion::prelude::{Kind, Refusal};

/// Why a document cannot be added up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// More digits than can be kept exactly.
    #[error("the amount has too many digits to be exact")]
    Inexact,
    /// Another currency, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Refusal for AmountError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Inexact => "crm.amount.inexact",
            Self::Money(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Inexact => Some("use fewer fraction digits in quantity, price, discount or tax".to_owned()),
            Self::Money(error) => error.help(),
        }
    }
}
