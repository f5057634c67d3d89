//! Quotas: records, bytes, requests and jobs.

use cortex_core::{Actor, Cx, Id, Kind, TenantId};
use cortex_data::{Quotas, Repository, TenancyOptions, TenantUse};

use super::world::{World, worlds};
use crate::support::{Branch, Vehicle, vehicle};

fn limited(world: &World, quotas: Quotas) -> Vec<TenantId> {
    let kinds = world.kinds();
    kinds.iter().map(|k| world.tenant_with(&format!("t-{}", k.as_str()), *k, |t| t.quotas = quotas)).collect()
}

#[test]
fn records_beyond_the_quota_are_refused() {
    for world in worlds(&TenancyOptions::default()) {
        for id in limited(&world, Quotas { rows: Some(3), ..Quotas::default() }) {
            let insert = |plates: &[&str]| {
                let all: Vec<Vehicle> = plates.iter().map(|plate| vehicle(plate)).collect();
                world.work(id).write_blocking(|tx| Vehicle::insert_many(tx, &all)).map(|()| all)
            };
            let first = insert(&["a", "b"]).unwrap();
            let error = insert(&["c", "d"]).unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::Refused, "quota.rows"), "{}", world.name);
            assert_eq!(error.message(), "this tenant may have 3 records, and would have 4");
            insert(&["c"]).unwrap();
            assert_eq!(insert(&["d"]).unwrap_err().code(), "quota.rows");
            // A vehicle is only marked when it is deleted; a branch goes.
            world.work(id).write_blocking(|tx| Vehicle::delete(tx, first[0].id)).unwrap();
            assert_eq!(insert(&["d"]).unwrap_err().code(), "quota.rows");
            assert_eq!(world.db.usage(id).unwrap().unwrap().rows, 3);
        }
    }
}

#[test]
fn what_is_undone_is_not_counted() {
    for world in worlds(&TenancyOptions::default()) {
        for id in limited(&world, Quotas { rows: Some(2), ..Quotas::default() }) {
            let branch = || Branch { id: Id::new(), name: "north".to_owned() };
            world
                .work(id)
                .write_blocking(|tx| {
                    let undone: cortex_core::Result<()> = tx.savepoint(|tx| {
                        Branch::insert_many(tx, &[branch(), branch(), branch()])?;
                        Err(cortex_core::Error::refused("test", "no"))
                    });
                    assert!(undone.is_err());
                    Branch::insert(tx, &branch())
                })
                .unwrap();
            let failed: cortex_core::Result<()> = world.work(id).write_blocking(|tx| {
                Branch::insert(tx, &branch())?;
                Err(cortex_core::Error::refused("test", "no"))
            });
            assert!(failed.is_err());
            assert_eq!(world.db.usage(id).unwrap().unwrap().rows, 1, "{}", world.name);
            let last = branch();
            world.work(id).write_blocking(|tx| Branch::insert(tx, &last)).unwrap();
            world.work(id).write_blocking(|tx| Branch::delete(tx, last.id)).unwrap();
            assert_eq!(world.db.usage(id).unwrap().unwrap().rows, 1);
        }
    }
}

#[test]
fn counting_as_it_happens_and_counting_exactly_agree() {
    for world in worlds(&TenancyOptions::default()) {
        for id in limited(&world, Quotas { bytes: Some(100_000), ..Quotas::default() }) {
            let branch = Branch { id: Id::new(), name: "north ä".to_owned() };
            let mut car = vehicle("A-1");
            car.branch = Some(branch.id);
            world
                .work(id)
                .write_blocking(|tx| {
                    Branch::insert(tx, &branch)?;
                    Vehicle::insert(tx, &car)?;
                    Vehicle::update(tx, car.id, |vehicle| {
                        vehicle.driver = Some("Ada".to_owned());
                        vehicle.branch = None;
                        Ok(())
                    })
                })
                .unwrap();
            let counted = world.db.usage(id).unwrap().unwrap();
            // id 16 and 8 bytes; id 16, plate 3, driver 3, price 8, currency 3, seats 4.
            assert_eq!(counted, TenantUse { rows: 2, bytes: 24 + 37 }, "{}", world.name);
            assert_eq!(world.db.recount(id).unwrap(), counted, "{}", world.name);
            world.db.save_all_usage().unwrap();
            let another = world.newer(&[]);
            assert_eq!(another.db.usage(id).unwrap(), Some(counted), "another process knows it");
            let others = world.db.recount(TenantId::new()).unwrap();
            assert_eq!(others, TenantUse::default());
        }
    }
}

#[test]
fn saving_adds_up_over_processes() {
    for world in worlds(&TenancyOptions::default()) {
        for id in limited(&world, Quotas { rows: Some(100), ..Quotas::default() }) {
            let another = world.newer(&[]);
            for (program, plate) in [(&world, "a"), (&another, "b"), (&world, "c")] {
                program.work(id).write_blocking(|tx| Vehicle::insert(tx, &vehicle(plate))).unwrap();
            }
            world.db.save_all_usage().unwrap();
            another.db.save_all_usage().unwrap();
            assert_eq!(another.db.usage(id).unwrap().unwrap().rows, 3, "{}", world.name);
        }
    }
}

#[test]
fn requests_of_people_are_limited_and_those_of_the_system_are_not() {
    for world in worlds(&TenancyOptions::default()) {
        for id in limited(&world, Quotas { requests_per_minute: Some(2), ..Quotas::default() }) {
            let person = world.db.work(Cx::new(id, Actor::person(Id::new(), "ada", &[])));
            let ask = || person.read_blocking(|_| Ok(())).map_err(|error| (error.kind(), error.code()));
            assert_eq!([ask(), ask()], [Ok(()), Ok(())]);
            assert_eq!(ask(), Err((Kind::Limited, "quota.requests")), "{}", world.name);
            assert_eq!(world.refusal(id, true), None);
            world.clock.advance(std::time::Duration::from_secs(60).try_into().unwrap());
            assert_eq!(ask(), Ok(()));
        }
    }
}
