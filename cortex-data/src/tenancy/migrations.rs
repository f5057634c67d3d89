//! Migrations of all tenants: canaries first, then many at a time, each to the end or not at all.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cortex_core::{Error, Result, TenantId};

use super::placement::{Placement, TenantStatus};
use super::template;
use super::tenant::{SchemaVersion, Tenant};
use crate::database::Database;
use crate::migrate::{Migrated, Migrator};

/// Longest stored reason of a failure.
const REASON_CHARS_MAX: usize = 1_000;

/// Brings the schemas and databases of tenants to the version of the program.
///
/// Every migration is a transaction of its own, so that a process that dies leaves each tenant on one known version,
/// and whoever runs them again goes on from there. While a tenant is older than the program it is refused with
/// [`TenancyError::NotMigrated`](super::TenancyError::NotMigrated). All verbs block the thread.
#[derive(Debug, Clone)]
pub struct TenantMigrations {
    migrator: Migrator,
}

/// What became of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantMigrated {
    /// Which.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// How many migrations were applied.
    pub applied: usize,
    /// Why it failed.
    pub error: Option<String>,
}

/// What became of all tenants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TenantMigrationsReport {
    /// Tenants with places of their own.
    pub tenants: usize,
    /// Those that were on the version of the program before.
    pub current: usize,
    /// Those that were migrated.
    pub migrated: usize,
    /// Those that failed, by name. What they had before they still have.
    pub failed: Vec<TenantMigrated>,
    /// Those that were not tried, because a canary failed.
    pub untried: usize,
    /// How long it took.
    pub took: Duration,
}

impl std::fmt::Display for TenantMigrationsReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} tenants: {} migrated, {} up to date", self.tenants, self.migrated, self.current)?;
        write!(f, ", {} failed, {} not tried", self.failed.len(), self.untried)?;
        for one in &self.failed {
            write!(f, "\n  {}: {}", one.name, one.error.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }
}

impl TenantMigrations {
    /// Migrations of the tenants in the database of `migrator`, to its version.
    #[must_use]
    pub fn new(migrator: &Migrator) -> Self {
        Self { migrator: migrator.clone() }
    }

    /// The version that a place has when it is migrated; `None` for the shared one, which has no version of its own.
    #[must_use]
    pub fn version(&self, place: &Placement) -> Option<SchemaVersion> {
        self.migrator.versions().of(place)
    }

    /// Makes a place with all tables and no rows: a file or database as a copy of a template, a schema by running all
    /// migrations in one transaction. Answers its version.
    ///
    /// # Errors
    /// There is something already; the database can't be reached. Nothing is left behind then.
    pub fn create(&self, place: &Placement) -> Result<Option<SchemaVersion>> {
        let db = self.db();
        match (place, self.version(place)) {
            (Placement::Database(_), Some(version)) => template::make_database(&self.migrator, place, version)?,
            (Placement::Schema(_), _) => {
                db.make_place(place, None)?;
                if let Err(error) = self.migrator.at(place).at_once().up() {
                    db.drop_place(place)?;
                    return Err(error);
                }
            }
            _ => {}
        }
        Ok(self.version(place))
    }

    /// Migrates one place, and answers what was applied.
    ///
    /// # Errors
    /// What the migrator answers.
    pub fn one(&self, place: &Placement) -> Result<Vec<Migrated>> {
        let applied = self.migrator.at(place).up()?;
        if !applied.is_empty() {
            // What was prepared on the old tables must not meet the new ones.
            let (store, _) = self.db().store_of(place)?;
            store.renew();
        }
        Ok(applied)
    }

    /// Migrates all tenants with places of their own that are not on the version of this program: those named as
    /// canaries first, and where one of them fails, no other. Puts the wall of row-level security in front of the
    /// tables that others share, before.
    ///
    /// # Errors
    /// The directory can't be read or written. A tenant that fails is no error: the report says so.
    pub fn up(&self) -> Result<TenantMigrationsReport> {
        let begun = Instant::now();
        self.db().versions().set(self.migrator.versions());
        self.db().wall_in()?;
        let mut report = TenantMigrationsReport::default();
        let canaries = self.db().tenancy().canary.clone();
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        self.db().directory().each(|tenant| {
            if tenant.placement == Placement::Shared || tenant.status == TenantStatus::Deleted {
                return Ok(());
            }
            report.tenants += 1;
            if tenant.schema_version.is_some_and(|has| self.version(&tenant.placement) == Some(has)) {
                report.current += 1;
            } else if canaries.contains(&tenant.name) {
                first.push(tenant);
            } else {
                rest.push(tenant);
            }
            Ok(())
        })?;
        self.all(&first, &mut report)?;
        if report.failed.is_empty() {
            self.all(&rest, &mut report)?;
        } else {
            report.untried = rest.len();
        }
        report.failed.sort_by(|one, other| one.name.cmp(&other.name));
        report.took = begun.elapsed();
        Ok(report)
    }

    /// Tenants that are not on the version of this program, by name, each with why its last migration failed.
    ///
    /// # Errors
    /// The directory can't be read.
    pub fn pending(&self) -> Result<Vec<Tenant>> {
        let mut pending = Vec::new();
        self.db().directory().each(|tenant| {
            let own = tenant.placement != Placement::Shared && tenant.status != TenantStatus::Deleted;
            if own && tenant.schema_version != self.version(&tenant.placement) {
                pending.push(tenant);
            }
            Ok(())
        })?;
        Ok(pending)
    }

    /// Several at a time.
    fn all(&self, tenants: &[Tenant], report: &mut TenantMigrationsReport) -> Result<()> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        let threads = self.db().tenancy().migrate_parallel.min(tenants.len());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(tenant) = tenants.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let result = self.tenant(tenant);
                        done.lock().unwrap_or_else(PoisonError::into_inner).push(result);
                    }
                });
            }
        });
        for result in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let one = result?;
            match one.error {
                None => report.migrated += 1,
                Some(_) => report.failed.push(one),
            }
        }
        Ok(())
    }

    /// Migrates a tenant and writes down what became of it.
    ///
    /// # Errors
    /// The directory can't be written.
    fn tenant(&self, tenant: &Tenant) -> Result<TenantMigrated> {
        let result = self.one(&tenant.placement);
        let (applied, error) = match &result {
            Ok(applied) => (applied.len(), None),
            Err(error) => (0, Some(reason(error))),
        };
        match &error {
            None => tracing::info!(tenant = tenant.name, applied, "the tenant is migrated"),
            Some(error) => tracing::error!(tenant = tenant.name, error, "the tenant can't be migrated"),
        }
        self.mark(tenant, error.as_deref())?;
        Ok(TenantMigrated { tenant: tenant.id, name: tenant.name.clone(), applied, error })
    }

    fn mark(&self, tenant: &Tenant, error: Option<&str>) -> Result<()> {
        let directory = self.db().directory();
        let version = self.version(&tenant.placement);
        directory.work("migrate").write_blocking(|tx| {
            directory.update(tx, tenant.id, |row| {
                // Moved meanwhile: what was migrated is not its place any more.
                if row.placement == tenant.placement {
                    row.migrate_error = error.map(str::to_owned);
                    if error.is_none() {
                        row.schema_version = version;
                    }
                }
                Ok(())
            })
        })?;
        Ok(())
    }

    fn db(&self) -> &Database {
        self.migrator.database()
    }
}

fn reason(error: &Error) -> String {
    format!("{error:?}").chars().take(REASON_CHARS_MAX).collect()
}
