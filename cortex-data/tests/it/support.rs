//! What the tests share: databases of both kinds, a clock that stands still, and two entities.

use std::sync::Arc;

use cortex_core::{Actor, Cx, FixedClock, Id, Money, Result, Tenant, TenantId};
use cortex_data::{AllowAll, Database, DatabaseOptions, Observer, Policy, Registry, Repository, Resource, Tx, Work};

/// A database that is removed with it.
pub(crate) struct TestDb {
    pub db: Database,
    pub observer: Observer,
    pub name: &'static str,
    _folder: Option<tempfile::TempDir>,
}

pub(crate) fn now() -> cortex_core::Timestamp {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

fn open(url: String, name: &'static str, folder: Option<tempfile::TempDir>) -> TestDb {
    let clock = Arc::new(FixedClock::new(now()));
    let db = Database::open(&DatabaseOptions { url, connections: 4 }, clock).unwrap();
    let observer = Observer::default();
    TestDb { db, observer, name, _folder: folder }
}

/// A database of each kind that is at hand, empty.
pub(crate) fn empty_databases() -> Vec<TestDb> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let mut all = vec![open(url, "sqlite", Some(folder))];
    if let Some(url) = postgres_url() {
        let folder = tempfile::Builder::new().prefix(&files_beside(&url).unwrap()).rand_bytes(0).tempdir().unwrap();
        all.push(open(url, "postgres", Some(folder)));
    }
    all
}

/// The name of the folder, among temporary files, of what belongs to a database on a server: known to all programs that
/// work with it.
pub(crate) fn files_beside(url: &str) -> Option<String> {
    let (_, name) = url.strip_prefix("postgres://")?.rsplit_once('/')?;
    Some(format!("cortex-test-{name}"))
}

/// A new database on the server that `CORTEX_TEST_POSTGRES` names.
pub(crate) fn postgres_url() -> Option<String> {
    let Ok(server) = std::env::var("CORTEX_TEST_POSTGRES") else {
        eprintln!("skipped: PostgreSQL part, set CORTEX_TEST_POSTGRES to run it");
        return None;
    };
    if !cfg!(feature = "postgres") {
        eprintln!("skipped: PostgreSQL part, build with the feature `postgres` to run it");
        return None;
    }
    let name = format!("t_{}", uuid::Uuid::new_v4().simple());
    let clock = Arc::new(FixedClock::new(now()));
    let admin = Database::open(&DatabaseOptions { url: server.clone(), connections: 1 }, clock).unwrap();
    let sql = format!("CREATE DATABASE {name}");
    admin
        .work(cx(Id::new()))
        .read_blocking(|tx| {
            diesel::connection::SimpleConnection::batch_execute(tx.unscoped("create a test database"), &sql).unwrap();
            Ok(())
        })
        .unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}

/// The same with the framework's tables and those of the entities below, everything allowed.
pub(crate) fn databases() -> Vec<TestDb> {
    let all = empty_databases();
    for test in &all {
        test.db.install(Registry::default().with_guard(Arc::new(AllowAll)).with_observer(test.observer.clone()));
        cortex_data::Migrator::new(&test.db).up().unwrap();
        test.work(Id::new()).write_blocking(|tx| batch(tx, TABLES)).unwrap();
        let _ = test.observer.take();
    }
    all
}

pub(crate) fn batch(tx: &mut Tx, sql: &str) -> Result<()> {
    diesel::connection::SimpleConnection::batch_execute(tx.unscoped("create test tables"), sql).unwrap();
    Ok(())
}

pub(crate) fn cx(tenant: TenantId) -> Cx {
    Cx::new(tenant, Actor::system("test"))
}

impl TestDb {
    pub(crate) fn work(&self, tenant: Id<Tenant>) -> Work {
        self.db.work(cx(tenant))
    }

    pub(crate) fn work_as(&self, tenant: Id<Tenant>, actor: Actor) -> Work {
        self.db.work(Cx::new(tenant, actor))
    }
}

pub(crate) const TABLES: &str = "
CREATE TABLE test_branches (
    tenant_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE test_vehicles (
    tenant_id uuid NOT NULL, id uuid NOT NULL, plate varchar(12) NOT NULL, branch uuid, driver text,
    price bigint NOT NULL, price_currency char(3) NOT NULL, seats integer NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL, created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL, updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, plate),
    FOREIGN KEY (tenant_id, branch) REFERENCES test_branches (tenant_id, id)
);";

/// A branch office: the smallest entity.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_branches", tenant, crate = cortex_data)]
pub(crate) struct Branch {
    pub id: Id<Branch>,
    pub name: String,
}

/// A vehicle: an entity with everything.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_vehicles", tenant, versioned, audited, soft_delete, crate = cortex_data)]
pub(crate) struct Vehicle {
    pub id: Id<Vehicle>,
    #[field(unique, max_len = 12)]
    pub plate: String,
    #[field(references = Branch)]
    pub branch: Option<Id<Branch>>,
    #[field(pii = "person")]
    pub driver: Option<String>,
    #[field(min = 0)]
    pub price: Money,
    #[field(min = 1, max = 60)]
    pub seats: i32,
}

diesel::joinable!(test_vehicles -> test_branches (branch));
diesel::allow_tables_to_appear_in_same_query!(test_vehicles, test_branches);

pub(crate) fn vehicle(plate: &str) -> Vehicle {
    let price = "12000.00 EUR".parse().unwrap();
    Vehicle { id: Id::new(), plate: plate.into(), branch: None, driver: None, price, seats: 5 }
}

pub(crate) struct Sell;

impl Policy for Sell {
    type Resource = Vehicle;
    const RESOURCE: &'static str = "test.vehicle";
    const ACTION: &'static str = "sell";
}

/// Compile-time proof that a resource can be asked about.
const _: fn(&Vehicle) -> Option<cortex_data::Value> = Resource::record;
