//! A table in a CSV file: every value is checked where it is read, and a wrong one is named with its place.

use std::collections::HashSet;
use std::path::Path;

use codexion::prelude::{Currency, Date, Decimal, Money, Price, Quantity, Rate, Unit};
use csv::StringRecord;

use super::error::{Column, ImportError};
use super::source;

/// A table, read as a whole.
#[derive(Debug)]
pub(super) struct Table {
    file: String,
    text: String,
    header: StringRecord,
    rows: Vec<StringRecord>,
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    record: &'a StringRecord,
}

impl Table {
    /// Reads `DIR/file`, which must have these columns, in any order and with others beside them.
    pub(super) fn read(dir: &Path, file: &str, columns: &[&str]) -> Result<Self, ImportError> {
        let bytes = source::read(&dir.join(file))?;
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let names = header_of(&String::from_utf8_lossy(first));
        let text = source::text(file, bytes, |before| field_after(&names, before))?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records();
        let header = match records.next() {
            Some(record) => record.map_err(|e| unequal(file, &text, &names, &e))?,
            None => return Err(source::damaged(file, 1, Column::Character(1), "the file is empty".to_owned())),
        };
        check_header(file, &header, columns)?;
        let rows = records.map(|row| row.map_err(|e| unequal(file, &text, &header, &e))).collect::<Result<_, _>>()?;
        check_end(file, &header, &text)?;
        Ok(Self { file: file.to_owned(), text, header, rows })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { table: self, record })
    }

    /// The values of a column that each stand once.
    pub(super) fn keys(&self, column: &str) -> Result<HashSet<&str>, ImportError> {
        let mut keys = HashSet::new();
        for row in self.rows() {
            let key = row.text(column, 40)?;
            if !keys.insert(key) {
                return Err(row.wrong(column, format!("`{key}` stands twice")));
            }
        }
        Ok(keys)
    }

    /// Holds the number of rows to what was promised of it.
    pub(super) fn promised(&self, promised: Option<usize>) -> Result<(), ImportError> {
        match promised {
            Some(promised) if promised != self.rows.len() => {
                let what = format!("SOURCE.md promises {promised} rows and there are {}", self.rows.len());
                let line = line(&self.text, self.rows.last().and_then(StringRecord::position));
                Err(source::damaged(&self.file, line, self.place(0), what))
            }
            _ => Ok(()),
        }
    }

    fn place(&self, index: usize) -> Column {
        field(&self.header, index)
    }

    fn index(&self, column: &str) -> usize {
        self.header.iter().position(|name| name == column).unwrap_or(0)
    }
}

impl<'a> Row<'a> {
    /// What is wrong with a value of this row.
    pub(super) fn wrong(&self, column: &str, what: String) -> ImportError {
        let line = line(&self.table.text, self.record.position());
        source::damaged(&self.table.file, line, self.table.place(self.table.index(column)), what)
    }

