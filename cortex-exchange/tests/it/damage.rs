//! Damaged files: each is refused as a whole or row by row, and says where.

use cortex_exchange::{Format, ImportOptions, ROW_BYTES_MAX};

use crate::shop::{brands, csv, each, import, skipping};

/// What comes of a file: the code of its refusal, or the lines that are refused.
#[derive(Debug, PartialEq)]
enum Comes {
    Refused(&'static str, &'static str),
    Rows(u64, &'static [u64]),
}

#[track_caller]
fn check(options: &ImportOptions, bytes: &[u8], expected: &Comes) {
    each(|app| {
        let found = import(app, "shop.brand", bytes, options);
        match (found, expected) {
            (Err(error), Comes::Refused(code, part)) => {
                assert_eq!(error.code(), *code, "{}: {error:?}", app.kind());
                assert!(error.message().contains(part), "{error:?}");
                assert!(error.help().is_some(), "{error:?}");
                assert!(brands(app).is_empty());
            }
            (Ok(report), Comes::Rows(inserted, refused)) => {
                let lines: Vec<u64> = report.errors.iter().map(|error| error.line).collect();
                assert_eq!((report.inserted, lines.as_slice()), (*inserted, *refused), "{report:#?}");
            }
            (found, expected) => panic!("{}: expected {expected:?}, found {found:#?}", app.kind()),
        }
    });
}

fn csv_skipping() -> ImportOptions {
    skipping(csv())
}

fn jsonl() -> ImportOptions {
    skipping(ImportOptions::new(Format::Jsonl))
}

#[test]
fn other_encodings_are_refused_with_their_place() {
    check(
        &csv_skipping(),
        b"code,name\nA,a\nB,M\xfcller\n",
        &Comes::Refused("exchange.encoding", "line 3, character 4"),
    );
    check(&csv_skipping(), b"\xff\xfec\0o\0", &Comes::Refused("exchange.encoding", "UTF-16"));
    check(&jsonl(), b"{\"code\":\"A\",\"name\":\"\xe4\"}\n", &Comes::Refused("exchange.encoding", "line 1"));
    check(&csv_skipping(), "\u{feff}code,name\nA,ä\n".as_bytes(), &Comes::Rows(1, &[]));
}

#[test]
fn rows_that_lack_cells_or_have_more_are_refused() {
    check(&csv_skipping(), b"code,name\nA\nB,b\nC,c,d\nD,d,\n", &Comes::Rows(2, &[2, 4]));
    check(&csv_skipping(), b"code,name\r\nA,a\r\n\r\nB,b", &Comes::Rows(2, &[]));
    check(&csv_skipping(), b"code,name\n", &Comes::Rows(0, &[]));
    check(&csv_skipping(), b"\n\n", &Comes::Refused("exchange.header", "empty"));
    check(&csv_skipping(), b"code,,name\n", &Comes::Refused("exchange.header", "column 2"));
    check(&csv_skipping(), b"code,name\nA,\"a\nB,b\n", &Comes::Rows(1, &[]));
    check(&csv_skipping(), b"PK\x03\x04zip", &Comes::Refused("exchange.mapping", "no field"));
}

#[test]
fn a_quote_that_is_not_closed_does_not_swallow_the_memory() {
    let mut bytes = b"code,name\nA,\"".to_vec();
    bytes.resize(bytes.len() + 2 * ROW_BYTES_MAX, b'x');
    check(&csv_skipping(), &bytes, &Comes::Refused("exchange.file", "line 2"));
    let mut bytes = b"{\"code\":\"A\"}\n{\"code\":\"".to_vec();
    bytes.resize(bytes.len() + 2 * ROW_BYTES_MAX, b'x');
    check(&jsonl(), &bytes, &Comes::Refused("exchange.file", "line 2"));
}

#[test]
fn lines_that_are_no_objects_are_refused() {
    let text = "{\"code\":\"A\",\"name\":\"a\"}\n{\"code\":\n[1]\n\"x\"\n{\"code\":\"B\",\"name\":\"b\"}x\n{\"code\":7,\"name\":\"b\"}\n";
    check(&jsonl(), text.as_bytes(), &Comes::Rows(1, &[2, 3, 4, 5, 6]));
    let deep = format!("{{\"code\":{}}}\n", "[".repeat(100_000));
    check(&jsonl(), deep.as_bytes(), &Comes::Rows(0, &[1]));
    check(&jsonl(), b"", &Comes::Rows(0, &[]));
}

/// A file in a format that is not text, as an export writes it, cut off and bent in many places: it is refused or
/// read, and the process lives on.
#[cfg(any(feature = "xlsx", feature = "parquet"))]
fn bend(format: Format) {
    use crate::shop::{export, import};
    each(|app| {
        let mut text = "code,name\n".to_owned();
        (0..50).for_each(|i| text.push_str(&format!("{i},name {i}\n")));
        import(app, "shop.brand", text.as_bytes(), &csv()).unwrap();
        let whole = export(app, "shop.brand", &cortex_exchange::ExportOptions::new(format));
        let options = ImportOptions { dry_run: true, ..skipping(ImportOptions::new(format)) };
        assert_eq!(import(app, "shop.brand", &whole, &options).unwrap().refused, 50, "all are there already");
        let mut refused = 0;
        let places = (0..whole.len()).step_by((whole.len() / 60).max(1));
        for at in places.clone() {
            let cut = import(app, "shop.brand", &whole[..at], &options).unwrap_err();
            assert!(matches!(cut.code(), "exchange.file" | "exchange.header" | "exchange.mapping"), "{at}: {cut:?}");
            let mut bent = whole.clone();
            bent[at] ^= 0x55;
            refused += usize::from(import(app, "shop.brand", &bent, &options).is_err());
        }
        assert!(refused > 0, "{}", app.kind());
        for other in [b"code,name\nA,a\n".as_slice(), b"", b"PK\x03\x04", b"PAR1PAR1"] {
            let error = import(app, "shop.brand", other, &options).unwrap_err();
            assert_eq!(error.code(), "exchange.file", "{error:?}");
        }
    });
}

#[cfg(feature = "xlsx")]
#[test]
fn damaged_workbooks_are_refused() {
    bend(Format::Xlsx);
}

#[cfg(feature = "parquet")]
#[test]
fn damaged_parquet_files_are_refused() {
    bend(Format::Parquet);
}
