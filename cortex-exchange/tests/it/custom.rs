//! Custom fields in files: columns like those of the entity's own fields.

use codexion::prelude::{Date, Decimal, Money};
use cortex_exchange::{Exchange, ExportOptions, Format, ImportOptions};

use crate::shop::{csv, define_fields, each, export, import, keyed, places, products, skipping};

const HEADER: &str = "sku,name,price,price.currency,active,rank,kind";

#[test]
fn custom_fields_are_columns() {
    each(|app| {
        define_fields(&app.work());
        let text = format!(
            "{HEADER},extra.label,extra.size,extra.budget,extra.budget.currency,extra.due,extra.fit,extra.color,extra.tags\n\
             A,a,1,EUR,true,1,goods,'=x,1.5,12.50,EUR,2026-03-01,yes,red,\"red, =blue\"\n\
             B,b,1,EUR,true,1,goods,,,,,,,,\n\
             C,c,1,EUR,true,1,goods,,x,12,,2026-02-30,maybe,green,\n"
        );
        let report = import(app, "shop.product", text.as_bytes(), &skipping(csv())).unwrap();
        assert_eq!((report.inserted, report.refused), (2, 1), "{}: {report:#?}", app.kind());
        let found = places(&report.errors);
        for (column, value) in [("extra.size", "x"), ("extra.due", "2026-02-30"), ("extra.color", "green")] {
            let there = found.iter().any(|(line, c, v, _)| (*line, *c, *v) == (4, column, value));
            // What can't be read at all is told before rules are looked at.
            assert!(there || found.iter().any(|(_, c, ..)| *c == "extra.fit"), "{column}: {found:?}");
        }
        let extra = &products(app)[0].extra;
        assert_eq!(extra.get::<String>("label").unwrap().as_deref(), Some("=x"));
        assert_eq!(extra.get::<Decimal>("size").unwrap(), Some(Decimal::new(15, 1)));
        assert_eq!(extra.get::<Money>("budget").unwrap().unwrap().to_string(), "12.50 EUR");
        assert_eq!(extra.get::<Date>("due").unwrap().unwrap().to_string(), "2026-03-01");
        assert_eq!(extra.get::<Vec<String>>("tags").unwrap().unwrap(), ["red", "=blue"]);
    });
}

#[test]
fn they_are_exported_filtered_and_changed_by_key() {
    each(|app| {
        define_fields(&app.work());
        let text =
            format!("{HEADER},extra.size,extra.label\nA,a,1,EUR,true,1,goods,5,+1\nB,b,1,EUR,true,1,goods,7,x\n");
        import(app, "shop.product", text.as_bytes(), &csv()).unwrap();
        let chosen = ExportOptions {
            filter: Some("extra.size >= 5".to_owned()),
            sort: Some("-extra.size".to_owned()),
            fields: ["sku", "extra.size", "extra.label"].map(str::to_owned).to_vec(),
            ..ExportOptions::new(Format::Csv)
        };
        let exported = String::from_utf8(export(app, "shop.product", &chosen)).unwrap();
        // In the order of the entity's fields, as in lists.
        let lines: Vec<&str> = exported.lines().collect();
        assert!(lines[0].starts_with("sku,extra."), "{}: {exported}", app.kind());
        assert!(lines[1].starts_with("B,") && lines[2].starts_with("A,"), "{exported}");
        assert!(lines[2].contains("'+1"), "{exported}");
        let again = import(app, "shop.product", exported.as_bytes(), &keyed(csv(), &["sku"])).unwrap();
        assert_eq!((again.unchanged, again.lines), (2, 2), "{again:?}");
        let changed = import(app, "shop.product", b"sku,extra.size\nA,6\nB,7\n", &keyed(csv(), &["sku"])).unwrap();
        assert_eq!((changed.updated, changed.unchanged), (1, 1));
        assert_eq!(products(app)[0].extra.get::<String>("label").unwrap().as_deref(), Some("+1"));
        let objects = ExportOptions { format: Format::Jsonl, ..chosen };
        let text = String::from_utf8(export(app, "shop.product", &objects)).unwrap();
        let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["extra"], serde_json::json!({ "label": "x", "size": "7" }), "{text}");
    });
}

