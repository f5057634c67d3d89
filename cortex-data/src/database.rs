//! The database of an application: which one, its pools, and how units of work reach it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use cortex_core::{Clock, Cx, Result};
use deadpool::managed::{Object, Pool, PoolError, Timeouts};
use uuid::{ContextV7, Uuid};

use crate::error::DatabaseError;
use crate::pool::{Manager, Target};
use crate::registry::Registry;
use crate::work::Work;

/// Longest wait for a free connection.
pub const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// A connection on loan from its pool.
pub(crate) type Pooled = Object<Manager>;

/// Which database system is behind the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, in process.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// How to reach the database and how much of it to use.
#[derive(Debug, Clone)]
pub struct DatabaseOptions {
    /// `sqlite:path/to/file.db` or `postgres://user:password@host:port/name`.
    pub url: String,
    /// Most connections open at once (on SQLite: readers; writers are always one).
    pub connections: usize,
}

/// A database: cheap to clone, shared by everything in the process.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    backend: Backend,
    readers: Pool<Manager>,
    // SQLite has one writer; a pool of size one queues fairly and never answers "database is locked".
    writer: Option<Pool<Manager>>,
    clock: Arc<dyn Clock>,
    // Ids of one process sort in the order in which they were drawn, also within a millisecond.
    ids: Mutex<ContextV7>,
    registry: OnceLock<Registry>,
    bare: Registry,
    url: String,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("backend", &self.0.backend).finish_non_exhaustive()
    }
}

impl Database {
    /// Prepares the pools; connections are opened when first needed.
    ///
    /// # Errors
    /// The URL is wrong, or names a database this build has no driver for.
    pub fn open(options: &DatabaseOptions, clock: Arc<dyn Clock>) -> Result<Self> {
        let target = Target::parse(&options.url)?;
        let backend = target.backend();
        let pool = |target: Target, size: usize| {
            Pool::builder(Manager::new(target))
                .max_size(size.max(1))
                .build()
                .map_err(|e| DatabaseError::Open(e.to_string()))
        };
        let (readers, writer) = match backend {
            Backend::Sqlite => (pool(target.clone().read_only(), options.connections)?, Some(pool(target, 1)?)),
            Backend::Postgres => (pool(target, options.connections)?, None),
        };
        let url = options.url.clone();
        Ok(Self(Arc::new(Inner {
            backend,
            readers,
            writer,
            clock,
            ids: Mutex::new(ContextV7::new()),
            registry: OnceLock::new(),
            bare: Registry::default(),
            url,
        })))
    }

    /// Makes entities, hooks, subscribers and the guard known; later calls are ignored.
    pub fn install(&self, registry: Registry) {
        if self.0.registry.set(registry).is_err() {
            tracing::warn!("the registry of the database was installed twice; the first one stays");
        }
    }

    /// What was installed, or an empty registry before.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        self.0.registry.get().unwrap_or(&self.0.bare)
    }

    /// Which database system it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.0.backend
    }

    /// The clock that stamps records.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// The URL, which may hold a password: never print it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Units of work in the context `cx`.
    #[must_use]
    pub fn work(&self, cx: Cx) -> Work {
        Work::new(self.clone(), cx)
    }

    /// A new UUIDv7 (RFC 9562) at `now`, after every one that was drawn before.
    pub(crate) fn draw_id(&self, now: cortex_core::Timestamp) -> Uuid {
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        let context = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*context, seconds, nanos))
    }

    fn pool(&self, write: bool) -> &Pool<Manager> {
        match &self.0.writer {
            Some(writer) if write => writer,
            _ => &self.0.readers,
        }
    }

    pub(crate) async fn acquire(&self, write: bool) -> Result<Pooled> {
        let wait = tokio::time::timeout(ACQUIRE_TIMEOUT, self.pool(write).get());
        let Ok(got) = wait.await else { return Err(DatabaseError::Exhausted.into()) };
        got.map_err(pool_error)
    }

    /// The same for a thread that may block. Works outside of a runtime too.
    pub(crate) fn acquire_blocking(&self, write: bool) -> Result<Pooled> {
        let unlimited = Timeouts::default();
        pollster::block_on(self.pool(write).timeout_get(&unlimited)).map_err(pool_error)
    }
}

fn pool_error(error: PoolError<cortex_core::Error>) -> cortex_core::Error {
    match error {
        PoolError::Backend(error) => error,
        PoolError::Timeout(_) => DatabaseError::Exhausted.into(),
        other => DatabaseError::Open(other.to_string()).into(),
    }
}
