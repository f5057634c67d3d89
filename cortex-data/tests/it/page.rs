//! Pages: every record exactly once, in the order asked for, whatever the sizes and however the list changes.

use std::cmp::Ordering;

use cortex_core::{Error, Id, Kind};
use cortex_data::{
    Entity, Filter, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, Page, PageQuery, PageRequest, Record, Repository,
    SORT_KEYS_MAX, SortKey, Work,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::parcel::{Cell, Parcel, State, cell, parcel, parcel_databases, parcels};

fn request(query: &PageQuery<'_>) -> PageRequest {
    PageRequest::parse(Parcel::META, query).unwrap()
}

fn read(work: &Work, request: &PageRequest) -> Page<Record<Parcel>> {
    let request = request.clone();
    work.read_blocking(move |tx| Parcel::page(tx, &request)).unwrap()
}

/// Follows the cursors to the end.
fn read_all(work: &Work, mut request: PageRequest) -> Vec<Vec<Parcel>> {
    let mut pages = Vec::new();
    loop {
        let page = read(work, &request);
        pages.push(page.items.into_iter().map(|r| r.entity).collect());
        match page.next {
            Some(next) => request.cursor = Some(next),
            None => return pages,
        }
        assert!(pages.len() < 1_000, "the cursors go in circles");
    }
}

/// The naive order: absent is larger than everything.
fn compare(a: &Parcel, b: &Parcel, sort: &[(&str, bool)]) -> Ordering {
    for (name, descending) in sort {
        let order = match (cell(a, name), cell(b, name)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(Cell::Pair(a, x)), Some(Cell::Pair(b, y))) => (a, x).cmp(&(b, y)),
            (Some(a), Some(b)) => a.partial_cmp(&b).unwrap(),
        };
        if order.is_ne() {
            return if *descending { order.reverse() } else { order };
        }
    }
    let by_id = a.id.cmp(&b.id);
    if sort.last().is_some_and(|(_, descending)| *descending) { by_id.reverse() } else { by_id }
}

const NAMES: [&str; 18] = [
    "label",
    "code",
    "pieces",
    "big",
    "sent",
    "due",
    "weight",
    "share",
    "worth",
    "tariff",
    "load",
    "currency",
    "state",
    "fragile",
    "load.unit",
    "serial",
    "version",
    "created_at",
];

#[test]
fn all_pages_together_show_every_record_once_in_order() {
    for test in parcel_databases() {
        let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
        let sort = prop::collection::vec((prop::sample::select(&NAMES[..]), any::<bool>()), 0..4);
        let cases = (parcels(0..40), prop::collection::vec((sort, 1_u32..9), 8));
        let result = runner.run(&cases, |(records, sorts)| {
            let work = test.work(Id::new());
            work.write_blocking(|tx| Parcel::insert_many(tx, &records)).unwrap();
            for (sort, limit) in sorts {
                let text: Vec<String> =
                    sort.iter().map(|(name, down)| format!("{}{name}", if *down { "-" } else { "" })).collect();
                let text = text.join(",");
                let query = PageQuery { sort: Some(&text), limit: Some(limit), ..PageQuery::default() };
                let Ok(request) = PageRequest::parse(Parcel::META, &query) else {
                    // The same name twice, or one within another.
                    continue;
                };
                let pages = read_all(&work, request);
                prop_assert!(pages.iter().rev().skip(1).all(|page| page.len() == limit as usize));
                let mut expected = records.clone();
                expected.sort_by(|a, b| compare(a, b, &sort));
                prop_assert_eq!(pages.concat(), expected, "{}: {} by {}", test.name, text, limit);
            }
            Ok(())
        });
        result.unwrap_or_else(|e| panic!("{}: {e}", test.name));
    }
}

fn some(count: usize) -> Vec<Parcel> {
    (0..count).map(|i| Parcel { big: i64::try_from(i / 3).unwrap(), ..parcel(&format!("P{i:02}")) }).collect()
}

#[test]
fn a_list_that_changes_between_pages_shows_nothing_twice() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let all = some(9);
        work.write_blocking(|tx| Parcel::insert_many(tx, &all)).unwrap();
        let mut request = request(&PageQuery { sort: Some("code"), limit: Some(3), ..PageQuery::default() });
        let first = read(&work, &request);
        // The record that the cursor points at is gone, and others came before and after it.
        work.write_blocking(|tx| {
            Parcel::delete(tx, all[2].id)?;
            Parcel::insert_many(tx, &[parcel("P00a"), parcel("P02a")])
        })
        .unwrap();
        request.cursor = first.next;
        let codes: Vec<_> = read_all(&work, request).concat().into_iter().map(|p| p.code).collect();
        assert_eq!(codes, ["P02a", "P03", "P04", "P05", "P06", "P07", "P08"], "{}", test.name);
    }
}

#[test]
fn a_page_says_whether_there_is_more_and_how_much_there_is() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        work.write_blocking(|tx| Parcel::insert_many(tx, &some(7))).unwrap();
        let page =
            |limit, total| read(&work, &request(&PageQuery { limit: Some(limit), total, ..PageQuery::default() }));
        assert!(page(6, false).next.is_some());
        assert!(page(7, false).next.is_none());
        assert_eq!((page(2, false).total, page(2, true).total), (None, Some(7)));
        let json = serde_json::to_value(page(7, false).map(|r| r.entity.code)).unwrap();
        assert_eq!(json, serde_json::json!({ "items": ["P00", "P01", "P02", "P03", "P04", "P05", "P06"] }));
    }
}

