//! Rules of fields, checked before anything is stored.

use cortex_core::{Error, Id, Kind};
use cortex_data::{Filter, Repository};

use crate::parcel::{Parcel, parcel, parcel_databases};

fn refused(work: &cortex_data::Work, wrong: Parcel) -> Error {
    let error = work.write_blocking(move |tx| Parcel::insert(tx, &wrong)).unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert_eq!(work.read_blocking(|tx| Parcel::count(tx, &Filter::All)).unwrap(), 0);
    error
}

#[test]
fn a_text_matches_its_pattern_as_a_whole() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let error = refused(&work, Parcel { label: Some("a#".into()), ..parcel("P") });
        assert_eq!(error.message(), "`label`: `a#` does not match `[^#]*`");
        work.write_blocking(|tx| Parcel::insert(tx, &Parcel { label: Some("a".into()), ..parcel("P") })).unwrap();
    }
}

#[test]
fn a_secret_is_not_repeated_and_a_long_text_not_whole() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let error = refused(&work, Parcel { secret: Some("hunter2".into()), ..parcel("P") });
        assert_eq!(error.message(), "`secret`: the text is none of `sesame`, `mellon`");
        let error = refused(&work, Parcel { label: Some("#".repeat(100_000)), ..parcel("P") });
        assert!(error.fields().iter().all(|f| f.message.len() < 200), "{error:?}");
    }
}

#[test]
fn a_character_that_no_database_keeps_is_refused_alike() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let error = refused(&work, parcel("a\0b"));
        assert_eq!((error.fields()[0].path.as_str(), error.fields()[0].code), ("code", "nul"), "{}", test.name);
        let notes = Some(serde_json::json!({ "a": ["\0"] }));
        let error = refused(&work, Parcel { notes, ..parcel("P") });
        assert_eq!((error.fields()[0].path.as_str(), error.fields()[0].code), ("notes", "nul"), "{}", test.name);
    }
}
