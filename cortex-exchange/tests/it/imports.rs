//! Imports of CSV and JSON Lines: mapping, errors by row, all or nothing, dry runs, permissions.

use codexion::core::Error;
use codexion::prelude::{Filter, Id, Repository};
use cortex_exchange::{Format, ImportOptions, Outcome};

use crate::shop::{self, Brand, brands, csv, each, import, mapped, places, products, skipping};

#[test]
fn rows_become_records() {
    each(|app| {
        let text = "code,name\nA,Acme\nB,\"Bolt, Nut & Co\"\nC,\"Two\nlines\"\n";
        let report = import(app, "shop.brand", text.as_bytes(), &csv()).unwrap();
        assert_eq!((report.outcome, report.lines, report.inserted), (Outcome::Stored, 3, 3), "{}", app.kind());
        let expected = [("A", "Acme"), ("B", "Bolt, Nut & Co"), ("C", "Two\nlines")];
        assert_eq!(brands(app), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        // Every record has its history, as if a client had created it.
        let history = app
            .work()
            .read_blocking(|tx| {
                let all = Brand::list(tx, &Filter::All)?;
                Brand::history(tx, all[0].id)
            })
            .unwrap();
        assert_eq!(history.len(), 1);
    });
}

#[test]
fn columns_are_mapped_and_every_type_is_read() {
    each(|app| {
        import(app, "shop_brands", b"code,name\nacme,Acme\n", &csv()).unwrap();
        let text = "\u{feff}Article;Title;Price;Amount;Unit;kg;On sale;Rank;Made;Kind;Maker;Extra\n\
                    A-1;Anvil;12.50;3;pcs;1.250;TRUE;7;2026-03-01;goods;acme;\"{\"\"a\"\":[1]}\"\n\
                    A-2;Advice;99;;;;no;0;;service;;\n";
        let columns = [
            ("Article", "sku"),
            ("Title", "name"),
            ("Price", "price"),
            ("Amount", "stock"),
            ("Unit", "stock.unit"),
            ("kg", "weight"),
            ("On sale", "active"),
            ("Rank", "rank"),
            ("Made", "made"),
            ("Kind", "kind"),
            ("Maker", "brand.code"),
            ("Extra", "data"),
        ];
        let options = mapped(csv(), &columns, &[("price.currency", "EUR")]);
        let options = ImportOptions { delimiter: ';', ..options };
        let report = import(app, "shop.product", text.as_bytes(), &options).unwrap();
        assert_eq!((report.inserted, report.errors.as_slice()), (2, [].as_slice()), "{}", app.kind());
        let all = products(app);
        let (first, second) = (&all[0], &all[1]);
        assert_eq!(first.price.to_string(), "12.50 EUR");
        assert_eq!(first.stock.unwrap().to_string(), "3 pcs");
        assert_eq!(first.weight.unwrap().to_string().trim_end_matches('0'), "1.25");
        assert_eq!((first.active, first.rank, first.made.unwrap().to_string().as_str()), (true, 7, "2026-03-01"));
        assert_eq!(first.data, Some(serde_json::json!({ "a": [1] })));
        assert!(first.brand.is_some());
        assert_eq!((second.stock, second.weight, second.brand, second.active), (None, None, None, false));
    });
}

#[test]
fn json_lines_are_read_as_clients_write_records() {
    each(|app| {
        let text = r#"{"sku":"A","name":"Anvil","price":{"amount":"1.00","currency":"EUR"},"active":true,"rank":1,"kind":"goods"}

{"sku":"B","name":"Bolt","price":{"amount":"2","currency":"USD"},"active":false,"rank":2,"kind":"service","views":9,"version":4}
"#;
        let report = import(app, "shop.product", text.as_bytes(), &ImportOptions::new(Format::Jsonl)).unwrap();
        assert_eq!((report.lines, report.inserted), (2, 2), "{}", app.kind());
        assert_eq!(report.ignored, ["version"]);
        assert_eq!(products(app)[1].views, Some(9));
    });
}

const BAD: &str = "sku,name,price,price.currency,active,rank,kind,made,brand.code\n\
                   A,Anvil,1.00,EUR,true,1,goods,,\n\
                   B,Bolt,x,EUR,true,2000,goods,,\n\
                   A,Again,1,EUR,true,1,goods,,\n\
                   C,Cup,1,EUR,maybe,1,other,2026-02-30,\n\
                   D,Dish,1,EUR\n\
                   E,Egg,1,EUR,true,1,goods,,nobody\n\
                   ,Empty,,EUR,true,1,goods,,\n\
                   F,Fork,1.00,EUR,true,1,goods,,\n";

/// Line, column, value and code of what is wrong in `BAD`.
const WRONG: [(u64, &str, &str, &str); 9] = [
    (3, "price", "x", "type"),
    (3, "rank", "2000", "max"),
    (4, "sku", "A", "unique"),
    (5, "active", "maybe", "type"),
    (6, "", "", "cells"),
    (7, "brand.code", "nobody", "type"),
    (8, "price", "", "type"),
    (0, "", "", ""),
    (0, "", "", ""),
];

#[test]
fn bad_rows_are_left_out_and_reported() {
    each(|app| {
        let report = import(app, "shop.product", BAD.as_bytes(), &skipping(csv())).unwrap();
        assert_eq!((report.outcome, report.lines), (Outcome::Stored, 8), "{}", app.kind());
        assert_eq!((report.inserted, report.refused), (2, 6), "{:#?}", report.errors);
        let expected: Vec<_> = WRONG.into_iter().filter(|(line, ..)| *line > 0).collect();
        let found = places(&report.errors);
        for place in &expected {
            assert!(found.contains(place), "{}: {place:?} is not in {found:#?}", app.kind());
        }
        let skus: Vec<_> = products(app).into_iter().map(|product| product.sku).collect();
        assert_eq!(skus, ["A", "F"]);
    });
}

#[test]
fn one_bad_row_refuses_the_file_and_all_bad_rows_are_told() {
    each(|app| {
        let report = import(app, "shop.product", BAD.as_bytes(), &csv()).unwrap();
        assert_eq!((report.outcome, report.refused), (Outcome::Refused, 6), "{}", app.kind());
        let mut lines: Vec<_> = report.errors.iter().map(|error| error.line).collect();
        lines.dedup();
        assert_eq!(lines, [3, 4, 5, 6, 7, 8]);
        assert!(products(app).is_empty());
    });
}

#[test]
fn a_dry_run_finds_what_only_the_database_knows_and_keeps_nothing() {
    each(|app| {
        import(app, "shop.brand", b"code,name\nA,Acme\n", &csv()).unwrap();
        let options = ImportOptions { dry_run: true, ..skipping(csv()) };
        let report = import(app, "shop.brand", b"code,name\nB,Bolt\nA,Again\nB,Twice\n", &options).unwrap();
        assert_eq!((report.outcome, report.inserted, report.refused), (Outcome::Checked, 1, 2), "{}", app.kind());
        assert_eq!(places(&report.errors), [(3, "code", "A", "unique"), (4, "code", "B", "unique")]);
        assert_eq!(brands(app).len(), 1);
        // Nothing is remembered of it: the same file can be imported.
        assert_eq!(import(app, "shop.brand", b"code,name\nB,Bolt\n", &skipping(csv())).unwrap().inserted, 1);
    });
}

#[test]
fn the_same_file_is_not_imported_twice_by_mistake() {
    each(|app| {
        for options in [csv(), skipping(csv())] {
            let text = format!("code,name\n{:?},x\n", options.on_error);
            let first = import(app, "shop.brand", text.as_bytes(), &options).unwrap();
            let second = import(app, "shop.brand", text.as_bytes(), &options).unwrap();
            assert_eq!((first.outcome, second.outcome), (Outcome::Stored, Outcome::Repeated), "{}", app.kind());
            assert_eq!((second.lines, second.inserted), (1, 1));
            let again = ImportOptions { again: true, ..options.clone() };
            let third = import(app, "shop.brand", text.as_bytes(), &again).unwrap();
            assert_eq!(third.refused, 1, "the code is taken");
        }
    });
}

#[test]
fn thousands_of_bad_rows_among_good_ones_are_told_apart() {
    each(|app| {
        let mut text = "code,name\n".to_owned();
        for i in 0..3_000 {
            // Every seventh is there already, every fifth of the rest has no name that fits.
            let code = if i % 7 == 6 { i - 1 } else { i };
            text.push_str(&format!("{code},name {i}\n"));
        }
        let report = import(app, "shop.brand", text.as_bytes(), &skipping(csv())).unwrap();
        assert_eq!((report.inserted, report.refused), (3_000 - 428, 428), "{}", app.kind());
        assert!(report.errors.iter().all(|error| error.code == "unique" && error.line % 7 == 1));
        assert_eq!(brands(app).len(), 3_000 - 428);
    });
}

#[track_caller]
fn refused(app: &cortex_testing::TestApp, entity: &str, text: &str, options: &ImportOptions) -> Error {
    import(app, entity, text.as_bytes(), options).unwrap_err()
}

#[test]
fn what_does_not_fit_as_a_whole_is_refused_with_help() {
    each(|app| {
        let error = refused(app, "shop.brnd", "code\n", &csv());
        assert_eq!(error.code(), "data.entity");
        assert!(error.help().unwrap().contains("shop.brand"), "{error:?}");
        assert_eq!(refused(app, "shop.ledger", "amount\n1\n", &csv()).code(), "exchange.entity");
        let error = refused(app, "shop.brand", "code,nam,name\n", &csv());
        assert_eq!(error.code(), "exchange.mapping");
        assert!(error.message().contains("`nam`") && error.message().contains("`name`"), "{error:?}");
        let two = mapped(csv(), &[("x", "code")], &[]);
        assert_eq!(refused(app, "shop.brand", "code,x,name\n", &two).code(), "exchange.mapping");
        let lost = mapped(csv(), &[("y", "code")], &[]);
        assert!(refused(app, "shop.brand", "code,name\n", &lost).message().contains("no column `y`"));
        let server = mapped(csv(), &[("x", "popularity")], &[]);
        assert!(refused(app, "shop.product", "x\n", &server).message().contains("set by the server"));
        assert_eq!(refused(app, "shop.brand", "code,code\n", &csv()).code(), "exchange.header");
        assert_eq!(refused(app, "shop.brand", "", &csv()).code(), "exchange.header");
        let keyed = shop::keyed(csv(), &["price"]);
        assert_eq!(refused(app, "shop.product", "sku\n", &keyed).code(), "exchange.key");
    });
}

#[test]
fn ids_of_the_file_are_kept() {
    each(|app| {
        let id = Id::<Brand>::new();
        let text = format!("id,code,name\n{id},A,Acme\n,B,Bolt\nx,C,Cup\n");
        let report = import(app, "shop.brand", text.as_bytes(), &skipping(csv())).unwrap();
        assert_eq!((report.inserted, places(&report.errors)), (2, vec![(4, "id", "x", "type")]), "{}", app.kind());
        assert_eq!(app.work().read_blocking(|tx| Brand::get(tx, id)).unwrap().code, "A");
    });
}

#[test]
fn secrets_are_not_repeated_in_errors() {
    each(|app| {
        let text = "sku,name,price,price.currency,active,rank,kind,pin\nA,x,1,EUR,true,1,goods,se\0cret\n";
        let report = import(app, "shop.product", text.as_bytes(), &skipping(csv())).unwrap();
        assert_eq!(report.refused, 1);
        let json = serde_json::to_string(&report).unwrap();
        assert!(!json.contains("cret"), "{}: {json}", app.kind());
    });
}
