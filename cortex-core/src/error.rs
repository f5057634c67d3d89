//! The one error type that crosses crate and module borders.

mod page;

use std::error::Error as StdError;
use std::fmt;

pub use page::{ErrorPage, ErrorPageError};

/// Result of everything that can fail in an application.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a caller can branch on.
///
/// People read the message, machines read the code; code that reacts looks at the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The input breaks a rule that holds whatever the state of the data.
    Invalid,
    /// Nobody is signed in, or the proof of it is not valid.
    Unauthorized,
    /// The actor may not do this.
    Forbidden,
    /// The thing does not exist, or not for this tenant.
    NotFound,
    /// Somebody else was faster, or the thing exists already.
    Conflict,
    /// The caller's condition (a version, an `If-Match`) no longer holds.
    PreconditionFailed,
    /// A business rule refuses the act in the present state of the books.
    Refused,
    /// The request or its answer is larger than the stated limit.
    TooLarge,
    /// Too many requests in the stated time.
    Limited,
    /// The deadline passed.
    Timeout,
    /// A needed service cannot be reached now; trying again later may work.
    Unavailable,
    /// The configuration is wrong.
    Config,
    /// A defect: the message is for operators and is not shown to clients.
    Internal,
}

/// One wrong field of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where, as a path into the input: `lines[2].amount`.
    pub path: String,
    /// For machines: `required`, `max_len`, ...
    pub code: &'static str,
    /// For people.
    pub message: String,
}

/// An error with a kind to branch on, a code to look up and a message that says what to do.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    code: &'static str,
    message: String,
    help: Option<String>,
    fields: Vec<FieldError>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind`; `code` is stable and dotted (`finance.period_closed`).
    pub fn new(kind: Kind, code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, code, message: message.into(), help: None, fields: Vec::new(), source: None }))
    }

    /// [`Kind::Invalid`].
    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, code, message)
    }

    /// [`Kind::NotFound`].
    pub fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, code, message)
    }

    /// [`Kind::Conflict`].
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, message)
    }

    /// [`Kind::Refused`].
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, code, message)
    }

    /// [`Kind::Forbidden`].
    pub fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, code, message)
    }

    /// [`Kind::Config`].
    pub fn config(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Config, code, message)
    }

    /// [`Kind::Unavailable`].
    pub fn unavailable(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable, code, message)
    }

    /// [`Kind::Internal`].
    pub fn internal(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, code, message)
    }

    /// All wrong fields of one input, reported together.
    pub fn fields_invalid(fields: Vec<FieldError>) -> Self {
        let message = match fields.as_slice() {
            [one] => format!("`{}`: {}", one.path, one.message),
            many => format!("{} fields are not valid", many.len()),
        };
        let mut error = Self::invalid("invalid_fields", message);
        error.0.fields = fields;
        error
    }

    /// Adds the line that says how to mend it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds the cause, for operators.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What a caller can branch on.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// For people: one line, no full stop.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// How to mend it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// The wrong fields of an input.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.0.message, self.0.code)?;
        for field in &self.0.fields {
            write!(f, "\n  {}: {}", field.path, field.message)?;
        }
        if let Some(help) = &self.0.help {
            write!(f, "\n  help: {help}")?;
        }
        let mut cause: Option<&dyn StdError> = self.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // A refusal is its own cause, with the same words.
            if text != self.0.message {
                write!(f, "\n  caused by: {text}")?;
            }
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}

/// A family of refusals, written as one closed enum per operation, that turns into an [`Error`].
///
/// ```
/// use cortex_core::{Error, Kind, Refusal};
///
/// #[derive(Debug, thiserror::Error)]
/// enum PostError {
///     #[error("the entry does not balance: debit {debit}, credit {credit}")]
///     Unbalanced { debit: i64, credit: i64 },
/// }
///
/// impl Refusal for PostError {
///     fn code(&self) -> &'static str {
///         "ledger.unbalanced"
///     }
/// }
///
/// let error: Error = PostError::Unbalanced { debit: 1, credit: 2 }.into();
/// assert_eq!(error.kind(), Kind::Refused);
/// ```
pub trait Refusal: StdError + Send + Sync + 'static {
    /// What callers branch on.
    fn kind(&self) -> Kind {
        Kind::Refused
    }

    /// The stable code.
    fn code(&self) -> &'static str;

    /// How to mend it.
    fn help(&self) -> Option<String> {
        None
    }
}

impl<R: Refusal> From<R> for Error {
    fn from(refusal: R) -> Self {
        let mut error = Self::new(refusal.kind(), refusal.code(), refusal.to_string());
        error.0.help = refusal.help();
        error.0.source = Some(Box::new(refusal));
        error
    }
}
