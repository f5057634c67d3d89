//! Migrations of all tenants: parallel, canary first, resumable, and never half.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cortex_core::{Kind, TenantId};
use cortex_data::{Filter, Migration, MigrationState, Placement, PlacementKind, Repository, TenancyOptions};

use super::world::{World, worlds};
use crate::support::{Vehicle, vehicle};

/// What the second version adds: a table, a column, and a unique key that some data does not keep.
pub(crate) fn second() -> Vec<Migration> {
    vec![
        Migration::new("0002_garages", "CREATE TABLE test_garages (id bigint)", "DROP TABLE test_garages"),
        Migration::new("0003_color", "ALTER TABLE test_vehicles ADD COLUMN color text", ""),
        Migration::new("0004_drivers", "CREATE UNIQUE INDEX test_drivers ON test_vehicles (driver)", ""),
    ]
}

fn own_kinds(world: &World) -> Vec<PlacementKind> {
    world.kinds().into_iter().filter(|kind| *kind != PlacementKind::Shared).collect()
}

fn tenants(world: &World, count: usize) -> Vec<TenantId> {
    let kinds = own_kinds(world);
    (0..count).map(|n| world.tenant(&format!("t-{n:02}"), kinds[n % kinds.len()])).collect()
}

/// Data that the last migration fails on.
fn spoil(world: &World, id: TenantId) {
    for plate in ["a", "b"] {
        let mut car = vehicle(plate);
        car.driver = Some("Ada".to_owned());
        world.work(id).write_blocking(|tx| Vehicle::insert(tx, &car)).unwrap();
    }
}

/// Names of the migrations that a place has.
pub(crate) fn applied(world: &World, place: &Placement) -> Vec<String> {
    let all = world.migrator.at(place).status().unwrap();
    let own = all.into_iter().filter(|m| m.module == "fleet" && matches!(m.state, MigrationState::Applied { .. }));
    own.map(|migration| migration.name).collect()
}

#[test]
fn all_tenants_come_to_the_new_version() {
    for world in worlds(&TenancyOptions::default()) {
        let ids = tenants(&world, 6);
        let shared = world.tenant("shared", PlacementKind::Shared);
        let newer = world.newer(&second());
        assert_eq!(newer.migrations().pending().unwrap().len(), 6);
        let report = newer.migrations().up().unwrap();
        assert_eq!((report.tenants, report.current, report.migrated), (6, 0, 6), "{}: {report}", world.name);
        assert_eq!((report.failed.len(), report.untried), (0, 0));
        for id in ids.iter().chain([&shared]) {
            newer.work(*id).write_blocking(|tx| Vehicle::insert(tx, &vehicle("a"))).unwrap();
            assert_eq!(applied(&newer, &newer.place(*id)).len(), 4, "{}", world.name);
        }
        let again = newer.migrations().up().unwrap();
        assert_eq!((again.current, again.migrated), (6, 0));
        assert!(newer.migrations().pending().unwrap().is_empty());
    }
}

#[test]
fn a_tenant_that_is_older_than_the_program_is_refused_until_it_is_migrated() {
    for world in worlds(&TenancyOptions::default()) {
        let ids = tenants(&world, 2);
        let newer = world.newer(&second());
        // A third tenant, so that the program has something to do before it knows of the others.
        newer.migrations().up().unwrap();
        let late = world.tenant("late", own_kinds(&world)[0]);
        newer.db.directory().invalidate();
        assert_eq!(newer.refusal(late, false), Some((Kind::Unavailable, "tenancy.not_migrated")), "{}", world.name);
        assert_eq!(newer.refusal(ids[0], true), None);
        assert_eq!(world.refusal(ids[0], true), None, "the older program goes on while it is replaced");
        newer.migrations().up().unwrap();
        assert_eq!(newer.refusal(late, true), None);
    }
}

