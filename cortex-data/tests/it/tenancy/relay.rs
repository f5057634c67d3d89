//! Events of tenants with databases of their own.

use cortex_core::{Inject, Registrar, Result, TenantId};
use cortex_data::{
    DataRegistrar, Drained, Migrator, Placement, PlacementKind, Relay, Tenant, TenantMigrations, TenantStatus, Tx,
};

use crate::app::{App, Gate, Journal, Sold, apps};

fn tell(tx: &mut Tx, event: &Sold, Inject(journal): Inject<Journal>, Inject(gate): Inject<Gate>) -> Result<()> {
    journal.note(format!("{} {}", tx.tenant(), event.label()));
    gate.pass();
    Ok(())
}

fn subscriber(m: &mut Registrar) {
    m.on(tell);
}

fn tenant(app: &App, name: &str) -> TenantId {
    let id = TenantId::new();
    let place = app.db.placement(PlacementKind::Database, id).unwrap();
    let version = TenantMigrations::new(&Migrator::new(&app.db)).create(&place).unwrap();
    let directory = app.db.directory();
    directory
        .work("test")
        .write_blocking(|tx| {
            let mut tenant = Tenant::new(id, name, place.clone(), tx.now());
            (tenant.status, tenant.schema_version) = (TenantStatus::Active, version);
            directory.insert(tx, &tenant)
        })
        .unwrap();
    id
}

fn emit(app: &App, tenant: TenantId, event: &Sold) {
    let work = app.db.work(crate::support::cx(tenant));
    work.write_blocking(|tx| {
        tx.emit(event.clone());
        Ok(())
    })
    .unwrap();
}

#[test]
fn events_are_delivered_in_the_database_of_their_tenant() {
    for app in apps(&[("books", subscriber)]) {
        let (a, b) = (tenant(&app, "aa"), tenant(&app, "bb"));
        emit(&app, a, &Sold::new("x", 1));
        emit(&app, b, &Sold::new("x", 2));
        emit(&app, app.tenant, &Sold::new("x", 3));
        let drained = Drained { delivered: 3, ..Drained::default() };
        assert_eq!(Relay::new(app.db.clone()).drain().unwrap(), drained);
        let mut told = app.journal.take();
        told.sort();
        let mut expected = vec![format!("{a} x1"), format!("{b} x2"), format!("{} x3", app.tenant)];
        expected.sort();
        assert_eq!(told, expected);
        assert_eq!(Relay::new(app.db.clone()).drain().unwrap(), Drained::default());
    }
}

#[test]
fn a_relay_that_starts_finds_what_another_program_left() {
    for app in apps(&[("books", subscriber)]) {
        let a = tenant(&app, "aa");
        emit(&app, a, &Sold::new("x", 1));
        // Another program, which did not hear the bell.
        let later = app.twin(&[("books", subscriber)]);
        deliver_one(&later, || {});
        assert_eq!(later.journal.take(), [format!("{a} x1")]);
        // And now it hears its own.
        deliver_one(&later, || emit(&later, a, &Sold::new("x", 2)));
        assert_eq!(later.journal.take(), [format!("{a} x2")]);
    }
}

/// Runs the relay until one event is being delivered.
fn deliver_one(app: &App, after_start: impl FnOnce()) {
    let (reached, go) = app.gate().arm();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let relay = Relay::new(app.db.clone());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = runtime.spawn(async move {
        relay
            .run_until(async {
                let _ = stopped.await;
            })
            .await;
    });
    after_start();
    reached.recv().unwrap();
    drop(go);
    stop.send(()).unwrap();
    runtime.block_on(running).unwrap();
}

#[test]
fn dead_letters_of_all_databases_are_listed_and_retried() {
    fn refuse(_: &mut Tx, _: &Sold, Inject(faults): Inject<crate::app::Faults>) -> Result<()> {
        match faults.check("all") {
            Ok(()) => Ok(()),
            Err(_) => Err(cortex_core::Error::invalid("test", "never")),
        }
    }
    for app in apps(&[("books", |m| {
        m.on(refuse);
    })]) {
        let a = tenant(&app, "aa");
        app.faults.set(&["all"]);
        emit(&app, a, &Sold::new("x", 1));
        let relay = Relay::new(app.db.clone());
        while relay.dead_letters().unwrap().is_empty() {
            relay.drain().unwrap();
            app.wait(cortex_data::RETRY_MAX);
        }
        let dead = relay.dead_letters().unwrap();
        assert_eq!((dead.len(), dead[0].tenant), (1, a));
        app.faults.set(&[]);
        relay.retry(dead[0].message, &dead[0].subscriber).unwrap();
        assert_eq!(relay.drain().unwrap().delivered, 1);
        assert!(relay.dead_letters().unwrap().is_empty());
        assert!(matches!(app.db.placement(PlacementKind::Database, a).unwrap(), Placement::Database(_)));
    }
}
