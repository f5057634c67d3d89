//! Exports: what is in them, in which order, for whom, and that no spreadsheet evaluates it.

use cortex_exchange::{Exchange, ExportOptions, Format};

use crate::shop::{csv, each, export, import, keyed};

fn options() -> ExportOptions {
    ExportOptions::new(Format::Csv)
}

const PRODUCTS: &str = "sku,name,note,price,price.currency,stock,stock.unit,active,rank,kind,made,seen,ratio,pin\n\
    A,=1+1,,-12.5,EUR,-3,pcs,true,1,goods,2026-03-01,2026-03-01T08:00:00.123456Z,-0.0000000001,1234\n\
    B,'t Hooft,',0,EUR,,,false,2,service,,,,\n\
    C,@x,-5,1,JPY,,,false,3,service,,,,\n";

#[test]
fn every_field_is_a_column_and_formulas_are_marked() {
    each(|app| {
        import(app, "shop.product", PRODUCTS.as_bytes(), &csv()).unwrap();
        let sorted = ExportOptions { sort: Some("sku".to_owned()), ..options() };
        let text = String::from_utf8(export(app, "shop.product", &sorted)).unwrap();
        let mut lines = text.lines();
        let header = lines.next().unwrap();
        assert!(
            header.starts_with("id,sku,name,note,price,price.currency,cost,cost.currency,stock,stock.unit,"),
            "{header}"
        );
        assert!(!header.contains("pin"), "what can only be written is not exported: {header}");
        let cells: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert_eq!(cells[0][2..6], ["'=1+1", "", "-12.50", "EUR"], "{}", app.kind());
        assert_eq!(cells[1][2..4], ["'t Hooft", "'"]);
        assert_eq!(cells[2][2..6], ["'@x", "'-5", "1", "JPY"]);
        // What comes back is what was there.
        let again = import(app, "shop.product", text.as_bytes(), &keyed(csv(), &["sku"])).unwrap();
        assert_eq!((again.unchanged, again.lines), (3, 3), "{again:?}");
        assert_eq!(again.ignored, ["popularity"]);
    });
}

#[test]
fn records_and_columns_are_chosen_as_in_lists() {
    each(|app| {
        import(app, "shop.product", PRODUCTS.as_bytes(), &csv()).unwrap();
        let chosen = ExportOptions {
            filter: Some("rank >= 2".to_owned()),
            sort: Some("-rank".to_owned()),
            fields: vec!["sku".to_owned(), "price".to_owned()],
            ..options()
        };
        let text = String::from_utf8(export(app, "shop.product", &chosen)).unwrap();
        assert_eq!(text, "sku,price,price.currency\nC,1,JPY\nB,0.00,EUR\n", "{}", app.kind());
        let objects =
            ExportOptions { format: Format::Jsonl, fields: vec!["sku".to_owned(), "kind".to_owned()], ..chosen };
        let text = String::from_utf8(export(app, "shop.product", &objects)).unwrap();
        let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!((first["sku"].as_str(), first["kind"].as_str()), (Some("C"), Some("service")));
        for (wrong, code) in [
            (ExportOptions { fields: vec!["skus".to_owned()], ..options() }, "exchange.column"),
            (ExportOptions { fields: vec!["pin".to_owned()], ..options() }, "exchange.column"),
            (ExportOptions { filter: Some("x = 1".to_owned()), ..options() }, "filter.field"),
            (ExportOptions { sort: Some("x".to_owned()), ..options() }, "page.sort"),
        ] {
            let mut bytes = Vec::new();
            let error = Exchange::default().export(&app.work(), "shop.product", &mut bytes, &wrong, &mut |_| Ok(()));
            assert_eq!(error.unwrap_err().code(), code);
            assert!(bytes.is_empty());
        }
    });
}

#[test]
fn thousands_of_records_are_exported_page_by_page() {
    each(|app| {
        let mut text = "code,name\n".to_owned();
        (0..2_345).for_each(|i| text.push_str(&format!("{i},x\n")));
        import(app, "shop.brand", text.as_bytes(), &csv()).unwrap();
        let exported = String::from_utf8(export(app, "shop.brand", &options())).unwrap();
        assert_eq!(exported.lines().count(), 2_346, "{}", app.kind());
        let ledger = String::from_utf8(export(app, "shop_ledgers", &options())).unwrap();
        assert_eq!(ledger, "id,amount\n");
    });
}

#[test]
fn another_tenant_sees_nothing_of_it() {
    each(|app| {
        import(app, "shop.brand", b"code,name\nA,Acme\n", &csv()).unwrap();
        let other = app.work_of(codexion::core::Id::new());
        assert_eq!(crate::shop::export_with(&other, "shop.brand", &options()), b"id,code,name\n");
        // A lookup finds no record of another tenant either.
        let row = "sku,name,price,price.currency,active,rank,kind,brand.code\nA,a,1,EUR,true,1,goods,A\n";
        let report = crate::shop::import_with(&other, "shop.product", row.as_bytes(), &csv()).unwrap();
        assert_eq!((report.refused, report.errors[0].column.as_deref()), (1, Some("brand.code")), "{}", app.kind());
    });
}

#[test]
fn templates_name_the_columns_that_can_be_filled_in() {
    each(|app| {
        let mut bytes = Vec::new();
        Exchange::default().template(&app.work(), "shop.product", &mut bytes, Format::Csv).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("sku,name,note,price,price.currency,"), "{text}");
        assert!(!text.contains("popularity") && text.contains("pin"));
        let mut bytes = Vec::new();
        Exchange::default().template(&app.work(), "shop.product", &mut bytes, Format::Jsonl).unwrap();
        let hints: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(hints["sku"], "text, required, unique, at most 40 characters");
        assert_eq!(hints["kind"], "one of goods, service, required");
        let refused = Exchange::default().template(&app.work(), "shop.ledger", &mut Vec::new(), Format::Csv);
        assert_eq!(refused.unwrap_err().code(), "exchange.entity");
    });
}
