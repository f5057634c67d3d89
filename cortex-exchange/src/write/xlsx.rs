//! Excel workbooks: one sheet, its first row the header. Rows go to a temporary file, so that memory stays flat.

use std::io::Write;

use cortex_core::{Decimal, Error, Result};
use cortex_data::Value;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::{Record, Writer, text, unwritten, wrong_record};
use crate::column::{Columns, Holds};
use crate::escape::escape;
use crate::template::Hint;

/// Numbers of so many digits are the same in a spreadsheet.
const DIGITS_EXACT: u32 = 15;
/// The first day that spreadsheets and the calendar agree on.
const FIRST_YEAR: i16 = 1901;

/// A workbook being written.
pub(super) struct Sheet<'a> {
    sink: &'a mut (dyn Write + Send),
    book: Workbook,
    holds: Vec<Holds>,
    row: u32,
    date: Format,
}

impl<'a> Sheet<'a> {
    pub(super) fn begin(sink: &'a mut (dyn Write + Send), columns: &Columns) -> Result<Self> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory();
        for (column, place) in columns.all.iter().zip(0..) {
            sheet.write_string(0, place, &column.name).map_err(refused)?;
        }
        let holds = columns.all.iter().map(|column| column.holds).collect();
        Ok(Self { sink, book, holds, row: 0, date: Format::new().set_num_format("yyyy-mm-dd") })
    }
}

fn refused(error: XlsxError) -> Error {
    let what = match &error {
        XlsxError::RowColumnLimitError => "a sheet has at most 1,048,576 rows",
        XlsxError::MaxStringLengthExceeded => "a cell of a sheet holds at most 32,767 characters",
        _ => return unwritten(error),
    };
    Error::invalid("exchange.sheet", what).with_source(error).with_help("filter the records, or take another format")
}

impl Writer for Sheet<'_> {
    fn write(&mut self, record: Record) -> Result<()> {
        let Record::Values(values) = record else { return Err(wrong_record()) };
        self.row += 1;
        let (row, date) = (self.row, &self.date);
        let sheet = self.book.worksheet_from_index(0).map_err(refused)?;
        for ((value, holds), place) in values.iter().zip(&self.holds).zip(0_u16..) {
            let written = match value {
                Value::Null(_) => continue,
                Value::Bool(value) => sheet.write_boolean(row, place, *value),
                _ => match (number(value), day(value), text(value)) {
                    (Some(number), ..) => sheet.write_number(row, place, number),
                    (_, Some(day), _) => sheet.write_datetime_with_format(row, place, day, date),
                    (.., Some(text)) if *holds == Holds::Text => sheet.write_string(row, place, escape(&text)),
                    (.., Some(text)) => sheet.write_string(row, place, text),
                    _ => continue,
                },
            };
            written.map_err(refused)?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<()> {
        self.book.save_to_writer(&mut *self.sink).map_err(refused)
    }
}

/// The number that a spreadsheet keeps exactly.
fn number(value: &Value) -> Option<f64> {
    let decimal = match value {
        Value::Int(number) => Decimal::from(*number),
        Value::BigInt(number) => Decimal::from(*number),
        Value::Fixed(number) => *number,
        Value::Fine(number) => number.to_decimal(),
        _ => return None,
    };
    let exact = decimal.normalize().mantissa().unsigned_abs() < 10_u128.pow(DIGITS_EXACT);
    exact.then(|| decimal.to_string().parse().ok()).flatten()
}

fn day(value: &Value) -> Option<ExcelDateTime> {
    let Value::Day(day) = value else { return None };
    let (year, month, day) = (day.year(), day.month(), day.day());
    let year = (year >= FIRST_YEAR).then_some(year)?;
    ExcelDateTime::from_ymd(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// Writes an empty sheet to fill in, and one that says what goes into its columns.
pub(crate) fn template(sink: &mut (dyn Write + Send), hints: &[Hint]) -> Result<()> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    for (hint, place) in hints.iter().zip(0..) {
        sheet.write_string_with_format(0, place, &hint.name, &bold).map_err(refused)?;
    }
    let about = book.add_worksheet().set_name("fields").map_err(refused)?;
    for (title, place) in ["column", "holds", "required", "rules"].into_iter().zip(0..) {
        about.write_string_with_format(0, place, title, &bold).map_err(refused)?;
    }
    for (hint, row) in hints.iter().zip(1..) {
        let required = if hint.required { "yes" } else { "no" };
        for (text, place) in [hint.name.as_str(), &hint.holds, required, &hint.rules].into_iter().zip(0..) {
            if !text.is_empty() {
                about.write_string(row, place, escape(text)).map_err(refused)?;
            }
        }
    }
    book.save_to_writer(sink).map_err(refused)
}
