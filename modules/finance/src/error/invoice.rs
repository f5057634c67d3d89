//! What invoices, payments and settling refuse.

use codexion::prelude::{Currency, Date, Kind, Refusal};

use crate::store::InvoiceState;

/// Why an invoice cannot be drafted, posted or paid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// Nothing to bill.
    #[error("the invoice has no lines")]
    NoLines,
    /// A price in another currency.
    #[error("line {line} is in {found}, but the invoice in {expected}")]
    Currency {
        /// Counts from 1.
        line: usize,
        /// Of the invoice.
        expected: Currency,
        /// Of the line.
        found: Currency,
    },
    /// It would be due before it is written.
    #[error("the invoice of {date} would be due on {due}")]
    DueBeforeDate {
        /// Of the invoice.
        date: Date,
        /// When it would be due.
        due: Date,
    },
    /// A tax of the lines does not exist.
    #[error("line {line} names a tax that does not exist")]
    NoTax {
        /// Counts from 1.
        line: usize,
    },
    /// The state does not allow it.
    #[error("the invoice is {state}")]
    State {
        /// What it is.
        state: InvoiceState,
    },
    /// Only what is in the books can be credited or paid.
    #[error("an invoice that is {state} cannot be credited or paid")]
    NotPosted {
        /// What it is.
        state: InvoiceState,
    },
    /// The payment and an invoice belong to different parties or sides.
    #[error("invoice `{number}` is not one of this party and side")]
    OtherParty {
        /// Of the invoice.
        number: String,
    },
    /// Nothing was paid.
    #[error("the amount of a payment cannot be zero")]
    ZeroPayment,
    /// Items of several accounts cannot settle each other.
    #[error("the items are on different accounts")]
    SeveralAccounts,
    /// Some of the items are not open.
    #[error("some of the items do not exist or are settled already")]
    NotOpen,
    /// It was undone before.
    #[error("the reconciliation was undone already")]
    Undone,
}

impl Refusal for InvoiceError {
    fn kind(&self) -> Kind {
        match self {
            Self::State { .. } | Self::NotPosted { .. } | Self::NotOpen | Self::Undone => Kind::Refused,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoLines => "finance.invoice.no_lines",
            Self::Currency { .. } => "finance.invoice.currency",
            Self::DueBeforeDate { .. } => "finance.invoice.due_before_date",
            Self::NoTax { .. } => "finance.invoice.no_tax",
            Self::State { .. } => "finance.invoice.state",
            Self::NotPosted { .. } => "finance.invoice.not_posted",
            Self::OtherParty { .. } => "finance.payment.other_party",
            Self::ZeroPayment => "finance.payment.zero",
            Self::SeveralAccounts => "finance.settle.several_accounts",
            Self::NotOpen => "finance.settle.not_open",
            Self::Undone => "finance.settle.undone",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::State { state: InvoiceState::Posted | InvoiceState::Paid } => {
                Some("write a credit note instead".to_owned())
            }
            _ => None,
        }
    }
}
