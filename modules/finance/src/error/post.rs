//! Why an entry cannot be posted, changed or reversed.

use codexion::core::Currency;
use codexion::prelude::{Date, Kind, Refusal};

use crate::domain::{AccountId, PeriodState};

/// Why an entry cannot be posted, changed or reversed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// A line names an account that is not in the chart.
    #[error("no account has the id `{0}`")]
    UnknownAccount(AccountId),
    /// A line names an account that only groups.
    #[error("`{code}` is a heading: entries go to the accounts under it")]
    Heading {
        /// Of the account.
        code: String,
    },
    /// No fiscal year has this day.
    #[error("no fiscal year contains {date}")]
    NoPeriod {
        /// Of the entry.
        date: Date,
    },
    /// The period takes no entries.
    #[error("the period of {date} is {state}")]
    PeriodClosed {
        /// Of the entry.
        date: Date,
        /// What the period is.
        state: PeriodState,
    },
    /// The books are locked up to a later day.
    #[error("{date} is locked: the books are closed up to {until}")]
    Locked {
        /// Of the entry.
        date: Date,
        /// Last locked day.
        until: Date,
    },
    /// There is no such series of numbers.
    #[error("no series of numbers is called `{code}`")]
    NoSeries {
        /// As asked for.
        code: String,
    },
    /// The entry is in another currency than the books.
    #[error("the entry is in {found}, but the books are kept in {expected}")]
    Currency {
        /// The company's.
        expected: Currency,
        /// The entry's.
        found: Currency,
    },
    /// Only drafts can be changed and posted.
    #[error("the entry is posted already")]
    NotDraft,
    /// Only what is posted can be reversed.
    #[error("the entry is not posted yet")]
    NotPosted,
    /// A second reversal would post the entry again.
    #[error("the entry is reversed already")]
    AlreadyReversed,
    /// Its lines have settled others.
    #[error("lines of the entry are reconciled")]
    Reconciled,
    /// Invoices are taken back by credit notes.
    #[error("the entry belongs to an invoice")]
    OfInvoice,
}

impl Refusal for PostError {
    fn kind(&self) -> Kind {
        match self {
            Self::UnknownAccount(_) | Self::Heading { .. } | Self::NoSeries { .. } | Self::Currency { .. } => {
                Kind::Invalid
            }
            _ => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownAccount(_) => "finance.post.unknown_account",
            Self::Heading { .. } => "finance.post.heading",
            Self::NoPeriod { .. } => "finance.post.no_period",
            Self::PeriodClosed { .. } => "finance.post.period_closed",
            Self::Locked { .. } => "finance.post.locked",
            Self::NoSeries { .. } => "finance.post.no_series",
            Self::Currency { .. } => "finance.post.currency",
            Self::NotDraft => "finance.post.not_draft",
            Self::NotPosted => "finance.post.not_posted",
            Self::AlreadyReversed => "finance.post.already_reversed",
            Self::Reconciled => "finance.post.reconciled",
            Self::OfInvoice => "finance.post.of_invoice",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoPeriod { .. } => "open the year first".to_owned(),
            Self::PeriodClosed { state: PeriodState::Closed, .. } => {
                "open the period again, or take a later date".to_owned()
            }
            Self::PeriodClosed { .. } | Self::Locked { .. } => "take a later date".to_owned(),
            Self::NotDraft => "post a reversal and a new entry".to_owned(),
            Self::NotPosted => "discard the draft instead".to_owned(),
            Self::Reconciled => "undo the reconciliation first".to_owned(),
            Self::OfInvoice => "credit the invoice instead".to_owned(),
            _ => return None,
        })
    }
}
