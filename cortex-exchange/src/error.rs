//! What can be wrong with an import or an export as a whole; what is wrong with single rows is in the report.

use cortex_core::{Kind, Refusal};

use crate::format::Format;

/// Why a file can't be imported or exported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The entity is changed by verbs of its own.
    #[error("`{0}` is changed by verbs of its own, and never field by field")]
    NotImportable(String),
    /// There is no such format.
    #[error("`{0}` is no format of files")]
    Format(String),
    /// The format is left out of this program.
    #[error("this program was built without {0}")]
    NotBuilt(Format),
    /// The file is not what it should be.
    #[error("the file can't be read: {reason}")]
    Damaged {
        /// What is wrong, and in which line where that is known.
        reason: String,
    },
    /// The file is not in UTF-8.
    #[error("the file is not in UTF-8: line {line}, character {column}")]
    Encoding {
        /// The line, from 1.
        line: u64,
        /// The character in the line, from 1.
        column: u64,
    },
    /// The file is in UTF-16.
    #[error("the file is in UTF-16, not in UTF-8")]
    Utf16,
    /// One row is so long that something is wrong with it.
    #[error("the row that begins in line {line} is longer than {} MiB", crate::ROW_BYTES_MAX / 1024 / 1024)]
    LongRow {
        /// The line, from 1.
        line: u64,
    },
    /// A workbook is far larger than its file, as no workbook of people is.
    #[error("the workbook unpacks to more than {} MiB", .limit / 1024 / 1024)]
    Unpacked {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The names of the columns can't be used.
    #[error("the header can't be used: {0}")]
    Header(String),
    /// Columns and fields don't fit together.
    #[error("columns and fields don't fit: {}", .0.join("; "))]
    Mapping(Vec<String>),
    /// The key can't tell records from each other.
    #[error("`{name}` can't be the key: {reason}")]
    Key {
        /// What was asked for.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// There is no such column to export.
    #[error("`{name}` is not a column of this export")]
    Column {
        /// The name.
        name: String,
        /// The nearest name and all accepted ones.
        help: String,
    },
    /// Another process does the same import now.
    #[error("another process goes on with this import")]
    Running,
    /// The file that was sent is larger than allowed.
    #[error("the file is larger than {limit}")]
    TooLarge {
        /// The limit, for people.
        limit: String,
    },
    /// The command line can't be understood.
    #[error("{0}")]
    Usage(String),
}

impl Refusal for ExchangeError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotImportable(_) => Kind::Refused,
            Self::Running => Kind::Conflict,
            Self::TooLarge { .. } | Self::LongRow { .. } | Self::Unpacked { .. } => Kind::TooLarge,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotImportable(_) => "exchange.entity",
            Self::Format(_) | Self::NotBuilt(_) => "exchange.format",
            Self::Damaged { .. } | Self::LongRow { .. } => "exchange.file",
            Self::Unpacked { .. } => "exchange.unpacked",
            Self::Encoding { .. } | Self::Utf16 => "exchange.encoding",
            Self::Header(_) => "exchange.header",
            Self::Mapping(_) => "exchange.mapping",
            Self::Key { .. } => "exchange.key",
            Self::Column { .. } => "exchange.column",
            Self::Running => "exchange.running",
            Self::TooLarge { .. } => "exchange.too_large",
            Self::Usage(_) => "exchange.usage",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NotImportable(_) => "use the commands and routes of its module".to_owned(),
            Self::Format(_) => "the formats are `csv`, `jsonl`, `xlsx` and `parquet`".to_owned(),
            Self::NotBuilt(format) => format!("build with the feature `{}`", format.as_str()),
            Self::Damaged { .. } => "export it again, and send it whole".to_owned(),
            Self::Encoding { .. } | Self::Utf16 => {
                "save it as CSV in UTF-8, with or without a byte order mark".to_owned()
            }
            Self::LongRow { .. } => "look for a quote that is not closed".to_owned(),
            Self::Unpacked { .. } => "divide it into several workbooks, or save the sheet as CSV".to_owned(),
            Self::Header(_) => "give every column a name of its own in the first line".to_owned(),
            Self::Mapping(_) => {
                "map each column to a field, such as `--map \"Postal code=postcode\"`, or leave it out by `--ignore`"
                    .to_owned()
            }
            Self::Key { .. } => "take fields of one value that every row has, such as a code or `id`".to_owned(),
            Self::Column { help, .. } => help.clone(),
            Self::Running => "wait for it, or stop it and start this again".to_owned(),
            Self::TooLarge { .. } => {
                "raise `exchange.upload_limit`, or import the file by the command `data import`".to_owned()
            }
            Self::Usage(_) => crate::command::USAGE.to_owned(),
        })
    }
}

impl From<csv::Error> for ExchangeError {
    fn from(error: csv::Error) -> Self {
        Self::Damaged { reason: error.to_string() }
    }
}

impl From<std::io::Error> for ExchangeError {
    fn from(error: std::io::Error) -> Self {
        Self::Damaged { reason: error.to_string() }
    }
}
