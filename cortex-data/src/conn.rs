//! One connection type over every database we speak to, chosen at run time by the URL.

#![expect(missing_docs, missing_debug_implementations, reason = "diesel's derive emits them")]

use diesel::prelude::*;

/// A connection to PostgreSQL or SQLite.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Sqlite(SqliteConnection),
    #[cfg(any(feature = "postgres", feature = "postgres-system"))]
    Postgres(PgConnection),
}
