//! A shop from the lines of its invoices: rules, totals, repetition, interruption, death, damage; and the real file.

mod small;

use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

use codexion::core::Error;
use codexion::prelude::{Filter, Repository, Work};
use cortex_testing::TestApp;
use crm::{Party, Product, SalesOrder};
use erp::import::{ImportError, OnlineRetail, RetailFigures, RetailFile, Rule, Survey, Tally};
use erp::modules;
use erp::report::Reports;
use finance::{Entry, Invoice};
use inventory::Move;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;

use crate::imports::{command, data, seed, work};
use crate::northwind::killed::{erp, kill};

/// Asks for the whole file to be imported, which takes many minutes in a debug build.
const FULL: &str = "CORTEX_TEST_FULL";

fn survey(dir: &Path) -> (RetailFile, Survey) {
    let file = RetailFile::within(dir).unwrap();
    let survey = Survey::of(&file).unwrap();
    (file, survey)
}

fn import(app: &TestApp, dir: &Path) -> RetailFigures {
    let (file, survey) = survey(dir);
    let retail = app.get::<OnlineRetail>();
    let written = retail.import(&work(app), &file, &survey, &mut |_| Ok(())).unwrap();
    assert_eq!(written, survey.documents());
    let figures = retail.figures(&work(app), &survey).unwrap();
    ties_out(app);
    assert_eq!(retail.import(&work(app), &file, &survey, &mut |_| Ok(())).unwrap(), 0);
    figures
}

fn ties_out(app: &TestApp) {
    let reports = app.get::<Reports>();
    work(app).snapshot_blocking(|tx| reports.read(tx)).unwrap().unwrap().check().unwrap();
}

fn tally(lines: u64, net: &str) -> Tally {
    Tally { lines, net: net.parse().unwrap() }
}

/// How many records of each kind there are.
fn records(work: &Work) -> [i64; 6] {
    let all = Filter::All;
    let counts = work.read_blocking(|tx| {
        let (parties, products) = (Party::count(tx, &all)?, Product::count(tx, &all)?);
        let (orders, invoices) = (SalesOrder::count(tx, &all)?, Invoice::count(tx, &all)?);
        Ok([parties, products, orders, invoices, Move::count(tx, &all)?, Entry::count(tx, &all)?])
    });
    counts.unwrap()
}

#[test]
fn every_line_is_posted_or_refused_by_a_rule() {
    TestApp::each(modules, |app| {
        let figures = import(app, small::packed(small::LINES).path());
        assert_eq!(figures.file.total(), tally(14, "77.251"));
        assert_eq!(figures.file.posted, tally(8, "67.86"));
        assert_eq!(figures.file.guests, tally(2, "-6.85"));
        let refused = [
            (Rule::Duplicate, tally(1, "20.34")),
            (Rule::Adjustment, tally(2, "0")),
            (Rule::NoPrice, tally(1, "0")),
            (Rule::Fraction, tally(1, "0.001")),
            (Rule::Direction, tally(1, "-10.95")),
        ];
        assert_eq!(figures.file.refused, refused.into_iter().collect());
        let gbp = |text: &str| format!("{text} GBP").parse().unwrap();
        assert_eq!((figures.orders, figures.credits, figures.lines), (4, 2, 8));
        assert_eq!((figures.net_sales, figures.receivables, figures.open_items), (gbp("67.86"), gbp("67.86"), 6));
        assert_eq!((figures.stock, figures.stock_value), (2.into(), gbp("6.78")));
        // Three customers, guests of two countries; what stands on refused lines only is not sold.
        assert_eq!((figures.customers, figures.products), (5, 5));
    });
}

#[test]
fn the_command_imports_once_and_says_the_figures() {
    TestApp::each(modules, |app| {
        let folder = small::folder(small::LINES);
        let words = ["online-retail", folder.path().to_str().unwrap()];
        command(app, &words).unwrap();
        let before = records(&work(app));
        assert_eq!(before[..4], [5, 5, 4, 6]);
        command(app, &words).unwrap();
        assert_eq!(records(&work(app)), before);
        let (_, survey) = survey(folder.path());
        let text = app.get::<OnlineRetail>().figures(&work(app), &survey).unwrap().to_string();
        for part in ["14 lines           77.251", "8 lines            67.86", "a fraction of a penny"] {
            assert!(text.contains(part), "no {part} in\n{text}");
        }
    });
}

#[test]
fn an_invoice_of_many_lines_is_several_documents() {
    let line = |line: usize| format!("536365,{},THING,1,2010-12-01 08:26:00,2.55,17850,EIRE\n", 20_000 + line);
    let app = TestApp::new(modules);
    let figures = import(&app, small::folder(&(0..1_001).map(line).collect::<String>()).path());
    assert_eq!((figures.orders, figures.lines), (2, 1_001));
    let numbers = work(&app).read_blocking(|tx| SalesOrder::list(tx, &Filter::All)).unwrap();
    let mut numbers: Vec<_> = numbers.into_iter().filter_map(|order| order.number).collect();
    numbers.sort();
    assert_eq!(numbers, ["536365", "536365/2"]);
}

