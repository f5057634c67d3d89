//! Damaged files are refused with file, line and column, and nothing is written.

use std::path::Path;

use codexion::prelude::{Filter, Repository};
use cortex_testing::TestApp;
use crm::Party;
use erp::import::{Column, ImportError, NorthwindData};
use erp::modules;
use finance::{Account, Company};

use super::small::{FILES, company};
use super::{folder, records};
use crate::imports::{command, work};

/// Replaces a text that stands once in a file.
fn damage(dir: &Path, file: &str, from: &str, to: &[u8]) {
    let path = dir.join(file);
    let bytes = std::fs::read(&path).unwrap();
    let found: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from.as_bytes())).collect();
    let [at] = found[..] else { panic!("{from:?} stands {} times in {file}", found.len()) };
    std::fs::write(&path, [&bytes[..at], to, &bytes[at + from.len()..]].concat()).unwrap();
}

#[track_caller]
fn check(file: &str, from: &str, to: &str, expected: &str) {
    check_bytes(file, from, to.as_bytes(), expected);
}

#[track_caller]
fn check_bytes(file: &str, from: &str, to: &[u8], expected: &str) {
    let folder = company();
    damage(folder.path(), file, from, to);
    assert_eq!(NorthwindData::read(folder.path()).unwrap_err().to_string(), expected);
}

#[test]
fn columns_that_are_missing_or_stand_twice() {
    check("orders.csv", "Freight", "freight", "orders.csv, line 1, column 8 `Freight`: the column is missing");
    check("products.csv", "UnitPrice,", "", "products.csv, line 1, column 6 `UnitPrice`: the column is missing");
    check("region.csv", "1,Eastern", "1,East,ern", "region.csv, line 2, column 3 ``: the line has 3 fields and not 2");
    check("shippers.csv", "Phone", "ShipperID", "shippers.csv, line 1, column 1 `ShipperID`: the column stands twice");
    check(
        "region.csv",
        "RegionID,RegionDescription\r\n1,Eastern\r\n",
        "",
        "region.csv, line 1, column 1: the file is empty",
    );
}

#[test]
fn numbers_and_dates() {
    let details = |what: &str| format!("order_details.csv, line 3, {what}");
    check("order_details.csv", "15.2,", "15..2,", &details("column 3 `UnitPrice`: `15..2` is not a number"));
    check("order_details.csv", "15.2,", "1_5.2,", &details("column 3 `UnitPrice`: `1_5.2` is not a number"));
    check("order_details.csv", "15.2,", "-15.2,", &details("column 3 `UnitPrice`: `-15.2` is below zero"));
    check("order_details.csv", "15.2,2", "15.2,2.5", &details("column 4 `Quantity`: `2.5` is not a whole number"));
    check("order_details.csv", "15.2,2", "15.2,0", &details("column 4 `Quantity`: nothing was ordered"));
    check("order_details.csv", "15.2,2", "15.2,", &details("column 4 `Quantity`: `` is not a number"));
    check(
        "order_details.csv",
        ",0.25",
        ",1.25",
        &details("column 5 `Discount`: `1.25` is not a share between 0 and 1"),
    );
    check(
        "orders.csv",
        "2.75",
        "2.755",
        "orders.csv, line 3, column 8 `Freight`: `2.755` has more digits than an amount in USD can keep",
    );
    let date = "orders.csv, line 2, column 4 `OrderDate`: `1996-07-34` is not a date like 1996-07-04";
    check("orders.csv", "1996-07-04", "1996-07-34", date);
    let early = "orders.csv, line 2, column 6 `ShippedDate`: 1996-07-01 is before the day of the order, 1996-07-04";
    check("orders.csv", "1996-07-16", "1996-07-01", early);
    check("products.csv", "25,1", "25,2", "products.csv, line 3, column 10 `Discontinued`: `2` is neither 0 nor 1");
}

#[test]
fn references_to_nothing_and_keys_that_stand_twice() {
    let customer = "orders.csv, line 3, column 2 `CustomerID`: `ANATX` is not in customers.csv";
    check("orders.csv", "ANATR", "ANATX", customer);
    let product = "order_details.csv, line 4, column 2 `ProductID`: `9` is not in products.csv";
    check("order_details.csv", "10249,2", "10249,9", product);
    let order = "order_details.csv, line 4, column 1 `OrderID`: `10349` is not in orders.csv";
    check("order_details.csv", "10249", "10349", order);
    check("orders.csv", "ALFKI,2", "ALFKI,7", "orders.csv, line 4, column 3 `EmployeeID`: `7` is not in employees.csv");
    check(
        "employees.csv",
        "Steven,2",
        "Steven,3",
        "employees.csv, line 3, column 4 `ReportsTo`: `3` is not in employees.csv",
    );
    check(
        "territories.csv",
        "Wilton,1",
        "Wilton,2",
        "territories.csv, line 2, column 3 `RegionID`: `2` is not in region.csv",
    );
    check("products.csv", "\r\n2,", "\r\n1,", "products.csv, line 3, column 1 `ProductID`: `1` stands twice");
    let twice = "order_details.csv, line 3, column 2 `ProductID`: `1` stands twice in the order `10248`";
    check("order_details.csv", "10248,2", "10248,1", twice);
    let empty = "orders.csv, line 4, column 1 `OrderID`: the order `10250` has no lines in order_details.csv, which may \
                 be cut off";
    check(
        "order_details.csv",
        "10250",
        "10249",
        "order_details.csv, line 5, column 2 `ProductID`: `2` stands twice in the order `10249`",
    );
    check("order_details.csv", "10250,2", "10249,1", empty);
}

