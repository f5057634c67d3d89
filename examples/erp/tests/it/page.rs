//! The start page, with and without a company.

use codexion::DEVELOPMENT_TENANT;
use cortex_testing::{Conformance, TestApp};
use erp::demo::{Demo, SEED, Settings, Unwatched};
use erp::report::Reports;
use erp::{modules, render};

fn over_http(app: &TestApp) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(app.client().get("/"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    answer.text
}

#[test]
fn the_module_is_what_every_module_must_be() {
    Conformance::of("company", modules).check();
}

#[test]
fn an_empty_database_says_how_to_begin() {
    let page = over_http(&TestApp::new(modules));
    for words in ["There is no company yet", "erp import northwind DIR", "/api/docs"] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
}

#[test]
fn the_figures_are_on_the_page_and_nothing_is_loaded() {
    let app = TestApp::new(modules);
    let work = app.work_of(DEVELOPMENT_TENANT);
    let settings = Settings { seed: SEED, months: 2, volume: 25, last: "2026-02-27".parse().unwrap() };
    app.get::<Demo>().make(&work, &settings, &mut Unwatched).unwrap();
    let reports = app.get::<Reports>();
    let report = work.snapshot_blocking(|tx| reports.read(tx)).unwrap().unwrap();
    let page = over_http(&app);
    assert_eq!(page, render(Some(&report)).unwrap());
    for name in ["Bank", "Receivables", "Payables", "Stock", "Revenue", "Result", "Orders to ship"] {
        assert!(page.contains(&format!("<div class=\"name\">{name}</div>")), "{name} is missing");
    }
    assert_eq!(page.matches("<svg").count(), 4);
    assert_eq!(page.matches("</svg>").count(), 4);
    assert_eq!(page.matches('✓').count(), 5);
    assert!(!page.contains('✗'));
    // Bars of both months, and the best-selling product.
    assert!(page.contains("February 2026: revenue") && page.contains("January 2026: revenue"));
    assert!(report.products.iter().all(|(name, _)| page.contains(&name.replace('&', "&amp;"))), "{page}");
    // No address but our own.
    for loaded in ["http://", "https://", "src=", "@import", "url(", "<link", "<script"] {
        assert!(!page.contains(loaded), "{loaded}");
    }
}
