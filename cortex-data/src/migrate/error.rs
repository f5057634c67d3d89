//! Why the schema can't be brought up or back.

use cortex_core::{Kind, Refusal};

/// Why migrating was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the parts are")]
pub enum MigrateError {
    /// Two migrations of a module have the same name.
    #[error("the module `{module}` has two migrations named `{name}`")]
    Duplicate { module: String, name: String },
    /// An applied migration reads differently now.
    #[error("the migration `{name}` of `{module}` was changed after it was applied")]
    Changed { module: String, name: String, applied: String, embedded: String },
    /// An applied migration is not in this program.
    #[error("the database has the migration `{name}` of `{module}`, which this program does not know")]
    Unknown { module: String, name: String },
    /// A new migration would run after a later one.
    #[error("the migration `{name}` of `{module}` is new but sorts before `{applied}`, which is applied")]
    OutOfOrder { module: String, name: String, applied: String },
    /// The data was written by a newer program.
    #[error("the data of `{module}` was written by version {stored}, this program has {running}")]
    NewerData { module: String, stored: String, running: String },
    /// The database refused a statement.
    #[error("the migration `{file}` of `{module}` failed at line {line}: {message}")]
    Failed { module: String, file: String, line: usize, statement: String, message: String },
    /// A migration begins or ends a transaction.
    #[error("the migration `{file}` of `{module}` has `{statement}` in line {line}, but runs in one transaction")]
    Transaction { module: String, file: String, line: usize, statement: String },
    /// A migration leaves references to nothing.
    #[error("the migration `{name}` of `{module}` leaves rows that refer to missing records: {tables}")]
    Orphans { module: String, name: String, tables: String },
    /// Another process holds the lock.
    #[error("another process is migrating this database for longer than {waited_s} s")]
    Locked { waited_s: u64 },
    /// A later migration of another module may rest on it.
    #[error("the migration `{name}` of `{module}` can't be undone: `{by_name}` of `{by}`, which needs it, came later")]
    Needed { module: String, name: String, by: String, by_name: String },
    /// It has no way back.
    #[error("the migration `{name}` of `{module}` has no way back")]
    NoWayBack { module: String, name: String },
    /// The target of going back does not exist.
    #[error("there is no migration `{name}` of `{module}`")]
    NoSuch { module: String, name: String },
    /// The module has no migrations here.
    #[error("there is no module `{module}`")]
    NoModule { module: String },
}

impl Refusal for MigrateError {
    fn kind(&self) -> Kind {
        match self {
            Self::Locked { .. } => Kind::Unavailable,
            Self::NoSuch { .. } | Self::NoModule { .. } => Kind::NotFound,
            Self::Needed { .. } | Self::NoWayBack { .. } => Kind::Refused,
            Self::Changed { .. } | Self::Unknown { .. } | Self::OutOfOrder { .. } | Self::NewerData { .. } => {
                Kind::Conflict
            }
            Self::Duplicate { .. } | Self::Failed { .. } | Self::Transaction { .. } | Self::Orphans { .. } => {
                Kind::Internal
            }
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Duplicate { .. } => "migrate.duplicate",
            Self::Changed { .. } => "migrate.changed",
            Self::Unknown { .. } => "migrate.unknown",
            Self::OutOfOrder { .. } => "migrate.out_of_order",
            Self::NewerData { .. } => "migrate.newer_data",
            Self::Failed { .. } => "migrate.failed",
            Self::Transaction { .. } => "migrate.transaction",
            Self::Orphans { .. } => "migrate.orphans",
            Self::Locked { .. } => "migrate.locked",
            Self::Needed { .. } => "migrate.needed",
            Self::NoWayBack { .. } => "migrate.no_way_back",
            Self::NoSuch { .. } => "migrate.no_such",
            Self::NoModule { .. } => "migrate.no_module",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Duplicate { .. } => "give one of them another number".to_owned(),
            Self::Changed { applied, embedded, .. } => format!(
                "put its text back and write a new migration instead (checksum {}.. applied, {}.. in this program)",
                head(applied),
                head(embedded)
            ),
            Self::Unknown { .. } | Self::NewerData { .. } => {
                "start the newer program; to go back, run `migrate down` with that one first".to_owned()
            }
            Self::OutOfOrder { applied, .. } => format!("give it a number after that of `{applied}`"),
            Self::Failed { statement, .. } => format!("nothing of it was applied; the statement is: {statement}"),
            Self::Transaction { .. } => "take it out: the migrator begins and commits".to_owned(),
            Self::Orphans { .. } => "delete or mend those rows in the migration, before it ends".to_owned(),
            Self::Locked { .. } => "wait for that process to end, or look whether it hangs".to_owned(),
            Self::Needed { by, by_name, .. } => format!("undo `{by_name}` of `{by}` first"),
            Self::NoWayBack { .. } => "write its `down.sql`, or restore a backup".to_owned(),
            Self::NoSuch { .. } | Self::NoModule { .. } => "`migrate status` lists what there is".to_owned(),
        })
    }
}

fn head(checksum: &str) -> &str {
    checksum.get(..8).unwrap_or(checksum)
}
