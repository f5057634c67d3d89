//! Migrations: order, refusals, going back, and processes that start at the same time, on both databases.

mod down;
mod guide;
mod race;

use std::time::Duration;

use cortex_core::{Application, Error, Id, Kind, Manifest, MigrationFile, Module, Registrar};
use cortex_data::{Backend, FRAMEWORK_MIGRATIONS, Migration, MigrationState, Migrator, RegisterMigrations};
use diesel::connection::SimpleConnection;

use crate::support::{TestDb, empty_databases};

pub(crate) const BOOKS: MigrationFile = MigrationFile::new(
    "0001_books",
    "CREATE TABLE lib_books (id bigint NOT NULL PRIMARY KEY, title text NOT NULL);",
    "DROP TABLE lib_books;",
);
pub(crate) const LOANS: MigrationFile = MigrationFile::new(
    "0002_loans",
    "CREATE TABLE lib_loans (id bigint NOT NULL PRIMARY KEY, book bigint NOT NULL REFERENCES lib_books (id));",
    "DROP TABLE lib_loans;",
);

/// A migrator for one module, `lib`.
pub(crate) fn lib(test: &TestDb, migrations: &[MigrationFile]) -> Migrator {
    Migrator::new(&test.db).with_module("lib", &[], migrations.iter().copied())
}

/// Runs SQL as a unit of work; the text of the server where it fails.
pub(crate) fn try_sql(test: &TestDb, sql: &str) -> Result<(), String> {
    let run = |tx: &mut cortex_data::Tx| Ok(tx.unscoped("test").batch_execute(sql).map_err(|e| e.to_string()));
    test.work(Id::new()).write_blocking(run).unwrap()
}

/// The same, where it must work.
#[track_caller]
pub(crate) fn sql(test: &TestDb, text: &str) {
    if let Err(error) = try_sql(test, text) {
        panic!("{}: {error}", test.name);
    }
}

/// The names of what is applied, in order, without the framework's.
pub(crate) fn applied(migrator: &Migrator) -> Vec<String> {
    let all = migrator.status().unwrap().into_iter();
    let ours = all.filter(|one| one.module != "cortex" && matches!(one.state, MigrationState::Applied { .. }));
    ours.map(|one| format!("{} {}", one.module, one.name)).collect()
}

#[track_caller]
pub(crate) fn refused(error: &Error, kind: Kind, code: &str, message: &str) {
    assert_eq!((error.kind(), error.code(), error.message()), (kind, code, message));
    assert!(error.help().is_some_and(|help| !help.is_empty()), "no help for {code}");
}

#[test]
fn up_runs_everything_once_in_order() {
    for test in empty_databases() {
        let migrator = lib(&test, &[LOANS, BOOKS]);
        let pending: Vec<_> = migrator.status().unwrap().iter().map(ToString::to_string).collect();
        let expected = ["cortex 0001_cortex: pending", "lib 0001_books: pending", "lib 0002_loans: pending"];
        assert!(expected.iter().all(|line| pending.iter().any(|found| found == line)), "{pending:?}");

        let done: Vec<_> =
            migrator.up().unwrap().into_iter().map(|one| format!("{} {}", one.module, one.name)).collect();
        assert_eq!(done.len(), FRAMEWORK_MIGRATIONS.len() + 2);
        assert_eq!(done[0], "cortex 0001_cortex");
        assert_eq!(done[done.len() - 2..], ["lib 0001_books", "lib 0002_loans"]);
        sql(&test, "INSERT INTO lib_books VALUES (1, 'Emma'); INSERT INTO lib_loans VALUES (1, 1)");

        assert_eq!(migrator.up().unwrap(), []);
        assert_eq!(migrator.plan_up().unwrap(), []);
        let status = migrator.status().unwrap();
        let at = crate::support::now();
        assert!(status.iter().all(|one| matches!(one.state, MigrationState::Applied { at: then, .. } if then == at)));
    }
}

