//! A shop of the same shape, with every irregularity once.

use std::fmt::Write as _;
use std::io::Write as _;

use tempfile::TempDir;

/// The columns.
const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

/// Three days: lines of one invoice apart from each other, one of them twice; guests; postage alone; goods that come
/// back before they were ever sold; prices of zero, below it and below a penny; a sale of less than nothing.
pub(crate) const LINES: &str = "\
536365,85123A,\"HEART, WHITE\",6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom
536366,POST,POSTAGE,1,2010-12-01 08:28:00,18.00,12583,France
536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom
536367,85123A,,2,2010-12-01 09:00:00,2.95,,EIRE
536368,71053,damages,-4,2010-12-01 09:10:00,0,,United Kingdom
536369,PADS,PADS TO MATCH,1,2010-12-01 09:20:00,0.001,17850,United Kingdom
C536370,71053,WHITE METAL LANTERN,-2,2010-12-02 10:00:00,3.39,17850,United Kingdom
C536370,D,Discount,-1,2010-12-02 10:00:00,5,17850,United Kingdom
A536371,B,Adjust bad debt,1,2010-12-02 10:01:00,11062.06,,United Kingdom
A536372,B,Adjust bad debt,1,2010-12-02 10:02:00,-11062.06,,United Kingdom
C536373,22423,CAKESTAND,-1,2010-12-02 11:00:00,12.75,,EIRE
536374,22423,CAKESTAND,3,2010-12-03 11:00:00,10.95,13000,EIRE
536375,22423,CAKESTAND,-1,2010-12-03 12:00:00,10.95,13000,EIRE
";

/// A folder with these lines.
pub(crate) fn folder(lines: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("online_retail.csv"), format!("{HEADER}{lines}")).unwrap();
    folder
}

/// The same, packed as it is published.
pub(crate) fn packed(lines: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("online_retail.csv.gz")).unwrap();
    let mut packing = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packing.write_all(HEADER.as_bytes()).unwrap();
    packing.write_all(lines.as_bytes()).unwrap();
    packing.finish().unwrap();
    folder
}

/// The lines of `days` days with four invoices of three lines each, one of which comes back the day after.
pub(crate) fn weeks(days: u32) -> String {
    let mut lines = String::new();
    for day in 0..days {
        let at = format!("2011-{:02}-{:02} 09:00:00", day / 28 + 1, day % 28 + 1);
        for invoice in 0..4 {
            let number = 500_000 + day * 10 + invoice;
            for product in 0..3 {
                let code = 20_000 + (day + invoice * 3 + product) % 17;
                writeln!(lines, "{number},{code},THING {code},{},{at},1.25,1300{invoice},EIRE", product + 1).unwrap();
            }
        }
        let code = 20_000 + day % 17;
        writeln!(lines, "C{},{code},THING {code},-1,{at},1.25,13000,EIRE", 500_009 + day * 10).unwrap();
    }
    lines
}
