//! Finds the connection of a unit of work: by its tenant's place, in its turn, within the budget.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use cortex_core::{ActorKind, Cx, Result, TenantId};

use super::directory::TenantEntry;
use super::placement::Placement;
use super::stores::{ConnectionCount, Stores};
use super::tenant::SchemaVersion;
use super::usage::Usage;
use super::wait::wait_until;
use super::{Directory, Facing, Pooled, Rounds, Shelf, Store, TenancyOptions, Whose};
use crate::database::{ACQUIRE_TIMEOUT, Database};
use crate::error::DatabaseError;
use crate::module::NOBODY;

/// The versions of the schemas that this program works on, once it knows its modules.
#[derive(Debug, Default)]
pub(crate) struct Versions(OnceLock<PlaceVersions>);

/// A schema holds the tables of modules, a database those of the framework too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlaceVersions {
    pub(crate) schema: SchemaVersion,
    pub(crate) database: SchemaVersion,
}

impl PlaceVersions {
    pub(crate) fn of(self, placement: &Placement) -> Option<SchemaVersion> {
        match placement {
            Placement::Shared => None,
            Placement::Schema(_) => Some(self.schema),
            Placement::Database(_) => Some(self.database),
        }
    }
}

impl Versions {
    pub(crate) fn set(&self, versions: PlaceVersions) {
        // A program has one list of modules; whoever says it again says the same.
        let _ = self.0.set(versions);
    }

    fn of(&self, placement: &Placement) -> Option<SchemaVersion> {
        self.0.get().and_then(|versions| versions.of(placement))
    }
}

/// Where a unit of work goes.
struct Route {
    store: Arc<Store>,
    facing: Facing,
    usage: Option<Arc<Usage>>,
    entry: Option<Arc<TenantEntry>>,
}

impl Database {
    /// The directory of tenants.
    #[must_use]
    pub fn directory(&self) -> Directory {
        Directory::new(self)
    }

    /// What is open now, over all databases.
    #[must_use]
    pub fn connections(&self) -> ConnectionCount {
        self.stores().count()
    }

    /// Closes the databases of tenants that nobody used for `idle`; answers how many.
    pub fn close_idle(&self, idle: Duration) -> usize {
        self.stores().close_idle(idle)
    }

    /// A connection for a unit of work: at `place`, or where its tenant is.
    pub(crate) async fn acquire(&self, cx: &Cx, place: Option<&Placement>, write: bool) -> Result<Pooled> {
        if place.is_none() && cx.tenant() != NOBODY && self.shelf().must_read() {
            self.directory().fresh().await?;
        }
        let route = self.route(cx, place, write)?;
        let wait = tokio::time::timeout(ACQUIRE_TIMEOUT, route.store.take(in_turn(cx, place), write));
        let Ok(got) = wait.await else { return Err(DatabaseError::Exhausted.into()) };
        Ok(got?.bound(route.facing, route.usage).routed(route.entry))
    }

    /// The same for a thread that may block. Works outside of a runtime too.
    pub(crate) fn acquire_blocking(&self, cx: &Cx, place: Option<&Placement>, write: bool) -> Result<Pooled> {
        if place.is_none() && cx.tenant() != NOBODY {
            self.directory().fresh_blocking()?;
        }
        let route = self.route(cx, place, write)?;
        let deadline = Instant::now() + ACQUIRE_TIMEOUT;
        let got = wait_until(deadline, route.store.take(in_turn(cx, place), write)).ok_or(DatabaseError::Exhausted)?;
        Ok(got?.bound(route.facing, route.usage).routed(route.entry))
    }

    /// A connection to the main database that sees everything, for a thread that may block.
    pub(crate) fn main_blocking(&self, write: bool) -> Result<Pooled> {
        self.place_blocking(&Placement::Shared, write, ACQUIRE_TIMEOUT)
    }

