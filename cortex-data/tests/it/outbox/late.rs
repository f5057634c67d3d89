//! Transactions that are open while the relay works.

use std::sync::Mutex;
use std::sync::mpsc;
use std::thread::JoinHandle;

use cortex_core::Result;
use cortex_data::Drained;
use diesel::connection::SimpleConnection;

use super::{delivered, one_subscriber};
use crate::app::{App, Sold, apps};

/// A row of this table waits at the commit, after everything else, until nobody holds the lock 42.
const SLOW_COMMIT: &str = "
CREATE TABLE test_slow (id text NOT NULL);
CREATE FUNCTION test_wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock(42);
    IF NEW.id = 'fails' THEN RAISE EXCEPTION 'the commit fails'; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER test_slow AFTER INSERT ON test_slow DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION test_wait();
";
const WAITING: &str = "pg_locks WHERE locktype = 'advisory' AND NOT granted \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Emits `event` in a transaction that stands still in its commit until the sender is dropped; `id` says whether it
/// succeeds then.
fn emit_and_hold(app: &App, event: Sold, id: &'static str) -> (mpsc::Sender<()>, JoinHandle<Result<()>>) {
    app.write(|tx| {
        tx.unscoped("create a slow table").batch_execute(SLOW_COMMIT).unwrap();
        Ok(())
    });
    let (locked, has_lock) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let (work, gate) = (app.work(), Mutex::new(gate));
    std::thread::spawn(move || {
        work.write_blocking(|tx| {
            tx.unscoped("hold the lock").batch_execute("SELECT pg_advisory_xact_lock(42)").unwrap();
            locked.send(()).unwrap();
            gate.lock().unwrap().recv().unwrap_err();
            Ok(())
        })
    });
    has_lock.recv().unwrap();
    let work = app.work();
    let held = std::thread::spawn(move || {
        work.write_blocking(|tx| {
            let sql = format!("INSERT INTO test_slow VALUES ('{id}')");
            tx.unscoped("make the commit slow").batch_execute(&sql).unwrap();
            tx.emit(event.clone());
            Ok(())
        })
    });
    while app.count(WAITING) == 0 {
        std::thread::yield_now();
    }
    (go, held)
}

#[test]
fn a_transaction_that_commits_late_is_not_skipped() {
    // SQLite has one writer: there the later one cannot even begin.
    for app in apps(&[("books", one_subscriber)]).iter().filter(|app| app.url.starts_with("postgres")) {
        let (go, first) = emit_and_hold(app, Sold::new("a", 1), "succeeds");
        app.emit(&[Sold::new("a", 2), Sold::new("b", 1)]);
        let early = app.relay().step().unwrap();
        assert_eq!(early, Drained { held: true, ..Drained::default() }, "what came after waits for what came before");
        assert!(app.effects().is_empty());
        drop(go);
        first.join().unwrap().unwrap();
        assert_eq!(app.drain(), delivered(3));
        let mut notes = app.journal.take();
        notes.retain(|line| line.starts_with("books:a"));
        assert_eq!(notes, ["books:a1", "books:a2"], "in the order in which they were written");
    }
}

#[test]
fn a_transaction_that_rolls_back_holds_nothing_back() {
    for app in apps(&[("books", one_subscriber)]).iter().filter(|app| app.url.starts_with("postgres")) {
        let (go, first) = emit_and_hold(app, Sold::new("a", 1), "fails");
        app.emit(&[Sold::new("a", 2)]);
        assert!(app.relay().step().unwrap().held);
        drop(go);
        assert!(first.join().unwrap().is_err());
        assert_eq!(app.drain(), delivered(1));
        assert_eq!(app.effects(), ["books:a2"]);
    }
}

#[test]
fn what_is_open_in_another_database_of_the_server_holds_nothing_back() {
    for app in apps(&[("books", one_subscriber)]).iter().filter(|app| app.url.starts_with("postgres")) {
        for other in apps(&[("books", one_subscriber)]).iter().filter(|app| app.url.starts_with("postgres")) {
            let (go, open) = emit_and_hold(other, Sold::new("a", 1), "succeeds");
            app.emit(&[Sold::new("b", 1)]);
            assert_eq!(app.relay().step().unwrap(), delivered(1));
            drop(go);
            open.join().unwrap().unwrap();
        }
    }
}
