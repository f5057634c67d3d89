//! What is remembered about modules: versions with their upgrades, and switches of tenants.

use std::sync::Arc;

use cortex_core::{Application, Id, Manifest, Module, ModuleNeed, ModuleSwitch, Registrar, TenantId, VersionStore};
use cortex_data::{Database, Migrator, ModuleVersions, RegisterUpgrades, SwitchStore, Tx};
use diesel::connection::SimpleConnection;
use semver::Version;

use crate::migrate::{sql, try_sql};
use crate::support::{TestDb, empty_databases};

struct Shelf {
    version: &'static str,
}

impl Module for Shelf {
    fn manifest(&self) -> Manifest {
        Manifest::new("shelf", self.version)
    }

    fn register(&self, m: &mut Registrar) {
        m.upgrade_data(first).upgrade_data(second);
    }
}

fn note(tx: &mut Tx, text: &str) -> cortex_core::Result<()> {
    let sql = format!("INSERT INTO notes VALUES ('{text}')");
    tx.unscoped("upgrade notes").batch_execute(&sql).map_err(|e| cortex_core::Error::internal("test", e.to_string()))
}

fn first(tx: &mut Tx, from: &Version) -> cortex_core::Result<()> {
    note(tx, &format!("first from {from}"))
}

fn second(tx: &mut Tx, from: &Version) -> cortex_core::Result<()> {
    note(tx, &format!("second from {from}"))
}

async fn start(test: &TestDb, version: &'static str) -> Result<(), cortex_core::BootError> {
    let db = test.db.clone();
    let application = Application::new().module(Shelf { version }).setup(move |m| {
        let versions: Arc<dyn VersionStore> = Arc::new(ModuleVersions::new(&db));
        m.instance(Arc::new(db)).instance(versions);
    });
    application.assemble().unwrap().start().await.map(drop)
}

fn stored(test: &TestDb) -> Option<Version> {
    let store = ModuleVersions::new(&test.db);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(store.stored("shelf".into())).unwrap()
}

fn in_runtime(test: &TestDb, version: &'static str) -> Result<(), cortex_core::BootError> {
    tokio::runtime::Runtime::new().unwrap().block_on(start(test, version))
}

fn migrated() -> Vec<TestDb> {
    let all = empty_databases();
    for test in &all {
        Migrator::new(&test.db).up().unwrap();
        sql(test, "CREATE TABLE notes (text text NOT NULL PRIMARY KEY)");
    }
    all
}

#[test]
fn upgrades_run_once_when_the_stored_version_is_older() {
    for test in migrated() {
        in_runtime(&test, "1.0.0").unwrap();
        assert_eq!(stored(&test), Some(Version::new(1, 0, 0)), "new here: nothing to upgrade");
        in_runtime(&test, "1.0.0").unwrap();
        assert!(try_sql(&test, "INSERT INTO notes VALUES ('first from 1.0.0')").is_ok());
        sql(&test, "DELETE FROM notes");

        in_runtime(&test, "1.10.0").unwrap();
        for text in ["first from 1.0.0", "second from 1.0.0"] {
            assert!(try_sql(&test, &format!("INSERT INTO notes VALUES ('{text}')")).is_err(), "{text} did not run");
        }
        assert_eq!(stored(&test), Some(Version::new(1, 10, 0)));
        in_runtime(&test, "1.10.0").unwrap();
        sql(&test, "INSERT INTO notes VALUES ('first from 1.10.0')");
    }
}

#[test]
fn a_failed_upgrade_leaves_nothing_and_runs_again() {
    for test in migrated() {
        in_runtime(&test, "1.0.0").unwrap();
        sql(&test, "INSERT INTO notes VALUES ('second from 1.0.0')");
        let error = in_runtime(&test, "2.0.0").unwrap_err().to_string();
        assert!(error.contains("shelf") && error.contains("upgrade"), "{error}");
        assert_eq!(stored(&test), Some(Version::new(1, 0, 0)));
        sql(&test, "INSERT INTO notes VALUES ('first from 1.0.0')");
        sql(&test, "DELETE FROM notes");
        in_runtime(&test, "2.0.0").unwrap();
        assert_eq!(stored(&test), Some(Version::new(2, 0, 0)));
    }
}

struct Plain(&'static str, &'static [ModuleNeed]);

impl Module for Plain {
    fn manifest(&self) -> Manifest {
        Manifest::new(self.0, "1.0.0").needs(self.1)
    }

    fn register(&self, _: &mut Registrar) {}
}

/// A switch and its store, as a process would have them: `bridge` needs `stock`.
pub(crate) fn switches() -> (Arc<ModuleSwitch>, SwitchStore) {
    const NEEDS: &[ModuleNeed] = &[ModuleNeed::new("stock", "*")];
    let application = Application::new().module(Plain("stock", &[])).module(Plain("bridge", NEEDS)).assemble().unwrap();
    let switch = Arc::new(ModuleSwitch::new(application.modules()));
    (Arc::clone(&switch), SwitchStore::new(switch, Arc::clone(application.modules())))
}

pub(crate) fn disable(
    db: &Database,
    tenant: TenantId,
    store: &SwitchStore,
    module: &'static str,
) -> cortex_core::Result<()> {
    db.work(crate::support::cx(tenant)).write_blocking(|tx| store.disable(tx, module))
}

#[test]
fn switches_are_kept_per_tenant() {
    for test in migrated() {
        let (ours, theirs): (TenantId, TenantId) = (Id::new(), Id::new());
        let (switch, store) = switches();
        disable(&test.db, ours, &store, "bridge").unwrap();
        disable(&test.db, ours, &store, "stock").unwrap();
        let (bridge, stock) = ("bridge".into(), "stock".into());
        assert!(
            !switch.is_enabled(bridge, ours) && !switch.is_enabled(stock, ours) && switch.is_enabled(stock, theirs)
        );

        // Another start finds it.
        let (again, second) = switches();
        test.work(ours).read_blocking(|tx| second.load(tx)).unwrap();
        assert_eq!(again.disabled(), switch.disabled());
        test.work(ours).write_blocking(|tx| second.enable(tx, "stock")).unwrap();
        assert!(again.is_enabled(stock, ours) && !again.is_enabled(bridge, ours));
        test.work(ours).read_blocking(|tx| store.load(tx)).unwrap();
        assert_eq!(again.disabled(), switch.disabled());
    }
}

#[test]
fn a_switch_that_breaks_a_need_or_is_rolled_back_changes_nothing() {
    for test in migrated() {
        let ours: TenantId = Id::new();
        let (switch, store) = switches();
        assert_eq!(disable(&test.db, ours, &store, "stock").unwrap_err().code(), "modules.needed");
        assert_eq!(disable(&test.db, ours, &store, "shop").unwrap_err().code(), "modules.unknown");
        // What another process switched off counts, though this one has not loaded it.
        let (_, elsewhere) = switches();
        disable(&test.db, ours, &elsewhere, "bridge").unwrap();
        disable(&test.db, ours, &elsewhere, "stock").unwrap();
        let error = test.work(ours).write_blocking(|tx| store.enable(tx, "bridge")).unwrap_err();
        assert_eq!(error.code(), "modules.needs");

        let undone = test.work(ours).write_blocking(|tx| {
            store.enable(tx, "stock")?;
            store.enable(tx, "bridge")?;
            Err::<(), _>(cortex_core::Error::refused("test", "changed my mind"))
        });
        assert!(undone.is_err() && switch.disabled().is_empty());
        test.work(ours).read_blocking(|tx| store.load(tx)).unwrap();
        assert_eq!(switch.disabled().len(), 2, "{}", test.name);
    }
}
