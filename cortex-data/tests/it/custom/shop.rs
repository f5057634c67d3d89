//! A module with an entity that holds custom fields, over a database of each kind.

use std::sync::Arc;

use cortex_core::{
    Actor, Application, Container, Cx, Error, FieldError, FixedClock, Id, Manifest, MigrationFile, Module,
};
use cortex_core::{Registrar, Result, TenantId};
use cortex_data::{
    AllowAll, CustomFields, CustomKind, Data, DataRegistrar, Database, DatabaseOptions, Extra, FieldCatalogue,
    FieldDefinition, Repository, Work, prepare,
};

use crate::support::{now, postgres_url};

const UP: &str = "
CREATE TABLE shop_gadgets (
    tenant_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL, extra jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL, created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL, updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);";

/// A thing that is sold.
#[derive(Debug, Clone, PartialEq, Repository, CustomFields)]
#[repository(table = "shop_gadgets", tenant, versioned, audited, soft_delete, crate = cortex_data)]
#[custom_fields(crate = cortex_data)]
pub(crate) struct Gadget {
    pub id: Id<Gadget>,
    #[field(max_len = 20)]
    pub name: String,
    pub extra: Extra,
}

pub(crate) fn gadget(name: &str) -> Gadget {
    Gadget { id: Id::new(), name: name.to_owned(), extra: Extra::new() }
}

/// What another module adds to gadgets.
#[derive(Debug, Clone, PartialEq, CustomFields)]
#[custom_fields(entity = Gadget, crate = cortex_data)]
pub(crate) struct Warranty {
    #[field(min = 0)]
    pub months: Option<cortex_core::Decimal>,
    #[field(default = false)]
    pub insured: bool,
}

/// Whether it declares fields in code.
struct ShopModule(bool);

impl Module for ShopModule {
    fn manifest(&self) -> Manifest {
        const MIGRATIONS: &[MigrationFile] = &[MigrationFile::new("0001_shop", UP, "DROP TABLE shop_gadgets;")];
        Manifest::new("shop", "1.0.0").migrations(MIGRATIONS)
    }

    fn register(&self, m: &mut Registrar) {
        m.repository::<Gadget>();
        if self.0 {
            m.custom_fields::<Warranty>();
        }
    }
}

/// A shop with one tenant, over a database that is removed with it.
pub(crate) struct Shop {
    pub db: Database,
    pub tenant: TenantId,
    pub name: &'static str,
    pub clock: Arc<FixedClock>,
    /// Jobs inject from it.
    _container: Container,
    _folder: Option<tempfile::TempDir>,
}

impl Shop {
    fn open(url: &str, name: &'static str, typed: bool, folder: Option<tempfile::TempDir>) -> Self {
        let options = DatabaseOptions { url: url.to_owned(), connections: 4 };
        let clock = Arc::new(FixedClock::new(now()));
        let db = Database::open(&options, clock.clone()).unwrap();
        let data = Data::new(&db).guarded(Arc::new(AllowAll));
        let assembled = Application::new().base(data).module(ShopModule(typed)).assemble().unwrap();
        let container = assembled.container().clone();
        prepare(&container, None, true).unwrap();
        Self { db, tenant: Id::new(), name, clock, _container: container, _folder: folder }
    }

    pub(crate) fn work(&self) -> Work {
        self.work_of(self.tenant)
    }

    pub(crate) fn work_of(&self, tenant: TenantId) -> Work {
        self.db.work(Cx::new(tenant, Actor::system("test")))
    }

    #[expect(clippy::needless_pass_by_value, reason = "the definition is made for this call")]
    pub(crate) fn define(&self, definition: FieldDefinition) -> Result<()> {
        self.work().write_blocking(|tx| {
            let gadgets = FieldCatalogue::entity(tx, "shop.gadget")?;
            FieldCatalogue::define(tx, gadgets, definition.clone()).map(drop)
        })
    }

    pub(crate) fn has(&self, name: &str, kind: CustomKind) {
        self.define(FieldDefinition::new(name, kind)).unwrap();
    }

    pub(crate) fn insert(&self, gadget: &Gadget) -> Result<()> {
        self.work().write_blocking(|tx| Gadget::insert(tx, gadget))
    }
}

/// A shop on each kind of database that is at hand.
pub(crate) fn shops() -> Vec<Shop> {
    shops_with(false)
}

/// The same, with fields that a module declares where `typed` says so.
pub(crate) fn shops_with(typed: bool) -> Vec<Shop> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("shop.db").display());
    let mut all = vec![Shop::open(&url, "sqlite", typed, Some(folder))];
    if let Some(url) = postgres_url() {
        all.push(Shop::open(&url, "postgres", typed, None));
    }
    all
}

/// A shop whose program is an ordinary role of PostgreSQL, which row-level security binds, and a URL of a superuser.
pub(crate) fn walled_shop() -> Option<(Shop, String)> {
    let url = postgres_url()?;
    let role = format!("r_{}", uuid::Uuid::new_v4().simple());
    let (_, name) = url.rsplit_once('/').unwrap();
    superuser(
        &url,
        &format!(
            "CREATE ROLE {role} LOGIN; ALTER DATABASE {name} OWNER TO {role}; ALTER SCHEMA public OWNER TO {role};"
        ),
    );
    let (scheme, rest) = url.split_once("://").unwrap();
    let host = rest.split_once('@').unwrap().1;
    Some((Shop::open(&format!("{scheme}://{role}@{host}"), "postgres", false, None), url))
}

/// Runs SQL as somebody who may do everything.
pub(crate) fn superuser(url: &str, sql: &str) {
    let options = DatabaseOptions { url: url.to_owned(), connections: 1 };
    let db = Database::open(&options, Arc::new(FixedClock::new(now()))).unwrap();
    let run = |tx: &mut cortex_data::ReadTx| {
        diesel::connection::SimpleConnection::batch_execute(tx.unscoped("set the scene"), sql).unwrap();
        Ok(())
    };
    db.work(Cx::new(Id::new(), Actor::system("test"))).read_blocking(run).unwrap();
}

pub(crate) fn fields(error: &Error) -> Vec<(&str, &str)> {
    error.fields().iter().map(|FieldError { path, code, .. }| (path.as_str(), *code)).collect()
}
