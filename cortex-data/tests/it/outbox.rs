//! The outbox: every subscriber gets every event, once, in order, whatever fails.

mod late;

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cortex_core::{Cx, Event, Inject, Kind, Registrar, Result};
use cortex_data::{DELIVERY_ATTEMPTS_MAX, DELIVERY_BATCH, DataRegistrar, Drained, RETENTION, RETRY_MAX, Tx};
use uuid::Uuid;

use crate::app::{Faults, Gate, Journal, Modules, Sold, apps, broken_link, effect, note_sale};

fn one_subscriber(m: &mut Registrar) {
    m.on(note_sale);
}

fn delivered(delivered: u64) -> Drained {
    Drained { delivered, ..Drained::default() }
}

#[test]
fn every_subscriber_gets_an_event_once() {
    for app in apps(&[("books", one_subscriber), ("stock", one_subscriber)]) {
        app.emit(&[Sold::new("a", 1), Sold::new("b", 1)]);
        assert!(app.effects().is_empty(), "nothing happens before the relay runs");
        assert_eq!(app.drain(), delivered(4));
        assert_eq!(app.effects(), ["books:a1", "books:b1", "stock:a1", "stock:b1"]);
        assert_eq!(app.drain(), delivered(0));
    }
}

#[test]
fn an_event_of_a_failed_unit_of_work_never_was() {
    for app in apps(&[("books", one_subscriber)]) {
        let refused = app.work().write_blocking(|tx| {
            tx.emit(Sold::new("a", 1));
            Err::<(), _>(cortex_core::Error::refused("test", "no"))
        });
        assert_eq!(refused.unwrap_err().kind(), Kind::Refused);
        app.write(|tx| {
            let part = tx.savepoint(|tx| {
                tx.emit(Sold::new("b", 1));
                Err::<(), _>(cortex_core::Error::refused("test", "no"))
            });
            assert!(part.is_err());
            tx.emit(Sold::new("c", 1));
            Ok(())
        });
        assert_eq!(app.drain(), delivered(1));
        assert_eq!(app.effects(), ["books:c1"]);
    }
}

#[test]
fn a_subscriber_acts_as_its_module_for_the_tenant_under_the_trace_of_the_event() {
    fn who(tx: &mut Tx, _: &Sold, Inject(journal): Inject<Journal>) -> Result<()> {
        journal.note(format!("{} {} {}", tx.cx().actor().name, tx.tenant(), tx.cx().trace()));
        Ok(())
    }
    for app in apps(&[("stock", |m| {
        m.on(who);
    })]) {
        let traces = [Uuid::from_u128(7), Uuid::from_u128(8)];
        for trace in traces {
            let cx = Cx::new(app.tenant, cortex_core::Actor::system("test")).with_trace(trace);
            app.db
                .work(cx)
                .write_blocking(|tx| {
                    tx.emit(Sold::new("a", 1));
                    Ok(())
                })
                .unwrap();
        }
        app.drain();
        let expected = traces.map(|trace| format!("stock {} {trace}", app.tenant));
        assert_eq!(app.journal.take(), expected);
    }
}

#[test]
fn a_scoped_service_is_made_for_each_delivery_with_its_context() {
    struct Caller(String);
    fn greet(_: &mut Tx, _: &Sold, Inject(caller): Inject<Caller>, Inject(journal): Inject<Journal>) -> Result<()> {
        journal.note(caller.0.clone());
        Ok(())
    }
    for app in apps(&[("stock", |m| {
        m.scoped_factory::<Caller, _>(|cx: Arc<Cx>| Ok(Arc::new(Caller(cx.actor().name.clone())))).on(greet);
    })]) {
        app.emit(&[Sold::new("a", 1)]);
        assert_eq!(app.drain(), delivered(1));
        assert_eq!(app.journal.take(), ["stock"]);
    }
}

#[test]
fn a_failure_holds_back_only_its_aggregate_and_its_subscriber() {
    fn lenient(tx: &mut Tx, event: &Sold, Inject(journal): Inject<Journal>) -> Result<()> {
        note_sale(tx, event, Inject(journal), Inject(Arc::default()))
    }
    for app in apps(&[
        ("strict", one_subscriber),
        ("lenient", |m| {
            m.on(lenient);
        }),
    ]) {
        app.faults.set(&["a1"]);
        app.emit(&[Sold::new("a", 1), Sold::new("a", 2), Sold::new("b", 1)]);
        assert_eq!(app.drain(), Drained { delivered: 4, failed: 1, ..Drained::default() });
        let mut notes = app.journal.take();
        notes.sort();
        assert_eq!(notes, ["lenient:a1", "lenient:a2", "lenient:b1", "strict:b1"]);
        assert_eq!(app.effects(), ["lenient:a1", "lenient:a2", "lenient:b1", "strict:b1"], "the failed one is undone");

        app.faults.set(&[]);
        assert_eq!(app.drain(), delivered(0), "the retry is not due yet");
        app.wait(RETRY_MAX);
        assert_eq!(app.drain(), delivered(2));
        assert_eq!(app.journal.take(), ["strict:a1", "strict:a2"], "in order");
    }
}

