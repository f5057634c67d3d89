//! What a database remembers about its migrations and the versions of its modules.

use cortex_core::{Result, Timestamp};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use semver::Version;

use super::file::Migration;
use crate::conn::Conn;
use crate::error::from_diesel;
use crate::sqltype::Instant;
use crate::statement::Statement;

const TABLE: &str = "cortex_migrations";
/// Kept by the second of the framework's migrations.
const VERSIONS: &str = "cortex_modules";

const CREATE: &str = "CREATE TABLE IF NOT EXISTS cortex_migrations (
    module text NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL,
    took_ms bigint NOT NULL,
    place bigint NOT NULL,
    PRIMARY KEY (module, name)
)";

/// A migration that the database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) checksum: String,
    pub(crate) at: Timestamp,
    pub(crate) took_ms: i64,
    /// Its place in the order of application, over all modules.
    pub(crate) place: i64,
}

/// Everything that decides what runs next.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    /// In the order of application.
    pub(crate) applied: Vec<Applied>,
    /// Modules with the versions that last ran.
    pub(crate) versions: Vec<(String, Version)>,
}

impl State {
    /// Reads it; a database without our tables has none.
    pub(crate) fn load(conn: &mut Conn) -> Result<Self> {
        let applied = if table_exists(conn, TABLE)? { load_applied(conn)? } else { Vec::new() };
        let versions = if table_exists(conn, VERSIONS)? { load_versions(conn)? } else { Vec::new() };
        Ok(Self { applied, versions })
    }

    pub(crate) fn place_next(&self) -> i64 {
        self.applied.iter().map(|row| row.place).max().unwrap_or(0) + 1
    }

    /// The state after `migration`, for plans.
    pub(crate) fn pretend(&mut self, module: &str, migration: &Migration) {
        self.applied.push(Applied {
            module: module.to_owned(),
            name: migration.name().to_owned(),
            checksum: migration.checksum(),
            at: Timestamp::UNIX_EPOCH,
            took_ms: 0,
            place: self.place_next(),
        });
    }

    /// The state without a migration, for plans.
    pub(crate) fn forget(&mut self, module: &str, name: &str) {
        self.applied.retain(|row| row.module != module || row.name != name);
    }
}

/// Makes the table of migrations where it is missing. The caller holds the lock.
pub(crate) fn ensure(conn: &mut Conn) -> Result<()> {
    conn.batch_execute(CREATE).map_err(from_diesel)
}

pub(crate) fn insert(conn: &mut Conn, row: &Applied) -> Result<()> {
    let mut sql =
        Statement::new("INSERT INTO cortex_migrations (module, name, checksum, applied_at, took_ms, place) VALUES (");
    sql.bind(row.module.as_str()).push(", ").bind(row.name.as_str()).push(", ").bind(row.checksum.as_str());
    sql.push(", ").bind(row.at).push(", ").bind(row.took_ms).push(", ").bind(row.place).push(")");
    sql.execute(conn).map(|_| ())
}

/// Removes a migration that was undone, and the version of its module.
pub(crate) fn remove(conn: &mut Conn, module: &str, name: &str) -> Result<()> {
    let mut sql = Statement::new("DELETE FROM cortex_migrations WHERE module = ");
    sql.bind(module).push(" AND name = ").bind(name);
    sql.execute(conn)?;
    if table_exists(conn, VERSIONS)? {
        let mut sql = Statement::new("DELETE FROM cortex_modules WHERE name = ");
        sql.bind(module);
        sql.execute(conn)?;
    }
    Ok(())
}

pub(crate) fn table_exists(conn: &mut Conn, table: &str) -> Result<bool> {
    let mut sql = match conn {
        Conn::Sqlite(_) => Statement::new("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = "),
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(_) => Statement::new(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = ",
        ),
    };
    sql.bind(table);
    let counts = sql.rows::<(BigInt,), (i64,)>(conn)?;
    Ok(counts.first().is_some_and(|(count,)| *count > 0))
}

fn load_applied(conn: &mut Conn) -> Result<Vec<Applied>> {
    type Sql = (Text, Text, Text, Instant, BigInt, BigInt);
    type Row = (String, String, String, Timestamp, i64, i64);
    let sql = Statement::new(
        "SELECT module, name, checksum, applied_at, took_ms, place FROM cortex_migrations ORDER BY place",
    );
    let rows = sql.rows::<Sql, Row>(conn)?.into_iter();
    let applied = |(module, name, checksum, at, took_ms, place)| Applied { module, name, checksum, at, took_ms, place };
    Ok(rows.map(applied).collect())
}

fn load_versions(conn: &mut Conn) -> Result<Vec<(String, Version)>> {
    let sql = Statement::new("SELECT name, version FROM cortex_modules ORDER BY name");
    let rows = sql.rows::<(Text, Text), (String, String)>(conn)?.into_iter();
    Ok(rows.filter_map(|(name, version)| Some((name, Version::parse(&version).ok()?))).collect())
}
