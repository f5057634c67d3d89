//! A program that is killed while it moves or imports a tenant leaves it in one place, whole, and open for a retry.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use cortex_core::TenantId;
use cortex_data::{Filter, NewTenant, PlacementKind, Repository, Target, TenancyOptions, TenantStatus};

use super::crew::{Person, crews, grown};
use super::world::World;
use crate::support::{Vehicle, vehicle};

const URL: &str = "CORTEX_TEST_CHAOS_URL";
const KIND: &str = "CORTEX_TEST_CHAOS_KIND";
const ARCHIVE: &str = "CORTEX_TEST_CHAOS_ARCHIVE";
/// Enough for several batches at the new place.
const PEOPLE: usize = 2_500;
/// Kills per kind of place.
const ROUNDS: u64 = 3;

fn target(kind: &str) -> Target {
    Target::Kind(PlacementKind::parse(kind).unwrap())
}

/// The program that is killed: a test of its own name that does nothing when nobody asks it to.
#[test]
fn the_program() {
    let Ok(url) = std::env::var(URL) else { return };
    let world = World::open(url, "chaos", TenancyOptions::default(), None, &crews());
    let at = target(&std::env::var(KIND).unwrap());
    match std::env::var(ARCHIVE) {
        Ok(path) => {
            let new = NewTenant { at: Some(at), ..NewTenant::default() };
            world.tenants().import(path.as_ref(), &new, true).map(drop).unwrap();
        }
        Err(_) => world.tenants().move_to("acme", &at).map(drop).unwrap(),
    }
}

fn program(world: &World, kind: PlacementKind, archive: Option<&std::path::Path>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "tenancy::chaos::the_program"]);
    command.env(URL, &world.url).env(KIND, kind.as_str()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(archive) = archive {
        command.env(ARCHIVE, archive);
    }
    command.spawn().unwrap()
}

/// How far the program is let: so many looks at the directory after it has begun. The looks take as long as they
/// take, so that it dies in the fence, in the copy, at the switch or while it clears up.
fn kill_after(mut program: Child, looks: u64, has_begun: impl Fn() -> bool, look: impl Fn()) {
    while !has_begun() {
        if program.try_wait().unwrap().is_some() {
            return;
        }
        std::thread::yield_now();
    }
    for _ in 0..looks {
        look();
    }
    program.kill().unwrap();
    program.wait().unwrap();
}

/// Waits until nothing is half done any more: a server may notice late that a client died.
fn settled(world: &World) {
    loop {
        world.tenants().recover().unwrap();
        let all = world.tenants().list("", 100).unwrap();
        let open = |t: &cortex_data::Tenant| t.status != TenantStatus::Active || t.settings.get("operation").is_some();
        if !all.iter().any(open) {
            return;
        }
        std::thread::yield_now();
    }
}

/// A number that is different in every run, and told where a test fails.
fn random(below: u64) -> u64 {
    let seed = uuid::Uuid::new_v4().as_u64_pair().0;
    seed % below
}

#[test]
fn a_killed_move_leaves_the_tenant_whole_in_one_place() {
    for world in grown() {
        let new = NewTenant { name: "acme".to_owned(), ..NewTenant::default() };
        let id = world.tenants().create(&new).unwrap().id;
        world.fill(id, PEOPLE);
        let over = AtomicBool::new(false);
        let written = std::thread::scope(|scope| {
            let writer = scope.spawn(|| write_until(&world.newer(&crews()), id, &over));
            let stop = Stop(&over);
            let kinds = world.kinds().into_iter().cycle().skip(1).take(world.kinds().len());
            for (kind, round) in kinds.flat_map(|kind| (0..ROUNDS).map(move |round| (kind, round))) {
                let from = world.place(id);
                if from.kind() == kind {
                    continue;
                }
                // The fence alone takes some two seconds, and a look a fraction of a millisecond.
                let looks = random(12_000);
                let moving = || world.get(id).settings.get("operation").is_some();
                kill_after(program(&world, kind, None), looks, moving, || drop(world.get(id)));
                settled(&world);
                let at = world.place(id);
                assert!(at == from || at.kind() == kind, "{} {kind:?} {round} {looks}: {at}", world.name);
                let people = world.work(id).read_blocking(|tx| Person::count(tx, &Filter::All)).unwrap();
                assert_eq!(usize::try_from(people), Ok(PEOPLE), "{} {kind:?} {looks}", world.name);
                // Neither place has anything in it where the tenant is not: both ways are open.
                let other = if at == from { Target::Kind(kind) } else { Target::Place(from) };
                world.tenants().move_to("acme", &other).unwrap();
            }
            drop(stop);
            writer.join().unwrap()
        });
        let there = plates(&world, id);
        assert!(written.is_subset(&there), "{}: nothing that was written is lost", world.name);
        assert_eq!(written.len() + 1, there.len(), "{}: and nothing came back", world.name);
    }
}

fn plates(world: &World, id: TenantId) -> BTreeSet<String> {
    let read = world.work(id).snapshot_blocking(|tx| {
        let mut there = BTreeSet::new();
        Vehicle::stream(tx, &Filter::All, |car| {
            there.insert(car.plate.clone());
            Ok(())
        })?;
        Ok(there)
    });
    read.unwrap()
}

/// Stops the writer, also where the test fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Writes all the time; answers what was accepted.
fn write_until(world: &World, id: TenantId, over: &AtomicBool) -> BTreeSet<String> {
    let mut written = BTreeSet::new();
    let mut n = 0;
    while !over.load(Ordering::Relaxed) {
        let plate = format!("w{n}");
        match world.work(id).write_blocking(|tx| Vehicle::insert(tx, &vehicle(&plate))) {
            Ok(_) => drop(written.insert(plate)),
            Err(error) => assert_eq!(error.code(), "tenancy.moving", "{error:?}"),
        }
        n += 1;
        std::thread::yield_now();
    }
    written
}

#[test]
fn a_killed_import_leaves_nothing_and_can_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    for (from, world) in grown().into_iter().zip(grown()) {
        let new = NewTenant { name: "acme".to_owned(), ..NewTenant::default() };
        let id = from.tenants().create(&new).unwrap().id;
        from.fill(id, PEOPLE);
        let had = from.picture(id);
        let path = folder.path().join(format!("{}.zip", world.name));
        from.tenants().export("acme", &path).unwrap();
        for kind in world.kinds() {
            let known = || !world.tenants().list("", 10).unwrap().is_empty();
            let looks = random(1_500);
            kill_after(program(&world, kind, Some(&path)), looks, known, || {
                known();
            });
            settled(&world);
            if known() {
                assert_eq!(world.picture(id), had, "{} {kind:?} {looks}: it was faster", world.name);
            } else {
                let again = NewTenant { at: Some(Target::Kind(kind)), ..NewTenant::default() };
                world.tenants().import(&path, &again, true).unwrap();
                assert_eq!(world.picture(id), had, "{} {kind:?} {looks}", world.name);
            }
            // Without a trace, so that the next round begins anew.
            world.tenants().delete("acme", 0).unwrap();
            let gone = world.tenants().purge("acme", true).unwrap();
            let directory = world.db.directory();
            directory.work("test").write_blocking(|tx| directory.remove(tx, gone.id)).unwrap();
        }
    }
}
