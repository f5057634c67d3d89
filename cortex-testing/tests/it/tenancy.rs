//! A statement that leaves its tenant fails the test that ran it, wherever it came from.

use std::panic::{AssertUnwindSafe, catch_unwind};

use codexion::prelude::*;
use cortex_testing::TestApp;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::conformance::{Vehicle, fleet, fleet_vehicles};

const REASON: &str = "count the vehicles of all tenants";

/// Runs `sql` on the connection that `REASON` gives away.
fn run(app: &TestApp, sql: &'static str) {
    let done = app.work().write_blocking(|tx| {
        let rows = diesel::sql_query(sql).execute(tx.unscoped(REASON));
        rows.map_err(|e| Error::internal("test", e.to_string()))
    });
    done.unwrap();
}

/// What `part` panics with.
fn panic_of(part: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(part)).err()?;
    Some(panic.downcast_ref::<String>().cloned().unwrap_or_default())
}

const LEAK: &str = "SELECT count(*) FROM fleet_vehicles";
const SCOPED: &str = "SELECT count(*) FROM fleet_vehicles WHERE tenant_id IS NOT NULL AND tenant_id IN ('a')";

#[test]
fn a_leak_fails_the_test_when_it_looks() {
    TestApp::each(fleet, |app| {
        run(app, LEAK);
        let said = panic_of(|| drop(app.seen())).expect("it leaks");
        let expected = format!(
            "statements leave the tenant on {}:\n- `fleet_vehicles` not held to a tenant in: {LEAK}",
            app.kind()
        );
        assert!(said.starts_with(&expected), "{said}");
    });
}

#[test]
fn a_leak_fails_a_test_that_never_looks() {
    let said = panic_of(|| {
        let app = TestApp::new(fleet);
        run(&app, LEAK);
        run(&app, "DELETE FROM fleet_vehicles WHERE plate = 'B 1'");
    });
    let said = said.expect("it leaks");
    assert!(said.contains(LEAK) && said.contains("DELETE FROM fleet_vehicles"), "{said}");
}

#[test]
fn a_failing_test_says_only_why_it_fails() {
    let said = panic_of(|| {
        let app = TestApp::new(fleet);
        run(&app, LEAK);
        assert_eq!(app.kind(), "another", "why it fails");
    });
    assert!(said.is_some_and(|said| said.contains("why it fails")));
}

#[test]
fn what_stays_with_its_tenant_passes() {
    TestApp::each(fleet, |app| {
        let work = app.work();
        let vehicle = Vehicle { id: Id::new(), plate: "B 1".to_owned() };
        let id = vehicle.id;
        work.write_blocking(move |tx| Vehicle::insert(tx, &vehicle)).unwrap();
        work.write_blocking(move |tx| {
            Vehicle::update(tx, id, |v| {
                v.plate = "B 2".to_owned();
                Ok(())
            })
        })
        .unwrap();
        let plates = work.read_blocking(|tx| {
            Vehicle::query(tx).filter(fleet_vehicles::plate.eq("B 2")).select(fleet_vehicles::plate).rows::<String>(tx)
        });
        assert_eq!(plates.unwrap(), ["B 2"]);
        work.write_blocking(move |tx| Vehicle::delete(tx, id)).unwrap();
        assert!(app.seen().statements.len() > 3);
    });
    let app = TestApp::new(fleet);
    run(&app, SCOPED);
    assert_eq!(app.seen().unscoped, [(0, REASON)]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "what the lint refuses is caught here too")]
fn or_filter_is_caught() {
    TestApp::each(fleet, |app| {
        let count = app
            .work()
            .read_blocking(|tx| Vehicle::query(tx).or_filter(fleet_vehicles::plate.eq("B 1")).count().row::<i64>(tx));
        assert_eq!(count.unwrap(), 0);
        let said = panic_of(|| drop(app.seen())).expect("it leaks");
        assert!(said.contains("`fleet_vehicles` not held to a tenant in: SELECT COUNT(*)"), "{said}");
    });
}

#[test]
fn a_reason_lets_its_own_statements_leave() {
    TestApp::each(fleet, |app| {
        app.allow_unscoped(REASON);
        run(app, LEAK);
        assert_eq!(app.seen().statements.len(), 1);
        app.allow_unscoped("another reason");
        let other = app.work().read_blocking(|tx| {
            let rows = diesel::sql_query(LEAK).execute(tx.unscoped("a third reason"));
            rows.map_err(|e| Error::internal("test", e.to_string()))
        });
        other.unwrap();
        assert!(panic_of(|| drop(app.seen())).is_some(), "the reason is not the one that was allowed");
    });
}