#[test]
fn an_import_that_stops_anywhere_goes_on_to_the_same_figures() {
    TestApp::each(modules, |app| {
        let folder = small::folder(&small::weeks(12));
        let (file, survey) = survey(folder.path());
        let retail = app.get::<OnlineRetail>();
        for day in 1..=12 {
            let stopped = retail.import(&work(app), &file, &survey, &mut |step| {
                assert_eq!((step.done, step.of), (day * 5, 60));
                Err(Error::refused("test.stop", "stopped"))
            });
            assert_eq!(stopped.unwrap_err().code(), "test.stop");
            ties_out(app);
        }
        assert_eq!(retail.import(&work(app), &file, &survey, &mut |_| Ok(())).unwrap(), 0);
        let figures = retail.figures(&work(app), &survey).unwrap();
        assert_eq!((figures.orders, figures.credits, figures.lines), (48, 12, 156));
    });
}

#[test]
fn an_import_that_is_killed_goes_on_to_the_same_figures() {
    let mut random = StdRng::seed_from_u64(seed());
    let (folder, home) = (small::folder(&small::weeks(80)), tempfile::tempdir().unwrap());
    let words = ["import", "online-retail", folder.path().to_str().unwrap()];
    let mut deaths = 0;
    for _ in 0..3 {
        let child = erp(home.path(), &words).spawn().unwrap();
        let (lines, moment) = (random.random_range(0..=6), Duration::from_millis(random.random_range(0..300)));
        deaths += usize::from(kill(child, lines, moment));
        let report = erp(home.path(), &["report"]).output().unwrap();
        assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    }
    assert!(deaths > 0, "the import ended before it was killed");
    let whole = erp(home.path(), &words).output().unwrap();
    let text = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(whole.status.success(), "{text}{}", String::from_utf8_lossy(&whole.stderr));
    assert!(text.contains("320  shipped and invoiced") && text.contains("1040 lines"), "{text}");
    let again = erp(home.path(), &words).output().unwrap();
    assert!(String::from_utf8_lossy(&again.stdout).starts_with("everything was there already"));
}

#[test]
fn another_file_or_another_company_is_refused() {
    let app = TestApp::new(modules);
    import(&app, small::folder(small::LINES).path());
    let before = records(&work(&app));
    let other = small::folder(&small::weeks(2));
    let refused = command(&app, &["online-retail", other.path().to_str().unwrap()]).unwrap_err();
    assert_eq!(refused.code(), "import.other_file");
    assert_eq!(records(&work(&app)), before);

    let app = TestApp::new(modules);
    let northwind = finance::NewCompany::new("Südwind", codexion::prelude::Currency::EUR, 2026, 1).unwrap();
    work(&app).write_blocking(|tx| finance::Setup.company(tx, &northwind)).unwrap();
    let refused = command(&app, &["online-retail", other.path().to_str().unwrap()]).unwrap_err();
    assert_eq!(refused.code(), "import.other_company");
}

#[test]
fn of_two_imports_at_once_one_stops() {
    let app = TestApp::new(modules);
    let folder = small::folder(&small::weeks(3));
    let (file, survey) = survey(folder.path());
    let (retail, inner) = (app.get::<OnlineRetail>(), Cell::new(false));
    let stopped = retail.import(&work(&app), &file, &survey, &mut |_| {
        if !inner.replace(true) {
            retail.import(&work(&app), &file, &survey, &mut |_| Ok(()))?;
        }
        Ok(())
    });
    assert_eq!(stopped.unwrap_err().code(), "import.elsewhere");
    retail.figures(&work(&app), &survey).unwrap();
}

