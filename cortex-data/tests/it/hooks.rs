//! Hooks: other modules change a draft, veto or observe, in order, where they are enabled.

use cortex_core::{Error, Inject, Kind, Registrar, Result};
use cortex_data::{DataRegistrar, HookPoint, Tx};

use crate::app::{App, Journal, apps, effect};

#[derive(Debug, PartialEq)]
struct Draft {
    text: String,
}

struct BeforePost;

impl HookPoint for BeforePost {
    type Subject = Draft;
    const NAME: &'static str = "books.entry.before_post";
}

struct AfterPost;

impl HookPoint for AfterPost {
    type Subject = Draft;
    const NAME: &'static str = "books.entry.after_post";
}

fn append(tx: &mut Tx, draft: &mut Draft, what: &str) -> Result<()> {
    assert_eq!(tx.cx().actor().name, "test", "a hook acts as whoever runs the use case");
    draft.text.push_str(what);
    Ok(())
}

fn first(tx: &mut Tx, draft: &mut Draft) -> Result<()> {
    append(tx, draft, " first")
}

fn second(tx: &mut Tx, draft: &mut Draft, Inject(journal): Inject<Journal>) -> Result<()> {
    journal.note(draft.text.clone());
    append(tx, draft, " second")
}

fn veto(_: &mut Tx, draft: &mut Draft) -> Result<()> {
    if draft.text.starts_with("bad") {
        return Err(Error::refused("audit.bad", "`bad` is not posted"));
    }
    Ok(())
}

fn observe(tx: &mut Tx, draft: &Draft, Inject(journal): Inject<Journal>) -> Result<()> {
    journal.note(format!("observed {}", draft.text));
    effect(tx, &draft.text)
}

fn post(app: &App, text: &str) -> Result<String> {
    app.work().write_blocking(|tx| {
        let mut draft = Draft { text: text.to_owned() };
        tx.before::<BeforePost>(&mut draft)?;
        effect(tx, "posted")?;
        tx.after::<AfterPost>(&draft)?;
        Ok(draft.text)
    })
}

fn audit(m: &mut Registrar) {
    m.hook_before::<BeforePost, _>(-10, veto).hook_before::<BeforePost, _>(20, second);
    m.hook_after::<AfterPost, _>(0, observe);
}

fn budget(m: &mut Registrar) {
    m.hook_before::<BeforePost, _>(10, first);
}

#[test]
fn hooks_of_all_modules_run_in_their_order() {
    for app in apps(&[("audit", audit), ("budget", budget)]) {
        assert_eq!(post(&app, "good").unwrap(), "good first second");
        assert_eq!(app.journal.take(), ["good first", "observed good first second"]);
        assert_eq!(app.effects(), ["good first second", "posted"]);
    }
}

#[test]
fn a_veto_stops_the_use_case_and_nothing_is_written() {
    for app in apps(&[("audit", audit), ("budget", budget)]) {
        let error = post(&app, "bad").unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Refused, "audit.bad"));
        assert!(app.effects().is_empty());
        assert!(app.journal.take().is_empty(), "hooks after the veto did not run");
    }
}

#[test]
fn what_an_observer_refuses_undoes_the_use_case() {
    for app in apps(&[("audit", audit)]) {
        app.write(|tx| effect(tx, "good second"));
        assert_eq!(post(&app, "good").unwrap_err().code(), "test.twice");
        assert_eq!(app.effects(), ["good second"], "what was there before, and not `posted`");
    }
}

#[test]
fn a_disabled_module_has_no_hooks() {
    for app in apps(&[("audit", audit), ("budget", budget)]) {
        app.disable("audit");
        assert_eq!(post(&app, "bad").unwrap(), "bad first");
        assert!(app.journal.take().is_empty());
    }
}

#[test]
fn a_closure_is_a_hook_too() {
    for app in apps(&[("audit", |m| {
        m.hook_before::<BeforePost, _>(0, |_: &mut Tx, draft: &mut Draft, Inject(journal): Inject<Journal>| {
            journal.note("closure");
            draft.text.push('!');
            Ok(())
        });
    })]) {
        assert_eq!(post(&app, "good").unwrap(), "good!");
        assert_eq!(app.journal.take(), ["closure"]);
    }
}

#[test]
fn hooks_end_with_the_application() {
    for app in apps(&[("audit", audit)]) {
        let work = app.work();
        let App { app: assembled, .. } = app;
        drop(assembled);
        let error = work.write_blocking(|tx| tx.before::<BeforePost>(&mut Draft { text: "good".into() })).unwrap_err();
        assert_eq!(error.code(), "data.stopped");
    }
}
