//! Imports that change what is there, by a key.

use codexion::data::Backend;
use cortex_exchange::{ExportOptions, Format, ImportOptions};
use diesel::RunQueryDsl as _;

use crate::shop::{brands, csv, define_fields, each, export, import, keyed, mapped, places, products, skipping};

#[test]
fn rows_insert_update_or_leave_alone() {
    each(|app| {
        let options = keyed(csv(), &["code"]);
        import(app, "shop.brand", b"code,name\nA,Acme\nB,Bolt\n", &options).unwrap();
        let text = "code,name\nA,Acme\nB,Bolts\nC,Cup\nC,Cups\nC,Cups\n";
        let report = import(app, "shop.brand", text.as_bytes(), &options).unwrap();
        let counts = (report.inserted, report.updated, report.unchanged, report.refused);
        assert_eq!(counts, (1, 2, 2, 0), "{}: {report:?}", app.kind());
        let names: Vec<_> = brands(app).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["Acme", "Bolts", "Cups"]);
        // The same once more changes nothing.
        let report = import(app, "shop.brand", b"code,name\nA,Acme\nB,Bolts\n", &options).unwrap();
        assert_eq!((report.unchanged, report.lines), (2, 2));
    });
}

#[test]
fn a_row_changes_only_the_columns_of_the_file() {
    each(|app| {
        let first = "sku,name,price,price.currency,active,rank,kind,note\nA,Anvil,1,EUR,true,1,goods,heavy\n";
        import(app, "shop.product", first.as_bytes(), &csv()).unwrap();
        let options = mapped(keyed(skipping(csv()), &["sku"]), &[], &[("price.currency", "EUR")]);
        let text = "sku,price\nA,2.50\nB,1\n,3\n";
        let report = import(app, "shop.product", text.as_bytes(), &options).unwrap();
        assert_eq!((report.updated, report.refused), (1, 2), "{}: {report:?}", app.kind());
        let product = &products(app)[0];
        assert_eq!((product.price.to_string().as_str(), product.note.as_deref()), ("2.50 EUR", Some("heavy")));
        // A new record lacks fields, and a row without a key finds none.
        let found = places(&report.errors);
        assert!(found.contains(&(3, "name", "", "required")), "{found:?}");
        assert!(found.contains(&(4, "sku", "", "key")), "{found:?}");
    });
}

#[test]
fn several_fields_make_a_key_and_one_that_is_not_unique_is_refused() {
    each(|app| {
        import(app, "shop.brand", b"code,name\nA,Same\nB,Same\nC,Other\n", &csv()).unwrap();
        let options = keyed(skipping(csv()), &["name"]);
        let report = import(app, "shop.brand", b"code,name\nX,Same\nD,Other\n", &options).unwrap();
        assert_eq!((report.updated, report.refused), (1, 1), "{}: {report:?}", app.kind());
        assert_eq!(places(&report.errors), [(2, "name", "Same", "key")]);
        let both = keyed(skipping(csv()), &["code", "name"]);
        let report = import(app, "shop.brand", b"code,name\nA,Same\nE,New\n", &both).unwrap();
        assert_eq!((report.unchanged, report.inserted), (1, 1));
    });
}

#[test]
fn a_change_that_the_database_refuses_leaves_the_others() {
    each(|app| {
        import(app, "shop.brand", b"code,name\nA,a\nB,b\nC,c\n", &csv()).unwrap();
        let all = export(app, "shop.brand", &ExportOptions::new(Format::Csv));
        let text = String::from_utf8(all).unwrap().replace(",B,b", ",A,b").replace(",C,c", ",C,cc");
        let options = ImportOptions { ..keyed(skipping(csv()), &["id"]) };
        let report = import(app, "shop.brand", text.as_bytes(), &options).unwrap();
        assert_eq!((report.unchanged, report.updated, report.refused), (1, 1, 1), "{}: {report:?}", app.kind());
        assert_eq!(report.errors[0].code, "unique");
    });
}

