//! What the tests share: databases of both kinds, a clock that stands still, and two entities written by hand.

use std::sync::Arc;

use cortex_core::{Actor, Cx, FixedClock, Id, Money, Result, Tenant, TenantId};
use cortex_data::{
    AllowAll, Columns, Database, DatabaseOptions, Db, Entity, Field, FieldMeta, Meta, Observer, Policy, Registry,
    Resource, Rules, Scope, Scoped, Tx, Value, Values, Work, sqltype,
};
use diesel::deserialize::{self, FromStaticSqlRow, Queryable};
use diesel::expression::Selectable;

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
        all.push(open(url, "postgres", None));
    }
    all
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
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Branch {
    pub id: Id<Branch>,
    pub name: String,
}

/// A vehicle: an entity with everything.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Vehicle {
    pub id: Id<Vehicle>,
    pub plate: String,
    pub branch: Option<Id<Branch>>,
    pub driver: Option<String>,
    pub price: Money,
    pub seats: i32,
}

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

// What `#[derive(Repository)]` writes for `Branch`.

diesel::table! {
    use diesel::sql_types::*;
    use cortex_data::sqltype::*;

    test_branches (id) {
        id -> Guid,
        name -> Text,
        tenant_id -> Guid,
    }
}

impl Columns for Branch {
    type Sql = (sqltype::Guid, diesel::sql_types::Text);
}

impl<ST> Queryable<ST, Db> for Branch
where
    (Id<Branch>, String): FromStaticSqlRow<ST, Db>,
{
    type Row = (Id<Branch>, String);

    fn build((id, name): Self::Row) -> deserialize::Result<Self> {
        Ok(Self { id, name })
    }
}

impl Selectable<Db> for Branch {
    type SelectExpression = (test_branches::id, test_branches::name);

    fn construct_selection() -> Self::SelectExpression {
        (test_branches::id, test_branches::name)
    }
}

impl Scoped for Branch {
    type Table = test_branches::table;
    type TenantColumn = test_branches::tenant_id;

    fn table() -> Self::Table {
        test_branches::table
    }

    fn tenant_column() -> Self::TenantColumn {
        test_branches::tenant_id
    }
}

impl Branch {
    pub(crate) fn query(tx: &cortex_data::ReadTx) -> Scope<Self> {
        Self::scoped(tx)
    }
}

impl Entity for Branch {
    const META: &'static Meta = &Meta {
        name: "Branch",
        table: "test_branches",
        fields: &[FieldMeta::of::<Id<Branch>>("id", &["id"]), FieldMeta::of::<String>("name", &["name"])],
        tenant: true,
        versioned: false,
        audited: false,
        soft_delete: false,
    };

    fn id(&self) -> Id<Self> {
        self.id
    }

    fn values(&self) -> Vec<Value> {
        let mut out = Vec::with_capacity(2);
        self.id.put(&mut out);
        self.name.put(&mut out);
        out
    }

    fn from_values(values: &mut Values) -> Result<Self> {
        Ok(Self { id: Field::take(values)?, name: Field::take(values)? })
    }
}

// And for `Vehicle`.

diesel::table! {
    use diesel::sql_types::*;
    use cortex_data::sqltype::*;

    test_vehicles (id) {
        id -> Guid,
        plate -> Text,
        branch -> Nullable<Guid>,
        driver -> Nullable<Text>,
        price -> BigInt,
        price_currency -> Text,
        seats -> Integer,
        tenant_id -> Guid,
        version -> BigInt,
        created_at -> Instant,
        created_by -> Guid,
        updated_at -> Instant,
        updated_by -> Guid,
        deleted_at -> Nullable<Instant>,
    }
}

diesel::joinable!(test_vehicles -> test_branches (branch));
diesel::allow_tables_to_appear_in_same_query!(test_vehicles, test_branches);

type VehicleRow = (Id<Vehicle>, String, Option<Id<Branch>>, Option<String>, i64, cortex_core::Currency, i32);

impl Columns for Vehicle {
    type Sql = (
        sqltype::Guid,
        diesel::sql_types::Text,
        sqltype::Maybe<sqltype::Guid>,
        sqltype::Maybe<diesel::sql_types::Text>,
        diesel::sql_types::BigInt,
        diesel::sql_types::Text,
        diesel::sql_types::Integer,
    );
}

impl<ST> Queryable<ST, Db> for Vehicle
where
    VehicleRow: FromStaticSqlRow<ST, Db>,
{
    type Row = VehicleRow;

    fn build((id, plate, branch, driver, price, currency, seats): VehicleRow) -> deserialize::Result<Self> {
        Ok(Self { id, plate, branch, driver, price: Money::from_minor(price, currency), seats })
    }
}

impl Selectable<Db> for Vehicle {
    type SelectExpression = (
        test_vehicles::id,
        test_vehicles::plate,
        test_vehicles::branch,
        test_vehicles::driver,
        test_vehicles::price,
        test_vehicles::price_currency,
        test_vehicles::seats,
    );

    fn construct_selection() -> Self::SelectExpression {
        (
            test_vehicles::id,
            test_vehicles::plate,
            test_vehicles::branch,
            test_vehicles::driver,
            test_vehicles::price,
            test_vehicles::price_currency,
            test_vehicles::seats,
        )
    }
}

impl Scoped for Vehicle {
    type Table = test_vehicles::table;
    type TenantColumn = test_vehicles::tenant_id;

    fn table() -> Self::Table {
        test_vehicles::table
    }

    fn tenant_column() -> Self::TenantColumn {
        test_vehicles::tenant_id
    }
}

impl Vehicle {
    pub(crate) fn query(tx: &cortex_data::ReadTx) -> Scope<Self> {
        Self::scoped(tx)
    }
}

impl Entity for Vehicle {
    const META: &'static Meta = &Meta {
        name: "Vehicle",
        table: "test_vehicles",
        fields: &[
            FieldMeta::of::<Id<Vehicle>>("id", &["id"]),
            FieldMeta::of::<String>("plate", &["plate"]).with(Rules { unique: true, max_len: Some(12), ..Rules::NONE }),
            FieldMeta::of::<Option<Id<Branch>>>("branch", &["branch"])
                .with(Rules { references: Some(|| Branch::META), ..Rules::NONE }),
            FieldMeta::of::<Option<String>>("driver", &["driver"]).with(Rules { pii: Some("person"), ..Rules::NONE }),
            FieldMeta::of::<Money>("price", &["price", "price_currency"]).with(Rules { min: Some("0"), ..Rules::NONE }),
            FieldMeta::of::<i32>("seats", &["seats"]).with(Rules { min: Some("1"), max: Some("60"), ..Rules::NONE }),
        ],
        tenant: true,
        versioned: true,
        audited: true,
        soft_delete: true,
    };

    fn id(&self) -> Id<Self> {
        self.id
    }

    fn values(&self) -> Vec<Value> {
        let mut out = Vec::with_capacity(7);
        self.id.put(&mut out);
        self.plate.put(&mut out);
        self.branch.put(&mut out);
        self.driver.put(&mut out);
        self.price.put(&mut out);
        self.seats.put(&mut out);
        out
    }

    fn from_values(values: &mut Values) -> Result<Self> {
        Ok(Self {
            id: Field::take(values)?,
            plate: Field::take(values)?,
            branch: Field::take(values)?,
            driver: Field::take(values)?,
            price: Field::take(values)?,
            seats: Field::take(values)?,
        })
    }
}

/// Compile-time proof that a resource can be asked about.
const _: fn(&Vehicle) -> Option<uuid::Uuid> = Resource::record;
