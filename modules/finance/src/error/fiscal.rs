//! What fiscal years and periods refuse.

use codexion::core::{Date, Kind, Refusal};

use crate::domain::PeriodState;

/// Why a fiscal year or a period cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FiscalError {
    /// The year ends before it begins.
    #[error("the year ends on {last}, before it begins on {first}")]
    Reversed {
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
    /// No year is that long.
    #[error("from {first} to {last} is longer than two years")]
    TooLong {
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
    /// A day would belong to two years.
    #[error("the year overlaps with the one from {first} to {last}")]
    Overlap {
        /// First day of the other.
        first: Date,
        /// Last day of the other.
        last: Date,
    },
    /// No cycle of periods.
    #[error("periods of {months} months that end on day {end_day} are not possible")]
    Cycle {
        /// Months per period.
        months: u8,
        /// Last day of a period.
        end_day: u8,
    },
    /// The state does not change that way.
    #[error("what is {} cannot become {}", state(*from), state(*to))]
    State {
        /// What it is.
        from: PeriodState,
        /// What it should become.
        to: PeriodState,
    },
}

fn state(state: PeriodState) -> &'static str {
    match state {
        PeriodState::Open => "open",
        PeriodState::Closed => "closed",
        PeriodState::Locked => "locked",
    }
}

impl Refusal for FiscalError {
    fn kind(&self) -> Kind {
        match self {
            Self::State { .. } => Kind::Refused,
            Self::Overlap { .. } => Kind::Conflict,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Reversed { .. } => "finance.year.reversed",
            Self::TooLong { .. } => "finance.year.too_long",
            Self::Overlap { .. } => "finance.year.overlap",
            Self::Cycle { .. } => "finance.period.cycle",
            Self::State { .. } => "finance.period.state",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Cycle { .. } => Some("take 1 to 12 months and a day from 1 to 31".to_owned()),
            _ => None,
        }
    }
}
