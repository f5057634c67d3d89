//! The French chart of accounts, the European Central Bank's rates, and files that are damaged.

use codexion::core::{Currency, Money};
use codexion::data::{Filter, Repository};
use finance::{Account, AccountKind, Charts, ExchangeRate, ImportSummary, Rates};

use super::{Company, date, each, eur};

const CHART: &str = r#"{
    "version": 2026,
    "flat": [
        { "number": 4, "label": "Comptes de tiers", "system": "minimal", "parent": null },
        { "number": 41, "label": "Clients", "system": "minimal", "parent": 4 },
        { "number": 411, "label": "Clients", "system": "minimal", "parent": 41 },
        { "number": 7, "label": "Comptes de produits", "system": "minimal", "parent": null }
    ]
}"#;

const RATES: &str = "Date,USD,JPY,EEK,\n2026-04-13,1.1684,186.75,N/A,\n2026-04-10,1.17,185,15.6466,\n";

fn chart(c: &Company<'_>, text: &str) -> Result<ImportSummary, String> {
    let charts = c.app.get::<Charts>();
    c.work.write_blocking(|tx| charts.import(tx, "pcg.json", text)).map_err(|e| e.message().to_owned())
}

fn rates(c: &Company<'_>, text: &str) -> Result<ImportSummary, String> {
    let rates = c.app.get::<Rates>();
    c.work.write_blocking(|tx| rates.import(tx, "rates.csv", text)).map_err(|e| e.message().to_owned())
}

#[test]
fn a_chart_is_imported_beside_the_one_that_is_there_and_once() {
    each(|c| {
        let before = c.work.read_blocking(|tx| Account::count(tx, &Filter::All)).unwrap();
        assert_eq!(chart(c, CHART), Ok(ImportSummary { created: 4, ..ImportSummary::default() }));
        assert_eq!(chart(c, CHART), Ok(ImportSummary { unchanged: 4, ..ImportSummary::default() }));
        let after = c.work.read_blocking(|tx| Account::list(tx, &Filter::All)).unwrap();
        assert_eq!(i64::try_from(after.len()).unwrap(), before + 4);
        let clients = after.iter().find(|a| a.code == "411").unwrap();
        assert_eq!((clients.kind, clients.heading, clients.reconcilable), (AccountKind::Asset, false, true));
        assert!(after.iter().find(|a| a.code == "41").unwrap().heading);
    });
}

#[test]
fn a_damaged_chart_is_refused_with_its_place() {
    each(|c| {
        let refused = |from: &str, to: &str| chart(c, &CHART.replacen(from, to, 1)).unwrap_err();
        let missing = refused("\"parent\": 41 }", "\"parent\": 42 }");
        assert_eq!(missing, "pcg.json:6:9: the account `42` above `411` does not stand before it");
        assert_eq!(refused("\"number\": 7", "\"number\": 41"), "pcg.json:7:9: `41` stands twice");
        let number = refused("\"number\": 41,", "\"number\": \"x\",");
        assert!(number.starts_with("pcg.json:5:23: invalid type: string \"x\""), "{number}");
        let cut = chart(c, &CHART[..200]).unwrap_err();
        assert!(cut.starts_with("pcg.json:5:") && cut.contains("EOF"), "{cut}");
        assert_eq!(chart(c, "{\"flat\": []}").unwrap_err(), "pcg.json:1:1: the file has no accounts");
        chart(c, CHART).unwrap();
        let other = refused("\"number\": 411, \"label\": \"Clients\"", "\"number\": 411, \"label\": \"Kunden\"");
        assert_eq!(other, "pcg.json:6:9: `411` is `Clients` in the books, not `Kunden`");
        let orphans = c.work.read_blocking(|tx| Account::count(tx, &Filter::eq("name", "Kunden"))).unwrap();
        assert_eq!(orphans, 0, "nothing was written");
    });
}

#[test]
fn rates_are_imported_once_and_used() {
    each(|c| {
        assert_eq!(rates(c, RATES), Ok(ImportSummary { created: 4, unchanged: 0, skipped: 1 }));
        assert_eq!(rates(c, RATES), Ok(ImportSummary { created: 0, unchanged: 4, skipped: 1 }));
        let service = c.app.get::<Rates>();
        let convert = |amount: Money, to, day: &str| {
            let converted = c.work.read_blocking(|tx| service.convert(tx, amount, to, date(day)));
            converted.map(|m| m.to_string()).map_err(|e| e.message().to_owned())
        };
        assert_eq!(convert(eur("100.00"), Currency::USD, "2026-04-13"), Ok("116.84 USD".into()));
        assert_eq!(convert(eur("100.00"), Currency::USD, "2026-04-12"), Ok("117.00 USD".into()), "the last before");
        assert_eq!(convert(super::usd("116.84"), Currency::EUR, "2026-04-13"), Ok("100.00 EUR".into()));
        let yen = Money::from_minor(18_675, Currency::JPY);
        assert_eq!(convert(yen, Currency::USD, "2026-04-13"), Ok("116.84 USD".into()), "by way of the euro");
        let missing = convert(eur("1.00"), Currency::USD, "2026-05-13").unwrap_err();
        assert_eq!(missing, "no rate from EUR to USD is known for 2026-05-13");
    });
}

#[test]
fn damaged_rates_are_refused_with_their_place() {
    each(|c| {
        let refused = |from: &str, to: &str| rates(c, &RATES.replacen(from, to, 1)).unwrap_err();
        assert_eq!(refused("186.75", "186,75"), "rates.csv:2:30: expected 3 rates, found 4");
        assert_eq!(refused("186.75", "x"), "rates.csv:2:19: `x` is not a rate");
        assert_eq!(refused("186.75", "-1"), "rates.csv:2:19: `-1` is not a rate");
        assert_eq!(refused("2026-04-10", "2026-04-31"), "rates.csv:3:1: `2026-04-31` is not a date");
        assert_eq!(refused("2026-04-10", "2026-04-13"), "rates.csv:3:1: `2026-04-13` stands twice");
        assert_eq!(refused("Date", "Day"), "rates.csv:1:1: expected the column `Date`, found `Day`");
        assert_eq!(refused("JPY", "yen"), "rates.csv:1:10: `yen` is not a currency");
        assert_eq!(refused(",15.6466,", ""), "rates.csv:3:20: expected 3 rates, found 2");
        assert_eq!(rates(c, "").unwrap_err(), "rates.csv:1:1: the file is empty");
        assert_eq!(c.work.read_blocking(|tx| ExchangeRate::count(tx, &Filter::All)).unwrap(), 0);
        let daily = " Date, USD, JPY, \n13 April 2026, 1.1684, 186.75, ";
        assert_eq!(rates(c, daily), Ok(ImportSummary { created: 2, ..ImportSummary::default() }));
    });
}

/// The folder of the real files, where this machine has it.
fn data() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("CORTEX_TEST_DATA").map(std::path::PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: the real files, set CORTEX_TEST_DATA to their folder");
    }
    folder
}

#[test]
fn the_whole_french_chart_fits_beside_the_small_one() {
    let Some(folder) = data() else { return };
    let text = std::fs::read_to_string(folder.join("chart_of_accounts_fr/pcg_2026.json")).unwrap();
    each(|c| {
        assert_eq!(chart(c, &text), Ok(ImportSummary { created: 838, ..ImportSummary::default() }));
        assert_eq!(chart(c, &text), Ok(ImportSummary { unchanged: 838, ..ImportSummary::default() }));
    });
}
