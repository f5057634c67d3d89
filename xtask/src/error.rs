//! What can go wrong in a project command.

use std::io;
use std::path::Path;

/// Result of a project command.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a project command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A check found something; each line is one finding.
    #[error("{}", .0.join("\n"))]
    Findings(Vec<String>),
    /// A program ended with another status than success.
    #[error("`{program}` failed: {status}")]
    Program {
        /// The command line.
        program: String,
        /// How it ended.
        status: String,
    },
    /// A file or a program could not be used.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// The output of a program was not what it promises.
    #[error("cannot read {what}: {source}")]
    Json {
        /// What was read.
        what: String,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// Something that must be there is not; the text says how to get it.
    #[error("{0}")]
    Missing(String),
    /// A started server did not do what it should.
    #[error("{0}")]
    Server(String),
    /// Somebody pressed ctrl-C or sent SIGTERM.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// Adds to a failure of the system what was tried.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// The same for a file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::io(format!("`{}`", path.display()))
    }
}

/// Turns a list of findings into the outcome of a check.
pub(crate) fn outcome(findings: Vec<String>) -> Result<()> {
    if findings.is_empty() { Ok(()) } else { Err(Error::Findings(findings)) }
}