#[test]
fn a_custom_field_is_a_key() {
    each(|app| {
        define_fields(&app.work());
        let header = "sku,name,price,price.currency,active,rank,kind";
        let rest = "1,EUR,true,1,goods";
        let first = format!(
            "{header},extra.label,extra.size\nA,a,{rest},L-1,1.50\nB,b,{rest},L-2,2\nC,c,{rest},L-3,2\nD,d,{rest},,3\n"
        );
        import(app, "shop.product", first.as_bytes(), &csv()).unwrap();
        let by_label = keyed(skipping(csv()), &["extra.label"]);
        let text = "extra.label,name\nL-1,Anvil\nL-2,b\n,nobody\nL-9,new\n";
        let report = import(app, "shop.product", text.as_bytes(), &by_label).unwrap();
        let counts = (report.updated, report.unchanged, report.refused);
        assert_eq!(counts, (1, 1, 2), "{}: {report:#?}", app.kind());
        assert_eq!(products(app)[0].name, "Anvil");
        assert!(places(&report.errors).contains(&(4, "extra.label", "", "key")), "{:?}", report.errors);

        // Numbers are equal however they are written, and two records with one key are none.
        let by_size = keyed(skipping(csv()), &["extra.size"]);
        let report = import(app, "shop.product", b"extra.size,name\n1.5,Ample\n2.00,x\n", &by_size).unwrap();
        assert_eq!((report.updated, report.refused), (1, 1), "{report:#?}");
        assert_eq!(places(&report.errors), [(3, "extra.size", "2.00", "key")]);
        let both = keyed(skipping(csv()), &["extra.size", "sku"]);
        let report = import(app, "shop.product", b"sku,extra.size,name\nC,2,Cup\n", &both).unwrap();
        assert_eq!((report.updated, products(app)[2].name.as_str()), (1, "Cup"), "{report:#?}");

        for (key, part) in
            [("extra.budget", "more than one value"), ("extra.tags", "more than one"), ("extra.x", "no such")]
        {
            let error = import(app, "shop.product", text.as_bytes(), &keyed(csv(), &[key])).unwrap_err();
            assert_eq!(error.code(), "exchange.key", "{error:?}");
            assert!(error.message().contains(part), "{error:?}");
        }
    });
}

#[test]
fn tables_of_others_are_imported_by_their_own_keys() {
    each(|app| {
        import(app, "shop.old_item", b"number,title\n7,Seven\n9,Nine\n", &csv()).unwrap();
        let options = keyed(skipping(csv()), &["number"]);
        let report = import(app, "shop.old_item", b"number,title\n7,Sieben\n8,Acht\n9,Nine\nx,X\n", &options).unwrap();
        let counts = (report.inserted, report.updated, report.unchanged, report.refused);
        assert_eq!(counts, (1, 1, 1, 1), "{}: {report:?}", app.kind());
        let other =
            import(app, "shop.old_item", b"title,number\nAcht,9\n", &keyed(skipping(csv()), &["title"])).unwrap();
        assert_eq!(places(&other.errors), [(2, "number", "9", "key")]);
        let bytes = export(app, "shop.old_item", &ExportOptions::new(Format::Csv));
        let mut lines: Vec<_> = std::str::from_utf8(&bytes).unwrap().lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["7,Sieben", "8,Acht", "9,Nine", "number,title"]);
    });
}

#[test]
fn the_database_counts_what_becomes_many() {
    each(|app| {
        let rows: String = (0..4_096).map(|i| format!("B-{i},Brand {i}\n")).collect();
        import(app, "shop.brand", format!("code,name\n{rows}").as_bytes(), &keyed(skipping(csv()), &["code"])).unwrap();
        if app.work().database().backend() == Backend::Sqlite {
            return;
        }
        let counted = app.work().read_blocking(|tx| {
            let count = diesel::dsl::sql::<diesel::sql_types::Float>(
                "(SELECT reltuples FROM pg_class WHERE oid = 'shop_brands'::regclass)",
            );
            Ok(diesel::select(count).get_result::<f32>(tx.unscoped("how many the planner knows of")).unwrap())
        });
        assert_eq!(counted.unwrap(), 4_096.0);
    });
}
