//! Whatever tenant A does, nothing of tenant B is read, changed, counted or referred to.
//!
//! The same operations run twice: in a database that A has to itself, and in one that it shares with B, whose records
//! have the same ids and plates. A must see the same in both, and B must be as it was.

use cortex_core::{Id, Result, TenantId};
use cortex_data::{Execute, Filter, PageQuery, PageRequest, PlacementKind, Repository, TenancyOptions, Tx, joined};
use diesel::{ExpressionMethods, QueryDsl};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::world::{World, worlds};
use crate::support::{Branch, Vehicle, test_branches, test_vehicles, vehicle};

const IDS: usize = 6;
const CASES: u32 = 24;
/// Schemas and databases are slower to clean.
const CASES_OWN: u32 = 8;

#[derive(Debug, Clone)]
enum Op {
    Get(usize),
    Find(usize),
    GetMany(Vec<usize>),
    Record(usize),
    List(Asked),
    Page(Asked, u32),
    Count(Asked),
    Stream(Asked),
    History(usize),
    Insert(usize, usize, Option<usize>),
    InsertMany(Vec<(usize, usize)>),
    Update(usize, usize, Option<usize>),
    UpdateAt(usize, i64),
    Delete(usize),
    DeleteAt(usize, i64),
    Restore(usize),
    Upsert(usize, usize),
    InsertBranch(usize),
    DeleteBranch(usize),
    Joined,
    Grouped,
    UpdateAll(i32),
    DeleteAll,
}

#[derive(Debug, Clone, Copy)]
enum Asked {
    All,
    Plate(usize),
    Branch(usize),
}

impl Asked {
    fn filter(self) -> Filter {
        match self {
            Self::All => Filter::All,
            Self::Plate(n) => Filter::eq("plate", plate(n)),
            Self::Branch(n) => Filter::eq("branch", branch_id(n)),
        }
    }
}

fn id(n: usize) -> Id<Vehicle> {
    Id::from_uuid(uuid::Uuid::from_u128(0x100 + n as u128))
}

fn branch_id(n: usize) -> Id<Branch> {
    Id::from_uuid(uuid::Uuid::from_u128(0x200 + n as u128))
}

fn plate(n: usize) -> String {
    format!("P-{n}")
}

fn car(n: usize, with_plate: usize, branch: Option<usize>) -> Vehicle {
    Vehicle { id: id(n), branch: branch.map(branch_id), ..vehicle(&plate(with_plate)) }
}

/// What the operation answers, in words.
fn run(tx: &mut Tx, op: &Op) -> Result<String> {
    Ok(match op {
        Op::Get(n) => format!("{:?}", Vehicle::get(tx, id(*n))?),
        Op::Find(n) => format!("{:?}", Vehicle::find(tx, id(*n))?),
        Op::GetMany(many) => {
            let ids: Vec<_> = many.iter().map(|n| id(*n)).collect();
            format!("{:?}", Vehicle::get_many(tx, &ids)?)
        }
        Op::Record(n) => format!("{:?}", Vehicle::record(tx, id(*n))?),
        Op::List(asked) => format!("{:?}", Vehicle::list(tx, &asked.filter())?),
        Op::Page(asked, limit) => {
            let query = PageQuery { limit: Some(*limit), total: true, ..PageQuery::default() };
            let request = PageRequest::parse(<Vehicle as cortex_data::Entity>::META, &query)?.and(asked.filter());
            let page = Vehicle::page(tx, &request)?;
            let next = page.next.is_some();
            format!("{:?} {:?} {next}", page.items, page.total)
        }
        Op::Count(asked) => Vehicle::count(tx, &asked.filter())?.to_string(),
        Op::Stream(asked) => {
            let mut all = Vec::new();
            Vehicle::stream(tx, &asked.filter(), |record| {
                all.push(record);
                Ok(())
            })?;
            format!("{all:?}")
        }
        Op::History(n) => {
            let all = Vehicle::history(tx, id(*n))?;
            format!("{:?}", all.iter().map(|e| (&e.action, &e.before, &e.after)).collect::<Vec<_>>())
        }
        Op::Joined => joined_plates(tx)?,
        Op::Grouped => seats(tx)?,
        _ => change(tx, op)?,
    })
}

