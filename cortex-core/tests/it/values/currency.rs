//! The currency table against its source.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cortex_core::{Currency, Error, Kind};

#[test]
fn codes_are_found_and_carry_their_digits() {
    for (currency, code, digits) in
        [(Currency::EUR, "EUR", 2), (Currency::JPY, "JPY", 0), (Currency::KWD, "KWD", 3), (Currency::USD, "USD", 2)]
    {
        assert_eq!(Currency::parse(code), Ok(currency));
        assert_eq!(currency.code(), code);
        assert_eq!(currency.minor_units(), digits);
    }
}

#[test]
fn every_currency_is_found_by_its_code() {
    let all: Vec<Currency> = Currency::all().collect();
    assert_eq!(all.len(), 165);
    assert!(all.is_sorted_by(|a, b| a.code() < b.code()));
    for currency in all {
        assert_eq!(currency.to_string().parse(), Ok(currency));
    }
}

#[test]
fn what_is_not_a_currency_is_refused() {
    for text in ["", "eur", "EU", "EURO", "DEM", "XAU", "XXX", "€€€"] {
        let error: Error = Currency::parse(text).unwrap_err().into();
        assert_eq!(error.kind(), Kind::Invalid);
        assert_eq!(error.message(), format!("`{text}` is not an active currency of ISO 4217"));
        assert_eq!(error.help(), Some("write three capital letters, such as `EUR`"));
    }
}

/// The published list, where it is present: every active code with minor units, with the same digits, and no other.
#[test]
fn the_table_is_the_published_one() {
    let root = std::env::var_os("CORTEX_TEST_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(root.join("iso4217/codes-all.csv")) else {
        println!("skipped: values::currency::the_table_is_the_published_one (no iso4217/codes-all.csv)");
        return;
    };
    let mut published = BTreeMap::new();
    for line in text.lines().skip(1) {
        // Country names may hold commas, so the columns are taken from the end.
        let mut columns = line.rsplit(',');
        let (withdrawn, digits, _, code) = (columns.next(), columns.next(), columns.next(), columns.next());
        if let (Some(""), Some(Ok(digits)), Some(code)) = (withdrawn, digits.map(str::parse::<u32>), code) {
            published.insert(code, digits);
        }
    }
    let ours: BTreeMap<_, _> = Currency::all().map(|c| (c.code(), c.minor_units())).collect();
    assert_eq!(ours, published);
}
