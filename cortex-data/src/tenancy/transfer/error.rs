//! Why the rows of a tenant can't be transferred.

use cortex_core::{Kind, Refusal};

/// Why the rows of a tenant can't be transferred.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the parts are")]
pub enum TransferError {
    /// A column has a type that only one database knows.
    #[error("the column `{table}.{column}` has the type `{of}`, which can't be carried to another database")]
    Type { table: String, column: String, of: String },
    /// Rows of a table can't be told apart.
    #[error("the table `{table}` has no primary key")]
    NoKey { table: String },
    /// Tables refer to each other in a circle in which no reference may be absent.
    #[error("the tables {tables} refer to each other in a circle")]
    Circle { tables: String },
    /// The two places have different tables.
    #[error("the table `{table}` is not the same in both places: {what}")]
    Schema { table: String, what: String },
    /// What arrived is not what was sent.
    #[error("the copy of `{table}` is not the same as the original: {there} of {here} rows arrived, or they differ")]
    Differs { table: String, here: u64, there: u64 },
    /// The target can't take more now.
    #[error("the copy was interrupted: {reason}")]
    Interrupted { reason: String },
}

impl Refusal for TransferError {
    fn kind(&self) -> Kind {
        match self {
            Self::Type { .. } | Self::NoKey { .. } | Self::Circle { .. } => Kind::Refused,
            Self::Schema { .. } | Self::Differs { .. } => Kind::Conflict,
            Self::Interrupted { .. } => Kind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Type { .. } => "transfer.type",
            Self::NoKey { .. } => "transfer.no_key",
            Self::Circle { .. } => "transfer.circle",
            Self::Schema { .. } => "transfer.schema",
            Self::Differs { .. } => "transfer.differs",
            Self::Interrupted { .. } => "transfer.interrupted",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::Type { .. } => "use one of the portable types of migrations",
            Self::NoKey { .. } => "give it a primary key in a migration",
            Self::Circle { .. } => "let one of the references be nullable",
            Self::Schema { .. } => "migrate both places to the same version: `migrate up`",
            Self::Differs { .. } => "nothing was switched; look for programs that write past the framework, and repeat",
            Self::Interrupted { .. } => "nothing was switched; try again",
        };
        Some(help.to_owned())
    }
}
