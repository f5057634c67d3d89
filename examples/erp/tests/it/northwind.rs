//! The whole company from its files: figures by each rounding, repetition, interruption, death, damage.

mod damage;
pub(crate) mod killed;
mod small;

use std::cell::Cell;
use std::path::{Path, PathBuf};

use codexion::prelude::{Filter, Repository, Work};
use cortex_testing::TestApp;
use crm::{SalesOrder, SalesStep};
use erp::import::{COMPANY, Figures, Northwind, NorthwindData, RoundingRule, Step};
use erp::modules;
use finance::{Company, Entry, Invoice, Payment};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::imports::{command, data, seed, work};

/// The folder of the company, where it is at hand.
fn folder(test: &str) -> Option<PathBuf> {
    data(test, "northwind")
}

fn import(app: &TestApp, dir: &Path, rule: RoundingRule) -> Figures {
    let files = NorthwindData::read(dir).unwrap();
    let northwind = app.get::<Northwind>();
    let steps = northwind.import(&work(app), &files, Some(rule), &mut |_| Ok(())).unwrap();
    assert_eq!(steps, 1 + 830 + 809);
    northwind.figures(&work(app), &files).unwrap()
}

#[track_caller]
fn check(figures: &Figures, rule: RoundingRule, net_sales: &str, receivables: &str, debit: &str) {
    let usd = |text: &str| format!("{text} USD").parse().unwrap();
    let expected = Figures {
        customers: 91,
        suppliers: 29,
        products: 77,
        orders: 830,
        lines: 2_155,
        shipped: 809,
        open: 21,
        rounding: rule,
        net_sales: usd(net_sales),
        net_unrounded: "1265793.0395".parse().unwrap(),
        freight: usd("64942.69"),
        stock: "3119".parse().unwrap(),
        stock_value: usd("74050.85"),
        stock_account: usd("74050.85"),
        open_items: 21,
        receivables: usd(receivables),
        receivable_account: usd(receivables),
        debit: usd(debit),
        credit: usd(debit),
        orphans: 0,
    };
    assert_eq!(*figures, expected);
}

/// How many records of each kind there are.
fn records(work: &Work) -> [i64; 5] {
    let all = Filter::All;
    let counts = work.read_blocking(|tx| {
        Ok([
            SalesOrder::count(tx, &all)?,
            SalesStep::count(tx, &all)?,
            Invoice::count(tx, &all)?,
            Payment::count(tx, &all)?,
            Entry::count(tx, &all)?,
        ])
    });
    counts.unwrap()
}

#[test]
fn rounded_half_up_per_line_and_imported_once() {
    let Some(dir) = folder("rounded_half_up_per_line_and_imported_once") else { return };
    TestApp::each(modules, |app| {
        let figures = import(app, &dir, RoundingRule::HalfUp);
        check(&figures, RoundingRule::HalfUp, "1265793.29", "26925.11", "7048419.20");
        let before = records(&work(app));
        assert_eq!(before[..4], [830, 4_237, 830, 809]);

        // The same again changes nothing, and another rounding is refused.
        let files = NorthwindData::read(&dir).unwrap();
        let northwind = app.get::<Northwind>();
        assert_eq!(northwind.import(&work(app), &files, None, &mut |_| Ok(())).unwrap(), 0);
        assert_eq!(northwind.figures(&work(app), &files).unwrap(), figures);
        let refused = northwind.import(&work(app), &files, Some(RoundingRule::HalfEven), &mut |_| Ok(()));
        assert_eq!(refused.unwrap_err().code(), "import.other_rounding");
        assert_eq!(records(&work(app)), before);

        // What is still to be delivered changes no figure either.
        app.deliver();
        assert_eq!(northwind.figures(&work(app), &files).unwrap(), figures);
        assert_eq!(records(&work(app)), before);
    });
}

