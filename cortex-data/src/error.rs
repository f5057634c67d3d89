//! What can go wrong with the database, and how the driver's errors become ours.

use cortex_core::{Error, Kind, Refusal};
use diesel::result::{DatabaseErrorKind as Db, Error as Diesel};

/// Codes of conditions that mean "try the same again": the unit of work does so itself.
pub(crate) const SERIALIZATION: &str = "data.serialization";
/// SQLite's "database is locked".
pub(crate) const BUSY: &str = "data.busy";
/// PostgreSQL's "cached plan must not change result type" after a schema change.
pub(crate) const STALE_PLAN: &str = "data.stale_plan";
/// The connection is gone.
pub(crate) const DISCONNECTED: &str = "data.disconnected";

/// Turns the driver's error into ours.
///
/// Texts of the server name tables and constraints, never data, so they go into the cause, not the message.
pub(crate) fn from_diesel(error: Diesel) -> Error {
    let (kind, code, message) = match &error {
        Diesel::NotFound => (Kind::NotFound, "not_found", "the record does not exist".to_owned()),
        Diesel::DatabaseError(kind, info) => database(*kind, info.message(), info.constraint_name()),
        Diesel::SerializationError(cause) => (Kind::Invalid, "data.value", cause.to_string()),
        _ => (Kind::Internal, "data.internal", "the database answered in a way that was not expected".to_owned()),
    };
    Error::new(kind, code, message).with_source(error)
}

fn database(kind: Db, text: &str, constraint: Option<&str>) -> (Kind, &'static str, String) {
    match kind {
        Db::UniqueViolation => {
            let what = constraint.unwrap_or_else(|| text.rsplit(": ").next().unwrap_or_default());
            (Kind::Conflict, "unique", format!("a record with the same value exists already ({what})"))
        }
        Db::ForeignKeyViolation => (
            Kind::Conflict,
            "reference",
            "a record that this one refers to does not exist, or is still in use".to_owned(),
        ),
        Db::NotNullViolation => (Kind::Invalid, "required", format!("a required value is missing ({text})")),
        Db::CheckViolation => (Kind::Refused, "check", format!("the database refuses the change ({text})")),
        Db::SerializationFailure => (Kind::Unavailable, SERIALIZATION, "another unit of work was faster".to_owned()),
        Db::ClosedConnection | Db::UnableToSendCommand => {
            (Kind::Unavailable, DISCONNECTED, "the connection to the database was lost".to_owned())
        }
        _ => unclassified(text),
    }
}

/// What the driver doesn't classify, by the server's text.
fn unclassified(text: &str) -> (Kind, &'static str, String) {
    const TRANSIENT: [(&str, &str); 5] = [
        ("deadlock detected", SERIALIZATION),
        ("could not serialize", SERIALIZATION),
        ("database is locked", BUSY),
        ("database table is locked", BUSY),
        ("cached plan must not change result type", STALE_PLAN),
    ];
    const GONE: [&str; 4] = [
        "server closed the connection",
        "terminating connection",
        "no connection to the server",
        "connection not open",
    ];
    for (part, code) in TRANSIENT {
        if text.contains(part) {
            return (Kind::Unavailable, code, "the database is busy with another unit of work".to_owned());
        }
    }
    if GONE.iter().any(|part| text.contains(part)) {
        return (Kind::Unavailable, DISCONNECTED, "the connection to the database was lost".to_owned());
    }
    // Triggers that guard immutable records raise their own text, which is meant for people.
    if let Some(rule) = text.split_once("refused: ") {
        return (Kind::Refused, "immutable", rule.1.trim().to_owned());
    }
    (Kind::Internal, "data.internal", "the database refused a statement".to_owned())
}

/// A unique value that somebody else took while it was looked for: worth another attempt.
pub(crate) fn taken_meanwhile(error: Error) -> Error {
    match error.code() {
        "unique" => Error::new(Kind::Conflict, SERIALIZATION, error.message()).with_source(error),
        _ => error,
    }
}

/// Whether the same unit of work may succeed when it is run again from its start.
pub(crate) fn is_transient(error: &Error) -> bool {
    matches!(error.code(), SERIALIZATION | BUSY | STALE_PLAN)
}

/// How the database can't be used at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The URL names no database we know.
    #[error("`{0}` is not a database URL")]
    Url(String),
    /// This build has no driver for it.
    #[error("this program was built without PostgreSQL")]
    NoPostgres,
    /// The server can't be reached or the file not opened.
    #[error("the database can't be opened: {0}")]
    Open(String),
    /// No connection became free in time.
    #[error("all database connections are in use")]
    Exhausted,
}

impl Refusal for DatabaseError {
    fn kind(&self) -> Kind {
        match self {
            Self::Url(_) | Self::NoPostgres => Kind::Config,
            Self::Open(_) | Self::Exhausted => Kind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Url(_) => "data.url",
            Self::NoPostgres => "data.no_postgres",
            Self::Open(_) => "data.open",
            Self::Exhausted => "data.exhausted",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Url(_) => "write `sqlite:path/to/file.db` or `postgres://user:password@host:5432/name`".to_owned(),
            Self::NoPostgres => "build with the feature `postgres`".to_owned(),
            Self::Open(_) => {
                "check `database.url`, that the server runs, and that the folder can be written".to_owned()
            }
            Self::Exhausted => {
                "raise `database.connections`, or find the unit of work that holds one for long".to_owned()
            }
        })
    }
}