#[test]
fn unknown_ones_are_refused_and_known_ones_are_in_the_template() {
    each(|app| {
        let error = import(app, "shop.product", b"sku,extra.colr\n", &csv()).unwrap_err();
        assert_eq!(error.code(), "exchange.mapping", "{}", app.kind());
        define_fields(&app.work());
        let error = import(app, "shop.product", b"sku,extra.colr\n", &csv()).unwrap_err();
        assert!(error.message().contains("extra.color"), "{error:?}");
        let mut bytes = Vec::new();
        Exchange::default().template(&app.work(), "shop.product", &mut bytes, Format::Jsonl).unwrap();
        let hints: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(hints["extra.color"], "one of red, =blue, a,b, optional");
        assert!(hints.get("extra").is_none());
        // Another tenant has none of them.
        let other = app.work_of(codexion::core::Id::new());
        let options = ImportOptions::new(Format::Csv);
        assert!(crate::shop::import_with(&other, "shop.product", b"sku,extra.color\n", &options).is_err());
    });
}

#[cfg(feature = "parquet")]
#[test]
fn a_template_of_typed_columns_is_an_empty_file() {
    each(|app| {
        define_fields(&app.work());
        let mut bytes = Vec::new();
        Exchange::default().template(&app.work(), "shop.product", &mut bytes, Format::Parquet).unwrap();
        let options = ImportOptions::new(Format::Parquet);
        let report = import(app, "shop.product", &bytes, &options).unwrap();
        assert_eq!((report.lines, report.ignored.len()), (0, 0), "{}: {report:?}", app.kind());
        // Every column is one that an import takes: a key that the file has is found, and read-only ones are not there.
        let text = String::from_utf8_lossy(&bytes);
        for name in ["sku", "price.currency", "extra.color"] {
            assert!(text.contains(name), "no {name}");
        }
        assert!(!text.contains("popularity") && !text.contains("pin"));
    });
}

/// Lets everything be done, and hides two fields.
#[derive(Debug)]
struct Veiled;

impl codexion::data::Guard for Veiled {
    fn check(&self, _: &mut codexion::data::ReadTx, _: &codexion::data::Check<'_>) -> codexion::prelude::Result<()> {
        Ok(())
    }

    fn predicate(
        &self,
        _: &codexion::core::Cx,
        _: &'static codexion::data::Meta,
    ) -> codexion::prelude::Result<codexion::data::Filter> {
        Ok(codexion::data::Filter::All)
    }

    fn mask(&self, _: &codexion::core::Cx, _: &'static codexion::data::Meta) -> Vec<String> {
        vec!["note".to_owned(), "extra.label".to_owned()]
    }
}

#[test]
fn what_an_actor_may_not_see_is_neither_exported_nor_changed() {
    use std::sync::Arc;
    let build = |app: codexion::core::Application| {
        let guarded = |m: &mut codexion::prelude::Registrar| {
            m.replace_instance::<dyn codexion::data::Guard>(Arc::new(Veiled));
        };
        app.module(cortex_exchange::ExchangeModule).module(crate::shop::Shop).overrides(guarded)
    };
    cortex_testing::TestApp::each(build, |app| {
        define_fields(&app.work());
        let text = format!("{HEADER},extra.size\nA,a,1,EUR,true,1,goods,5\n");
        import(app, "shop.product", text.as_bytes(), &csv()).unwrap();
        let exported = String::from_utf8(export(app, "shop.product", &ExportOptions::new(Format::Csv))).unwrap();
        let header = exported.lines().next().unwrap();
        assert!(!header.contains("note") && !header.contains("label") && header.contains("extra.size"), "{header}");
        for column in ["note", "extra.label"] {
            let text = format!("sku,{column}\nA,x\n");
            let error = import(app, "shop.product", text.as_bytes(), &keyed(csv(), &["sku"])).unwrap_err();
            assert!(error.message().contains("may not change"), "{error:?}");
        }
        let object = "{\"sku\":\"A\",\"extra\":{\"label\":\"x\",\"size\":\"6\"}}\n";
        let options = keyed(skipping(ImportOptions::new(Format::Jsonl)), &["sku"]);
        let report = import(app, "shop.product", object.as_bytes(), &options).unwrap();
        assert_eq!((report.refused, report.errors[0].column.as_deref()), (1, Some("extra.label")), "{report:?}");
    });
}
