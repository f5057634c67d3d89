//! What can be wrong with a filter that a client wrote.

use cortex_core::{Kind, Refusal};

use super::parse::FILTER_LENGTH_MAX;

/// Why a filter can't be understood. Positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// The whole text is too long.
    #[error("the filter has {length} characters, at most {FILTER_LENGTH_MAX} are allowed")]
    TooLong {
        /// How long it is.
        length: usize,
    },
    /// Something else has to stand here.
    #[error("at position {at}: expected {expected}, found {found}")]
    Expected {
        /// Where.
        at: usize,
        /// What may stand there.
        expected: String,
        /// What does.
        found: String,
    },
    /// A text without an end, or with an escape that does not exist.
    #[error("at position {at}: {problem}")]
    Text {
        /// Where the text, or the escape, starts.
        at: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// There is no such field, or not for this client.
    #[error("at position {at}: `{name}` is not a field of this list")]
    UnknownField {
        /// Where.
        at: usize,
        /// The name.
        name: String,
        /// The nearest name and all accepted ones.
        help: String,
    },
    /// The field can't be compared like this, or not with this value.
    #[error("at position {at}: {problem}")]
    Value {
        /// Where.
        at: usize,
        /// What is wrong.
        problem: String,
        /// How to write it.
        help: Option<String>,
    },
    /// More than is worth answering.
    #[error("at position {at}: at most {max} {what} are allowed")]
    TooMany {
        /// Where the first one too many stands.
        at: usize,
        /// Of what.
        what: &'static str,
        /// The limit.
        max: usize,
    },
}

impl Refusal for FilterError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } | Self::TooMany { .. } => "filter.limit",
            Self::Expected { .. } | Self::Text { .. } => "filter.syntax",
            Self::UnknownField { .. } => "filter.field",
            Self::Value { .. } => "filter.value",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::TooLong { .. } | Self::TooMany { .. } => Some("ask for less at once".to_owned()),
            Self::Expected { .. } => Some(
                "write conditions such as `price >= \"100 EUR\" and (state in (open, done) or not name ~ \"A*\")`"
                    .to_owned(),
            ),
            Self::Text { .. } => {
                Some(r#"put texts in `"` or `'`, and write `\"`, `\'` and `\\` inside of them"#.to_owned())
            }
            Self::UnknownField { help, .. } => Some(help.clone()),
            Self::Value { help, .. } => help.clone(),
        }
    }
}
