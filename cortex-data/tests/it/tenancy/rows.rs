//! Row-level security: the wall that holds where a query forgets its tenant.

use cortex_core::{Id, TenantId};
use cortex_data::{Filter, PlacementKind, Repository, TenancyOptions};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;

use super::world::World;
use crate::support::{Branch, Vehicle, postgres_url, vehicle};

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A program whose role is an ordinary one, which owns its database.
fn ordinary(options: TenancyOptions) -> Option<World> {
    let url = postgres_url()?;
    let role = format!("r_{}", uuid::Uuid::new_v4().simple());
    let (_, name) = url.rsplit_once('/').unwrap();
    let owner = World::open(url.clone(), "postgres", TenancyOptions::default(), None, &[]);
    let sql = format!(
        "CREATE ROLE {role} LOGIN; ALTER DATABASE {name} OWNER TO {role}; DROP OWNED BY {role}; \
         DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION {role};"
    );
    raw(&owner, TenantId::new(), &sql).unwrap();
    let (scheme, rest) = url.split_once("://").unwrap();
    let host = rest.split_once('@').unwrap().1;
    let world = World::open(format!("{scheme}://{role}@{host}"), "postgres", options, None, &[]);
    world.migrations().up().unwrap();
    Some(world)
}

fn raw(world: &World, tenant: TenantId, sql: &str) -> Result<(), String> {
    let result = world.work(tenant).write_blocking(|tx| {
        let result = tx.unscoped("remove the first wall").batch_execute(sql);
        result.map_err(|error| cortex_core::Error::refused("test", error.to_string()))
    });
    result.map_err(|error| error.message().to_owned())
}

fn count(world: &World, tenant: TenantId, table: &str) -> i64 {
    let sql = format!("SELECT count(*) AS count FROM {table}");
    let read = |tx: &mut cortex_data::ReadTx| {
        let rows: Vec<Count> = diesel::sql_query(&sql).load(tx.unscoped("remove the first wall")).unwrap();
        Ok(rows[0].count)
    };
    world.work(tenant).read_blocking(read).unwrap()
}

#[test]
fn without_a_tenant_in_the_query_others_rows_are_not_there() {
    let Some(world) = ordinary(TenancyOptions::default()) else { return };
    let (a, b) = (world.tenant("aa", PlacementKind::Shared), world.tenant("bb", PlacementKind::Shared));
    let mine = Branch { id: Id::new(), name: "mine".to_owned() };
    world.work(a).write_blocking(|tx| Branch::insert(tx, &mine)).unwrap();
    for plate in ["b1", "b2"] {
        world.work(b).write_blocking(|tx| Vehicle::insert(tx, &vehicle(plate))).unwrap();
    }
    world.work(a).write_blocking(|tx| Vehicle::insert(tx, &vehicle("a1"))).unwrap();
    assert_eq!((count(&world, a, "test_vehicles"), count(&world, b, "test_vehicles")), (1, 2));
    assert_eq!((count(&world, a, "cortex_changes"), count(&world, b, "cortex_changes")), (1, 2));

    raw(&world, a, "UPDATE test_vehicles SET seats = 60").unwrap();
    raw(&world, a, "DELETE FROM test_branches").unwrap();
    assert_eq!(count(&world, b, "test_vehicles WHERE seats = 60"), 0, "another's rows are not changed");
    assert_eq!(count(&world, a, "test_vehicles WHERE seats = 60"), 1);
    assert_eq!(count(&world, a, "test_branches"), 0);

    let planted = format!("INSERT INTO test_branches (tenant_id, id, name) VALUES ('{b}', '{}', 'planted')", a.uuid());
    assert!(raw(&world, a, &planted).unwrap_err().contains("row-level security"));
    let moved = format!("UPDATE test_vehicles SET tenant_id = '{b}'");
    assert!(raw(&world, a, &moved).unwrap_err().contains("row-level security"));
    assert_eq!(count(&world, b, "test_branches"), 0);
}

#[test]
fn connections_pass_from_tenant_to_tenant_without_a_trace() {
    let Some(world) = ordinary(TenancyOptions::default()) else { return };
    let ids: Vec<TenantId> = (0..3).map(|_| TenantId::new()).collect();
    for (n, id) in ids.iter().enumerate() {
        let cars: Vec<Vehicle> = (0..=n).map(|k| vehicle(&format!("p{k}"))).collect();
        world.work(*id).write_blocking(|tx| Vehicle::insert_many(tx, &cars)).unwrap();
    }
    for _ in 0..3 {
        for (n, id) in ids.iter().enumerate() {
            let failed: cortex_core::Result<()> =
                world.work(*id).write_blocking(|_| Err(cortex_core::Error::refused("test", "no")));
            assert!(failed.is_err());
            assert_eq!(count(&world, *id, "test_vehicles"), i64::try_from(n).unwrap() + 1);
        }
    }
}

#[test]
fn the_framework_works_across_tenants() {
    let Some(world) = ordinary(TenancyOptions::default()) else { return };
    let (a, b) = (world.tenant("aa", PlacementKind::Shared), world.tenant("bb", PlacementKind::Schema));
    for id in [a, b] {
        world.work(id).write_blocking(|tx| Vehicle::insert(tx, &vehicle("p"))).unwrap();
        assert_eq!(world.work(id).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap(), 1);
    }
    assert_eq!(world.migrations().up().unwrap().current, 1);
    assert_eq!(count(&world, a, "cortex_changes"), 1);
    assert_eq!(count(&world, b, "cortex_changes"), 1, "tables of the framework are shared by schemas");
    let all = world.db.directory().work("test").read_blocking(|tx| {
        let sql = diesel::sql_query("SELECT count(*) AS count FROM cortex_changes");
        let rows: Vec<Count> = sql.load(tx.unscoped("count as the framework")).unwrap();
        Ok(rows[0].count)
    });
    assert_eq!(all.unwrap(), 2);
}

#[test]
fn the_wall_goes_when_it_is_switched_off_and_comes_back() {
    let Some(world) = ordinary(TenancyOptions::default()) else { return };
    let (a, b) = (TenantId::new(), TenantId::new());
    world.work(b).write_blocking(|tx| Vehicle::insert(tx, &vehicle("p"))).unwrap();
    let without = World::open(
        world.url.clone(),
        "postgres",
        TenancyOptions { row_security: false, ..TenancyOptions::default() },
        None,
        &[],
    );
    without.migrations().up().unwrap();
    assert_eq!(count(&without, a, "test_vehicles"), 1, "now only queries keep tenants apart");
    assert_eq!(without.work(a).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap(), 0);
    world.migrations().up().unwrap();
    assert_eq!(count(&world, a, "test_vehicles"), 0);
}