    /// A connection to a place that sees everything there, ready for use. Waits for at most `wait`.
    pub(crate) fn place_blocking(&self, place: &Placement, write: bool, wait: Duration) -> Result<Pooled> {
        let (store, schema) = self.store_of(place)?;
        let deadline = Instant::now() + wait;
        let got = wait_until(deadline, store.take(NOBODY, write)).ok_or(DatabaseError::Exhausted)?;
        got?.bound(Facing { schema, whose: self.whose(Whose::All) }, None).ready()
    }

    fn route(&self, cx: &Cx, place: Option<&Placement>, write: bool) -> Result<Route> {
        let main = |whose| Route {
            store: Arc::clone(self.stores().main()),
            facing: Facing { schema: None, whose },
            usage: None,
            entry: None,
        };
        let whose = self.whose(Whose::of(cx));
        if let Some(place) = place {
            let (store, schema) = self.store_of(place)?;
            return Ok(Route { store, facing: Facing { schema, whose }, usage: None, entry: None });
        }
        if cx.tenant() == NOBODY || self.shelf().is_empty() {
            return Ok(main(whose));
        }
        // An id without a row is one of the shared place: applications with one tenant need no directory.
        let Some(entry) = self.shelf().book().get(cx.tenant()) else { return Ok(main(whose)) };
        entry.check(write)?;
        if let Some(running) = self.versions().of(&entry.placement) {
            entry.check_version(running)?;
        }
        if let Some(usage) = &entry.usage
            && cx.actor().kind != ActorKind::System
        {
            usage.request(self.clock().now())?;
        }
        let (store, schema) = self.store_of(&entry.placement)?;
        let usage = entry.usage.clone();
        Ok(Route { store, facing: Facing { schema, whose }, usage, entry: Some(entry) })
    }

    /// Looks once more, when a unit of work has begun, whether its tenant is where the connection leads: the wait for
    /// the connection may have been long. `false` where the tenant changed, or too little is known to tell.
    ///
    /// INVARIANT: whoever moves a tenant waits until every process knows it, and then for what has begun before.
    ///
    /// # Errors
    /// [`TenancyError`](super::TenancyError) by the state of the tenant.
    pub(crate) fn still(&self, conn: &Pooled, write: bool) -> Result<bool> {
        let Some(routed) = conn.entry() else { return Ok(true) };
        if write && self.shelf().is_outdated() {
            return Ok(false);
        }
        let Some(entry) = self.shelf().book().get(routed.id) else { return Ok(false) };
        if Arc::ptr_eq(&entry, routed) {
            return Ok(true);
        }
        entry.check(write)?;
        // It may have been away and back, at another database of the same name.
        Ok(false)
    }

    fn whose(&self, whose: Whose) -> Whose {
        if self.tenancy().row_security { whose } else { Whose::Unsaid }
    }

    /// The database of a place, and the schema in it.
    pub(crate) fn store_of(&self, place: &Placement) -> Result<(Arc<Store>, Option<Box<str>>)> {
        match place {
            Placement::Shared => Ok((Arc::clone(self.stores().main()), None)),
            Placement::Schema(name) => {
                super::place::check_schema(self, name)?;
                Ok((Arc::clone(self.stores().main()), Some(name.as_str().into())))
            }
            Placement::Database(_) => match self.tenancy().url(place, self.url())? {
                Some(url) => Ok((self.stores().get(&url)?, None)),
                None => Ok((Arc::clone(self.stores().main()), None)),
            },
        }
    }
}

/// Parts of a database that only tenancy looks at.
pub(crate) struct Rooms {
    pub(crate) stores: Arc<Stores>,
    pub(crate) shelf: Shelf,
    pub(crate) options: TenancyOptions,
    pub(crate) versions: Versions,
    pub(crate) rounds: Rounds,
}

/// In whose turn work is done. What the framework does at a place it does as itself: a transfer needs several
/// connections at a time, however many its tenant may have.
fn in_turn(cx: &Cx, place: Option<&Placement>) -> TenantId {
    if place.is_some() { NOBODY } else { cx.tenant() }
}
