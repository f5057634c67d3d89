//! Whatever is done in company A, nothing of company B of the same tenant is read, changed, counted or referred to.
//!
//! The same operations run twice: in a tenant that A has to itself, and in one that it shares with B, whose records
//! have the same ids and plates. A must see the same in both, and B must be as it was.

use cortex_core::{CompanyId, Id, Result, TenantId};
use cortex_data::{
    Entity, Execute, Filter, PageQuery, PageRequest, Repository, Tx, Work, check_schema, create_table_sql, joined,
};
use diesel::{ExpressionMethods, QueryDsl};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{TestDb, batch, cx, databases};

const IDS: usize = 5;
const CASES: u32 = 32;
const B: CompanyId = CompanyId::from_uuid(uuid::Uuid::from_u128(0xB));

/// What all companies share.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_makes", tenant, crate = cortex_data)]
struct Make {
    id: Id<Make>,
    #[field(unique)]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_depots", tenant, company, crate = cortex_data)]
struct Depot {
    id: Id<Depot>,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_vans", tenant, company, versioned, audited, soft_delete, crate = cortex_data)]
struct Van {
    id: Id<Van>,
    #[field(unique, max_len = 12)]
    plate: String,
    #[field(references = Depot)]
    depot: Option<Id<Depot>>,
    #[field(references = Make)]
    make: Option<Id<Make>>,
    seats: i32,
}

diesel::joinable!(test_vans -> test_depots (depot));
diesel::allow_tables_to_appear_in_same_query!(test_vans, test_depots);

#[derive(Debug, Clone)]
enum Op {
    Record(usize),
    List(Option<usize>),
    Page(u32),
    Count(Option<usize>),
    Stream,
    History(usize),
    Joined,
    Grouped,
    Insert(usize, usize, Option<usize>),
    Update(usize, usize, Option<usize>),
    Delete(usize),
    Restore(usize),
    Upsert(usize, usize),
    InsertDepot(usize),
    DeleteDepot(usize),
    UpdateAll(i32),
    DeleteAll,
}

fn van_id(n: usize) -> Id<Van> {
    Id::from_uuid(uuid::Uuid::from_u128(0x100 + n as u128))
}

fn depot_id(n: usize) -> Id<Depot> {
    Id::from_uuid(uuid::Uuid::from_u128(0x200 + n as u128))
}

fn plate(n: usize) -> String {
    format!("P-{n}")
}

fn van(n: usize, with_plate: usize, depot: Option<usize>) -> Van {
    Van { id: van_id(n), plate: plate(with_plate), depot: depot.map(depot_id), make: None, seats: 3 }
}

fn asked(depot: Option<usize>) -> Filter {
    depot.map_or(Filter::All, |n| Filter::eq("depot", depot_id(n)))
}

/// What the operation answers, in words.
fn run(tx: &mut Tx, op: &Op) -> Result<String> {
    Ok(match op {
        Op::Record(n) => format!("{:?} {:?}", Van::get_many(tx, &[van_id(*n)])?, Van::record(tx, van_id(*n))?),
        Op::List(depot) => format!("{:?}", Van::list(tx, &asked(*depot))?),
        Op::Page(limit) => {
            let query = PageQuery { limit: Some(*limit), total: true, ..PageQuery::default() };
            let page = Van::page(tx, &PageRequest::parse(Van::META, &query)?)?;
            format!("{:?} {:?} {}", page.items, page.total, page.next.is_some())
        }
        Op::Count(depot) => Van::count(tx, &asked(*depot))?.to_string(),
        Op::Stream => {
            let mut all = Vec::new();
            Van::stream(tx, &Filter::All, |record| {
                all.push(record);
                Ok(())
            })?;
            format!("{all:?}")
        }
        Op::History(n) => {
            let all = Van::history(tx, van_id(*n))?;
            format!("{:?}", all.iter().map(|e| (&e.action, &e.before, &e.after)).collect::<Vec<_>>())
        }
        Op::Joined => {
            let join = joined::<test_vans::table, Depot>(tx);
            let query = Van::query(tx).left_join(join).order(test_vans::plate);
            let columns = (test_vans::plate, diesel::dsl::sql::<diesel::sql_types::Bool>("test_depots.id IS NOT NULL"));
            let rows: Vec<(String, bool)> = query.select(columns).rows(tx)?;
            format!("{rows:?}")
        }
        Op::Grouped => {
            let counted = (test_vans::seats, diesel::dsl::count_star());
            let query = Van::query(tx).group_by(test_vans::seats).select(counted).order(test_vans::seats);
            let rows: Vec<(i32, i64)> = query.rows(tx)?;
            format!("{rows:?}")
        }
        _ => change(tx, op)?,
    })
}

/// The same of an operation that writes.
fn change(tx: &mut Tx, op: &Op) -> Result<String> {
    Ok(match op {
        Op::Insert(n, with_plate, depot) => format!("{:?}", Van::insert(tx, &van(*n, *with_plate, *depot))?),
        Op::Update(n, with_plate, depot) => {
            let changed = Van::update(tx, van_id(*n), |stored| {
                *stored = Van { seats: stored.seats + 1, ..van(*n, *with_plate, *depot) };
                Ok(())
            })?;
            format!("{changed:?}")
        }
        Op::Delete(n) => format!("{:?}", Van::delete(tx, van_id(*n))?),
        Op::Restore(n) => format!("{:?}", Van::restore(tx, van_id(*n))?),
        Op::Upsert(n, with_plate) => format!("{:?}", Van::upsert(tx, &van(*n, *with_plate, None), &["plate"])?),
        Op::InsertDepot(n) => {
            format!("{:?}", Depot::insert(tx, &Depot { id: depot_id(*n), name: format!("depot {n}") })?)
        }
        Op::DeleteDepot(n) => format!("{:?}", Depot::delete(tx, depot_id(*n))?),
        Op::UpdateAll(seats) => {
            let update = diesel::update(test_vans::table.filter(Van::scope(tx))).set(test_vans::seats.eq(*seats));
            update.run(tx)?.to_string()
        }
        Op::DeleteAll => diesel::delete(test_vans::table.filter(Van::scope(tx))).run(tx)?.to_string(),
        other => unreachable!("{other:?} reads"),
    })
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let (n, depot) = (0..IDS, prop::option::of(0..IDS));
    let read = prop_oneof![
        n.clone().prop_map(Op::Record),
        depot.clone().prop_map(Op::List),
        (1_u32..4).prop_map(Op::Page),
        depot.clone().prop_map(Op::Count),
        Just(Op::Stream),
        n.clone().prop_map(Op::History),
        Just(Op::Joined),
        Just(Op::Grouped),
    ];
    let write = prop_oneof![
        3 => (n.clone(), n.clone(), depot.clone()).prop_map(|(n, p, d)| Op::Insert(n, p, d)),
        1 => (n.clone(), n.clone(), depot).prop_map(|(n, p, d)| Op::Update(n, p, d)),
        1 => n.clone().prop_map(Op::Delete),
        1 => n.clone().prop_map(Op::Restore),
        1 => (n.clone(), n.clone()).prop_map(|(n, p)| Op::Upsert(n, p)),
        2 => n.clone().prop_map(Op::InsertDepot),
        1 => n.prop_map(Op::DeleteDepot),
        1 => (2_i32..5).prop_map(Op::UpdateAll),
        1 => Just(Op::DeleteAll),
    ];
    prop::collection::vec(prop_oneof![2 => read, 3 => write], 1..25)
}

impl TestDb {
    fn of_company(&self, tenant: TenantId, company: CompanyId) -> Work {
        self.db.work(cx(tenant).with_company(company))
    }
}

fn tables() -> Vec<TestDb> {
    let all = databases();
    for test in &all {
        let sql = [create_table_sql(Make::META), create_table_sql(Depot::META), create_table_sql(Van::META)].concat();
        test.work(Id::new()).write_blocking(|tx| batch(tx, &sql)).unwrap();
    }
    all
}

fn outcome(work: &Work, op: &Op) -> String {
    match work.write_blocking(|tx| run(tx, op)) {
        Ok(text) => text,
        Err(error) => format!("{} {error}", error.code()),
    }
}

/// Everything that a company has, in words.
fn everything(work: &Work) -> String {
    let read = work.read_blocking(|tx| {
        let vans = Van::list(tx, &Filter::All)?;
        let records: Vec<_> = vans.iter().map(|van| Van::record(tx, van.id)).collect::<Result<_>>()?;
        let histories: Vec<_> = (0..IDS).map(|n| Van::history(tx, van_id(n))).collect::<Result<_>>()?;
        Ok(format!("{records:?} {:?} {histories:?}", Depot::list(tx, &Filter::All)?))
    });
    read.unwrap()
}

/// A few records of every kind, one of them deleted.
fn fill(work: &Work) {
    let fill = |tx: &mut Tx| {
        for n in 0..IDS {
            Depot::insert(tx, &Depot { id: depot_id(n), name: format!("B's depot {n}") })?;
            Van::insert(tx, &Van { seats: 9, ..van(n, n, Some(n)) })?;
        }
        Van::delete(tx, van_id(IDS - 1))
    };
    work.write_blocking(fill).unwrap();
}

#[test]
fn nothing_of_another_company_is_read_changed_counted_or_referred_to() {
    for test in tables() {
        let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
        let result = runner.run(&ops(), |ops| {
            let (crowded, alone) = (Id::new(), Id::new());
            let b = test.of_company(crowded, B);
            fill(&b);
            let before = everything(&b);
            for op in &ops {
                let here = outcome(&test.of_company(crowded, CompanyId::MAIN), op);
                let there = outcome(&test.of_company(alone, CompanyId::MAIN), op);
                prop_assert_eq!(here, there, "{}: {:?}", test.name, op);
            }
            prop_assert_eq!(&everything(&b), &before, "B was changed");
            Ok(())
        });
        if let Err(error) = result {
            panic!("{}: {error}", test.name);
        }
    }
}

#[test]
fn what_companies_share_is_seen_by_all_of_them() {
    for test in tables() {
        let (tenant, make) = (Id::new(), Make { id: Id::new(), name: "Ford".to_owned() });
        let main = test.of_company(tenant, CompanyId::MAIN);
        main.write_blocking(|tx| Make::insert(tx, &make)).unwrap();
        let other = test.of_company(tenant, B);
        let with_make = Van { make: Some(make.id), ..van(1, 1, None) };
        other.write_blocking(|tx| Van::insert(tx, &with_make)).unwrap();
        let taken = other.write_blocking(|tx| Make::insert(tx, &Make { id: Id::new(), name: "Ford".to_owned() }));
        assert_eq!(taken.unwrap_err().code(), "unique", "{}", test.name);
        assert_eq!(main.read_blocking(|tx| Van::count(tx, &Filter::All)).unwrap(), 0, "{}", test.name);
    }
}

#[test]
fn a_table_without_the_company_in_its_keys_is_refused() {
    for test in databases() {
        let sql = "CREATE TABLE test_depots (tenant_id uuid NOT NULL, company_id uuid NOT NULL, id uuid NOT NULL, \
                   name text NOT NULL, PRIMARY KEY (tenant_id, id));";
        test.work(Id::new()).write_blocking(|tx| batch(tx, sql)).unwrap();
        let problems = test.work(Id::new()).read_blocking(|tx| check_schema(tx, &[Depot::META])).unwrap();
        let expected: Vec<_> = problems.iter().map(|problem| problem.expected.as_str()).collect();
        assert_eq!(expected, ["`PRIMARY KEY (tenant_id, company_id, id)`"], "{}", test.name);
    }
}