#[test]
fn bytes_that_are_no_utf8() {
    let latin = "customers.csv, line 3, column 5 `Address`: byte 47 of the line (0xF3) is not UTF-8";
    check_bytes("customers.csv", "ó", b"\xF3", latin);
    let wide: Vec<u8> = FILES[0].1.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = [b"\xFF\xFE".as_slice(), &wide].concat();
    let folder = company();
    std::fs::write(folder.path().join("categories.csv"), wide).unwrap();
    let found = NorthwindData::read(folder.path()).unwrap_err().to_string();
    assert!(found.starts_with("categories.csv, line 1, column 1 "), "{found}");
    assert!(found.ends_with("byte 1 of the line (0xFF) is not UTF-8"), "{found}");
    // A byte order mark is no damage.
    damage(company().path(), "region.csv", "RegionID,RegionDescription", b"\xEF\xBB\xBFRegionID,RegionDescription");
}

/// Wherever a file is cut off, and whichever byte of it is replaced by one that is no text.
#[test]
fn every_cut_and_every_bad_byte_is_found_in_its_file() {
    let folder = company();
    for (name, text) in FILES {
        let file = format!("{name}.csv");
        let path = folder.path().join(&file);
        for at in 0..text.len() {
            std::fs::write(&path, &text.as_bytes()[..at]).unwrap();
            let cut = NorthwindData::read(folder.path());
            assert!(cut.is_err(), "{file} cut off after {at} bytes was read");
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = 0xFF;
            std::fs::write(&path, &bytes).unwrap();
            let line = u64::try_from(text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count()).unwrap() + 1;
            let Err(ImportError::Damaged { file: found, line: at_line, column: Column::Field { .. }, .. }) =
                NorthwindData::read(folder.path())
            else {
                panic!("{file} with a bad byte {at} was read")
            };
            assert_eq!((found, at_line), (file.clone(), line));
        }
        std::fs::write(&path, text).unwrap();
    }
    NorthwindData::read(folder.path()).unwrap();
}

#[test]
fn cut_off_in_the_middle() {
    let cut = |file: &str, from: &str| {
        let folder = company();
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.split_once(from).unwrap().0).unwrap();
        NorthwindData::read(folder.path()).unwrap_err().to_string()
    };
    assert_eq!(
        cut("orders.csv", "Alfreds,Obere Str. 57,Berlin,,12209,Germany\r\n10249"),
        "orders.csv, line 2, column 10 `ShipAddress`: the line has 9 fields and not 14"
    );
    assert_eq!(
        cut("orders.csv", "y\r\n10249"),
        "orders.csv, line 2, column 14 `ShipCountry`: the file ends within a line: it is cut off (or only lacks its last \
         line break)"
    );
    assert_eq!(
        cut("order_details.csv", "10250"),
        "order_details.csv, line 4, column 1 `OrderID`: SOURCE.md promises 4 rows and there are 3"
    );
}

/// Each damage that the command is known for, in the files of the whole company.
#[test]
fn nothing_is_written_from_a_folder_with_a_damaged_file() {
    let app = TestApp::new(modules);
    let small = company();
    let test = "nothing_is_written_from_a_folder_with_a_damaged_file (whole company)";
    let sources = [Some((small.path().to_owned(), "10249,2,19.01")), folder(test).map(|dir| (dir, "10249,14,18.6"))];
    for (dir, line) in sources.into_iter().flatten() {
        let damages: [(&str, &str, &str, Vec<u8>); 5] = [
            ("missing column", "orders.csv", "ShipVia,", Vec::new()),
            ("bad number", "order_details.csv", line, format!("{line}x").into_bytes()),
            ("unknown customer", "customers.csv", "\nANATR,", b"\nANOTR,".to_vec()),
            ("cut off", "orders.csv", "10250,", b"\0".to_vec()),
            ("wrong encoding", "customers.csv", "la Constituci\u{f3}n", b"la Constituci\xF3n".to_vec()),
        ];
        for (what, file, from, to) in damages {
            let copy = tempfile::tempdir().unwrap();
            for entry in std::fs::read_dir(&dir).unwrap().map(Result::unwrap) {
                std::fs::write(copy.path().join(entry.file_name()), std::fs::read(entry.path()).unwrap()).unwrap();
            }
            damage(copy.path(), file, from, &to);
            if what == "cut off" {
                let bytes = std::fs::read(copy.path().join(file)).unwrap();
                let at = bytes.iter().position(|byte| *byte == 0).unwrap();
                std::fs::write(copy.path().join(file), &bytes[..at + 1]).unwrap();
            }
            let refused = command(&app, &["northwind", copy.path().to_str().unwrap()]).unwrap_err();
            assert_eq!(refused.code(), "import.damaged", "{what}: {refused:?}");
            for place in [".csv, line ", ", column "] {
                assert!(refused.message().contains(place), "{what}: {refused:?}");
            }
            assert!(refused.help().unwrap().starts_with("nothing was written"), "{what}: {refused:?}");
        }
    }
    let written = work(&app).read_blocking(|tx| {
        Ok((Company::count(tx, &Filter::All)?, Account::count(tx, &Filter::All)?, Party::count(tx, &Filter::All)?))
    });
    assert_eq!(written.unwrap(), (0, 0, 0));
    assert_eq!(records(&work(&app)), [0; 5]);
}