#[test]
fn a_failure_is_reported_and_leaves_the_tenant_on_a_known_version() {
    for world in worlds(&TenancyOptions::default()) {
        let ids = tenants(&world, 4);
        spoil(&world, ids[1]);
        let newer = world.newer(&second());
        let report = newer.migrations().up().unwrap();
        assert_eq!((report.migrated, report.failed.len(), report.untried), (3, 1, 0), "{}: {report}", world.name);
        let failed = &report.failed[0];
        assert_eq!((failed.tenant, failed.name.as_str()), (ids[1], "t-01"));
        assert!(failed.error.as_deref().unwrap().contains("0004_drivers"), "{failed:?}");
        assert!(report.to_string().contains("t-01: the migration `0004_drivers"), "{report}");

        let place = newer.place(ids[1]);
        assert_eq!(applied(&newer, &place), ["0001_fleet", "0002_garages", "0003_color"]);
        assert!(newer.get(ids[1]).migrate_error.is_some());
        let refused = newer.work(ids[1]).read_blocking(|_| Ok(())).unwrap_err();
        assert_eq!(refused.code(), "tenancy.not_migrated");
        assert!(refused.help().unwrap().contains("migrate status"), "{refused:?}");
        assert_eq!(newer.refusal(ids[0], true), None, "the others work");

        // Mended by the older program, whose version it still fits, and run again.
        let all = world.work(ids[1]).read_blocking(|tx| Vehicle::list(tx, &Filter::All)).unwrap();
        let mend = |v: &mut Vehicle| {
            v.driver = None;
            Ok(())
        };
        world.work(ids[1]).write_blocking(|tx| Vehicle::update(tx, all[0].id, mend)).unwrap();
        let again = newer.migrations().up().unwrap();
        assert_eq!((again.current, again.migrated, again.failed.len()), (3, 1, 0), "{again}");
        assert_eq!(newer.get(ids[1]).migrate_error, None);
        assert_eq!(newer.refusal(ids[1], true), None);
    }
}

#[test]
fn where_a_canary_fails_nobody_else_is_tried() {
    let options = TenancyOptions { canary: vec!["t-02".to_owned()], ..TenancyOptions::default() };
    for world in worlds(&options) {
        let ids = tenants(&world, 4);
        spoil(&world, ids[2]);
        let newer = world.newer(&second());
        let report = newer.migrations().up().unwrap();
        assert_eq!((report.migrated, report.failed.len(), report.untried), (0, 1, 3), "{}: {report}", world.name);
        assert_eq!(applied(&newer, &newer.place(ids[0])), ["0001_fleet"]);
    }
}

#[test]
fn a_new_place_has_all_tables_and_an_occupied_one_is_left_alone() {
    for world in worlds(&TenancyOptions::default()) {
        for kind in own_kinds(&world) {
            let id = world.tenant(&format!("t-{}", kind.as_str()), kind);
            let place = world.place(id);
            assert_eq!(applied(&world, &place), ["0001_fleet"], "{} {kind:?}", world.name);
            world.work(id).write_blocking(|tx| Vehicle::insert(tx, &vehicle("a"))).unwrap();
            let error = world.migrations().create(&place).unwrap_err();
            assert_eq!(error.code(), "tenancy.occupied");
            assert_eq!(world.work(id).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap(), 1);
        }
    }
}

#[test]
fn stale_plans_never_reach_a_user() {
    for world in worlds(&TenancyOptions::default()) {
        let ids = tenants(&world, 2);
        for id in &ids {
            world.work(*id).write_blocking(|tx| Vehicle::insert(tx, &vehicle("a"))).unwrap();
        }
        let (world, stop) = (Arc::new(world), Arc::new(AtomicBool::new(false)));
        let readers: Vec<_> = ids
            .iter()
            .map(|id| {
                let (world, stop, id) = (Arc::clone(&world), Arc::clone(&stop), *id);
                std::thread::spawn(move || {
                    let mut count = 0;
                    while !stop.load(Ordering::Relaxed) || count == 0 {
                        // Selects every column: its type changes when a column comes.
                        world
                            .work(id)
                            .read_blocking(|tx| {
                                let sql = diesel::sql_query("SELECT * FROM test_vehicles");
                                let rows: Vec<Plate> = cortex_data::Execute::rows(sql, tx)?;
                                assert_eq!(rows[0].plate, "a");
                                Ok(())
                            })
                            .unwrap();
                        count += 1;
                    }
                })
            })
            .collect();
        let columns = (2..12).map(|n| {
            let name = format!("{n:04}_column");
            Migration::new(name, format!("ALTER TABLE test_vehicles ADD COLUMN column_{n} text"), "")
        });
        let newer = world.newer(&columns.collect::<Vec<_>>());
        assert_eq!(newer.migrations().up().unwrap().migrated, 2);
        stop.store(true, Ordering::Relaxed);
        readers.into_iter().for_each(|reader| reader.join().unwrap());
    }
}

#[derive(diesel::QueryableByName)]
struct Plate {
    #[diesel(sql_type = diesel::sql_types::Text)]
    plate: String,
}
