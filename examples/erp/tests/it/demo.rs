//! The demo company ties out, and is the same however often a run is cut off.

use codexion::core::{Actor, Cx, Id};
use codexion::data::Entity;
use codexion::prelude::*;
use cortex_testing::TestApp;
use crm::Party;
use erp::demo::{Demo, Outcome, SEED, Settings, Unwatched};
use erp::report::{Report, Reports};
use erp::{DemoState, modules};

/// A month of a quiet company.
fn settings() -> Settings {
    Settings { seed: SEED, months: 2, volume: 30, last: "2026-02-27".parse().unwrap() }
}

fn report(app: &TestApp, work: &Work) -> Report {
    let reports = app.get::<Reports>();
    work.snapshot_blocking(|tx| reports.read(tx)).unwrap().unwrap()
}

fn make(app: &TestApp, work: &Work, most: usize) -> Result<Outcome> {
    app.get::<Demo>().make_some(work, &settings(), &mut Unwatched, most)
}

fn state(work: &Work) -> DemoState {
    work.read_blocking(|tx| {
        let tenant = tx.tenant();
        DemoState::get(tx, DemoState::of(tenant))
    })
    .unwrap()
}

#[test]
fn the_company_ties_out_whatever_cuts_its_making_off() {
    TestApp::each(modules, |app| {
        // Made in one go.
        let whole = app.work();
        let made = make(app, &whole, usize::MAX).unwrap();
        let Outcome::Made { documents, resumed: false } = made else { panic!("{made:?}") };
        assert!(documents > 150, "{documents}");
        let expected = report(app, &whole);
        expected.check().unwrap();
        assert!(state(&whole).is_complete());
        assert!(expected.stock().unwrap().is_positive() && expected.owed_to_us.total.is_positive());
        assert!(!expected.owed_by_us.total.is_positive() && expected.warehouses.len() == 2);
        assert_eq!(expected.months.len(), 2);
        // Made by runs that were cut off, in another tenant.
        let pieces = app.work_of(Id::new());
        for most in [1, 2, 1, 3] {
            assert_eq!(make(app, &pieces, most).unwrap(), Outcome::CutOff);
        }
        assert_eq!(state(&pieces).done, 7);
        assert_eq!(make(app, &pieces, usize::MAX).unwrap(), Outcome::Made { documents, resumed: true });
        let found = report(app, &pieces);
        found.check().unwrap();
        assert_eq!(found.to_string(), expected.to_string(), "{}", app.kind());
        // Nothing is left to do, and nothing is done.
        assert_eq!(make(app, &pieces, usize::MAX).unwrap(), Outcome::Complete);
        assert_eq!(report(app, &pieces), found);
    });
}

#[test]
fn a_unit_of_work_that_fails_leaves_nothing_behind() {
    let app = TestApp::new(modules);
    let work = app.work();
    assert_eq!(make(&app, &work, 5).unwrap(), Outcome::CutOff);
    // Somebody changes the state in between: the next unit does not fit, and is undone as a whole.
    let before = state(&work);
    work.write_blocking(|tx| {
        DemoState::update(tx, before.id, |state| {
            state.fingerprint += 1;
            Ok(())
        })
    })
    .unwrap();
    let error = make(&app, &work, 1).unwrap_err();
    assert_eq!(error.code(), "company.demo_plan");
    assert_eq!(state(&work).done, before.done);
}

#[test]
fn a_company_that_is_there_is_left_alone() {
    let app = TestApp::new(modules);
    let work = app.work();
    let own = finance::NewCompany::new("Mine", Currency::USD, 2026, 1).unwrap();
    work.write_blocking(|tx| app.get::<finance::Setup>().company(tx, &own)).unwrap();
    assert_eq!(make(&app, &work, usize::MAX).unwrap(), Outcome::Foreign);
    let report = report(&app, &work);
    report.check().unwrap();
    assert_eq!((report.company.as_str(), report.open_orders), ("Mine", 0));
}

#[test]
fn figures_take_a_fixed_number_of_statements() {
    let app = TestApp::new(modules);
    let work = app.work();
    make(&app, &work, usize::MAX).unwrap();
    let reports = app.get::<Reports>();
    app.budget(22, || work.snapshot_blocking(|tx| reports.read(tx)).unwrap());
}

#[test]
fn figures_are_of_one_tenant() {
    let app = TestApp::new(modules);
    make(&app, &app.work(), 6).unwrap();
    let other = app.database().work(Cx::new(Id::new(), Actor::system("test")));
    let reports = app.get::<Reports>();
    assert_eq!(other.snapshot_blocking(|tx| reports.read(tx)).unwrap(), None);
}

#[test]
fn customers_have_fields_of_the_company_and_of_its_tenant() {
    TestApp::each(modules, |app| {
        let work = app.work();
        make(app, &work, usize::MAX).unwrap();
        let count = |filter: &str| {
            work.read_blocking(|tx| {
                let custom = tx.custom_fields(Party::META)?;
                Party::count(tx, &Filter::parse_visible(Party::META, &[], Some(&custom), filter)?)
            })
        };
        let customers = count("customer = true").unwrap();
        let (winter, summer) = (count("extra.season = winter").unwrap(), count("extra.season = summer").unwrap());
        assert!(winter > 0 && summer > 0 && winter + summer == customers, "{winter} + {summer} of {customers}");
        assert!(count("extra.gate = 'Gate 1' and extra.drop_off = true").unwrap() > 0, "{}", app.kind());
        // Another tenant has the field of the module, and not the one that this tenant added.
        let other = app.work_of(Id::new());
        let set = other.read_blocking(|tx| tx.custom_fields(Party::META)).unwrap();
        let names: Vec<_> = set.iter().map(|field| field.definition().name.clone()).collect();
        assert_eq!(names, ["gate", "drop_off"]);
    });
}
