//! Registration: what modules say to the data layer is checked as a whole before anything starts.

use cortex_core::{Event, EventInfo, Inject, Permission, Registrar, Result};
use cortex_data::{DataRegistrar, Job, Registry, RegistryError, RegistryProblem, Tx};

use crate::app::{Journal, Modules, Sold, apps, assemble, effect, note_sale};
use crate::support::{Branch, Sell, Vehicle};

struct Mailer;

fn mail(_: &mut Tx, _: &Sold, _: Inject<Mailer>) -> Result<()> {
    Ok(())
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Send;

impl Job for Send {
    type Needs = Inject<Mailer>;
    const NAME: &'static str = "books.send";

    fn run(&self, _: &mut Tx, _: Self::Needs) -> Result<()> {
        Ok(())
    }
}

fn plant(tx: &mut Tx) -> Result<()> {
    effect(tx, &format!("{} planted", tx.cx().actor().name.clone()))
}

fn plant_with(tx: &mut Tx, Inject(journal): Inject<Journal>) -> Result<()> {
    journal.note("seed");
    effect(tx, "with a service")
}

#[track_caller]
fn problems(modules: Modules<'_>) -> Vec<RegistryProblem> {
    let app = assemble(modules).unwrap();
    let error = Registry::from_contributions(app.contributions(), app.container()).unwrap_err();
    let source = std::error::Error::source(&error).and_then(|e| e.downcast_ref::<RegistryError>());
    source.unwrap().problems().to_vec()
}

#[test]
fn everything_injected_is_part_of_the_check_at_start() {
    fn all(m: &mut Registrar) {
        m.on(mail).job::<Send>().seed("letters", |_: &mut Tx, _: Inject<Mailer>| Ok(()));
    }
    let error = assemble(&[("books", all)]).unwrap_err().to_string();
    for who in ["the subscriber `books.mail`", "the job `books.send`", "the seed `books.letters`"] {
        assert!(error.contains(&format!("{who} needs Mailer, which no module provides")), "{error}");
    }
}

#[test]
fn entities_and_permissions_are_listed_with_their_module() {
    let app = assemble(&[("fleet", |m| {
        m.repository::<Vehicle>().repository::<Branch>().policy::<Sell>();
    })])
    .unwrap();
    let registry = Registry::from_contributions(app.contributions(), app.container()).unwrap();
    let entities: Vec<_> = registry.entities().iter().map(|(module, meta)| (module.as_str(), meta.table)).collect();
    assert_eq!(entities, [("fleet", "test_vehicles"), ("fleet", "test_branches")]);
    let permissions: Vec<_> = app.contributions().of::<Permission>().map(|(_, p)| p.name.as_ref()).collect();
    assert_eq!(permissions, ["fleet.vehicle.export", "fleet.branch.export", "test.vehicle.sell"]);
}

#[test]
fn what_is_registered_twice_is_reported_together() {
    let found = problems(&[
        ("books", |m| {
            m.repository::<Vehicle>().on(note_sale).on(note_sale).job::<Idle>().event::<Scrapped>();
            m.seed("start", plant).seed("start", plant_with);
        }),
        ("fleet", |m| {
            m.repository::<Vehicle>().job::<Idle>().event::<Scrapped>();
        }),
    ]);
    let both = || vec!["books".to_owned(), "fleet".to_owned()];
    let expected = [
        RegistryProblem::Table { table: "test_vehicles".into(), modules: both() },
        RegistryProblem::Event { event: "`fleet.scrapped` in version 2".into(), modules: both() },
        RegistryProblem::Consumer { name: "books.idle".into(), modules: both() },
        RegistryProblem::Consumer { name: "books.note_sale".into(), modules: vec!["books".into(), "books".into()] },
        RegistryProblem::Seed { seed: "books.start".into() },
    ];
    assert_eq!(found, expected);
    assert_eq!(found[0].to_string(), "the table `test_vehicles` is registered by module `books` and by module `fleet`");
}

/// A vehicle is of no use
/// any more.
///
/// It may be sold for its parts.
#[derive(Debug, serde::Serialize, serde::Deserialize, Event)]
#[event(name = "fleet.scrapped", version = 2, crate = cortex_data)]
struct Scrapped;

#[test]
fn declared_events_are_listed_with_what_they_say() {
    let app = assemble(&[("fleet", |m| {
        m.event::<Scrapped>();
    })])
    .unwrap();
    let own = app.contributions().of::<EventInfo>().filter(|(module, _)| module.as_str() == "fleet");
    let events: Vec<_> = own.map(|(_, event)| *event).collect();
    let about = "A vehicle is of no use any more.";
    assert_eq!(events, [EventInfo { name: "fleet.scrapped", version: 2, about }]);
}

#[test]
fn an_event_that_no_module_declares_is_refused_where_it_is_emitted() {
    let emit = |tx: &mut Tx| {
        effect(tx, "scrapped")?;
        tx.emit(Scrapped);
        Ok(())
    };
    for app in apps(&[("books", |_| {})]) {
        let error = app.work().write_blocking(emit).unwrap_err();
        assert_eq!(error.message(), "no module declares the event `fleet.scrapped` in version 2");
        assert_eq!(error.help(), Some("declare it in the module that emits it: `m.event::<..>()`"));
        assert!(app.effects().is_empty(), "nothing of that unit of work is left");
    }
    for app in apps(&[("fleet", |m| {
        m.event::<Scrapped>();
    })]) {
        app.write(emit);
        assert_eq!(app.effects(), ["scrapped"]);
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Idle;

impl Job for Idle {
    type Needs = ();
    const NAME: &'static str = "books.idle";

    fn run(&self, _: &mut Tx, (): ()) -> Result<()> {
        Ok(())
    }
}

#[test]
fn a_closure_that_subscribes_needs_a_name() {
    let error = assemble(&[("books", |m| {
        m.on(|_: &mut Tx, _: &Sold| Ok(()));
    })])
    .unwrap_err();
    let expected = "a closure of module `books` subscribes to `fleet.sold` and has no name to be remembered by";
    assert_eq!(error.message(), expected);
    assert_eq!(Sold::NAME, "fleet.sold");

    for app in apps(&[("books", |m| {
        m.on_as("listen", |tx: &mut Tx, event: &Sold| effect(tx, &event.label()));
    })]) {
        app.emit(&[Sold::new("a", 1)]);
        app.drain();
        assert_eq!(app.effects(), ["a1"]);
    }
}

#[test]
fn functions_take_up_to_four_services() {
    type J = Inject<Journal>;
    fn four(_: &mut Tx, _: &Sold, Inject(a): J, _: J, _: J, Inject(d): J) -> Result<()> {
        a.note("first");
        d.note("fourth");
        Ok(())
    }
    for app in apps(&[("books", |m| {
        m.on(four);
    })]) {
        app.emit(&[Sold::new("a", 1)]);
        app.drain();
        assert_eq!(app.journal.take(), ["first", "fourth"]);
    }
}

#[test]
fn every_tenant_is_seeded_once() {
    fn books(m: &mut Registrar) {
        m.seed("start", plant).seed("service", plant_with);
    }
    fn stock(m: &mut Registrar) {
        m.seed("start", plant);
    }
    for app in apps(&[("books", books), ("stock", stock)]) {
        app.disable("stock");
        assert_eq!(app.db.seed(app.tenant).unwrap(), ["books.start", "books.service"]);
        assert_eq!(app.effects(), ["books planted", "with a service"]);
        assert!(app.db.seed(app.tenant).unwrap().is_empty());
        app.enable("stock");
        assert_eq!(app.db.seed(app.tenant).unwrap(), ["stock.start"], "now that the module is enabled");
    }
}

#[test]
fn a_seed_that_fails_leaves_nothing_and_comes_again() {
    for app in apps(&[("books", |m| {
        m.seed("start", plant);
    })]) {
        app.write(|tx| effect(tx, "books planted"));
        assert_eq!(app.db.seed(app.tenant).unwrap_err().code(), "test.twice");
        assert_eq!(app.count("cortex_seeds"), 0);
    }
}