    fn value(&self, column: &str) -> &'a str {
        self.record.get(self.table.index(column)).unwrap_or_default()
    }

    /// A text of at most `max` characters that must be there.
    pub(super) fn text(&self, column: &str, max: usize) -> Result<&'a str, ImportError> {
        let value = self.optional(column, max)?;
        value.ok_or_else(|| self.wrong(column, "the value is missing".to_owned()))
    }

    /// A text of at most `max` characters.
    pub(super) fn optional(&self, column: &str, max: usize) -> Result<Option<&'a str>, ImportError> {
        let value = self.value(column);
        let length = value.chars().count();
        if length > max {
            return Err(self.wrong(column, format!("{length} characters are more than {max}")));
        }
        Ok(Some(value).filter(|value| !value.trim().is_empty()))
    }

    /// A key of another table.
    pub(super) fn reference(&self, column: &str, known: &HashSet<&str>, of: &str) -> Result<&'a str, ImportError> {
        let key = self.text(column, 40)?;
        match known.contains(key) {
            true => Ok(key),
            false => Err(self.wrong(column, format!("`{key}` is not in {of}"))),
        }
    }

    /// A number that is not below zero.
    pub(super) fn number(&self, column: &str) -> Result<Decimal, ImportError> {
        let text = self.value(column);
        // The parser would take underscores and a plus too.
        let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'));
        let number = text.parse::<Decimal>().ok().filter(|_| plain);
        let number = number.ok_or_else(|| self.wrong(column, format!("`{text}` is not a number")))?;
        match number.is_sign_negative() && !number.is_zero() {
            true => Err(self.wrong(column, format!("`{text}` is below zero"))),
            false => Ok(number),
        }
    }

    pub(super) fn whole(&self, column: &str) -> Result<Decimal, ImportError> {
        let number = self.number(column)?;
        match number.fract().is_zero() {
            true => Ok(number),
            false => Err(self.wrong(column, format!("`{number}` is not a whole number"))),
        }
    }

    pub(super) fn flag(&self, column: &str) -> Result<bool, ImportError> {
        match self.value(column) {
            "0" => Ok(false),
            "1" => Ok(true),
            other => Err(self.wrong(column, format!("`{other}` is neither 0 nor 1"))),
        }
    }

    pub(super) fn pieces(&self, column: &str) -> Result<Quantity, ImportError> {
        let number = self.whole(column)?;
        Quantity::new(number, Unit::PIECE).map_err(|e| self.wrong(column, e.to_string()))
    }

    pub(super) fn price(&self, column: &str, currency: Currency) -> Result<Price, ImportError> {
        Price::new(self.number(column)?, currency).map_err(|e| self.wrong(column, e.to_string()))
    }

    /// An amount without fractions of a coin.
    pub(super) fn money(&self, column: &str, currency: Currency) -> Result<Money, ImportError> {
        let number = self.number(column)?;
        Money::exact(number, currency).map_err(|e| self.wrong(column, e.to_string()))
    }

    /// A share between 0 and 1.
    pub(super) fn share(&self, column: &str) -> Result<Rate, ImportError> {
        let number = self.number(column)?;
        match Rate::new(number) {
            Ok(rate) if number <= Decimal::ONE => Ok(rate),
            _ => Err(self.wrong(column, format!("`{number}` is not a share between 0 and 1"))),
        }
    }

    pub(super) fn date(&self, column: &str) -> Result<Date, ImportError> {
        let text = self.text(column, 10)?;
        text.parse().map_err(|_| self.wrong(column, format!("`{text}` is not a date like 1996-07-04")))
    }

    pub(super) fn optional_date(&self, column: &str) -> Result<Option<Date>, ImportError> {
        if self.value(column).is_empty() { Ok(None) } else { self.date(column).map(Some) }
    }
}

fn header_of(line: &str) -> StringRecord {
    line.trim_start_matches('\u{feff}').trim_end().split(',').collect()
}

fn field(header: &StringRecord, index: usize) -> Column {
    let name = header.get(index).unwrap_or_default().to_owned();
    Column::Field { number: index + 1, name }
}

/// The field in which a line goes on after `before`.
fn field_after(header: &StringRecord, before: &[u8]) -> Column {
    let mut quoted = false;
    let mut index = 0;
    for byte in before {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => index += 1,
            _ => {}
        }
    }
    field(header, index)
}

fn check_header(file: &str, header: &StringRecord, columns: &[&str]) -> Result<(), ImportError> {
    for (number, column) in columns.iter().enumerate() {
        let found = header.iter().filter(|name| name == column).count();
        let what = match found {
            1 => continue,
            0 => "the column is missing".to_owned(),
            _ => "the column stands twice".to_owned(),
        };
        let place = Column::Field { number: number + 1, name: (*column).to_owned() };
        return Err(source::damaged(file, 1, place, what));
    }
    Ok(())
}

/// A file that does not end in a whole line was cut off, even where what is left of it makes sense.
fn check_end(file: &str, header: &StringRecord, text: &str) -> Result<(), ImportError> {
    if text.ends_with('\n') {
        return Ok(());
    }
    let last = text.rsplit('\n').next().unwrap_or_default();
    let what = "the file ends within a line: it is cut off (or only lacks its last line break)".to_owned();
    Err(source::damaged(file, text.matches('\n').count() + 1, field_after(header, last.as_bytes()), what))
}

/// The line in which a record begins. The reader's own count lags behind where lines end in two characters.
fn line(text: &str, position: Option<&csv::Position>) -> usize {
    let at = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    let ends = after.bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| *byte == b'\n').count();
    before.matches('\n').count() + ends + 1
}

/// A line with too few or too many fields.
fn unequal(file: &str, text: &str, header: &StringRecord, error: &csv::Error) -> ImportError {
    let line = line(text, error.position());
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let place = usize::try_from(*len.min(expected_len)).unwrap_or(0);
            let what = format!("the line has {len} fields and not {expected_len}");
            source::damaged(file, line, field(header, place), what)
        }
        _ => source::damaged(file, line, Column::Character(1), error.to_string()),
    }
}