#[test]
fn rounded_half_even_per_line() {
    let Some(dir) = folder("rounded_half_even_per_line") else { return };
    let figures = import(&TestApp::new(modules), &dir, RoundingRule::HalfEven);
    check(&figures, RoundingRule::HalfEven, "1265793.02", "26925.09", "7048418.68");
}

#[test]
fn rounded_half_up_per_document() {
    let Some(dir) = folder("rounded_half_up_per_document") else { return };
    let figures = import(&TestApp::new(modules), &dir, RoundingRule::PerDocument);
    check(&figures, RoundingRule::PerDocument, "1265793.22", "26925.11", "7048419.06");
}

#[test]
fn an_import_that_stops_anywhere_goes_on_to_the_same_figures() {
    let Some(dir) = folder("an_import_that_stops_anywhere_goes_on_to_the_same_figures") else { return };
    let mut random = StdRng::seed_from_u64(seed());
    let app = TestApp::new(modules);
    let files = NorthwindData::read(&dir).unwrap();
    let northwind = app.get::<Northwind>();
    let mut reached = 0;
    loop {
        // Units of work after the point that the last run reached.
        let (left, now) = (Cell::new(random.random_range(1..=12)), Cell::new(reached));
        let stopped = northwind.import(&work(&app), &files, None, &mut |Step { done, of, .. }| {
            if done <= reached || done == of {
                return Ok(());
            }
            left.set(left.get() - 1);
            now.set(done);
            match left.get() {
                0 => Err(codexion::core::Error::refused("test.stop", "stopped")),
                _ => Ok(()),
            }
        });
        reached = now.get();
        match stopped {
            Ok(_) => break,
            Err(error) => assert_eq!(error.code(), "test.stop", "{error:?}"),
        }
        // In between the books are those of a day in the company's life.
        let unfinished = northwind.figures(&work(&app), &files).unwrap_err();
        assert_eq!(unfinished.code(), "import.differs");
        small::ties_out(&app);
    }
    check(
        &northwind.figures(&work(&app), &files).unwrap(),
        RoundingRule::HalfUp,
        "1265793.29",
        "26925.11",
        "7048419.20",
    );
}

#[test]
fn the_books_of_another_company_are_left_alone() {
    let app = TestApp::new(modules);
    let folder = small::company();
    work(&app)
        .write_blocking(|tx| {
            let other = finance::NewCompany::new("Südwind GmbH", codexion::prelude::Currency::EUR, 2026, 1)?;
            finance::Setup.company(tx, &other)
        })
        .unwrap();
    let refused = command(&app, &["northwind", folder.path().to_str().unwrap()]).unwrap_err();
    assert_eq!(refused.message(), "the books are kept for `Südwind GmbH` already");
    assert!(refused.help().unwrap().contains("--fresh"), "{refused:?}");
    assert_eq!(records(&work(&app)), [0; 5]);
}

#[test]
fn a_small_company_is_imported_by_the_command_and_once() {
    TestApp::each(modules, |app| {
        let folder = small::company();
        let words = ["northwind", folder.path().to_str().unwrap(), "--rounding", "half-even"];
        command(app, &words).unwrap();
        let company = work(app).read_blocking(|tx| {
            let id = Company::of(tx.company());
            Company::get(tx, id)
        });
        assert_eq!(company.unwrap().name, COMPANY);
        let before = records(&work(app));
        assert_eq!(before[..4], [3, 7, 3, 2]);
        small::ties_out(app);
        command(app, &words[..2]).unwrap();
        assert_eq!(records(&work(app)), before);
        let files = NorthwindData::read(folder.path()).unwrap();
        let figures = app.get::<Northwind>().figures(&work(app), &files).unwrap();
        let shown = [figures.net_sales, figures.freight, figures.receivables, figures.stock_value];
        assert_eq!(shown.map(|amount| amount.to_string()), ["104.06 USD", "6.50 USD", "20.50 USD", "57.00 USD"]);
    });
}
