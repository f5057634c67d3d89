//! Databases to measure on: a file, and a PostgreSQL server where one is named.

use std::sync::Arc;

use codexion::core::{Actor, Application, Assembled, Cx, SystemClock, TenantId};
use codexion::data::{AllowAll, Data, Database, DatabaseOptions, Work, prepare};
use diesel::connection::SimpleConnection;
use tempfile::TempDir;
use uuid::Uuid;

/// Connections of either side.
pub const CONNECTIONS: usize = 8;

/// A fresh database of one kind.
#[derive(Debug)]
pub struct Place {
    /// `sqlite` or `postgres`.
    pub kind: &'static str,
    /// Its URL.
    pub url: String,
    _folder: Option<TempDir>,
}

/// A fresh database of each kind at hand. PostgreSQL's stays on its server, which is there for the benchmark.
///
/// # Panics
/// When one can't be made.
#[must_use]
pub fn places() -> Vec<Place> {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let url = format!("sqlite:{}", folder.path().join("bench.db").display());
    let mut all = vec![Place { kind: "sqlite", url, _folder: Some(folder) }];
    if let Ok(server) = std::env::var("CORTEX_TEST_POSTGRES") {
        let name = format!("bench_{}", Uuid::new_v4().simple());
        let work = open(&server).work(Cx::new(TenantId::new(), Actor::system("bench")));
        let made = work.read_blocking(|tx| {
            let sql = format!("CREATE DATABASE {name}");
            Ok(tx.unscoped("create the benchmark's database").batch_execute(&sql).map_err(|e| e.to_string()))
        });
        made.unwrap_or_else(|e| panic!("{e:?}")).unwrap_or_else(|e| panic!("{e}"));
        let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
        all.push(Place { kind: "postgres", url: format!("{base}/{name}"), _folder: None });
    } else {
        println!(
            "without PostgreSQL: set CORTEX_TEST_POSTGRES, or run `cargo xtask postgres -- cargo bench -p benches`"
        );
    }
    all
}

fn open(url: &str) -> Database {
    let options = DatabaseOptions { url: url.to_owned(), connections: CONNECTIONS };
    Database::open(&options, Arc::new(SystemClock)).unwrap_or_else(|e| panic!("{e:?}"))
}

impl Place {
    /// The application of `build`, migrated, everything allowed, nothing watched.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn application(&self, build: impl FnOnce(Application) -> Application) -> (Assembled, Database) {
        let db = open(&self.url);
        let data = Data::new(&db).guarded(Arc::new(AllowAll));
        let assembled = build(Application::new().base(data)).assemble().unwrap_or_else(|e| panic!("{e:?}"));
        prepare(assembled.container(), None, true).unwrap_or_else(|e| panic!("{e:?}"));
        (assembled, db)
    }

    /// Units of work of the system itself.
    #[must_use]
    pub fn work(db: &Database, tenant: TenantId) -> Work {
        db.work(Cx::new(tenant, Actor::system("bench")))
    }
}
