//! Runs migrations: each in a transaction of its own, under a lock that other processes wait for.

use std::time::{Duration, Instant};

use cortex_core::{Error, Result};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::Error as Diesel;
use diesel::sql_types::{BigInt, Text};

use super::error::MigrateError;
use super::file::{Migration, Part};
use super::split::{Piece, split};
use super::store::{self, Applied, State};
use super::{Down, Migrated, Migrator, order};
use crate::conn::Conn;
use crate::error::{BUSY, from_diesel};
use crate::pool::SQLITE_BUSY_MS;
use crate::statement::Statement;
use crate::tenancy::Placement;

/// The key of our advisory lock on PostgreSQL: "cortex" in ASCII.
const LOCK_KEY: i64 = 0x636f_7274_6578;

/// How long a statement waits on PostgreSQL for the lock of a table: whoever comes after it waits behind it, so
/// a long report must not turn a migration into an outage.
#[cfg(any(feature = "postgres", feature = "postgres-system"))]
const TABLE_LOCK_WAIT: Duration = Duration::from_secs(30);

/// Applies what is pending, one after the other.
pub(super) fn up(migrator: &Migrator) -> Result<Vec<Migrated>> {
    let backend = migrator.backend()?;
    one_by_one(migrator, |conn, _| {
        let state = State::load(conn)?;
        let Some((source, migration)) = order::next_up(&migrator.sources, &state)? else { return Ok(None) };
        let begun = Instant::now();
        apply(conn, &source.module, migration, &migration.up_parts(backend))?;
        let took = begun.elapsed();
        let row = Applied {
            module: source.module.clone(),
            name: migration.name().to_owned(),
            checksum: migration.checksum(),
            at: migrator.db.clock().now(),
            took_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            place: state.place_next(),
        };
        store::insert(conn, &row)?;
        Ok(Some(Migrated { module: row.module, name: row.name, took }))
    })
}

/// Undoes what `how_far` says, one after the other.
pub(super) fn down(migrator: &Migrator, how_far: &Down) -> Result<Vec<Migrated>> {
    let backend = migrator.backend()?;
    one_by_one(migrator, |conn, undone| {
        let state = State::load(conn)?;
        let next = order::next_down(&migrator.sources, &state, how_far, undone)?;
        let Some((source, migration)) = next else { return Ok(None) };
        let (module, name) = (source.module.clone(), migration.name().to_owned());
        let parts = migration.down_parts(backend);
        if parts.iter().all(|part| split(&part.sql).is_empty()) {
            return Err(MigrateError::NoWayBack { module, name }.into());
        }
        let begun = Instant::now();
        apply(conn, &module, migration, &parts)?;
        store::remove(conn, &module, &name)?;
        Ok(Some(Migrated { module, name, took: begun.elapsed() }))
    })
}

/// Repeats `step`, which is given the number of steps done, until it has nothing to do: each in a transaction of its
/// own, or all in one.
fn one_by_one(
    migrator: &Migrator,
    mut step: impl FnMut(&mut Conn, usize) -> Result<Option<Migrated>>,
) -> Result<Vec<Migrated>> {
    let (wait, key) = (migrator.lock_wait, lock_key(&migrator.place));
    let mut conn = migrator.db.place_blocking(&migrator.place, true, wait)?;
    let mut done: Vec<Migrated> = Vec::new();
    let result = prepare(&mut conn, wait).and_then(|()| {
        loop {
            let before = done.len();
            let more = locked(&mut conn, wait, key, |conn| {
                while let Some(migrated) = step(conn, done.len())? {
                    let took_ms = migrated.took.as_millis();
                    tracing::info!(module = migrated.module, migration = migrated.name, took_ms, "migrated");
                    done.push(migrated);
                    if !migrator.at_once {
                        return Ok(true);
                    }
                }
                Ok(false)
            });
            match more {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => {
                    done.truncate(before);
                    return Err(error);
                }
            }
        }
    });
    if restore(&mut conn).is_err() {
        // A connection that does not check references must not serve anybody else.
        conn.discard();
    }
    result.map(|()| done)
}