/// The same of an operation that writes.
fn change(tx: &mut Tx, op: &Op) -> Result<String> {
    Ok(match op {
        Op::Insert(n, with_plate, branch) => format!("{:?}", Vehicle::insert(tx, &car(*n, *with_plate, *branch))?),
        Op::InsertMany(many) => {
            let cars: Vec<_> = many.iter().map(|(n, with_plate)| car(*n, *with_plate, None)).collect();
            format!("{:?}", Vehicle::insert_many(tx, &cars)?)
        }
        Op::Update(n, with_plate, branch) => {
            let changed = Vehicle::update(tx, id(*n), |vehicle| {
                vehicle.plate = plate(*with_plate);
                vehicle.branch = branch.map(branch_id);
                Ok(())
            })?;
            format!("{changed:?}")
        }
        Op::UpdateAt(n, version) => {
            let changed = Vehicle::update_at(tx, id(*n), *version, |vehicle| {
                vehicle.seats += 1;
                Ok(())
            })?;
            format!("{changed:?}")
        }
        Op::Delete(n) => format!("{:?}", Vehicle::delete(tx, id(*n))?),
        Op::DeleteAt(n, version) => format!("{:?}", Vehicle::delete_at(tx, id(*n), *version)?),
        Op::Restore(n) => format!("{:?}", Vehicle::restore(tx, id(*n))?),
        Op::Upsert(n, with_plate) => format!("{:?}", Vehicle::upsert(tx, &car(*n, *with_plate, None), &["plate"])?),
        Op::InsertBranch(n) => {
            format!("{:?}", Branch::insert(tx, &Branch { id: branch_id(*n), name: format!("branch {n}") })?)
        }
        Op::DeleteBranch(n) => format!("{:?}", Branch::delete(tx, branch_id(*n))?),
        Op::UpdateAll(seats) => {
            let scope = <Vehicle as cortex_data::Scoped>::predicate(tx);
            let update = diesel::update(test_vehicles::table.filter(scope)).set(test_vehicles::seats.eq(*seats));
            update.run(tx)?.to_string()
        }
        Op::DeleteAll => {
            let scope = <Vehicle as cortex_data::Scoped>::predicate(tx);
            diesel::delete(test_vehicles::table.filter(scope)).run(tx)?.to_string()
        }
        other => unreachable!("{other:?} reads"),
    })
}

fn joined_plates(tx: &mut Tx) -> Result<String> {
    let join = joined::<test_vehicles::table, Branch>(tx);
    let rows: Vec<(String, String)> = Vehicle::query(tx)
        .inner_join(join)
        .select((test_vehicles::plate, test_branches::name))
        .order(test_vehicles::plate)
        .rows(tx)?;
    Ok(format!("{rows:?}"))
}

fn seats(tx: &mut Tx) -> Result<String> {
    let rows: Vec<(i32, i64)> = Vehicle::query(tx)
        .group_by(test_vehicles::seats)
        .select((test_vehicles::seats, diesel::dsl::count_star()))
        .order(test_vehicles::seats)
        .rows(tx)?;
    Ok(format!("{rows:?}"))
}

fn outcome(world: &World, tenant: TenantId, op: &Op) -> String {
    match world.work(tenant).write_blocking(|tx| run(tx, op)) {
        Ok(text) => text,
        Err(error) => format!("{} {error}", error.code()),
    }
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let n = 0..IDS;
    let asked = prop_oneof![Just(Asked::All), (0..IDS).prop_map(Asked::Plate), (0..IDS).prop_map(Asked::Branch)];
    let read = prop_oneof![
        n.clone().prop_map(Op::Get),
        n.clone().prop_map(Op::Find),
        prop::collection::vec(n.clone(), 0..4).prop_map(Op::GetMany),
        n.clone().prop_map(Op::Record),
        asked.clone().prop_map(Op::List),
        (asked.clone(), 1_u32..4).prop_map(|(asked, limit)| Op::Page(asked, limit)),
        asked.clone().prop_map(Op::Count),
        asked.prop_map(Op::Stream),
        n.clone().prop_map(Op::History),
        Just(Op::Joined),
        Just(Op::Grouped),
    ];
    let branch = prop::option::of(0..IDS);
    let write = prop_oneof![
        (n.clone(), n.clone(), branch.clone()).prop_map(|(n, p, b)| Op::Insert(n, p, b)),
        prop::collection::vec((n.clone(), n.clone()), 0..3).prop_map(Op::InsertMany),
        (n.clone(), n.clone(), branch).prop_map(|(n, p, b)| Op::Update(n, p, b)),
        (n.clone(), 1_i64..3).prop_map(|(n, v)| Op::UpdateAt(n, v)),
        n.clone().prop_map(Op::Delete),
        (n.clone(), 1_i64..3).prop_map(|(n, v)| Op::DeleteAt(n, v)),
        n.clone().prop_map(Op::Restore),
        (n.clone(), n.clone()).prop_map(|(n, p)| Op::Upsert(n, p)),
        n.clone().prop_map(Op::InsertBranch),
        n.prop_map(Op::DeleteBranch),
        (2_i32..5).prop_map(Op::UpdateAll),
        Just(Op::DeleteAll),
    ];
    prop::collection::vec(prop_oneof![2 => read, 3 => write], 1..25)
}