/// What is wrong with the file when a value of its third line is another one.
#[track_caller]
fn damaged(value: &str, by: &str, expected: &str) {
    let mut lines: Vec<String> = small::LINES.lines().map(str::to_owned).collect();
    assert!(lines[1].contains(value));
    lines[1] = lines[1].replacen(value, by, 1);
    let folder: TempDir = small::folder(&(lines.join("\n") + "\n"));
    let file = RetailFile::within(folder.path()).unwrap();
    let error = Survey::of(&file).unwrap_err();
    assert!(matches!(error, ImportError::Damaged { .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("online_retail.csv, line 3, {expected}"));
}

#[test]
fn a_damaged_file_is_refused_with_line_and_column() {
    damaged("536365", "", "column 1 `InvoiceNo`: the value is missing");
    damaged(",6,", ",six,", "column 4 `Quantity`: `six` is not a whole number of pieces");
    damaged(",6,", ",6.5,", "column 4 `Quantity`: `6.5` is not a whole number of pieces");
    damaged(",6,", ",100000001,", "column 4 `Quantity`: `100000001` is not a whole number of pieces");
    damaged("3.39", "3,39", "column 1: the line has 9 fields and not 8");
    damaged("3.39", "1e3", "column 6 `UnitPrice`: `1e3` is not a price");
    damaged("3.39", "3.3912345", "column 6 `UnitPrice`: `3.3912345` is not a price");
    damaged(
        "2010-12-01",
        "01.12.2010",
        "column 5 `InvoiceDate`: `01.12.2010 08:26:00` is not a time like 2010-12-01 08:26:00",
    );
    damaged(
        "2010-12-01",
        "2010-11-30",
        "column 5 `InvoiceDate`: 2010-11-30 comes after 2010-12-01: the lines are not in the order of their days",
    );
    damaged("17850", "17851", "column 7 `CustomerID`: the invoice `536365` has another one on an earlier line");
    damaged("United Kingdom", "EIRE", "column 8 `Country`: the invoice `536365` has another one on an earlier line");
}

#[test]
fn a_plain_file_that_was_cut_off_is_refused() {
    let refused = |lines: &str, promised: usize| {
        let folder = small::folder(lines);
        let promise = format!("# A small shop\nRows: {promised} lines\n");
        std::fs::write(folder.path().join("SOURCE.md"), promise).unwrap();
        Survey::of(&RetailFile::within(folder.path()).unwrap()).map(drop).unwrap_err().to_string()
    };
    let cut = small::LINES.strip_suffix("RE\n").unwrap();
    let within = "the file ends within a line: it is cut off (or only lacks its last line break)";
    assert_eq!(refused(cut, 14), format!("online_retail.csv, line 15, column 1: {within}"));
    let (whole, _) = small::LINES.split_once("536375").unwrap();
    let fewer = "online_retail.csv, line 14, column 1: SOURCE.md promises 14 lines and there are 13";
    assert_eq!(refused(whole, 14), fewer);
}

#[test]
fn a_packed_file_that_was_cut_off_is_refused() {
    let folder = small::packed(&small::weeks(20));
    let path = folder.path().join("online_retail.csv.gz");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let error = Survey::of(&RetailFile::within(folder.path()).unwrap()).unwrap_err();
    assert!(error.to_string().contains("can't be unpacked to its end"), "{error}");
    let nothing = RetailFile::within(tempfile::tempdir().unwrap().path()).unwrap_err();
    assert!(nothing.to_string().contains("neither `online_retail.csv.gz` nor"), "{nothing}");
}

#[test]
fn the_real_file_ties_out_by_the_rules() {
    let Some(dir) = data("the_real_file_ties_out_by_the_rules", "online_retail") else { return };
    let (_, survey) = survey(&dir);
    assert_eq!(survey.total(), tally(541_909, "9747747.934"));
    let refused: Vec<_> = survey.refused.iter().map(|(rule, tally)| (*rule, tally.lines)).collect();
    assert_eq!(refused, [(Rule::Duplicate, 5_268), (Rule::Adjustment, 3), (Rule::NoPrice, 2_510), (Rule::Fraction, 4)]);
    assert_eq!(survey.refused[&Rule::Duplicate].net, "21740.98".parse().unwrap());
    assert_eq!(survey.posted, tally(534_124, "9737069.01"));
}

#[test]
fn the_first_days_of_the_real_file_are_imported() {
    let Some(dir) = data("the_first_days_of_the_real_file_are_imported", "online_retail") else { return };
    let folder = tempfile::tempdir().unwrap();
    let sample = std::fs::read_to_string(dir.join("sample_2010-12-01_05.csv")).unwrap();
    let lines: Vec<&str> = sample.lines().take(1_501).collect();
    std::fs::write(folder.path().join("online_retail.csv"), lines.join("\n") + "\n").unwrap();
    TestApp::each(modules, |app| {
        let figures = import(app, folder.path());
        assert_eq!(figures.file.total().lines, 1_500);
    });
}

#[test]
fn the_whole_real_file_is_imported() {
    let Some(dir) = data("the_whole_real_file_is_imported", "online_retail") else { return };
    if std::env::var_os(FULL).is_none() {
        println!("skipped: the_whole_real_file_is_imported takes many minutes, {FULL}=1 asks for it");
        return;
    }
    TestApp::each(modules, |app| {
        let figures = import(app, &dir);
        assert_eq!(figures.file.total(), tally(541_909, "9747747.934"));
        assert_eq!(figures.net_sales, "9737069.01 GBP".parse().unwrap());
    });
}
