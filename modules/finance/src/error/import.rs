//! What is wrong with a file that is imported, and where.

use codexion::prelude::{Kind, Refusal};

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {what}")]
pub struct ImportError {
    file: String,
    line: usize,
    column: usize,
    what: String,
}

impl ImportError {
    pub(crate) fn new(file: &str, line: usize, column: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, column, what: what.into() }
    }

    /// The file, as the caller named it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The character in the line, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }
}

impl Refusal for ImportError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "finance.import"
    }

    fn help(&self) -> Option<String> {
        Some("nothing was written; mend the file and import it again".to_owned())
    }
}