/// Everything that a tenant has, in words.
fn everything(world: &World, tenant: TenantId) -> String {
    let read = world.work(tenant).read_blocking(|tx| {
        let vehicles = Vehicle::list(tx, &Filter::All)?;
        let histories: Vec<_> = (0..IDS).map(|n| Vehicle::history(tx, id(n))).collect::<Result<_>>()?;
        let records: Vec<_> = vehicles.iter().map(|v| Vehicle::record(tx, v.id)).collect::<Result<_>>()?;
        let branches = Branch::list(tx, &Filter::All)?;
        Ok(format!("{records:?} {branches:?} {histories:?}"))
    });
    read.unwrap()
}

/// A few records of every kind, one of them deleted.
fn fill(world: &World, tenant: TenantId) {
    let fill = |tx: &mut Tx| {
        for n in 0..IDS {
            Branch::insert(tx, &Branch { id: branch_id(n), name: format!("B's branch {n}") })?;
            Vehicle::insert(tx, &Vehicle { seats: 9, ..car(n, n, Some(n)) })?;
        }
        Vehicle::delete(tx, id(IDS - 1))
    };
    world.work(tenant).write_blocking(fill).unwrap();
}

fn clear(world: &World, tenant: TenantId) {
    let clear = |tx: &mut Tx| {
        for table in ["test_vehicles", "test_branches", "cortex_changes"] {
            let sql = match tx.backend() {
                cortex_data::Backend::Sqlite => format!("X'{}'", tenant.uuid().simple()),
                cortex_data::Backend::Postgres => format!("'{tenant}'"),
            };
            crate::support::batch(tx, &format!("DELETE FROM {table} WHERE tenant_id = {sql}"))?;
        }
        Ok(())
    };
    world.work(tenant).write_blocking(clear).unwrap();
}

fn check(crowded: &World, alone: &World, kinds: (PlacementKind, PlacementKind), cases: u32) {
    let name = |who: &str| format!("{who}-{}-{}", kinds.0.as_str(), kinds.1.as_str());
    let (a, b) = (crowded.tenant(&name("a"), kinds.0), crowded.tenant(&name("b"), kinds.1));
    let lone = alone.tenant(&name("a"), kinds.0);
    fill(crowded, b);
    let before = everything(crowded, b);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let result = runner.run(&ops(), |ops| {
        clear(crowded, a);
        clear(alone, lone);
        for op in &ops {
            let (here, there) = (outcome(crowded, a, op), outcome(alone, lone, op));
            prop_assert_eq!(here, there, "{} {:?}: {:?}", crowded.name, kinds, op);
        }
        prop_assert_eq!(&everything(crowded, b), &before, "B was changed");
        Ok(())
    });
    if let Err(error) = result {
        panic!("{} {kinds:?}: {error}", crowded.name);
    }
}

#[test]
fn nothing_of_another_tenant_is_read_changed_counted_or_referred_to() {
    let options = TenancyOptions::default();
    for (crowded, alone) in worlds(&options).iter().zip(&worlds(&options)) {
        let kinds = crowded.kinds();
        for own in &kinds {
            for other in &kinds {
                let shared = (*own, *other) == (PlacementKind::Shared, PlacementKind::Shared);
                check(crowded, alone, (*own, *other), if shared { CASES } else { CASES_OWN });
            }
        }
    }
}