#[test]
fn a_scope_is_added_to_what_the_client_asks_for() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        work.write_blocking(|tx| Parcel::insert_many(tx, &some(9))).unwrap();
        let query =
            PageQuery { filter: Some("big < 2 or big = 2"), limit: Some(2), total: true, ..PageQuery::default() };
        let mut request = request(&query).and(Filter::Or(vec![Filter::eq("code", "P01"), Filter::eq("big", 1_i64)]));
        let first = read(&work, &request);
        assert_eq!(first.total, Some(4));
        request.cursor = first.next;
        // Rights may change between two pages: the cursor stays good, and what is shown follows the rights.
        let narrower = request.clone().and(Filter::eq("code", "P05"));
        assert_eq!(read(&work, &request).items.len(), 2);
        assert!(read(&work, &narrower).items.iter().all(|r| r.code == "P05"));
        let open = request.and(Filter::eq("state", "done"));
        assert!(read(&work, &open).items.is_empty());
    }
}

#[test]
fn a_damaged_or_foreign_cursor_is_refused() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let all: Vec<_> = some(4).into_iter().map(|p| Parcel { state: State::Done, ..p }).collect();
        work.write_blocking(|tx| Parcel::insert_many(tx, &all)).unwrap();
        let base = PageQuery { sort: Some("-code"), limit: Some(1), ..PageQuery::default() };
        let cursor = read(&work, &request(&base)).next.unwrap();
        let refusal = |query: PageQuery<'_>| -> Error {
            let request = request(&query);
            work.read_blocking(move |tx| Parcel::page(tx, &request)).unwrap_err()
        };
        let foreign = |query: PageQuery<'_>| {
            let error = refusal(PageQuery { cursor: Some(&cursor), ..query });
            assert_eq!((error.kind(), error.code()), (Kind::Invalid, "page.cursor"));
            assert_eq!(error.message(), "the cursor belongs to another list");
        };
        foreign(PageQuery { sort: Some("code"), ..base });
        foreign(PageQuery { sort: Some("-big"), ..base });
        foreign(PageQuery { filter: Some("state = done"), ..base });
        // Another limit is the same list.
        assert_eq!(read(&work, &request(&PageQuery { cursor: Some(&cursor), limit: Some(3), ..base })).items.len(), 3);
        for at in 0..cursor.len() {
            let mut damaged = cursor.clone().into_bytes();
            damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
            let damaged = String::from_utf8(damaged).unwrap();
            let error = refusal(PageQuery { cursor: Some(&damaged), ..base });
            assert_eq!((error.code(), error.message()), ("page.cursor", "the cursor is damaged"), "{at}");
        }
        for damaged in ["x", "AQ", "ä", &cursor[1..], &"A".repeat(5_000)] {
            assert_eq!(refusal(PageQuery { cursor: Some(damaged), ..base }).message(), "the cursor is damaged");
        }
    }
}

#[test]
fn a_value_too_long_for_a_cursor_is_an_error_and_no_endless_list() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let all: Vec<_> = (0..2).map(|_| parcel(&"x".repeat(5_000))).collect();
        work.write_blocking(|tx| Parcel::insert_many(tx, &all)).unwrap();
        let request = request(&PageQuery { sort: Some("code"), limit: Some(1), ..PageQuery::default() });
        let error = work.read_blocking(move |tx| Parcel::page(tx, &request)).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::TooLarge, "page.cursor"));
    }
}

#[test]
fn a_request_is_read_with_its_limits() {
    let parse = |query: PageQuery<'_>| PageRequest::parse(Parcel::META, &query);
    let sorted = |sort| parse(PageQuery { sort: Some(sort), ..PageQuery::default() });
    assert_eq!(parse(PageQuery::default()).unwrap().limit, PAGE_LIMIT_DEFAULT);
    assert_eq!(
        sorted(" -worth , +code,").unwrap().sort,
        [SortKey::down("worth_currency"), SortKey::down("worth"), SortKey::up("code")]
    );
    let refused = |result: Result<PageRequest, cortex_data::PageError>, message: &str, help: &str| {
        let error = Error::from(result.unwrap_err());
        assert_eq!((error.kind(), error.message()), (Kind::Invalid, message));
        assert!(error.help().unwrap_or_default().contains(help), "{:?}", error.help());
    };
    for limit in [0, PAGE_LIMIT_MAX + 1] {
        let query = PageQuery { limit: Some(limit), ..PageQuery::default() };
        refused(parse(query), &format!("a page can't have {limit} records"), "1 to 500");
    }
    refused(sorted("cdoe"), "`cdoe` is not a field of this list", "did you mean `code`?");
    refused(sorted("secret"), "`secret` is not a field of this list", "accepted names");
    refused(sorted("notes"), "this list can't be sorted by `notes`", "-price,plate");
    refused(sorted("code,-code"), "the list is sorted by `code` twice", "");
    refused(sorted("worth.currency,worth"), "the list is sorted by `worth` twice", "");
    assert_eq!(sorted("worth,tariff,load,code,big").unwrap().sort.len(), SORT_KEYS_MAX);
    refused(sorted("worth,tariff,load,code,big,due"), "a list can be sorted by at most 8 columns", "");
    let hidden = PageQuery { sort: Some("-big"), hidden: &["big"], ..PageQuery::default() };
    refused(parse(hidden), "`big` is not a field of this list", "accepted names");
    let query = PageQuery { filter: Some("big = x"), ..PageQuery::default() };
    refused(parse(query), "at position 7: `x` is not a whole number", "");
    // From code, a column that does not exist is a defect and no SQL.
    let wrong = PageRequest::new(Filter::All, vec![SortKey::up("nothing")]);
    for test in parcel_databases() {
        let wrong = wrong.clone();
        let error = test.work(Id::new()).read_blocking(move |tx| Parcel::page(tx, &wrong)).unwrap_err();
        assert_eq!(error.kind(), Kind::Internal);
    }
}