#[test]
fn a_dry_run_prints_what_would_run_and_runs_nothing() {
    for test in empty_databases() {
        let own = Migration::from(BOOKS).only_on(Backend::Sqlite, "SELECT 'sqlite';", "").only_on(
            Backend::Postgres,
            "SELECT 'postgres';",
            "",
        );
        let migrator = Migrator::new(&test.db).with_module("lib", &[], [own]);
        let plan = migrator.plan_up().unwrap();
        let text = plan.last().unwrap().to_string();
        let name = test.name;
        let expected = format!(
            "-- lib: 0001_books/up.sql\n{}\n\n-- lib: 0001_books/up.{name}.sql\nSELECT '{name}';\n\n",
            BOOKS.up
        );
        assert_eq!(text, expected);
        assert_eq!(migrator.plan_up().unwrap(), plan);
        assert!(migrator.status().unwrap().iter().all(|one| one.state == MigrationState::Pending));
    }
}

#[test]
fn a_changed_migration_is_named() {
    for test in empty_databases() {
        lib(&test, &[BOOKS]).up().unwrap();
        let windows = BOOKS.up.replace('\n', "\r\n");
        let same = Migration::new(BOOKS.name, windows, BOOKS.down);
        assert_eq!(Migrator::new(&test.db).with_module("lib", &[], [same]).up().unwrap(), []);

        let changed = MigrationFile { down: "DROP TABLE IF EXISTS lib_books;", ..BOOKS };
        let migrator = lib(&test, &[changed, LOANS]);
        for error in [migrator.up().unwrap_err(), migrator.plan_up().unwrap_err()] {
            let message = "the migration `0001_books` of `lib` was changed after it was applied";
            refused(&error, Kind::Conflict, "migrate.changed", message);
        }
        let state = migrator.status().unwrap();
        assert_eq!(state.iter().find(|one| one.name == "0001_books").unwrap().state, MigrationState::Changed);
        assert_eq!(state.last().unwrap().state, MigrationState::Pending);
    }
}

#[test]
fn an_applied_migration_that_is_not_known_is_named() {
    for test in empty_databases() {
        lib(&test, &[BOOKS, LOANS]).up().unwrap();
        let older = lib(&test, &[BOOKS]);
        let error = older.up().unwrap_err();
        let message = "the database has the migration `0002_loans` of `lib`, which this program does not know";
        refused(&error, Kind::Conflict, "migrate.unknown", message);
        assert!(error.help().unwrap().contains("newer program"));
        let last = older.status().unwrap().pop().unwrap();
        assert_eq!(last.to_string(), "lib 0002_loans: applied, but not known to this program");
        // A module that was taken out of the program is told by the status only.
        assert_eq!(Migrator::new(&test.db).up().unwrap(), []);
    }
}

#[test]
fn names_decide_the_order() {
    for test in empty_databases() {
        lib(&test, &[LOANS_ALONE]).up().unwrap();
        let error = lib(&test, &[BOOKS, LOANS_ALONE]).up().unwrap_err();
        let message = "the migration `0001_books` of `lib` is new but sorts before `0002_loans`, which is applied";
        refused(&error, Kind::Conflict, "migrate.out_of_order", message);

        let error = lib(&test, &[LOANS_ALONE, LOANS_ALONE]).status().unwrap_err();
        refused(&error, Kind::Internal, "migrate.duplicate", "the module `lib` has two migrations named `0002_loans`");
    }
}

const LOANS_ALONE: MigrationFile =
    MigrationFile::new("0002_loans", "CREATE TABLE lib_loans (id bigint)", "DROP TABLE lib_loans");

