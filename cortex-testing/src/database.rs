//! Databases that live as long as a test.

use std::sync::Arc;

use codexion::core::{Actor, Clock, Cx, Id};
use codexion::data::{Database, DatabaseOptions};
use diesel::connection::SimpleConnection;
use tempfile::TempDir;
use uuid::Uuid;

/// Names the PostgreSQL server on which tests make their databases: `postgres://postgres@127.0.0.1:5432/postgres`.
pub const POSTGRES_VARIABLE: &str = "CORTEX_TEST_POSTGRES";

/// Connections of a test's database.
const CONNECTIONS: usize = 20;

/// An empty database that is removed with the value.
#[derive(Debug)]
pub struct TestDatabase {
    db: Database,
    url: String,
    kind: &'static str,
    clean_up: CleanUp,
}

#[derive(Debug)]
enum CleanUp {
    Folder(TempDir),
    Postgres { server: Database, name: String },
}

impl TestDatabase {
    /// A SQLite file in a temporary folder.
    ///
    /// # Panics
    /// When the folder can't be made.
    #[must_use]
    pub fn sqlite(clock: Arc<dyn Clock>) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self { db: open(url.clone(), clock), url, kind: "sqlite", clean_up: CleanUp::Folder(folder) }
    }

    /// A new database on the server that [`POSTGRES_VARIABLE`] names; `None`, with a line that says so, where it
    /// names none or this build has no PostgreSQL.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn postgres(clock: Arc<dyn Clock>) -> Option<Self> {
        if !cfg!(feature = "postgres") {
            eprintln!("skipped: {} on PostgreSQL, this build has no feature `postgres`", test_name());
            return None;
        }
        let Ok(url) = std::env::var(POSTGRES_VARIABLE) else {
            eprintln!("skipped: {} on PostgreSQL, {POSTGRES_VARIABLE} is not set", test_name());
            return None;
        };
        let server = open(url.clone(), Arc::clone(&clock));
        let name = format!("cortex_{}", Uuid::new_v4().simple());
        batch(&server, &format!("CREATE DATABASE {name}"));
        let base = url.rsplit_once('/').map_or(url.as_str(), |(base, _)| base);
        let url = format!("{base}/{name}");
        let db = open(url.clone(), clock);
        Some(Self { db, url, kind: "postgres", clean_up: CleanUp::Postgres { server, name } })
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.db
    }

    /// Its URL, for a program of its own.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `sqlite` or `postgres`, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.clean_up {
            // The folder goes by itself.
            CleanUp::Folder(folder) => debug_assert!(folder.path().is_absolute()),
            CleanUp::Postgres { server, name } => {
                batch(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            }
        }
    }
}

fn open(url: String, clock: Arc<dyn Clock>) -> Database {
    Database::open(&DatabaseOptions { url, connections: CONNECTIONS }, clock).unwrap_or_else(|e| panic!("{e:?}"))
}

fn batch(db: &Database, sql: &str) {
    let work = db.work(Cx::new(Id::new(), Actor::system("test")));
    let done = work.read_blocking(|tx| {
        let done = tx.unscoped("create or drop a test's database").batch_execute(sql);
        Ok(done.map_err(|e| e.to_string()))
    });
    match done {
        Ok(Ok(())) => {}
        Ok(Err(e)) => eprintln!("{sql}: {e}"),
        Err(e) => eprintln!("{sql}: {e:?}"),
    }
}

/// The test's name, which is its thread's.
pub(crate) fn test_name() -> String {
    std::thread::current().name().unwrap_or("a test").to_owned()
}
