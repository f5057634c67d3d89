//! What is wrong with a chart of accounts, all of it at once.

use std::fmt;

use codexion::core::{Kind, Refusal};

/// Everything that is wrong with a chart of accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartError {
    faults: Vec<ChartFault>,
}

/// One thing that is wrong with a chart of accounts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChartFault {
    /// The code is empty, too long or has blanks.
    #[error("`{code}` is not the code of an account")]
    Code {
        /// As given.
        code: String,
    },
    /// Two accounts with one code.
    #[error("`{code}` stands twice")]
    Duplicate {
        /// Of both.
        code: String,
    },
    /// The account above is not in the chart.
    #[error("the account above `{code}` does not exist")]
    NoParent {
        /// Of the account below.
        code: String,
    },
    /// Only headings have accounts under them.
    #[error("`{code}` stands under `{parent}`, which is not a heading")]
    ParentIsNoHeading {
        /// Of the account below.
        code: String,
        /// Of the account above.
        parent: String,
    },
    /// Balance sheet and result in one branch.
    #[error("`{code}` and `{parent}` above it belong to different statements")]
    OtherStatement {
        /// Of the account below.
        code: String,
        /// Of the account above.
        parent: String,
    },
    /// Nested too deep, or under itself.
    #[error("`{code}` is nested too deep or stands under itself")]
    TooDeep {
        /// Of the account.
        code: String,
    },
}

impl ChartError {
    pub(crate) const fn new(faults: Vec<ChartFault>) -> Self {
        Self { faults }
    }

    /// What is wrong.
    #[must_use]
    pub fn faults(&self) -> &[ChartFault] {
        &self.faults
    }
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.as_slice() {
            [] => f.write_str("the chart of accounts is not valid"),
            [one] => write!(f, "{one}"),
            [first, rest @ ..] => write!(f, "{first}, and {} more faults in the chart of accounts", rest.len()),
        }
    }
}

impl std::error::Error for ChartError {}

impl Refusal for ChartError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "finance.chart"
    }
}