#[test]
fn a_failing_migration_is_named_and_leaves_nothing() {
    const BROKEN: MigrationFile = MigrationFile {
        up_sqlite: Some("-- twice\nINSERT INTO lib_shelves VALUES (1);\n\nINSERT INTO\n  lib_shelves VALUES (1);"),
        up_postgres: Some("-- twice\nINSERT INTO lib_shelves VALUES (1);\n\nINSERT INTO\n  lib_shelves VALUES (1);"),
        ..MigrationFile::new(
            "0002_shelves",
            "CREATE TABLE lib_shelves (id bigint NOT NULL PRIMARY KEY);",
            "DROP TABLE lib_shelves;",
        )
    };
    for test in empty_databases() {
        let migrator = lib(&test, &[BOOKS, BROKEN]);
        let error = migrator.up().unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Internal, "migrate.failed"));
        let name = test.name;
        let (start, cause) = error.message().split_once(": ").unwrap();
        assert_eq!(start, format!("the migration `0002_shelves/up.{name}.sql` of `lib` failed at line 4"));
        assert!(cause.to_lowercase().contains("unique"), "{cause}");
        let help = "nothing of it was applied; the statement is: INSERT INTO lib_shelves VALUES (1)";
        assert_eq!(error.help(), Some(help));

        assert_eq!(applied(&migrator), ["lib 0001_books"]);
        assert!(try_sql(&test, "SELECT * FROM lib_shelves").is_err(), "{name}: half of it stayed");
        // Mended, it goes on from there.
        let mended = MigrationFile { up_sqlite: None, up_postgres: None, ..BROKEN };
        assert_eq!(lib(&test, &[BOOKS, mended]).up().unwrap().len(), 1);
    }
}

#[test]
fn a_migration_cannot_end_its_transaction() {
    for test in empty_databases() {
        let commits = MigrationFile::new("0001_x", "CREATE TABLE lib_x (id bigint);\nCOMMIT;\nSELECT 1;", "");
        let migrator = lib(&test, &[commits]);
        let error = migrator.up().unwrap_err();
        let message = "the migration `0001_x/up.sql` of `lib` has `COMMIT` in line 2, but runs in one transaction";
        refused(&error, Kind::Internal, "migrate.transaction", message);
        assert!(try_sql(&test, "SELECT * FROM lib_x").is_err(), "{}", test.name);
    }
}

#[test]
fn triggers_of_each_database_stay_in_one_piece() {
    const GUARD: MigrationFile = MigrationFile {
        up_sqlite: Some(
            "CREATE TRIGGER lib_books_keep BEFORE DELETE ON lib_books BEGIN\n\
             SELECT CASE WHEN old.id = 1 THEN RAISE(ABORT, 'refused: keep; always') END;\nEND;",
        ),
        up_postgres: Some(
            "CREATE FUNCTION lib_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n\
             IF old.id = 1 THEN RAISE EXCEPTION 'refused: keep; always'; END IF; RETURN old;\nEND $$;\n\
             CREATE TRIGGER lib_books_keep BEFORE DELETE ON lib_books FOR EACH ROW EXECUTE FUNCTION lib_keep();",
        ),
        down_sqlite: Some("DROP TRIGGER lib_books_keep;"),
        down_postgres: Some("DROP TRIGGER lib_books_keep ON lib_books; DROP FUNCTION lib_keep();"),
        ..BOOKS
    };
    for test in empty_databases() {
        let migrator = lib(&test, &[GUARD]);
        migrator.up().unwrap();
        sql(&test, "INSERT INTO lib_books VALUES (1, 'Emma'), (2, 'Persuasion'); DELETE FROM lib_books WHERE id = 2");
        let error = try_sql(&test, "DELETE FROM lib_books WHERE id = 1").unwrap_err();
        assert!(error.contains("refused: keep; always"), "{error}");
        migrator.down(&cortex_data::Down::Module("lib".into())).unwrap();
        migrator.up().unwrap();
    }
}

