//! The file, line by line: every value is checked where it is read, and nothing is kept.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use codexion::prelude::{Date, Decimal, Price};
use csv::StringRecord;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::CURRENCY;
use crate::import::ImportError;
use crate::import::error::Column;
use crate::import::source;

/// Its names, as it is published or unpacked.
const NAMES: [&str; 2] = ["online_retail.csv.gz", "online_retail.csv"];

/// Its columns, in any order and with others beside them.
const COLUMNS: [&str; 8] =
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

/// Longest number of an invoice, a product or a customer: ours have room for a word before or behind them.
const KEY_MAX: usize = 30;

/// Longest name of a country.
const COUNTRY_MAX: usize = 34;

/// Longest description of a product.
const DESCRIPTION_MAX: usize = 200;

/// Most pieces of a line, and most pounds for one: far above any line, and their product fits any sum.
const MOST: i64 = 100_000_000;

/// Largest text that is read: twenty times the shop's year, and no bomb.
const UNPACKED_MAX: u64 = 1 << 30;

/// A line of an invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Line {
    pub(super) invoice: String,
    pub(super) code: String,
    pub(super) description: String,
    pub(super) quantity: i64,
    /// Its day and minute, as written.
    pub(super) at: String,
    pub(super) date: Date,
    pub(super) price: Decimal,
    /// None for a guest.
    pub(super) customer: Option<String>,
    pub(super) country: String,
}

impl Line {
    /// What it comes to, with every digit.
    pub(super) fn net(&self) -> Decimal {
        self.price.saturating_mul(Decimal::from(self.quantity))
    }
}

/// Where the lines are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetailFile {
    path: PathBuf,
    /// How many lines it has by the folder's `SOURCE.md`.
    promised: Option<u64>,
}

impl RetailFile {
    /// The file in a folder: `online_retail.csv.gz`, or `online_retail.csv`. Where the folder has a `SOURCE.md` with a
    /// line `Rows: 541909 lines`, so many it must have.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`] when there is neither.
    pub fn within(dir: &Path) -> Result<Self, ImportError> {
        let found = NAMES.iter().map(|name| dir.join(name)).find(|path| path.exists());
        let path = found.ok_or_else(|| ImportError::Unreadable {
            file: dir.display().to_string(),
            why: format!("it holds neither `{}` nor `{}`", NAMES[0], NAMES[1]),
        })?;
        let source = std::fs::read_to_string(dir.join("SOURCE.md")).unwrap_or_default();
        let rows = source.lines().find_map(|line| line.strip_prefix("Rows:"));
        let promised = rows.and_then(|rows| rows.split_whitespace().next()?.parse().ok());
        Ok(Self { path, promised })
    }

    /// What its bytes come to: another file has another one.
    pub(super) fn fingerprint(&self) -> Result<String, ImportError> {
        let (mut file, mut hash) = (self.open()?, Sha256::new());
        io::copy(&mut file, &mut hash).map_err(|e| self.unreadable(&e))?;
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Reads it from its start.
    pub(super) fn lines(&self) -> Result<Lines, ImportError> {
        let (file, name) = (BufReader::new(self.open()?), source::name(&self.path));
        let packed = self.path.extension().is_some_and(|extension| extension == "gz");
        let text: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        let last = Rc::new(Cell::new(b'\n'));
        let text = Watched { inner: text.take(UNPACKED_MAX), last: Rc::clone(&last) };
        let mut reader = csv::Reader::from_reader(text);
        let header = reader.headers().map_err(|e| broken(&name, &e))?.clone();
        let mut columns = [0; COLUMNS.len()];
        for (place, column) in columns.iter_mut().zip(COLUMNS) {
            let found = header.iter().position(|name| name == column);
            let missing = || Column::Field { number: 1, name: column.to_owned() };
            *place = found.ok_or_else(|| source::damaged(&name, 1, missing(), "the column is missing".to_owned()))?;
        }
        let end = End { last, read: 0, promised: self.promised };
        Ok(Lines { name, reader, columns, record: StringRecord::new(), end })
    }

    fn open(&self) -> Result<File, ImportError> {
        File::open(&self.path).map_err(|e| self.unreadable(&e))
    }

    fn unreadable(&self, error: &io::Error) -> ImportError {
        ImportError::Unreadable { file: self.path.display().to_string(), why: error.to_string() }
    }
}

/// The lines of the file, one after the other.
pub(super) struct Lines {
    name: String,
    reader: csv::Reader<Watched>,
    columns: [usize; COLUMNS.len()],
    record: StringRecord,
    end: End,
}

/// What is known of the end of the file.
struct End {
    /// The last byte so far.
    last: Rc<Cell<u8>>,
    /// Lines so far.
    read: u64,
    promised: Option<u64>,
}

/// Remembers the last byte that was read.
struct Watched {
    inner: io::Take<Box<dyn Read>>,
    last: Rc<Cell<u8>>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(last) = read.checked_sub(1).and_then(|last| buffer.get(last)) {
            self.last.set(*last);
        }
        Ok(read)
    }
}

