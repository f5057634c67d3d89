//! What makes a set of lines no entry.

use codexion::core::{Currency, Date, Kind, Money, MoneyError, Refusal};

/// Why a set of lines is no entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Nothing to post.
    #[error("the entry has no lines")]
    Empty,
    /// More lines than one entry can have.
    #[error("the entry has {lines} lines, which is too many")]
    TooManyLines {
        /// How many.
        lines: usize,
    },
    /// A line that does nothing.
    #[error("line {line} is zero")]
    ZeroLine {
        /// Counts from 1.
        line: usize,
    },
    /// Sides instead of signs.
    #[error("the amount of line {line} is below zero")]
    NegativeAmount {
        /// Counts from 1.
        line: usize,
    },
    /// The company's currency is not foreign.
    #[error("the foreign amount of line {line} is in {currency}, the company's own currency")]
    ForeignIsCompany {
        /// Counts from 1.
        line: usize,
        /// The company's.
        currency: Currency,
    },
    /// Debits and credits differ.
    #[error("the entry does not balance: debit {debit}, credit {credit}")]
    Unbalanced {
        /// Sum of the left sides.
        debit: Money,
        /// Sum of the right sides.
        credit: Money,
    },
    /// Debits and credits of a foreign currency on both sides differ.
    #[error("the entry does not balance in its foreign currency: debit {debit}, credit {credit}")]
    ForeignUnbalanced {
        /// Sum of the left sides.
        debit: Money,
        /// Sum of the right sides.
        credit: Money,
    },
    /// An entry cannot be undone before it was made.
    #[error("a reversal on {date} would be earlier than its entry of {entry}")]
    ReversalTooEarly {
        /// Of the reversal.
        date: Date,
        /// Of what it reverses.
        entry: Date,
    },
    /// An amount in the wrong currency, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Refusal for EntryError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "finance.entry.empty",
            Self::TooManyLines { .. } => "finance.entry.too_many_lines",
            Self::ZeroLine { .. } => "finance.entry.zero_line",
            Self::NegativeAmount { .. } => "finance.entry.negative_amount",
            Self::ForeignIsCompany { .. } => "finance.entry.foreign_is_company",
            Self::Unbalanced { .. } => "finance.entry.unbalanced",
            Self::ForeignUnbalanced { .. } => "finance.entry.foreign_unbalanced",
            Self::ReversalTooEarly { .. } => "finance.entry.reversal_too_early",
            Self::Money(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NegativeAmount { .. } => Some("put it on the other side".to_owned()),
            Self::ForeignIsCompany { .. } => Some("leave the foreign amount away".to_owned()),
            Self::Money(error) => error.help(),
            _ => None,
        }
    }
}
