//! The life of tenants: created, suspended, moved, copied, archived and removed, by one service.
//!
//! An operation that takes more than one transaction holds the lock of its tenant and writes down what it is about
//! in the directory before it begins. The directory alone says where a tenant is; a process that dies leaves what it
//! wrote down, and the next one that starts or looks after tenants takes half a copy away and leaves the tenant where
//! the directory says.

mod change;
mod create;
mod error;
mod fence;
mod imports;
mod lock;
mod moving;
mod operation;
mod recover;
mod remove;

use cortex_core::{Contributions, Error, Modules, Result, TenantId};

pub use error::LifecycleError;
pub use imports::{Exported, Imported};
pub use moving::Moved;
pub(crate) use operation::OPERATION;
pub use recover::Recovered;

use super::{Placement, PlacementKind, Quotas, Tenant, TenantMigrations, TenantUse};
use crate::database::Database;
use crate::migrate::Migrator;

/// How long a deleted tenant can be restored where nobody says anything else.
pub const GRACE_DAYS: i32 = 30;

/// The life of tenants.
///
/// All verbs block the thread; from async code call them through [`off_thread`](Self::off_thread). Tenants are named
/// by their name or their id.
#[derive(Debug, Clone)]
pub struct Tenants {
    migrator: Migrator,
}

/// A tenant that is to be.
#[derive(Debug, Clone, Default)]
pub struct NewTenant {
    /// Its short name.
    pub name: String,
    /// Its name for people; the short one where nothing is said.
    pub title: Option<String>,
    /// Its tier, by which `[tenancy]` places it and limits it.
    pub tier: Option<String>,
    /// Where its data shall be, if not where its tier says.
    pub at: Option<Target>,
    /// What it may use, if not what its tier says.
    pub quotas: Option<Quotas>,
    /// Its host names.
    pub hosts: Vec<String>,
    /// The tenant whose data it begins with; what the modules start with where nothing is said.
    pub template: Option<String>,
    /// Its id; a new one where nothing is said.
    pub id: Option<TenantId>,
}

/// A place to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A place of this kind, named by the framework.
    Kind(PlacementKind),
    /// This place: a schema, a file, or a database by its name or URL.
    Place(Placement),
}

/// What is to be changed about a tenant.
#[derive(Debug, Clone, Default)]
pub struct TenantChange {
    /// Its short name.
    pub name: Option<String>,
    /// Its name for people.
    pub title: Option<String>,
    /// Its host names: all of them.
    pub hosts: Option<Vec<String>>,
    /// What it may use.
    pub quotas: Option<Quotas>,
}

impl Tenants {
    /// The tenants in the database of `migrator`, on its version.
    #[must_use]
    pub fn new(migrator: &Migrator) -> Self {
        Self { migrator: migrator.clone() }
    }

    /// The tenants of an application.
    #[must_use]
    pub fn of(db: &Database, modules: &Modules, contributions: &Contributions) -> Self {
        Self { migrator: Migrator::of(db, modules, contributions) }
    }

    /// Migrations of the tenants.
    #[must_use]
    pub fn migrations(&self) -> TenantMigrations {
        TenantMigrations::new(&self.migrator)
    }

    /// Tenants whose names come after `after`, by name; at most [`TENANTS_PAGE_MAX`](crate::TENANTS_PAGE_MAX).
    ///
    /// # Errors
    /// The directory can't be read.
    pub fn list(&self, after: &str, limit: usize) -> Result<Vec<Tenant>> {
        let directory = self.db().directory();
        directory.work("tenants").read_blocking(|tx| directory.page(tx, after, limit))
    }

    /// A tenant by its name or id.
    ///
    /// # Errors
    /// [`TenancyError::Unknown`](crate::TenancyError::Unknown).
    pub fn find(&self, name: &str) -> Result<Tenant> {
        let directory = self.db().directory();
        directory.work("tenants").read_blocking(|tx| match name.parse::<TenantId>() {
            Ok(id) => directory.get(tx, id),
            Err(_) => directory.named(tx, name),
        })
    }

    /// The host names of a tenant.
    ///
    /// # Errors
    /// The directory can't be read.
    pub fn hosts(&self, id: TenantId) -> Result<Vec<String>> {
        let directory = self.db().directory();
        directory.work("tenants").read_blocking(|tx| directory.hosts(tx, id))
    }

    /// Counts exactly what a tenant uses, and keeps it.
    ///
    /// # Errors
    /// The tenant is not known or not served.
    pub fn recount(&self, name: &str) -> Result<TenantUse> {
        self.db().recount(self.find(name)?.id)
    }

    /// Runs a verb on a thread that may block: `tenants.off_thread(|tenants| tenants.find("acme")).await`.
    ///
    /// # Errors
    /// What the verb answers.
    pub async fn off_thread<R: Send + 'static>(
        &self,
        verb: impl FnOnce(&Self) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let tenants = self.clone();
        match tokio::task::spawn_blocking(move || verb(&tenants)).await {
            Ok(result) => result,
            Err(e) => Err(Error::internal("panic", "the work on a tenant stopped unexpectedly").with_source(e)),
        }
    }

    fn db(&self) -> &Database {
        self.migrator.database()
    }

    /// Changes a tenant's row.
    fn update(&self, id: TenantId, change: impl Fn(&mut Tenant) -> Result<()>) -> Result<Tenant> {
        let directory = self.db().directory();
        directory.work("tenants").write_blocking(|tx| directory.update(tx, id, &change))
    }
}

impl Target {
    /// Reads a mode, and a location where one is named.
    ///
    /// # Errors
    /// [`TenancyError::Location`](crate::TenancyError::Location) where there is no such mode, or one without places.
    pub fn parse(mode: &str, location: Option<&str>) -> Result<Self, crate::TenancyError> {
        let wrong = || crate::TenancyError::Location { location: super::place::shown(location.unwrap_or(mode)) };
        let kind = PlacementKind::parse(mode).ok_or_else(wrong)?;
        match location {
            None => Ok(Self::Kind(kind)),
            Some(_) if kind == PlacementKind::Shared => Err(wrong()),
            Some(at) => Placement::from_parts(kind, Some(at.to_owned())).map(Self::Place).ok_or_else(wrong),
        }
    }

    fn place(&self, db: &Database, id: TenantId) -> Result<Placement> {
        match self {
            Self::Kind(kind) => db.placement(*kind, id),
            Self::Place(place) => Ok(place.clone()),
        }
    }
}

/// The end of a time of grace that begins at `now`.
fn grace_end(now: cortex_core::Timestamp, days: i32) -> Result<cortex_core::Timestamp, LifecycleError> {
    const DAYS_MAX: i32 = 3_650;
    if !(0..=DAYS_MAX).contains(&days) {
        return Err(LifecycleError::Grace { days_max: DAYS_MAX });
    }
    now.checked_add(jiff::Span::new().hours(i64::from(days) * 24))
        .map_err(|_| LifecycleError::Grace { days_max: DAYS_MAX })
}
