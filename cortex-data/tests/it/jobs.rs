//! Jobs: done after the commit, by their one handler.

use cortex_core::{Event, Inject, Kind, Registrar, Result};
use cortex_data::{DELIVERY_ATTEMPTS_MAX, DataRegistrar, Drained, Job, RETRY_MAX, Tx, Work};

use crate::app::{Faults, Journal, Sold, apps, effect, effects};

#[derive(serde::Serialize, serde::Deserialize)]
struct Remind {
    whom: String,
}

impl Job for Remind {
    type Needs = (Inject<Journal>, Inject<Faults>);
    const NAME: &'static str = "books.remind";

    fn run(&self, tx: &mut Tx, (journal, faults): Self::Needs) -> Result<()> {
        effect(tx, &self.whom)?;
        faults.check(&self.whom)?;
        journal.note(format!("{} {}", tx.cx().actor().name, self.whom));
        Ok(())
    }
}

fn remind(whom: &str) -> Remind {
    Remind { whom: whom.into() }
}

fn with_handler(m: &mut Registrar) {
    m.job::<Remind>();
}

#[test]
fn a_job_is_done_after_the_commit_and_once() {
    for app in apps(&[("books", with_handler)]) {
        app.write(|tx| {
            tx.enqueue(remind("ann"));
            Ok(())
        });
        assert!(app.effects().is_empty());
        assert_eq!(app.drain(), Drained { delivered: 1, ..Drained::default() });
        assert_eq!(app.journal.take(), ["books ann"]);
        assert_eq!(app.drain(), Drained::default());
        assert_eq!(app.effects(), ["ann"]);
    }
}

#[test]
fn a_job_of_a_failed_unit_of_work_is_not_done() {
    for app in apps(&[("books", with_handler)]) {
        let refused = app.work().write_blocking(|tx| {
            tx.enqueue(remind("ann"));
            Err::<(), _>(cortex_core::Error::refused("test", "no"))
        });
        assert!(refused.is_err());
        assert_eq!(app.drain(), Drained::default());
    }
}

#[test]
fn a_job_that_nobody_handles_is_refused_where_it_is_written() {
    for app in apps(&[("books", |_| {})]) {
        let error = app
            .work()
            .write_blocking(|tx| {
                tx.enqueue(remind("ann"));
                Ok(())
            })
            .unwrap_err();
        assert_eq!(error.message(), "no module handles the job `books.remind`");
        assert_eq!(error.help(), Some("register it in its module: `m.job::<..>()`"));
    }
}

#[test]
fn a_job_whose_handler_is_gone_is_kept_as_a_dead_letter() {
    for app in apps(&[("books", with_handler)]) {
        app.write(|tx| {
            tx.enqueue(remind("ann"));
            Ok(())
        });
        let later = app.twin(&[("books", |_| {})]);
        assert_eq!(later.drain(), Drained::default());
        let letters = later.relay().dead_letters().unwrap();
        assert_eq!(letters[0].error, "no module handles the job `books.remind`");
        app.relay().retry(letters[0].message, &letters[0].subscriber).unwrap();
        assert_eq!(app.drain().delivered, 1, "where the handler is there again");
    }
}

#[test]
fn a_job_that_fails_is_tried_again_and_holds_nothing_back() {
    for app in apps(&[("books", with_handler)]) {
        app.faults.set(&["ann"]);
        app.write(|tx| {
            tx.enqueue(remind("ann"));
            tx.enqueue(remind("bob"));
            Ok(())
        });
        assert_eq!(app.drain(), Drained { delivered: 1, failed: 1, ..Drained::default() });
        assert_eq!(app.effects(), ["bob"]);
        app.faults.set(&[]);
        app.wait(RETRY_MAX);
        assert_eq!(app.drain(), Drained { delivered: 1, ..Drained::default() });
        assert_eq!(app.effects(), ["ann", "bob"]);
    }
}

#[test]
fn a_job_that_fails_too_often_is_a_dead_letter() {
    for app in apps(&[("books", with_handler)]) {
        app.faults.set(&["ann"]);
        app.write(|tx| {
            tx.enqueue(remind("ann"));
            Ok(())
        });
        for _ in 0..DELIVERY_ATTEMPTS_MAX {
            app.drain();
            app.wait(RETRY_MAX);
        }
        let letters = app.relay().dead_letters().unwrap();
        assert_eq!(letters.len(), 1);
        assert_eq!((letters[0].subscriber.as_str(), letters[0].topic.as_str()), (Remind::NAME, Remind::NAME));
        assert_eq!(app.relay().retry(letters[0].message, "books.other").unwrap_err().kind(), Kind::NotFound);
    }
}

#[test]
fn a_job_and_an_event_of_one_name_are_two_things() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Same;
    impl Event for Same {
        const NAME: &'static str = Remind::NAME;
        const VERSION: u32 = 1;
    }
    let modules: crate::app::Modules<'_> = &[("books", |m| {
        m.job::<Remind>().event::<Same>();
    })];
    for app in apps(modules) {
        app.write(|tx| {
            tx.emit(Same);
            Ok(())
        });
        assert_eq!(app.drain(), Drained::default());
        assert!(app.relay().dead_letters().unwrap().is_empty());
    }
}

#[test]
fn a_subscriber_may_enqueue_a_job() {
    fn on_sale(tx: &mut Tx, event: &Sold) -> Result<()> {
        tx.enqueue(remind(&event.vehicle));
        Ok(())
    }
    for app in apps(&[("books", |m| {
        m.job::<Remind>().on(on_sale);
    })]) {
        app.emit(&[Sold::new("a", 1)]);
        assert_eq!(app.drain().delivered, 2);
        assert_eq!(app.effects(), ["a"]);
    }
}

/// Writes down an effect before its transaction, in one of its own.
#[derive(serde::Serialize, serde::Deserialize)]
struct Fetch;

impl Job for Fetch {
    type Needs = Inject<Journal>;
    const NAME: &'static str = "books.fetch";
    const PREPARES: bool = true;

    fn prepare(&self, work: &Work) -> Result<()> {
        let before = work.read_blocking(effects)?;
        work.write_blocking(|tx| effect(tx, &format!("fetched {}", before.len())))?;
        if before.is_empty() {
            return Err(cortex_core::Error::refused("test", "not yet"));
        }
        Ok(())
    }

    fn run(&self, _: &mut Tx, journal: Self::Needs) -> Result<()> {
        journal.note("done");
        Ok(())
    }
}

#[test]
fn a_job_is_prepared_outside_of_its_transaction_and_tried_again_as_a_whole() {
    for app in apps(&[("books", |m| {
        m.job::<Fetch>();
    })]) {
        app.write(|tx| {
            tx.enqueue(Fetch);
            Ok(())
        });
        assert_eq!(app.drain(), Drained { failed: 1, ..Drained::default() });
        assert_eq!(app.effects(), ["fetched 0"], "what it wrote before it failed stays");
        assert!(app.journal.take().is_empty());
        app.clock.advance(RETRY_MAX.try_into().unwrap());
        assert_eq!(app.drain(), Drained { delivered: 1, ..Drained::default() });
        assert_eq!(app.effects(), ["fetched 0", "fetched 1"]);
        assert_eq!(app.journal.take(), ["done"]);
    }
}
