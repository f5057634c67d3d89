//! The database of an application: which one, its pools, and how units of work reach it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use cortex_core::{Clock, Cx, Result};
use uuid::{ContextV7, Uuid};

use crate::registry::Registry;
use crate::tenancy::{Budget, Placement, Rooms, Rounds, Shelf, Store, Stores, TenancyOptions, Versions};
use crate::work::Work;

/// Longest wait for a free connection.
pub const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

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
    rooms: Rooms,
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
        Self::open_with(options, TenancyOptions::default(), clock)
    }

    /// The same, with tenants placed as `tenancy` says.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(options: &DatabaseOptions, tenancy: TenancyOptions, clock: Arc<dyn Clock>) -> Result<Self> {
        let budget = Budget::new(tenancy.cap(options.connections));
        let main = Store::open(&options.url, options.connections, &budget, true)?;
        let backend = main.backend();
        let stores = Stores::new(main, budget, tenancy.open_max, tenancy.tenant_connections);
        let (shelf, versions) = (Shelf::default(), Versions::default());
        Ok(Self(Arc::new(Inner {
            backend,
            rooms: Rooms { stores, shelf, options: tenancy, versions, rounds: Rounds::default() },
            clock,
            ids: Mutex::new(ContextV7::new()),
            registry: OnceLock::new(),
            bare: Registry::default(),
            url: options.url.clone(),
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

    /// Which database system the main database is; that of a tenant may be another one.
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

    /// Units of work in the context `cx` at a place, whatever the directory says of its tenant: for moving, copying
    /// and looking after tenants.
    #[must_use]
    pub(crate) fn work_at(&self, place: &Placement, cx: Cx) -> Work {
        Work::new(self.clone(), cx).at(place)
    }

    /// How tenants are placed and what they may use.
    #[must_use]
    pub fn tenancy(&self) -> &TenancyOptions {
        &self.0.rooms.options
    }

    pub(crate) fn stores(&self) -> &Stores {
        &self.0.rooms.stores
    }

    pub(crate) fn shelf(&self) -> &Shelf {
        &self.0.rooms.shelf
    }

    pub(crate) fn versions(&self) -> &Versions {
        &self.0.rooms.versions
    }

    pub(crate) fn rounds(&self) -> &Rounds {
        &self.0.rooms.rounds
    }

    /// A new UUIDv7 (RFC 9562) at `now`, after every one that was drawn before.
    pub(crate) fn draw_id(&self, now: cortex_core::Timestamp) -> Uuid {
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        let context = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*context, seconds, nanos))
    }
}
