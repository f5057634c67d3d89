//! A program that is killed while it migrates all tenants leaves each of them on one known version.

use std::process::{Command, Stdio};

use cortex_data::{PlacementKind, TenancyOptions};
use diesel::connection::SimpleConnection;

use super::migrations::{applied, second};
use super::world::{World, worlds};

const URL: &str = "CORTEX_TEST_KILLED_URL";
const TENANTS: usize = 8;
/// The tenant at which the program is stopped.
const HELD: usize = 4;

fn one_by_one() -> TenancyOptions {
    TenancyOptions { migrate_parallel: 1, ..TenancyOptions::default() }
}

/// The program that is killed: a test of its own name that does nothing when nobody asks it to.
#[test]
fn the_program() {
    if let Ok(url) = std::env::var(URL) {
        let world = World::open(url, "killed", one_by_one(), None, &second());
        world.migrations().up().unwrap();
    }
}

#[test]
fn every_tenant_is_on_one_known_version() {
    for kind in [PlacementKind::Schema, PlacementKind::Database] {
        for world in worlds(&one_by_one()).iter().filter(|world| world.kinds().contains(&kind)) {
            check(world, kind);
        }
    }
}

fn check(world: &World, kind: PlacementKind) {
    let ids: Vec<_> = (0..TENANTS).map(|n| world.tenant(&format!("{}-{n}", kind.as_str()), kind)).collect();
    let version = |n: usize| world.get(ids[n]).schema_version;
    let old = version(0);
    // What the program needs is held here, so that it stands still in the middle.
    let lock = match world.name {
        "sqlite" => "SELECT 1",
        _ => "LOCK TABLE test_vehicles IN ACCESS EXCLUSIVE MODE",
    };
    world
        .work(ids[HELD])
        .write_blocking(|tx| {
            tx.unscoped("hold the table").batch_execute(lock).unwrap();
            let mut program = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "tenancy::killed::the_program"])
                .env(URL, &world.url)
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            while version(HELD - 1) == old {
                assert!(program.try_wait().unwrap().is_none(), "the program ended by itself");
                std::thread::yield_now();
            }
            program.kill().unwrap();
            program.wait().unwrap();
            Ok(())
        })
        .unwrap();

    let newer = World::newer(world, &second());
    let all = ["0001_fleet", "0002_garages", "0003_color", "0004_drivers"];
    for (n, id) in ids.iter().enumerate() {
        let has = applied(&newer, &newer.place(*id));
        assert_eq!(has, all[..has.len()], "{} {n}: migrations are applied in order", world.name);
        match n {
            n if n < HELD => assert_eq!(has.len(), all.len(), "{} {n}", world.name),
            n if n > HELD => assert_eq!(has.len(), 1, "{} {n}", world.name),
            _ => assert!(has.len() < all.len(), "{} {n}", world.name),
        }
    }
    let report = newer.migrations().up().unwrap();
    assert_eq!((report.failed.len(), report.untried), (0, 0), "{}: {report}", world.name);
    for id in &ids {
        assert_eq!(applied(&newer, &newer.place(*id)), all);
        assert_eq!(newer.refusal(*id, true), None);
    }
}