#[test]
fn many_that_wait_behind_a_failure_do_not_keep_others_from_their_turn() {
    for app in apps(&[("books", one_subscriber)]) {
        app.faults.set(&["a0"]);
        let chain = (0..u32::try_from(DELIVERY_BATCH).unwrap() + 5).map(|number| Sold::new("a", number));
        let events: Vec<Sold> = chain.chain([Sold::new("b", 1)]).collect();
        app.emit(&events);
        assert_eq!(app.drain(), Drained { delivered: 1, failed: 1, ..Drained::default() });
        assert_eq!(app.effects(), ["books:b1"]);
    }
}

#[test]
fn what_fails_too_often_is_a_dead_letter_until_somebody_retries_it() {
    for app in apps(&[("books", one_subscriber)]) {
        app.faults.set(&["a1"]);
        app.emit(&[Sold::new("a", 1), Sold::new("a", 2)]);
        for attempt in 1..DELIVERY_ATTEMPTS_MAX {
            assert_eq!(app.drain(), Drained { failed: 1, ..Drained::default() }, "attempt {attempt}");
            app.wait(RETRY_MAX);
        }
        assert!(app.relay().dead_letters().unwrap().is_empty());
        assert_eq!(app.drain(), Drained { dead: 1, delivered: 1, ..Drained::default() }, "the later one goes on");

        let letters = app.relay().dead_letters().unwrap();
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        assert_eq!((letter.subscriber.as_str(), letter.topic.as_str()), ("books.note_sale", "fleet.sold"));
        assert_eq!((letter.attempts, letter.tenant), (DELIVERY_ATTEMPTS_MAX, app.tenant));
        assert_eq!(letter.payload, serde_json::json!({"vehicle": "a", "number": 1}));
        assert!(letter.error.contains("`a1` is refused [test.fault]"), "{}", letter.error);
        app.wait(RETRY_MAX);
        assert_eq!(app.drain(), delivered(0));

        app.faults.set(&[]);
        app.relay().retry(letter.message, &letter.subscriber).unwrap();
        assert_eq!(app.drain(), delivered(1));
        assert!(app.relay().dead_letters().unwrap().is_empty());
        let error = app.relay().retry(letter.message, &letter.subscriber).unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound);
    }
}

#[test]
fn a_panic_is_one_failure_and_its_neighbours_are_delivered() {
    fn touchy(tx: &mut Tx, event: &Sold, Inject(faults): Inject<Faults>) -> Result<()> {
        effect(tx, &event.label())?;
        assert!(faults.check(&event.label()).is_ok(), "touched at {}", event.label());
        Ok(())
    }
    for app in apps(&[("books", |m| {
        m.on(touchy);
    })]) {
        app.faults.set(&["b1"]);
        app.emit(&[Sold::new("a", 1), Sold::new("b", 1), Sold::new("c", 1)]);
        assert_eq!(app.drain(), Drained { delivered: 2, failed: 1, ..Drained::default() });
        assert_eq!(app.effects(), ["a1", "c1"]);
    }
}

#[test]
fn a_commit_that_fails_is_the_failure_of_the_one_that_broke_it() {
    fn careless(tx: &mut Tx, event: &Sold) -> Result<()> {
        effect(tx, &event.label())?;
        if event.vehicle == "b" { broken_link(tx) } else { Ok(()) }
    }
    for app in apps(&[("books", |m| {
        m.on(careless);
    })]) {
        app.emit(&[Sold::new("a", 1), Sold::new("b", 1), Sold::new("c", 1)]);
        assert_eq!(app.drain(), Drained { delivered: 2, failed: 1, ..Drained::default() });
        assert_eq!(app.effects(), ["a1", "c1"]);
    }
}

