//! Databases with tenants in every kind of place.

use std::sync::Arc;

use cortex_core::{Actor, Cx, FixedClock, Kind, Result, TenantId};
use cortex_data::{
    AllowAll, Database, DatabaseOptions, Migration, Migrator, Observer, Placement, PlacementKind, Registry,
    TenancyOptions, Tenant, TenantMigrations, TenantStatus, Tx, Work,
};

use crate::support::{Branch, TABLES, Vehicle, empty_databases, files_beside, now};

/// A program over a database with tenants.
pub(crate) struct World {
    pub db: Database,
    pub migrator: Migrator,
    pub clock: Arc<FixedClock>,
    pub observer: Observer,
    pub name: &'static str,
    pub url: String,
    options: TenancyOptions,
    // Removed after the connections are closed.
    _test: Option<Arc<crate::support::TestDb>>,
}

/// A program of the second version has one more migration.
pub(crate) fn fleet(db: &Database, more: &[Migration]) -> Migrator {
    let mut all = vec![Migration::new("0001_fleet", TABLES, "DROP TABLE test_vehicles; DROP TABLE test_branches")];
    all.extend(more.iter().cloned());
    Migrator::new(db).with_module("fleet", &[], all)
}

pub(crate) fn worlds(options: &TenancyOptions) -> Vec<World> {
    let all = empty_databases().into_iter().map(Arc::new);
    all.map(|test| World::open(test.db.url().to_owned(), test.name, options.clone(), Some(test), &[])).collect()
}

impl World {
    pub(crate) fn open(
        url: String,
        name: &'static str,
        mut options: TenancyOptions,
        test: Option<Arc<crate::support::TestDb>>,
        more: &[Migration],
    ) -> Self {
        // Files of tenants lie beside the main one, and here beside what stands for it.
        let beside = files_beside(&url).map(|name| std::env::temp_dir().join(name));
        options.folder = options.folder.or(beside);
        let clock = Arc::new(FixedClock::new(now()));
        let at = DatabaseOptions { url: url.clone(), connections: 4 };
        let db = Database::open_with(&at, options.clone(), Arc::clone(&clock) as _).unwrap();
        let migrator = fleet(&db, more);
        let observer = Observer::default();
        let entities = vec![
            ("fleet".to_owned(), <Branch as cortex_data::Entity>::META),
            ("fleet".to_owned(), <Vehicle as cortex_data::Entity>::META),
        ];
        let registry = Registry::default().with_guard(Arc::new(AllowAll)).with_entities(entities);
        db.install(registry.with_observer(observer.clone()));
        migrator.up().unwrap();
        Self { db, migrator, clock, observer, name, url, options, _test: test }
    }

    /// Another program on the same database, with more migrations.
    pub(crate) fn newer(&self, more: &[Migration]) -> Self {
        Self::open(self.url.clone(), self.name, self.options.clone(), self._test.clone(), more)
    }

    pub(crate) fn migrations(&self) -> TenantMigrations {
        TenantMigrations::new(&self.migrator)
    }

    /// Kinds of places that this database has.
    pub(crate) fn kinds(&self) -> Vec<PlacementKind> {
        let has = |kind: &PlacementKind| self.db.placement(*kind, TenantId::new()).is_ok();
        PlacementKind::ALL.into_iter().filter(has).collect()
    }

    /// An active tenant in a new place.
    pub(crate) fn tenant(&self, name: &str, kind: PlacementKind) -> TenantId {
        self.tenant_with(name, kind, |_| {})
    }

    pub(crate) fn tenant_with(&self, name: &str, kind: PlacementKind, change: impl Fn(&mut Tenant) + Copy) -> TenantId {
        let id = TenantId::new();
        let place = self.db.placement(kind, id).unwrap();
        let version = self.migrations().create(&place).unwrap();
        let directory = self.db.directory();
        let insert = |tx: &mut Tx| {
            let mut tenant = Tenant::new(id, name, place.clone(), tx.now());
            (tenant.status, tenant.schema_version) = (TenantStatus::Active, version);
            change(&mut tenant);
            directory.insert(tx, &tenant)
        };
        directory.work("test").write_blocking(insert).unwrap();
        id
    }

    pub(crate) fn change(&self, id: TenantId, change: impl Fn(&mut Tenant)) {
        let directory = self.db.directory();
        directory
            .work("test")
            .write_blocking(|tx| {
                directory.update(tx, id, |tenant| {
                    change(tenant);
                    Ok(())
                })
            })
            .unwrap();
    }

    pub(crate) fn get(&self, id: TenantId) -> Tenant {
        let directory = self.db.directory();
        directory.work("test").read_blocking(|tx| directory.get(tx, id)).unwrap()
    }

    pub(crate) fn work(&self, tenant: TenantId) -> Work {
        self.db.work(Cx::new(tenant, Actor::system("test")))
    }

    /// The kind and code of the refusal of a unit of work that does nothing.
    pub(crate) fn refusal(&self, tenant: TenantId, write: bool) -> Option<(Kind, &'static str)> {
        let work = self.work(tenant);
        let result: Result<()> = if write { work.write_blocking(|_| Ok(())) } else { work.read_blocking(|_| Ok(())) };
        result.err().map(|error| (error.kind(), error.code()))
    }

    pub(crate) fn place(&self, tenant: TenantId) -> Placement {
        self.get(tenant).placement
    }
}