/// Every schema has a lock of its own, so that many are migrated at the same time.
fn lock_key(place: &Placement) -> i64 {
    let Placement::Schema(name) = place else { return LOCK_KEY };
    // FNV-1a: two schemas with the same key would only wait for each other.
    name.bytes().fold(LOCK_KEY, |key, byte| (key ^ i64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// SQLite can't rebuild a table that others refer to while it checks references, and can't switch that off inside
/// of a transaction: it is off for the whole run, and [`check_references`] makes up for it.
fn prepare(conn: &mut Conn, wait: Duration) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => {
            let sql = format!("PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = {};", wait.as_millis());
            conn.batch_execute(&sql).map_err(from_diesel)
        }
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(_) => Ok(()),
    }
}

fn restore(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => {
            let sql = format!("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = {SQLITE_BUSY_MS};");
            conn.batch_execute(&sql).map_err(from_diesel)
        }
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(_) => Ok(()),
    }
}

/// Runs `body` in a transaction that holds the lock; commits where it answers well.
fn locked<R>(conn: &mut Conn, wait: Duration, key: i64, body: impl FnOnce(&mut Conn) -> Result<R>) -> Result<R> {
    begin(conn).map_err(|error| too_long(error, wait))?;
    let result = lock(conn, wait, key).map_err(|error| too_long(error, wait)).and_then(|()| {
        store::ensure(conn)?;
        body(conn)
    });
    match result {
        Ok(value) => Conn::commit_transaction(conn).map_err(from_diesel).map(|()| value),
        Err(error) => {
            // Where the database has rolled back already, it says so; the first error is the one to tell.
            let _ = Conn::rollback_transaction(conn);
            Err(error)
        }
    }
}

fn begin(conn: &mut Conn) -> Result<()> {
    match conn {
        // The write lock of SQLite is the lock.
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
    }
    .map_err(from_diesel)
}

#[cfg_attr(
    not(any(feature = "postgres", feature = "postgres-system")),
    expect(unused_variables, reason = "SQLite waits at begin")
)]
fn lock(conn: &mut Conn, wait: Duration, key: i64) -> Result<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(conn) => {
            let sql = format!(
                "SET LOCAL lock_timeout = {}; SELECT pg_advisory_xact_lock({key}); SET LOCAL lock_timeout = {};",
                wait.as_millis().max(1),
                TABLE_LOCK_WAIT.as_millis()
            );
            conn.batch_execute(&sql).map_err(from_diesel)
        }
    }
}

fn too_long(error: Error, wait: Duration) -> Error {
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    if error.code() == BUSY || cause.contains("lock timeout") {
        return MigrateError::Locked { waited_s: wait.as_secs() }.into();
    }
    error
}

fn apply(conn: &mut Conn, module: &str, migration: &Migration, parts: &[Part]) -> Result<()> {
    for part in parts {
        let statements = split(&part.sql);
        if let Some(piece) = statements.iter().find(|piece| piece.controls_transaction()) {
            let (module, file, statement) = (module.to_owned(), part.file.clone(), piece.in_short());
            return Err(MigrateError::Transaction { module, file, line: piece.line, statement }.into());
        }
        for piece in statements {
            conn.batch_execute(piece.sql).map_err(|error| failed(module, &part.file, &piece, &error))?;
        }
    }
    check_references(conn, module, migration)
}

fn failed(module: &str, file: &str, piece: &Piece<'_>, error: &Diesel) -> Error {
    let message = match error {
        Diesel::DatabaseError(_, info) => {
            let more = [info.details(), info.hint()].into_iter().flatten();
            more.fold(info.message().to_owned(), |message, part| format!("{message}; {part}"))
        }
        other => other.to_string(),
    };
    let (module, file) = (module.to_owned(), file.to_owned());
    MigrateError::Failed { module, file, line: piece.line, statement: piece.in_short(), message }.into()
}

/// On SQLite: no row refers to a record that is not there. PostgreSQL has checked as it went.
fn check_references(conn: &mut Conn, module: &str, migration: &Migration) -> Result<()> {
    const CHECK: &str = "SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY \"table\"";
    if !matches!(conn, Conn::Sqlite(_)) {
        return Ok(());
    }
    let orphans = Statement::new(CHECK).rows::<(Text, BigInt), (String, i64)>(conn).map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        let (module, file) = (module.to_owned(), migration.name().to_owned());
        Error::from(MigrateError::Failed { module, file, line: 0, statement: CHECK.to_owned(), message: cause })
    })?;
    if orphans.is_empty() {
        return Ok(());
    }
    let tables: Vec<_> = orphans.into_iter().map(|(table, rows)| format!("`{table}` ({rows})")).collect();
    let (module, name) = (module.to_owned(), migration.name().to_owned());
    Err(MigrateError::Orphans { module, name, tables: tables.join(", ") }.into())
}