#[test]
fn an_event_of_another_version_is_a_dead_letter_at_once() {
    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    struct NewSold {
        buyer: String,
    }
    impl Event for NewSold {
        const NAME: &'static str = Sold::NAME;
        const VERSION: u32 = 2;
    }
    fn modern(_: &mut Tx, _: &NewSold) -> Result<()> {
        Ok(())
    }
    for app in apps(&[("books", |m| {
        m.on(modern);
    })]) {
        app.emit(&[Sold::new("a", 1)]);
        assert_eq!(app.drain(), Drained { dead: 1, ..Drained::default() });
        let letters = app.relay().dead_letters().unwrap();
        assert!(letters[0].error.starts_with("`fleet.sold` was written in version 1; the subscriber reads version 2"));
    }
}

#[test]
fn events_lead_to_events() {
    fn again(tx: &mut Tx, event: &Sold, Inject(journal): Inject<Journal>) -> Result<()> {
        journal.note(event.label());
        if event.number < 3 {
            tx.emit(Sold::new(&event.vehicle, event.number + 1));
        }
        Ok(())
    }
    for app in apps(&[("books", |m| {
        m.on(again);
    })]) {
        app.emit(&[Sold::new("a", 1)]);
        assert_eq!(app.drain(), delivered(3));
        assert_eq!(app.journal.take(), ["a1", "a2", "a3"]);
    }
}

#[test]
fn a_disabled_module_is_skipped_for_its_tenant() {
    for app in apps(&[("books", one_subscriber), ("stock", one_subscriber)]) {
        app.disable("stock");
        app.emit(&[Sold::new("a", 1)]);
        assert_eq!(app.drain(), Drained { delivered: 1, skipped: 1, ..Drained::default() });
        app.enable("stock");
        app.emit(&[Sold::new("a", 2)]);
        assert_eq!(app.drain(), delivered(2));
        assert_eq!(app.effects(), ["books:a1", "books:a2", "stock:a2"]);
    }
}

#[test]
fn what_is_delivered_is_forgotten_in_time_and_what_is_dead_is_kept() {
    for app in apps(&[("books", one_subscriber)]) {
        app.faults.set(&["b1"]);
        app.emit(&[Sold::new("a", 1), Sold::new("b", 1)]);
        for _ in 0..DELIVERY_ATTEMPTS_MAX {
            app.drain();
            app.wait(RETRY_MAX);
        }
        assert_eq!(app.relay().purge().unwrap(), 0, "too early");
        app.wait(RETENTION);
        assert_eq!(app.relay().purge().unwrap(), 1);
        assert_eq!((app.count("cortex_outbox"), app.count("cortex_deliveries")), (1, 1));
        assert_eq!(app.relay().dead_letters().unwrap().len(), 1);
        app.emit(&[Sold::new("c", 1)]);
        assert_eq!(app.drain(), delivered(1), "positions go on");
    }
}

#[test]
fn a_backlog_of_more_than_one_batch_is_delivered_in_order() {
    for app in apps(&[("books", one_subscriber)]) {
        let events: Vec<Sold> = (0..700).map(|n| Sold::new(["a", "b", "c"][n as usize % 3], n)).collect();
        app.emit(&events);
        assert_eq!(app.drain(), delivered(700));
        let notes = app.journal.take();
        for vehicle in ["a", "b", "c"] {
            let expected: Vec<String> =
                events.iter().filter(|e| e.vehicle == vehicle).map(|e| format!("books:{}", e.label())).collect();
            let prefix = format!("books:{vehicle}");
            let found: Vec<String> = notes.iter().filter(|line| line.starts_with(&prefix)).cloned().collect();
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn an_event_of_a_subscriber_has_the_trace_of_the_event_that_led_to_it() {
    fn lead_on(tx: &mut Tx, event: &Sold, Inject(journal): Inject<Journal>) -> Result<()> {
        if event.number == 1 {
            tx.emit(Sold::new(&event.vehicle, 2));
        } else {
            journal.note(format!("{} {}", event.vehicle, tx.cx().trace().as_u128()));
        }
        Ok(())
    }
    for app in apps(&[("books", |m| {
        m.on(lead_on);
    })]) {
        for (vehicle, trace) in [("a", 7), ("b", 8)] {
            let cx = Cx::new(app.tenant, cortex_core::Actor::system("test")).with_trace(Uuid::from_u128(trace));
            let emit = |tx: &mut Tx| {
                tx.emit(Sold::new(vehicle, 1));
                Ok(())
            };
            app.db.work(cx).write_blocking(emit).unwrap();
        }
        assert_eq!(app.drain(), delivered(4));
        assert_eq!(app.journal.take(), ["a 7", "b 8"]);
    }
}

#[test]
fn what_one_relay_has_in_hand_holds_back_the_aggregate_in_the_other() {
    fn gated(_: &mut Tx, event: &Sold, Inject(gate): Inject<Gate>, Inject(journal): Inject<Journal>) -> Result<()> {
        if event.label() == "a0" {
            gate.pass();
        }
        journal.note(event.label());
        Ok(())
    }
    let modules: Modules<'_> = &[("books", |m| {
        m.on(gated);
    })];
    // On SQLite the other relay waits at the one writer.
    for app in apps(modules).iter().filter(|app| app.url.starts_with("postgres")) {
        let first_batch =
            (0..u32::try_from(DELIVERY_BATCH).unwrap()).map(|n| Sold::new(if n == 0 { "a" } else { "x" }, n));
        let events: Vec<Sold> = first_batch.chain([Sold::new("a", 99), Sold::new("b", 99)]).collect();
        app.emit(&events);
        let twin = app.twin(modules);
        let (reached, go) = app.gate().arm();
        let relay = app.relay();
        let holder = std::thread::spawn(move || relay.drain().unwrap());
        reached.recv().unwrap();
        assert_eq!(twin.relay().step().unwrap().delivered, 1);
        assert_eq!(app.journal.take(), ["b99"], "`a99` waits for `a0`, which the first relay has in hand");
        drop(go);
        assert_eq!(holder.join().unwrap().delivered, events.len() as u64 - 1);
        let notes = app.journal.take();
        assert_eq!((notes.first().unwrap().as_str(), notes.last().unwrap().as_str()), ("a0", "a99"));
    }
}

