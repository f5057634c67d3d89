//! The SQL of the guide to migrations does what the guide says.

use cortex_data::{Backend, Migration, Migrator};

use super::{sql, try_sql};
use crate::support::{TestDb, empty_databases};

const GUIDE: &str = include_str!("../../../../docs/guides/migrations.md");

/// The block whose first line names `file`; empty where the guide has none.
fn block(file: &str) -> String {
    let mark = format!("```sql {file}\n");
    let text = GUIDE.split_once(&mark).and_then(|(_, rest)| rest.split_once("```"));
    text.map(|(sql, _)| sql.to_owned()).unwrap_or_default()
}

fn migration(name: &'static str) -> Migration {
    let parts = ["up.sql", "up.sqlite.sql", "up.postgres.sql"].map(|file| block(&format!("{name}/{file}")));
    assert!(parts.iter().any(|part| !part.is_empty()), "the guide does not show {name}");
    let [up, sqlite, postgres] = parts;
    Migration::new(name, up, "").only_on(Backend::Sqlite, sqlite, "").only_on(Backend::Postgres, postgres, "")
}

fn up_to(test: &TestDb, names: &[&'static str]) {
    Migrator::new(&test.db).with_module("fleet", &[], names.iter().map(|name| migration(name))).up().unwrap();
}

fn insert(test: &TestDb, id: u8, column: &str) {
    let uuid = match test.db.backend() {
        Backend::Sqlite => format!("x'{id:032x}'"),
        Backend::Postgres => format!("'{}'", uuid::Uuid::from_u128(u128::from(id))),
    };
    let values = format!("({uuid}, {uuid}, 'AB-{id}', 3)");
    sql(test, &format!("INSERT INTO fleet_vehicles (tenant_id, id, {column}, weight) VALUES {values}"));
}

/// Fails where the number of rows that satisfy `condition` is not `count`.
#[track_caller]
fn count(test: &TestDb, condition: &str, count: usize) {
    let check = format!("CREATE TABLE counted AS SELECT count(*) AS n FROM fleet_vehicles WHERE {condition}");
    sql(test, &check);
    sql(test, "CREATE UNIQUE INDEX counted_n ON counted (n)");
    let same = try_sql(test, &format!("INSERT INTO counted VALUES ({count})")).is_err();
    sql(test, "DROP TABLE counted");
    assert!(same, "{}: not {count} rows where {condition}", test.name);
}

#[test]
fn a_column_is_renamed_while_both_programs_run() {
    let steps = ["0001_vehicles", "0002_registration_expand", "0003_registration", "0004_registration_contract"];
    for test in empty_databases() {
        let rolling = test.db.backend() == Backend::Postgres;
        up_to(&test, &steps[..1]);
        insert(&test, 1, "plate");
        up_to(&test, &steps[..2]);
        insert(&test, 2, "plate");
        if rolling {
            count(&test, "registration = plate", 2);
            insert(&test, 3, "registration");
            sql(&test, "UPDATE fleet_vehicles SET plate = 'OLD' WHERE plate = 'AB-1'");
            sql(&test, "UPDATE fleet_vehicles SET registration = 'NEW' WHERE plate = 'AB-2'");
            count(&test, "registration = plate AND plate IN ('OLD', 'NEW', 'AB-3')", 3);
        }
        up_to(&test, &steps[..3]);
        insert(&test, 4, "registration");
        if rolling {
            insert(&test, 5, "plate");
        }
        up_to(&test, &steps);
        assert!(try_sql(&test, "SELECT plate FROM fleet_vehicles").is_err(), "{}", test.name);
        count(&test, "registration IS NOT NULL", if rolling { 5 } else { 3 });
        let twice = try_sql(&test, "UPDATE fleet_vehicles SET tenant_id = id, registration = 'SAME'");
        assert!(twice.is_ok(), "{twice:?}");
        let same =
            "UPDATE fleet_vehicles SET registration = 'SAME', tenant_id = (SELECT id FROM fleet_vehicles LIMIT 1)";
        assert!(try_sql(&test, same).is_err(), "{}: not unique any more", test.name);
    }
}

#[test]
fn a_type_is_changed_and_the_values_stay() {
    let steps = ["0001_vehicles", "0002_registration_expand", "0003_registration", "0004_registration_contract"];
    for test in empty_databases() {
        up_to(&test, &steps);
        insert(&test, 1, "registration");
        up_to(&test, &[&steps[..], &["0005_weight"]].concat());
        // As the field types write three and a half.
        let (three, more) = match test.db.backend() {
            Backend::Sqlite => ("3000000", "3500000"),
            Backend::Postgres => ("3", "3.5"),
        };
        count(&test, &format!("weight = {three}"), 1);
        sql(&test, &format!("UPDATE fleet_vehicles SET weight = {more}"));
        count(&test, &format!("weight = {more}"), 1);
    }
}

#[test]
fn a_column_is_renamed_at_once() {
    for test in empty_databases() {
        up_to(&test, &["0001_vehicles"]);
        insert(&test, 1, "plate");
        let alone = Migration::new("0002_alone", block("alone/up.sql"), "");
        let all = [migration("0001_vehicles"), alone];
        Migrator::new(&test.db).with_module("fleet", &[], all).up().unwrap();
        count(&test, "registration = 'AB-1'", 1);
    }
}
