//! What payment terms refuse.

use codexion::core::{Kind, MoneyError, Refusal};

/// Why a payment term is none, or cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// Something could be left over, or nothing left to take.
    #[error("the last line of a payment term, and only the last, takes the rest")]
    RestNotLast,
    /// A share of nothing or less.
    #[error("the part of line {line} is not above zero")]
    Portion {
        /// Counts from 1.
        line: usize,
    },
    /// No month has this day.
    #[error("line {line} asks for day {day} of a month")]
    Day {
        /// Counts from 1.
        line: usize,
        /// What it asks for.
        day: u8,
    },
    /// The due date is beyond the calendar.
    #[error("a due date is beyond the calendar")]
    OutOfRange,
    /// A fixed part in the wrong currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Refusal for TermError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::RestNotLast => "finance.term.rest_not_last",
            Self::Portion { .. } => "finance.term.portion",
            Self::Day { .. } => "finance.term.day",
            Self::OutOfRange => "finance.term.out_of_range",
            Self::Money(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Day { .. } => Some("take a day from 1 to 31; 31 is the last of every month".to_owned()),
            Self::Money(error) => error.help(),
            _ => None,
        }
    }
}