#[test]
fn two_relays_deliver_each_event_once() {
    let modules: Modules<'_> = &[("books", one_subscriber)];
    for app in apps(modules) {
        let twin = app.twin(modules);
        let events: Vec<Sold> = (0..120).map(|n| Sold::new(&format!("v{}-", n % 40), n)).collect();
        app.emit(&events);
        let both: Vec<Drained> = std::thread::scope(|threads| {
            let relays = [app.relay(), twin.relay()].map(|relay| threads.spawn(move || relay.drain().unwrap()));
            relays.into_iter().map(|relay| relay.join().unwrap()).collect()
        });
        let total: u64 = both.iter().map(|done| done.delivered).sum();
        assert_eq!(total + app.drain().delivered, 120);
        assert_eq!(both.iter().map(|done| done.failed + done.dead).sum::<u64>(), 0, "none had the other's in hand");
        assert_eq!(app.effects().len(), 120);

        let notes = app.journal.take();
        for vehicle in 0..40 {
            let prefix = format!("books:v{vehicle}-");
            let mut found: Vec<&String> = notes.iter().filter(|line| line.starts_with(&prefix)).collect();
            found.dedup(); // a transaction that ran into the other relay's is attempted again
            let expected = [vehicle, vehicle + 40, vehicle + 80].map(|n| format!("{prefix}{n}"));
            assert_eq!(found, expected.iter().collect::<Vec<_>>(), "in order, whichever relay delivers");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_relay_is_woken_by_a_commit_and_ends_when_told() {
    const LONG: Duration = Duration::from_secs(60);
    struct Heard(mpsc::SyncSender<String>);
    fn tell(_: &mut Tx, event: &Sold, Inject(heard): Inject<Heard>) -> Result<()> {
        heard.0.send(event.label()).unwrap();
        Ok(())
    }
    static HEARD: Mutex<Option<mpsc::SyncSender<String>>> = Mutex::new(None);
    let (send, hear) = mpsc::sync_channel(16);
    *HEARD.lock().unwrap() = Some(send);
    let all = tokio::task::spawn_blocking(|| {
        apps(&[("books", |m| {
            m.instance(Arc::new(Heard(HEARD.lock().unwrap().clone().unwrap()))).on(tell);
        })])
    });
    let hear = Arc::new(Mutex::new(hear));
    for app in all.await.unwrap() {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let relay = app.relay();
        let running = tokio::spawn(async move {
            relay
                .run_until(async {
                    stopped.await.ok();
                })
                .await;
        });
        for number in 1..=3 {
            app.work()
                .write(move |tx| {
                    tx.emit(Sold::new("a", number));
                    Ok(())
                })
                .await
                .unwrap();
            let hear = Arc::clone(&hear);
            let got = tokio::task::spawn_blocking(move || hear.lock().unwrap().recv_timeout(LONG).unwrap());
            assert_eq!(got.await.unwrap(), format!("a{number}"));
        }
        stop.send(()).unwrap();
        tokio::time::timeout(LONG, running).await.unwrap().unwrap();
    }
}
