//! The French chart of accounts and the European Central Bank's rates from their files, and what tests of imports
//! share.

use std::path::{Path, PathBuf};

use codexion::DEVELOPMENT_TENANT;
use codexion::core::{Actor, Command, Cx, Error};
use codexion::data::Work;
use codexion::prelude::{Currency, Filter, Repository};
use cortex_testing::TestApp;
use erp::import::{ImportError, import_chart, import_rates, read_rates};
use erp::modules;
use finance::{Account, Charts, ExchangeRate, Rates};

/// The file or folder `name` of the test data, where they are at hand: in the folder that `CORTEX_TEST_DATA` names, or
/// beside the workspace.
pub(crate) fn data(test: &str, name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let path = std::env::var_os("CORTEX_TEST_DATA").map_or_else(beside, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {test} needs `{name}` in the folder that CORTEX_TEST_DATA names");
    None
}

/// What chance begins with: shown, so that a failure can be repeated with the variable.
pub(crate) fn seed() -> u64 {
    let given = std::env::var("CORTEX_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(rand::random);
    println!("CORTEX_TEST_SEED={seed}");
    seed
}

/// Units of work in the company that commands work in.
pub(crate) fn work(app: &TestApp) -> Work {
    app.database().work(Cx::new(DEVELOPMENT_TENANT, Actor::system("test")))
}

/// Types `import` and these words.
pub(crate) fn command(app: &TestApp, words: &[&str]) -> Result<(), Error> {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let mut commands = app.assembled().contributions().of::<Command>().map(|(_, command)| command);
    let import = commands.find(|command| command.name() == "import").unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.block_on(import.run(app.container().clone(), words))
}

fn accounts(app: &TestApp) -> i64 {
    work(app).read_blocking(|tx| Account::count(tx, &Filter::All)).unwrap()
}

#[test]
fn the_french_chart_has_838_accounts() {
    let Some(file) = data("the_french_chart_has_838_accounts", "chart_of_accounts_fr/pcg_2026.json") else { return };
    TestApp::each(modules, |app| {
        let charts = app.get::<Charts>();
        let first = import_chart(&charts, &work(app), &file).unwrap();
        assert_eq!((first.created, first.unchanged, accounts(app)), (838, 0, 838));
        let second = import_chart(&charts, &work(app), &file).unwrap();
        assert_eq!((second.created, second.unchanged, accounts(app)), (0, 838, 838));
        let clients = work(app).read_blocking(|tx| Account::list(tx, &Filter::eq("code", "411"))).unwrap();
        assert_eq!(clients.first().unwrap().name, "Clients");
    });
}

#[test]
fn the_rates_of_27_years_come_out_of_their_archive() {
    let test = "the_rates_of_27_years_come_out_of_their_archive";
    let (Some(archive), Some(day)) = (data(test, "ecb_fx/eurofxref-hist.zip"), data(test, "ecb_fx/eurofxref.csv"))
    else {
        return;
    };
    let (name, text) = read_rates(&archive).unwrap();
    assert_eq!(name, "eurofxref-hist.zip/eurofxref-hist.csv");
    let days = text.lines().skip(1).filter(|line| !line.is_empty());
    let published = days.clone().flat_map(|line| line.split(',').skip(1)).filter(|rate| !matches!(*rate, "" | "N/A"));
    assert_eq!((days.clone().count(), published.clone().count()), (6_983, 217_555));

    let app = TestApp::new(modules);
    let rates = app.get::<Rates>();
    let first = import_rates(&rates, &work(&app), &archive).unwrap();
    assert_eq!((first.created, first.skipped, first.unchanged), (183_061, 34_494, 0));
    let stored = work(&app).read_blocking(|tx| ExchangeRate::count(tx, &Filter::All)).unwrap();
    assert_eq!(stored, 183_061);
    let second = import_rates(&rates, &work(&app), &archive).unwrap();
    assert_eq!((second.created, second.unchanged), (0, 183_061));
    let daily = import_rates(&rates, &work(&app), &day).unwrap();
    assert_eq!((daily.created, daily.unchanged), (0, 29), "the day is the last one of the history");
    let yen = work(&app)
        .read_blocking(|tx| rates.rate(tx, Currency::USD, Currency::JPY, "1999-01-04".parse().unwrap_or_default()));
    assert_eq!(yen.unwrap().to_string(), "113.4362541352", "133.73 over 1.1789");
}

#[test]
fn a_damaged_chart_or_rate_is_refused_with_its_place_and_nothing_is_written() {
    let app = TestApp::new(modules);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let refused = |words: &[&str]| command(&app, words).unwrap_err().message().to_owned();

    let chart = br#"{"flat": [{"number": 4, "label": "Tiers", "parent": null}, {"number": 41, "label": "Clients"#;
    let cut = refused(&["chart", &write("cut.json", chart)]);
    assert!(cut.starts_with("cut.json:1:"), "{cut}");
    let latin = refused(&["chart", &write("latin.json", b"{\n  \"flat\": [\"r\xE9serve\"]}")]);
    assert_eq!(latin, "latin.json, line 2, column 14: byte 14 of the line (0xE9) is not UTF-8");

    let rate = refused(&["rates", &write("rates.csv", b"Date,USD,\n2026-04-13,1.1684,\n2026-04-10,one,\n")]);
    assert_eq!(rate, "rates.csv:3:12: `one` is not a rate");
    let archive = refused(&["rates", &write("rates.zip", b"PK\x03\x04 and no more")]);
    assert!(archive.starts_with("rates.zip is no archive with a table in it: "), "{archive}");
    let gone = folder.path().join("gone.csv");
    assert_eq!(
        import_rates(&app.get::<Rates>(), &work(&app), Path::new(&gone)).unwrap_err().code(),
        "import.unreadable"
    );

    assert_eq!(accounts(&app), 0);
    assert_eq!(work(&app).read_blocking(|tx| ExchangeRate::count(tx, &Filter::All)).unwrap(), 0);
}

#[test]
fn a_damaged_archive_is_refused() {
    let test = "a_damaged_archive_is_refused";
    let Some(archive) = data(test, "ecb_fx/eurofxref-hist.zip") else { return };
    let mut bytes = std::fs::read(archive).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rates.zip");
    std::fs::write(&path, bytes).unwrap();
    let Err(ImportError::Archive { file, .. }) = read_rates(&path) else { panic!("a damaged archive was read") };
    assert_eq!(file, "rates.zip");
}
