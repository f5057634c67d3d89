//! What quotes and orders refuse in their present state.

use codexion::core::QuantityError;
use codexion::prelude::{Choice, Date, Kind, Quantity, Refusal};

/// An act that does not fit the state of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot {act}: the {document} is {state}")]
pub struct StateError {
    act: &'static str,
    document: &'static str,
    state: &'static str,
}

impl StateError {
    pub(crate) fn new<S: Choice>(act: &'static str, document: &'static str, state: &S) -> Self {
        Self { act, document, state: state.as_str() }
    }
}

impl Refusal for StateError {
    fn code(&self) -> &'static str {
        "crm.state"
    }
}

/// Why a quote is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// The offer is over.
    #[error("the quote was valid until {until}")]
    Expired {
        /// Last day.
        until: Date,
    },
}

impl Refusal for QuoteError {
    fn code(&self) -> &'static str {
        "crm.quote.expired"
    }

    fn help(&self) -> Option<String> {
        Some("draft a new quote".to_owned())
    }
}

/// Why an order is not given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Something came of it.
    #[error("a part of the order has moved or been invoiced")]
    Begun,
}

impl Refusal for OrderError {
    fn code(&self) -> &'static str {
        "crm.order.begun"
    }

    fn help(&self) -> Option<String> {
        Some("take the goods back and credit the invoice instead".to_owned())
    }
}

/// Why a part of an order can't move or be invoiced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// Nothing or less.
    #[error("the quantity {quantity} is not above zero")]
    NotPositive {
        /// What was asked for.
        quantity: Quantity,
    },
    /// More than ordered.
    #[error("{quantity} is more than the {open} that are open")]
    TooMuch {
        /// What was asked for.
        quantity: Quantity,
        /// What is left.
        open: Quantity,
    },
    /// The line belongs to another order.
    #[error("the order has no line `{line}`")]
    UnknownLine {
        /// Its id.
        line: String,
    },
    /// No part was named.
    #[error("nothing was named that moves or is invoiced")]
    Nothing,
    /// Another unit, or too large.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
}

impl Refusal for StepError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooMuch { .. } => Kind::Refused,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotPositive { .. } => "crm.step.not_positive",
            Self::TooMuch { .. } => "crm.step.too_much",
            Self::UnknownLine { .. } => "crm.step.unknown_line",
            Self::Nothing => "crm.step.nothing",
            Self::Quantity(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.help(),
            _ => None,
        }
    }
}