/// SQLite does not check references while it migrates, so that tables can be rebuilt; it must before it commits.
#[test]
fn references_hold_after_every_migration() {
    for test in empty_databases() {
        let fill = "INSERT INTO lib_books VALUES (1, 'Emma'); INSERT INTO lib_loans VALUES (1, 1);";
        let fill = MigrationFile::new("0003_fill", fill, "DELETE FROM lib_loans; DELETE FROM lib_books;");
        lib(&test, &[BOOKS, LOANS, fill]).up().unwrap();

        let orphans = MigrationFile::new("0004_orphans", "INSERT INTO lib_loans VALUES (2, 7), (3, 8);", "");
        let error = lib(&test, &[BOOKS, LOANS, fill, orphans]).up().unwrap_err();
        if test.db.backend() == Backend::Sqlite {
            let message =
                "the migration `0004_orphans` of `lib` leaves rows that refer to missing records: `lib_loans` (2)";
            refused(&error, Kind::Internal, "migrate.orphans", message);

            let rebuild = "CREATE TABLE new_books (id bigint NOT NULL PRIMARY KEY, title text);
                INSERT INTO new_books SELECT id, title FROM lib_books;
                DROP TABLE lib_books;
                ALTER TABLE new_books RENAME TO lib_books;";
            let rebuild = MigrationFile { up_sqlite: Some(rebuild), ..MigrationFile::new("0004_rebuild", "", "") };
            lib(&test, &[BOOKS, LOANS, fill, rebuild]).up().unwrap();
            sql(&test, "INSERT INTO lib_books VALUES (2, NULL)");
        } else {
            assert_eq!(error.code(), "migrate.failed");
        }
        // The connection that migrated checks again.
        assert!(try_sql(&test, "INSERT INTO lib_loans VALUES (9, 99)").is_err(), "{}", test.name);
        assert!(try_sql(&test, "DELETE FROM lib_books WHERE id = 1").is_err(), "{}", test.name);
    }
}

#[test]
fn data_of_a_newer_version_is_left_alone() {
    for test in empty_databases() {
        let version = |text: &str| lib(&test, &[BOOKS]).with_version("lib", text.parse().unwrap());
        version("1.0.0").up().unwrap();
        sql(&test, "INSERT INTO cortex_modules VALUES ('lib', '2.0.0', '2026-01-01')");
        let error = version("1.9.0").up().unwrap_err();
        let message = "the data of `lib` was written by version 2.0.0, this program has 1.9.0";
        refused(&error, Kind::Conflict, "migrate.newer_data", message);
        assert_eq!(version("2.0.0").up().unwrap(), []);
        assert_eq!(version("2.1.0").up().unwrap(), []);
    }
}

/// A module of one file: its migrations are in the code.
struct Library;

impl Module for Library {
    fn manifest(&self) -> Manifest {
        Manifest::new("lib", "1.2.3").migrations(&[BOOKS])
    }

    fn register(&self, m: &mut Registrar) {
        m.migration(LOANS.name, LOANS.up, LOANS.down);
    }
}

struct Readers;

impl Module for Readers {
    fn manifest(&self) -> Manifest {
        const NEEDS: &[cortex_core::ModuleNeed] = &[cortex_core::ModuleNeed::new("lib", "*")];
        Manifest::new("cards", "1.0.0").needs(NEEDS)
    }

    fn register(&self, m: &mut Registrar) {
        let up =
            String::from("CREATE TABLE cards (id bigint NOT NULL PRIMARY KEY, loan bigint REFERENCES lib_loans (id))");
        m.migration("0001_cards", up, "DROP TABLE cards");
    }
}

#[tokio::test]
async fn the_modules_of_an_application_migrate_in_need_order() {
    for test in empty_databases() {
        let application = Application::new().module(Readers).module(Library).assemble().unwrap();
        let migrator = Migrator::of(&test.db, application.modules(), application.contributions());
        let migrator = migrator.with_lock_wait(Duration::from_secs(60));
        let done = migrator.off_thread(Migrator::up).await.unwrap();
        let names: Vec<_> = done.iter().skip(FRAMEWORK_MIGRATIONS.len()).map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["0001_books", "0002_loans", "0001_cards"]);
    }
}