impl Lines {
    /// The next line, or none after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Line>, ImportError> {
        if !self.reader.read_record(&mut self.record).map_err(|e| broken(&self.name, &e))? {
            return self.check_end().map(|()| None);
        }
        self.end.read += 1;
        let at = self.text("InvoiceDate", KEY_MAX)?;
        Ok(Some(Line {
            invoice: self.text("InvoiceNo", KEY_MAX)?,
            code: self.text("StockCode", KEY_MAX)?,
            description: self.value("Description", DESCRIPTION_MAX)?.to_owned(),
            quantity: self.quantity()?,
            date: self.date(&at)?,
            at,
            price: self.price()?,
            customer: Some(self.value("CustomerID", KEY_MAX)?).filter(|text| !text.is_empty()).map(str::to_owned),
            country: self.text("Country", COUNTRY_MAX)?,
        }))
    }

    /// A file that does not end in a whole line, or has fewer than it should, was cut off, even where what is left of
    /// it makes sense.
    fn check_end(&self) -> Result<(), ImportError> {
        let End { last, read, promised } = &self.end;
        let what = match promised {
            _ if last.get() != b'\n' => {
                "the file ends within a line: it is cut off (or only lacks its last line break)".to_owned()
            }
            Some(promised) if promised != read => {
                format!("SOURCE.md promises {promised} lines and there are {read}")
            }
            _ => return Ok(()),
        };
        let line = self.reader.position().line().saturating_sub(u64::from(last.get() == b'\n'));
        Err(ImportError::Damaged { file: self.name.clone(), line, column: Column::Character(1), what })
    }

    /// What is wrong with a value of the line that was read last.
    pub(super) fn wrong(&self, column: &str, what: String) -> ImportError {
        let line = self.record.position().map_or(0, csv::Position::line);
        let place = Column::Field { number: self.index(column) + 1, name: column.to_owned() };
        ImportError::Damaged { file: self.name.clone(), line, column: place, what }
    }

    fn index(&self, column: &str) -> usize {
        let known = COLUMNS.iter().zip(self.columns).find(|(name, _)| **name == column);
        known.map_or(0, |(_, place)| place)
    }

    fn value(&self, column: &str, max: usize) -> Result<&str, ImportError> {
        let value = self.record.get(self.index(column)).unwrap_or_default();
        match value.chars().count() {
            length if length > max => Err(self.wrong(column, format!("{length} characters are more than {max}"))),
            _ => Ok(value),
        }
    }

    fn text(&self, column: &str, max: usize) -> Result<String, ImportError> {
        match self.value(column, max)? {
            "" => Err(self.wrong(column, "the value is missing".to_owned())),
            value => Ok(value.to_owned()),
        }
    }

    fn quantity(&self) -> Result<i64, ImportError> {
        let text = self.value("Quantity", KEY_MAX)?;
        let number = text.parse::<i64>().ok().filter(|number| (-MOST..=MOST).contains(number));
        number.ok_or_else(|| self.wrong("Quantity", format!("`{text}` is not a whole number of pieces")))
    }

    fn price(&self) -> Result<Decimal, ImportError> {
        let text = self.value("UnitPrice", KEY_MAX)?;
        // The parser would take underscores and a plus too.
        let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'));
        let number = text.parse::<Decimal>().ok().filter(|number| plain && number.abs() <= Decimal::from(MOST));
        let exact = number.filter(|number| Price::new(*number, CURRENCY).is_ok());
        exact.ok_or_else(|| self.wrong("UnitPrice", format!("`{text}` is not a price")))
    }

    fn date(&self, at: &str) -> Result<Date, ImportError> {
        let day = at.split(' ').next().and_then(|day| day.parse().ok());
        day.ok_or_else(|| self.wrong("InvoiceDate", format!("`{at}` is not a time like 2010-12-01 08:26:00")))
    }
}

/// A line that is no record, or bytes that are no file.
fn broken(name: &str, error: &csv::Error) -> ImportError {
    let line = error.position().map_or(1, csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::Io(error) => format!("the file can't be unpacked to its end: {error}"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the line has {len} fields and not {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "the line is not UTF-8".to_owned(),
        _ => error.to_string(),
    };
    ImportError::Damaged { file: name.to_owned(), line, column: Column::Character(1), what }
}
