//! Going back.

use cortex_core::{Kind, MigrationFile};
use cortex_data::{Down, Migrated, Migrator};

use super::{BOOKS, LOANS, applied, lib, refused, sql, try_sql};
use crate::support::{TestDb, empty_databases};

const CARDS: MigrationFile = MigrationFile::new(
    "0001_cards",
    "CREATE TABLE cards (id bigint NOT NULL PRIMARY KEY, loan bigint REFERENCES lib_loans (id))",
    "DROP TABLE cards",
);

/// Three modules: `cards` needs `lib`, `other` needs nothing.
fn three(test: &TestDb) -> Migrator {
    let other = MigrationFile::new("0001_other", "CREATE TABLE other (id bigint)", "DROP TABLE other");
    lib(test, &[BOOKS, LOANS]).with_module("cards", &["lib"], [CARDS]).with_module("other", &[], [other])
}

fn names(done: &[Migrated]) -> Vec<&str> {
    done.iter().map(|one| one.name.as_str()).collect()
}

fn to(name: &str) -> Down {
    Down::To { module: "lib".into(), name: name.into() }
}

#[test]
fn the_last_ones_go_first() {
    for test in empty_databases() {
        let migrator = three(&test);
        migrator.up().unwrap();
        let plan = migrator.plan_down(&Down::Last(2)).unwrap();
        assert_eq!(plan[1].to_string(), "-- cards: 0001_cards/down.sql\nDROP TABLE cards\n\n");
        assert_eq!(names(&migrator.down(&Down::Last(2)).unwrap()), ["0001_other", "0001_cards"]);
        assert!(try_sql(&test, "SELECT * FROM cards").is_err());
        assert_eq!(names(&migrator.down(&to("0001_books")).unwrap()), ["0002_loans"]);
        assert_eq!(migrator.down(&to("0001_books")).unwrap(), []);
        assert_eq!(applied(&migrator), ["lib 0001_books"]);
        assert_eq!(migrator.up().unwrap().len(), 3);
        // Everything, the framework's own included, and up again.
        let all = migrator.down(&Down::Last(usize::MAX)).unwrap();
        assert_eq!(all.last().map(|one| (one.module.as_str(), one.name.as_str())), Some(("cortex", "0001_cortex")));
        assert_eq!(migrator.up().unwrap().len(), all.len());
    }
}

#[test]
fn what_others_rest_on_stays() {
    for test in empty_databases() {
        let migrator = three(&test);
        migrator.up().unwrap();
        for how_far in [to("0001_books"), Down::Module("lib".into())] {
            for error in [migrator.down(&how_far).unwrap_err(), migrator.plan_down(&how_far).unwrap_err()] {
                let message = "the migration `0002_loans` of `lib` can't be undone: `0001_cards` of `cards`, which \
                               needs it, came later";
                refused(&error, Kind::Refused, "migrate.needed", message);
            }
        }
        let error = migrator.down(&Down::Module("cortex".into())).unwrap_err();
        assert_eq!(error.code(), "migrate.needed");
        // What came after what needs it may go.
        let later = MigrationFile::new("0003_later", "CREATE TABLE lib_later (id bigint)", "DROP TABLE lib_later");
        let newer = lib(&test, &[BOOKS, LOANS, later]).with_module("cards", &["lib"], [CARDS]);
        newer.up().unwrap();
        assert_eq!(names(&newer.down(&to("0002_loans")).unwrap()), ["0003_later"]);
        assert_eq!(names(&migrator.down(&Down::Module("cards".into())).unwrap()), ["0001_cards"]);
        assert_eq!(names(&migrator.down(&Down::Module("lib".into())).unwrap()), ["0002_loans", "0001_books"]);
    }
}

#[test]
fn there_must_be_a_way_back() {
    for test in empty_databases() {
        let oneway = MigrationFile::new("0003_oneway", "INSERT INTO lib_books VALUES (1, 'Emma')", "-- none\n");
        let broken = MigrationFile::new("0004_broken", "SELECT 1", "DELETE FROM lib_books;\nDROP TABLE nothing;");
        let migrator = lib(&test, &[BOOKS, LOANS, oneway, broken]);
        migrator.up().unwrap();
        let error = migrator.down(&Down::Last(1)).unwrap_err();
        assert_eq!(error.code(), "migrate.failed");
        assert!(error.message().starts_with("the migration `0004_broken/down.sql` of `lib` failed at line 2: "));
        sql(&test, "INSERT INTO lib_loans VALUES (1, 1)"); // its book is still there
        sql(&test, "DELETE FROM cortex_migrations WHERE name = '0004_broken'");

        let error = lib(&test, &[BOOKS, LOANS, oneway]).down(&Down::Last(2)).unwrap_err();
        refused(&error, Kind::Refused, "migrate.no_way_back", "the migration `0003_oneway` of `lib` has no way back");
        assert_eq!(applied(&migrator).len(), 3);
    }
}

#[test]
fn a_target_must_exist() {
    for test in empty_databases() {
        let migrator = three(&test);
        migrator.up().unwrap();
        let error = migrator.down(&to("0009_x")).unwrap_err();
        refused(&error, Kind::NotFound, "migrate.no_such", "there is no migration `0009_x` of `lib`");
        let error = migrator.plan_down(&Down::Module("libb".into())).unwrap_err();
        refused(&error, Kind::NotFound, "migrate.no_module", "there is no module `libb`");
        let error = lib(&test, &[BOOKS]).down(&Down::Last(1)).unwrap_err();
        assert_eq!(error.code(), "migrate.unknown");
    }
}

#[test]
fn going_back_lets_the_older_program_run() {
    for test in empty_databases() {
        let version = |text: &str, all: &[MigrationFile]| lib(&test, all).with_version("lib", text.parse().unwrap());
        let newer = version("2.0.0", &[BOOKS, LOANS]);
        newer.up().unwrap();
        sql(&test, "INSERT INTO cortex_modules VALUES ('lib', '2.0.0', '2026-01-01')");
        let older = version("1.0.0", &[BOOKS]);
        assert_eq!(older.up().unwrap_err().code(), "migrate.newer_data");
        newer.down(&Down::Last(1)).unwrap();
        assert_eq!(older.up().unwrap(), []);
    }
}
