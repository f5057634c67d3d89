//! The suite passes what conforms, and names everything that does not.

use codexion::core::{Application, Manifest};
use codexion::data::{Entity, create_table_sql};
use codexion::prelude::*;
use cortex_testing::{Conformance, Factory, TestApp};

#[derive(Debug, Clone, Repository)]
#[repository(table = "fleet_vehicles", tenant, versioned, audited)]
pub(crate) struct Vehicle {
    pub(crate) id: Id<Vehicle>,
    #[field(unique, max_len = 12)]
    pub(crate) plate: String,
}

/// A vehicle was sold.
#[derive(Debug, serde::Serialize, serde::Deserialize, Event)]
#[event(name = "fleet.sold", version = 1)]
struct Sold;

/// Vehicles of a company.
#[derive(Debug, Module)]
#[module(name = "fleet")]
struct Fleet;

impl Registers for Fleet {
    fn register(&self, m: &mut Registrar) {
        m.migration("0001_vehicles", create_table_sql(Vehicle::META), "DROP TABLE fleet_vehicles");
        m.repository::<Vehicle>().rest::<Vehicle>("/vehicles").event::<Sold>();
    }
}

pub(crate) fn fleet(app: Application) -> Application {
    app.module(Fleet)
}

fn fill(app: &TestApp, count: usize) {
    let vehicles = Factory::of(move |n| Vehicle { id: Id::new(), plate: format!("{count}-{n}") });
    vehicles.create(&app.work(), count);
}

#[test]
fn a_module_that_conforms_passes() {
    Conformance::of("fleet", fleet).filled_by(fill).check();
}

#[derive(Debug, Clone, Repository)]
#[repository(table = "cars", crate = codexion)]
struct Car {
    id: Id<Car>,
    name: String,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Parked;

impl Event for Parked {
    const NAME: &'static str = "parked";
    const VERSION: u32 = 0;
}

struct Garage;

impl Module for Garage {
    fn manifest(&self) -> Manifest {
        Manifest::new("garage", "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        m.migration("0001_cars", create_table_sql(Car::META), "DROP TABLE elsewhere");
        m.repository::<Car>().permission("park", "").event::<Parked>();
    }
}

#[test]
fn everything_that_does_not_conform_is_named() {
    let run = || Conformance::of("garage", |app| app.module(Garage)).check();
    let panic = std::panic::catch_unwind(run).expect_err("it does not conform");
    let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
    for expected in [
        "the manifest does not say what the module is for",
        "`Car` belongs to no tenant",
        "the table `cars` does not begin with the module's name",
        "the permission `park` does not say what it allows",
        "the permission `park` does not begin with the module's name",
        "the event `parked` does not say what happened: write a doc comment on it",
        "the event `parked` does not begin with the module's name",
        "the event `parked` has the version 0: versions begin with 1",
        "migrations don't go down and up again",
    ] {
        assert!(message.contains(expected), "{expected} is missing in {message}");
    }
}

#[test]
fn a_budget_that_is_broken_shows_the_statements() {
    let app = TestApp::new(fleet);
    fill(&app, 3);
    let list = || app.work().read_blocking(|tx| Vehicle::list(tx, &Filter::All)).unwrap();
    assert_eq!(app.budget(1, list).len(), 3);
    let ids: Vec<_> = list().into_iter().map(|v| v.id).collect();
    let one_by_one = || {
        app.budget(1, || {
            app.work().read_blocking(|tx| ids.iter().try_for_each(|id| Vehicle::get(tx, *id).map(|_| ()))).unwrap();
        });
    };
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(one_by_one)).expect_err("three statements");
    let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
    assert!(message.starts_with("3 statements where 1 are allowed") && message.contains("fleet_vehicles"), "{message}");
}
