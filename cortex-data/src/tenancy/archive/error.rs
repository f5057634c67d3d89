//! Why an archive can't be written or taken.

use cortex_core::{Kind, Refusal};

/// Why an archive can't be written or taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the parts are")]
pub enum ArchiveError {
    /// The file can't be read or written.
    #[error("the archive `{path}` can't be {verb}: {reason}")]
    File { path: String, verb: &'static str, reason: String },
    /// It is no archive, or one of another kind.
    #[error("`{path}` is no archive of a tenant: {reason}")]
    Format { path: String, reason: String },
    /// It was written by another version.
    #[error("the archive is of the version {theirs}, this program is of {ours}{}", list(differences))]
    Version { theirs: String, ours: String, differences: Vec<String> },
    /// Something in it is not as it was written.
    #[error("the archive is damaged: {what}")]
    Damaged { what: String },
    /// A table of this program is not in it.
    #[error("the archive has no table `{table}`")]
    MissingTable { table: String },
    /// A table of it is not in this program.
    #[error("the archive has a table `{table}` that this program does not have")]
    UnknownTable { table: String },
    /// A table has other columns.
    #[error("the table `{table}` of the archive has other columns: {what}")]
    Columns { table: String, what: String },
    /// A value is none of its type.
    #[error("line {line} of `{table}` in the archive: {reason}")]
    Value { table: String, line: u64, reason: String },
}

fn list(differences: &[String]) -> String {
    if differences.is_empty() { String::new() } else { format!(": {}", differences.join(", ")) }
}

impl Refusal for ArchiveError {
    fn kind(&self) -> Kind {
        match self {
            Self::File { .. } => Kind::Unavailable,
            Self::Version { .. } => Kind::Conflict,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "archive.file",
            Self::Format { .. } => "archive.format",
            Self::Version { .. } => "archive.version",
            Self::Damaged { .. } => "archive.damaged",
            Self::MissingTable { .. } => "archive.missing_table",
            Self::UnknownTable { .. } => "archive.unknown_table",
            Self::Columns { .. } => "archive.columns",
            Self::Value { .. } => "archive.value",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::File { .. } => "check the path, the rights and the space on the disk",
            Self::Format { .. } => "name a file that `tenant export` wrote",
            Self::Version { .. } => "bring both programs to the same version, and export again",
            Self::Damaged { .. } | Self::Value { .. } => {
                "copy the file again from where it was written, or export again"
            }
            Self::MissingTable { .. } | Self::UnknownTable { .. } | Self::Columns { .. } => {
                "export and import with programs of the same modules and versions"
            }
        };
        Some(help.to_owned())
    }
}
