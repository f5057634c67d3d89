//! Rules of fields, checked before anything is stored.

use cortex_core::{Error, Id, Kind};
use cortex_data::{Filter, Repository};

use crate::parcel::{Parcel, parcel, parcel_databases};
use crate::support::{Branch, Vehicle, databases, vehicle};

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

#[test]
fn a_conflict_names_the_field_it_is_about() {
    for test in databases() {
        let work = test.work(Id::new());
        let branch = Branch { id: Id::new(), name: "Nord".into() };
        let first = Vehicle { branch: Some(branch.id), ..vehicle("AB-1") };
        work.write_blocking(|tx| {
            Branch::insert(tx, &branch)?;
            Vehicle::insert_many(tx, &[first.clone(), vehicle("AB-2")])
        })
        .unwrap();
        let conflict = |code: &str, message: &str, result: cortex_core::Result<()>| {
            let error = result.unwrap_err();
            assert_eq!((error.kind(), error.code(), error.message()), (Kind::Conflict, code, message), "{}", test.name);
        };
        let insert = |new: Vehicle| work.write_blocking(|tx| Vehicle::insert(tx, &new));
        let change = |f: fn(&mut Vehicle)| {
            work.write_blocking(|tx| {
                Vehicle::update(tx, first.id, |v| {
                    f(v);
                    Ok(())
                })
            })
            .map(|_| ())
        };
        conflict("unique", "there is a vehicle with the same `plate` already", insert(vehicle("AB-1")));
        conflict("unique", "there is a vehicle with the same `plate` already", change(|v| v.plate = "AB-2".into()));
        conflict(
            "unique",
            "there is a vehicle with the same `id` already",
            insert(Vehicle { plate: "X".into(), ..first.clone() }),
        );
        let nowhere = "`branch` refers to a branch that does not exist";
        conflict("reference", nowhere, insert(Vehicle { branch: Some(Id::new()), ..vehicle("AB-3") }));
        conflict("reference", nowhere, change(|v| v.branch = Some(Id::new())));
        let deleted = work.write_blocking(|tx| Branch::delete(tx, branch.id));
        conflict("reference", "other records refer to this branch", deleted);
    }
}

#[test]
fn records_of_one_call_may_refer_to_each_other() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let (mut a, mut b) = (parcel("a"), parcel("b"));
        (a.parent, b.parent) = (Some(b.id), Some(a.id));
        work.write_blocking(|tx| Parcel::insert_many(tx, &[a.clone(), b.clone()])).unwrap();
        let (mut c, mut d) = (parcel("c"), parcel("d"));
        (c.parent, d.parent) = (Some(d.id), Some(Id::new()));
        let error = work.write_blocking(|tx| Parcel::insert_many(tx, &[c.clone(), d.clone()])).unwrap_err();
        assert_eq!(error.message(), "`parent` refers to a parcel that does not exist", "{}", test.name);
    }
}

#[test]
fn many_audited_records_and_their_history_are_stored_in_few_statements() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let all: Vec<Parcel> = (0..2_000).map(|i| Parcel { big: i, ..parcel("P") }).collect();
        let _ = test.observer.take();
        work.write_blocking(|tx| Parcel::insert_many(tx, &all)).unwrap();
        assert!(test.observer.take().statements.len() <= 8, "{}", test.name);
        let history = work.read_blocking(|tx| Parcel::history(tx, all[1_999].id)).unwrap();
        assert_eq!((history.len(), &history[0].after.as_ref().unwrap()["big"]), (1, &1_999.into()));
    }
}

#[test]
fn a_history_tells_that_a_secret_changed_and_not_what_it_is() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let stored = Parcel { secret: Some("sesame".into()), ..parcel("P") };
        work.write_blocking(|tx| Parcel::insert(tx, &stored)).unwrap();
        let change = |secret: Option<&str>| {
            work.write_blocking(|tx| {
                Parcel::update(tx, stored.id, |p| {
                    p.secret = secret.map(str::to_owned);
                    Ok(())
                })
            })
            .unwrap();
        };
        change(Some("mellon"));
        change(None);
        let history = work.read_blocking(|tx| Parcel::history(tx, stored.id)).unwrap();
        let after: Vec<_> = history.iter().map(|h| h.after.as_ref().unwrap()["secret"].clone()).collect();
        assert_eq!(after, ["***".into(), "***".into(), serde_json::Value::Null]);
    }
}
