//! Tenants move between all modes and databases, whole or not at all.

use std::sync::atomic::{AtomicBool, Ordering};

use cortex_core::{Id, Kind, Result, TenantId};
use cortex_data::{NewTenant, Placement, PlacementKind, Repository, Target, TenantStatus};
use diesel::connection::SimpleConnection;

use super::crew::{Person, grown};
use super::world::World;
use crate::support::{Branch, Vehicle, vehicle};

fn create(world: &World, name: &str, kind: PlacementKind) -> TenantId {
    let new = NewTenant { name: name.to_owned(), at: Some(Target::Kind(kind)), ..NewTenant::default() };
    world.tenants().create(&new).unwrap().id
}

#[test]
fn a_tenant_moves_from_every_mode_to_every_other() {
    for world in grown() {
        let other = create(&world, "other", PlacementKind::Shared);
        world.fill(other, 40);
        let others = world.picture(other);
        let id = create(&world, "acme", PlacementKind::Shared);
        // More than travel in one batch.
        world.fill(id, 600);
        let had = world.picture(id);
        let file = Placement::Database(format!("beside_{}.db", id.uuid().simple()));
        let kinds: &[PlacementKind] = match world.kinds().len() {
            2 => &[PlacementKind::Database, PlacementKind::Shared],
            _ => &[
                PlacementKind::Schema,
                PlacementKind::Database,
                PlacementKind::Shared,
                PlacementKind::Database,
                PlacementKind::Schema,
                PlacementKind::Shared,
            ],
        };
        let targets = kinds.iter().map(|kind| Target::Kind(*kind));
        // A file takes tenants of every database, and gives them back.
        for target in targets.chain([Target::Place(file), Target::Kind(PlacementKind::Shared)]) {
            let moved = world.tenants().move_to("acme", &target).unwrap();
            assert!(moved.rows > 600 && moved.tables >= 4, "{moved:?}");
            assert_eq!(moved.tenant.status, TenantStatus::Active);
            assert_eq!(world.picture(id), had, "{} {target:?}", world.name);
            assert_eq!(world.refusal(id, true), None);
        }
        assert_eq!(world.picture(other), others, "{}", world.name);
        // The triggers are back.
        let hire = |tx: &mut cortex_data::Tx| {
            let mut person = Person::list(tx, &cortex_data::Filter::All)?.remove(0);
            (person.id, person.note) = (Id::new(), Some("posted".to_owned()));
            Person::insert(tx, &person).map(drop)
        };
        assert!(world.work(id).write_blocking(hire).is_err(), "{}", world.name);
    }
}

#[test]
fn nobody_writes_behind_the_fence_and_everybody_reads() {
    for world in grown() {
        let id = create(&world, "acme", PlacementKind::Shared);
        world.fill(id, 100);
        // Another process, which hears of the move by the directory alone.
        let far = world.newer(&super::crew::crews());
        let over = AtomicBool::new(false);
        let written = std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let (mut written, mut refused) = (0, false);
                while !over.load(Ordering::Relaxed) || !refused {
                    let plate = format!("w{written}");
                    match far.work(id).write_blocking(|tx| Vehicle::insert(tx, &vehicle(&plate))) {
                        Ok(_) => written += 1,
                        Err(error) => {
                            assert_eq!((error.kind(), error.code()), (Kind::Unavailable, "tenancy.moving"));
                            refused = true;
                        }
                    }
                }
                written
            });
            let reader = scope.spawn(|| {
                let mut seen = 0;
                while !over.load(Ordering::Relaxed) || seen == 0 {
                    let branches = far.work(id).read_blocking(|tx| Branch::count(tx, &cortex_data::Filter::All));
                    assert_eq!(branches.unwrap(), 1);
                    seen += 1;
                }
            });
            let moved = world.tenants().move_to("acme", &Target::Kind(PlacementKind::Database));
            over.store(true, Ordering::Relaxed);
            reader.join().unwrap();
            moved.unwrap();
            writer.join().unwrap()
        });
        let cars = far.work(id).read_blocking(|tx| Vehicle::count(tx, &cortex_data::Filter::All)).unwrap();
        assert_eq!(cars, written + 1, "{}: nothing that was written is lost", world.name);
    }
}

#[test]
fn a_move_that_can_not_be_leaves_the_tenant_where_it_is() {
    for world in grown() {
        let id = create(&world, "acme", PlacementKind::Shared);
        create(&world, "other", PlacementKind::Database);
        world.fill(id, 5);
        let had = world.picture(id);
        let taken = world.tenants().find("other").unwrap().placement;
        let refusal = |target: Target| world.tenants().move_to("acme", &target).unwrap_err().code();
        assert_eq!(refusal(Target::Place(taken)), "tenancy.occupied");
        assert_eq!(refusal(Target::Kind(PlacementKind::Shared)), "tenancy.same_place");
        assert_eq!(refusal(Target::Place(Placement::Database("a/../b.db".to_owned()))), "tenancy.location");
        world.tenants().suspend("acme", None).unwrap();
        let moved = world.tenants().move_to("acme", &Target::Kind(PlacementKind::Database)).unwrap();
        assert_eq!(moved.tenant.status, TenantStatus::Suspended, "what is suspended stays so");
        world.tenants().resume("acme").unwrap();
        assert_eq!(world.picture(id), had, "{}", world.name);
    }
}

/// Rows that get lost on the way are noticed before anything counts.
#[test]
fn what_does_not_arrive_is_noticed() {
    for world in grown().iter().filter(|world| world.name == "postgres") {
        let id = create(world, "acme", PlacementKind::Schema);
        world.fill(id, 5);
        let rule = |sql: &str| -> Result<()> {
            world.work(TenantId::new()).write_blocking(|tx| {
                tx.unscoped("spoil the target").batch_execute(sql).unwrap();
                Ok(())
            })
        };
        rule("CREATE RULE lose AS ON INSERT TO test_branches DO INSTEAD NOTHING").unwrap();
        let target = Target::Kind(PlacementKind::Shared);
        // Nothing refers to this branch, so that only the comparison can tell.
        let alone = |tx: &mut cortex_data::Tx| {
            let cars = Vehicle::list(tx, &cortex_data::Filter::All)?;
            Vehicle::update(tx, cars[0].id, |car| {
                car.branch = None;
                Ok(())
            })
        };
        world.work(id).write_blocking(alone).unwrap();
        let had = world.picture(id);
        assert_eq!(world.tenants().move_to("acme", &target).unwrap_err().code(), "transfer.differs");
        assert_eq!((world.place(id).kind(), world.picture(id)), (PlacementKind::Schema, had.clone()));
        assert_eq!(world.refusal(id, true), None);
        rule("DROP RULE lose ON test_branches").unwrap();
        world.tenants().move_to("acme", &target).unwrap();
        assert_eq!(world.picture(id), had);
    }
}
