//! What matching and writing off refuse.

use codexion::core::{Currency, Kind, MoneyError, Refusal};

/// Why items cannot be matched or written off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReconcileError {
    /// A foreign amount cannot be written off without knowing what it is worth.
    #[error("writing off an amount in {currency} needs a rate")]
    RateMissing {
        /// Of the open amount.
        currency: Currency,
    },
    /// An amount in the wrong currency, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Refusal for ReconcileError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::RateMissing { .. } => "finance.reconcile.rate_missing",
            Self::Money(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::RateMissing { currency } => Some(format!("enter the rate of {currency} for that day")),
            Self::Money(error) => error.help(),
        }
    }
}
