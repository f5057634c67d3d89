//! Workbooks as people make them: dates, numbers, booleans, several sheets, formulas that failed.
#![cfg(feature = "xlsx")]

use cortex_exchange::{Exchange, ExportOptions, Format, ImportOptions};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};

use crate::shop::{each, export, import, mapped, places, products, skipping};

fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("cover").unwrap().write_string(0, 0, "nothing here").unwrap();
    let sheet = book.add_worksheet().set_name("articles").unwrap();
    for (title, place) in ["SKU", "Title", "Price", "On sale", "Rank", "Made", "Kind"].into_iter().zip(0..) {
        sheet.write_string(0, place, title).unwrap();
    }
    let date = Style::new().set_num_format("dd/mm/yyyy");
    let rows = [
        (1, "Anvil", 12.5, true, 7.0, "goods"),
        (2, "=Bolt", 0.1, false, 1.0, "service"),
        (4, "Cup", 3.0, true, 2.5, "goods"),
    ];
    for (row, name, price, active, rank, kind) in rows {
        // A number in a column of texts, as people type article numbers.
        sheet.write_number(row, 0, 1000.0 + f64::from(row)).unwrap();
        sheet.write_string(row, 1, name).unwrap();
        sheet.write_number(row, 2, price).unwrap();
        sheet.write_boolean(row, 3, active).unwrap();
        sheet.write_number(row, 4, rank).unwrap();
        sheet.write_datetime_with_format(row, 5, ExcelDateTime::from_ymd(2026, 2, 28).unwrap(), &date).unwrap();
        sheet.write_string(row, 6, kind).unwrap();
    }
    sheet.write_formula(5, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    book.save_to_buffer().unwrap()
}

fn options() -> ImportOptions {
    let columns = [
        ("SKU", "sku"),
        ("Title", "name"),
        ("Price", "price"),
        ("On sale", "active"),
        ("Rank", "rank"),
        ("Made", "made"),
        ("Kind", "kind"),
    ];
    let options = mapped(ImportOptions::new(Format::Xlsx), &columns, &[("price.currency", "EUR")]);
    ImportOptions { sheet: Some("articles".to_owned()), ..skipping(options) }
}

#[test]
fn a_sheet_is_read_as_people_see_it() {
    each(|app| {
        let report = import(app, "shop.product", &book(), &options()).unwrap();
        assert_eq!((report.inserted, report.lines), (2, report.refused + 2), "{}: {report:#?}", app.kind());
        let all = products(app);
        assert_eq!((all[0].sku.as_str(), all[0].price.to_string().as_str()), ("1001", "12.50 EUR"));
        assert_eq!((all[0].made.unwrap().to_string().as_str(), all[0].active, all[0].rank), ("2026-02-28", true, 7));
        assert_eq!((all[1].name.as_str(), all[1].price.to_string().as_str()), ("=Bolt", "0.10 EUR"));
        assert!(places(&report.errors).contains(&(5, "Rank", "2.5", "type")), "{:#?}", report.errors);
        let other = ImportOptions { sheet: Some("none".to_owned()), ..options() };
        let error = import(app, "shop.product", &book(), &other).unwrap_err();
        assert!(error.message().contains("cover, articles"), "{error:?}");
    });
}

#[test]
fn an_exported_workbook_has_numbers_dates_and_marked_texts() {
    use calamine::{Data, Reader, Xlsx};
    each(|app| {
        import(app, "shop.product", &book(), &options()).unwrap();
        let bytes = export(
            app,
            "shop.product",
            &ExportOptions { sort: Some("sku".to_owned()), ..ExportOptions::new(Format::Xlsx) },
        );
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("Sheet1").unwrap();
        let column = |name: &str| range.headers().unwrap().iter().position(|title| title == name).unwrap();
        let cell = |row: usize, name: &str| range.get((row, column(name))).unwrap().clone();
        assert_eq!((cell(1, "price"), cell(1, "active")), (Data::Float(12.5), Data::Bool(true)), "{}", app.kind());
        assert!(matches!(cell(1, "made"), Data::DateTime(_)), "{:?}", cell(1, "made"));
        assert_eq!(cell(2, "name"), Data::String("'=Bolt".to_owned()));
    });
}

#[test]
fn a_template_says_what_goes_into_its_columns() {
    use calamine::{Reader, Xlsx};
    each(|app| {
        let mut bytes = Vec::new();
        Exchange::default().template(&app.work(), "shop.product", &mut bytes, Format::Xlsx).unwrap();
        let report = import(app, "shop.product", &bytes, &ImportOptions::new(Format::Xlsx)).unwrap();
        assert_eq!(report.lines, 0, "an empty template imports nothing");
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let hints = book.worksheet_range("fields").unwrap();
        let texts: Vec<String> =
            hints.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")).collect();
        assert!(texts.contains(&"sku|text|yes|unique, at most 40 characters".to_owned()), "{texts:#?}");
        assert!(texts.contains(&"kind|one of goods, service|yes|".to_owned()), "{texts:#?}");
    });
}

#[test]
fn a_bomb_is_refused_before_it_is_read() {
    use std::io::{Cursor, Write};
    use zip::write::SimpleFileOptions;
    each(|app| {
        // One part of 16 MiB, and nineteen copies of it: some hundred KiB that unpack to 320 MiB.
        let mut one = zip::ZipWriter::new(Cursor::new(Vec::new()));
        one.start_file("part", SimpleFileOptions::default()).unwrap();
        one.write_all(&vec![b' '; 16 << 20]).unwrap();
        let mut one = zip::ZipArchive::new(one.finish().unwrap()).unwrap();
        let mut bomb = zip::ZipWriter::new_append(Cursor::new(book())).unwrap();
        for copy in 0..20 {
            bomb.raw_copy_file_rename(one.by_index(0).unwrap(), format!("xl/media/{copy}")).unwrap();
        }
        let bytes = bomb.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        let error = import(app, "shop.product", &bytes, &options()).unwrap_err();
        assert_eq!((error.code(), error.kind()), ("exchange.unpacked", codexion::core::Kind::TooLarge), "{error:?}");
        assert_eq!(error.message(), "the workbook unpacks to more than 256 MiB");
        assert!(products(app).is_empty(), "{}", app.kind());
    });
}
