//! Why nothing is imported.

use std::fmt;

use codexion::prelude::{Kind, Refusal};

/// A place in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// A field of a table, counted from 1, with its name.
    Field {
        /// Counted from 1.
        number: usize,
        /// As the first line of the file says.
        name: String,
    },
    /// A character of a text, counted from 1.
    Character(usize),
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { number, name } => write!(f, "column {number} `{name}`"),
            Self::Character(number) => write!(f, "column {number}"),
        }
    }
}

/// Why nothing is imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file is not there, or may not be read.
    #[error("`{file}` can't be read: {why}")]
    Unreadable {
        /// Its path.
        file: String,
        /// What the system says.
        why: String,
    },
    /// The file is there, and something in it is wrong.
    #[error("{file}, line {line}, {column}: {what}")]
    Damaged {
        /// Its name.
        file: String,
        /// Counted from 1, with the line of the names.
        line: u64,
        /// Where in the line.
        column: Column,
        /// What is wrong there.
        what: String,
    },
    /// The archive can't be opened.
    #[error("{file} is no archive with a table in it: {why}")]
    Archive {
        /// Its name.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// The books are another company's.
    #[error("the books are kept for `{name}` already")]
    OtherCompany {
        /// The company's name.
        name: String,
    },
    /// The import began under another rule.
    #[error("the books round {kept}, and documents that are there can't be rounded {asked} any more")]
    OtherRounding {
        /// In words.
        kept: &'static str,
        /// In words.
        asked: &'static str,
    },
    /// The import began with another file.
    #[error("the books were begun with another file, which makes other documents")]
    OtherFile,
    /// Two imports at once.
    #[error("another process imports into the same books")]
    Elsewhere,
    /// What is in the books now is not what the files say.
    #[error("the books don't agree with the files: {what}")]
    Differs {
        /// The figure, in the books and in the files.
        what: String,
    },
}

impl Refusal for ImportError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unreadable { .. } | Self::Damaged { .. } | Self::Archive { .. } => Kind::Invalid,
            Self::OtherCompany { .. } | Self::OtherRounding { .. } | Self::OtherFile | Self::Elsewhere => {
                Kind::Conflict
            }
            Self::Differs { .. } => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "import.unreadable",
            Self::Damaged { .. } | Self::Archive { .. } => "import.damaged",
            Self::OtherCompany { .. } => "import.other_company",
            Self::OtherRounding { .. } => "import.other_rounding",
            Self::OtherFile => "import.other_file",
            Self::Elsewhere => "import.elsewhere",
            Self::Differs { .. } => "import.differs",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { .. } | Self::Damaged { .. } | Self::Archive { .. } => {
                "nothing was written; mend the file and import again".to_owned()
            }
            Self::OtherCompany { .. } => {
                "give the import a database of its own, `erp --data-dir northwind-data import \
                                          ...`, or start over with `erp --fresh import ...`"
                    .to_owned()
            }
            Self::OtherRounding { .. } => "leave `--rounding` away to go on, or start over with `--fresh`".to_owned(),
            Self::OtherFile => "import the same file again to go on, or start over with `--fresh`".to_owned(),
            Self::Elsewhere => "wait for it; importing the same file again goes on where it ends".to_owned(),
            Self::Differs { .. } => "somebody worked in the imported company since; import it into another \
                                     `--data-dir` to compare"
                .to_owned(),
        })
    }
}
