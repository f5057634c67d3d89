//! Why documents get no numbers.

use codexion::core::{Date, Refusal};

/// Why documents get no numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Numbers would no longer follow dates.
    #[error("{date} is earlier than {last}, the date of the last number in this series")]
    DateBeforeLast {
        /// The earliest date that wants a number.
        date: Date,
        /// Of the last number.
        last: Date,
    },
    /// No numbers are left.
    #[error("the series has no numbers left")]
    Exhausted,
}

impl Refusal for NumberError {
    fn code(&self) -> &'static str {
        match self {
            Self::DateBeforeLast { .. } => "finance.number.date_before_last",
            Self::Exhausted => "finance.number.exhausted",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::DateBeforeLast { last, .. } => Some(format!("post it on {last} or later, or in another series")),
            Self::Exhausted => None,
        }
    }
}
