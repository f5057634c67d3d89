//! Processes that start at the same time: here threads, each with connections of its own.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use cortex_core::{FixedClock, Kind, MigrationFile};
use cortex_data::{Backend, Database, DatabaseOptions, Down, FRAMEWORK_MIGRATIONS, Migrated, Migrator};
use diesel::connection::SimpleConnection;

use super::{BOOKS, LOANS, lib, refused};
use crate::support::{TestDb, cx, empty_databases, now};

const STARTS: usize = 6;

/// A second program on the same database.
fn another(test: &TestDb) -> Database {
    let options = DatabaseOptions { url: test.db.url().to_owned(), connections: 2 };
    Database::open(&options, Arc::new(FixedClock::new(now()))).unwrap()
}

/// Many steps, so that the programs meet in the middle, and each would fail when run twice.
fn migrations() -> Vec<MigrationFile> {
    let mut all = vec![BOOKS, LOANS];
    let names = ["0003_a", "0004_b", "0005_c", "0006_d", "0007_e", "0008_f", "0009_g", "0010_h"];
    all.extend(names.map(|name| {
        let table = name.replace("00", "lib_");
        let up = format!("CREATE TABLE {table} (id bigint);").leak();
        MigrationFile::new(name, up, format!("DROP TABLE {table};").leak())
    }));
    all
}

/// Runs `verb` in several programs at once; what each of them did.
fn together(test: &TestDb, verb: fn(&Migrator) -> cortex_core::Result<Vec<Migrated>>) -> Vec<Vec<Migrated>> {
    let barrier = Arc::new(Barrier::new(STARTS));
    let start = |_| {
        let (barrier, url) = (Arc::clone(&barrier), test.db.url().to_owned());
        std::thread::spawn(move || {
            let options = DatabaseOptions { url, connections: 2 };
            barrier.wait();
            let db = Database::open(&options, Arc::new(FixedClock::new(now()))).unwrap();
            verb(&Migrator::new(&db).with_module("lib", &[], migrations()))
        })
    };
    let threads: Vec<_> = (0..STARTS).map(start).collect();
    threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
}

#[test]
fn programs_that_start_together_migrate_once() {
    for test in empty_databases() {
        // Nobody has opened it before: on SQLite the file itself is made in the race.
        let mut expected: Vec<_> = FRAMEWORK_MIGRATIONS.iter().chain(&migrations()).map(|one| one.name).collect();
        let did = together(&test, Migrator::up);
        let mut all: Vec<_> = did.iter().flatten().map(|one| one.name.clone()).collect();
        assert_eq!(all.len(), expected.len(), "{}: run twice or not at all", test.name);
        all.sort();
        expected.sort_unstable();
        assert_eq!(all, expected);
        assert_eq!(lib(&test, &migrations()).up().unwrap(), []);

        let undone = together(&test, |migrator| migrator.down(&Down::Module("lib".into())));
        assert_eq!(undone.iter().flatten().count(), migrations().len(), "{}", test.name);
    }
}

#[test]
fn a_program_that_migrates_for_too_long_is_told() {
    for test in empty_databases() {
        lib(&test, &[BOOKS]).up().unwrap();
        let other = another(&test);
        let hold = match test.db.backend() {
            Backend::Sqlite => "UPDATE lib_books SET title = title",
            Backend::Postgres => "SELECT pg_advisory_xact_lock(109330312750456)",
        };
        let waiting = lib(&test, &[BOOKS, LOANS]).with_lock_wait(Duration::from_millis(20));
        other
            .work(cx(cortex_core::Id::new()))
            .write_blocking(|tx| {
                tx.unscoped("hold the lock").batch_execute(hold).unwrap();
                let error = waiting.up().unwrap_err();
                let message = "another process is migrating this database for longer than 0 s";
                refused(&error, Kind::Unavailable, "migrate.locked", message);
                // What is up to date needs no lock: it starts while others migrate.
                assert_eq!(lib(&test, &[BOOKS]).up().unwrap(), []);
                Ok(())
            })
            .unwrap();
        assert_eq!(waiting.up().unwrap().len(), 1);
    }
}
