//! Apache Parquet: flat columns of any type that has a text.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cortex_core::{Date, Decimal, Timestamp, ToSpan};
use parquet::data_type::Decimal as Stored;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;
use serde_json::Value as Json;

use super::{Cell, Counter, Line, ROW_BYTES_MAX, Reader, header};
use crate::error::ExchangeError;
use crate::report::RowError;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// A Parquet file being read. Its rows are numbered like lines after a header.
pub(super) struct Rows {
    rows: RowIter<'static>,
    columns: Vec<String>,
    row: u64,
    of: u64,
    length: u64,
    read: Counter,
}

impl Rows {
    pub(super) fn open(file: File, length: u64, read: &Counter) -> Result<Self, ExchangeError> {
        let opened = guarded(move || {
            let reader = SerializedFileReader::new(file).map_err(|error| damaged(&error))?;
            let meta = reader.metadata().file_metadata();
            let names = meta.schema().get_fields().iter().map(|field| field.name().to_owned()).collect::<Vec<_>>();
            let of = u64::try_from(meta.num_rows()).unwrap_or_default();
            Ok((names, of, reader))
        });
        let (names, of, reader) = opened?;
        let columns = header(names)?;
        let rows = guarded(move || Ok(RowIter::from_file_into(Box::new(reader))))?;
        Ok(Self { rows, columns, row: 0, of, length, read: read.clone() })
    }
}

impl Reader for Rows {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self) -> Result<Option<Line>, ExchangeError> {
        let rows = &mut self.rows;
        let next = guarded(move || rows.next().transpose().map_err(|error| damaged(&error)));
        let Some(row) = next? else { return Ok(None) };
        self.row += 1;
        self.read.set(self.length.saturating_mul(self.row).checked_div(self.of).unwrap_or_default());
        let number = self.row + 1;
        let mut line = Line { number, ..Line::default() };
        for (index, (name, field)) in row.get_column_iter().enumerate() {
            match cell(field) {
                Ok(cell) => {
                    line.size += cell.shown().len();
                    line.cells.push((index, cell));
                }
                Err(message) => line.problem = Some(RowError::new(number, "type", message).at(name)),
            }
        }
        if line.size > ROW_BYTES_MAX { Err(ExchangeError::LongRow { line: number }) } else { Ok(Some(line)) }
    }
}

fn damaged(error: &parquet::errors::ParquetError) -> ExchangeError {
    ExchangeError::Damaged { reason: error.to_string() }
}

/// The parser panics at some damaged files, which are no reason for the process to end.
fn guarded<R>(part: impl FnOnce() -> Result<R, ExchangeError>) -> Result<R, ExchangeError> {
    let reason = || "the Parquet file can't be understood".to_owned();
    catch_unwind(AssertUnwindSafe(part)).unwrap_or_else(|_| Err(ExchangeError::Damaged { reason: reason() }))
}

fn cell(field: &Field) -> Result<Cell, String> {
    let too_large = || "holds a value that is too large".to_owned();
    Ok(match field {
        Field::Null => Cell::Json(Json::Null),
        Field::Bool(value) => Cell::Json(Json::Bool(*value)),
        Field::Str(text) => Cell::Raw(text.clone()),
        Field::Bytes(bytes) => {
            let text = std::str::from_utf8(bytes.data()).map_err(|_| "holds bytes that are no text".to_owned())?;
            Cell::Raw(text.to_owned())
        }
        Field::Decimal(stored) => Cell::Raw(decimal(stored).ok_or_else(too_large)?.to_string()),
        Field::Date(days) => {
            let day = EPOCH.checked_add(days.days()).map_err(|_| too_large())?;
            Cell::Raw(day.to_string())
        }
        Field::TimestampMillis(at) => Cell::Raw(Timestamp::from_millisecond(*at).map_err(|_| too_large())?.to_string()),
        Field::TimestampMicros(at) => Cell::Raw(Timestamp::from_microsecond(*at).map_err(|_| too_large())?.to_string()),
        Field::Byte(v) => Cell::Raw(v.to_string()),
        Field::Short(v) => Cell::Raw(v.to_string()),
        Field::Int(v) => Cell::Raw(v.to_string()),
        Field::Long(v) => Cell::Raw(v.to_string()),
        Field::UByte(v) => Cell::Raw(v.to_string()),
        Field::UShort(v) => Cell::Raw(v.to_string()),
        Field::UInt(v) => Cell::Raw(v.to_string()),
        Field::ULong(v) => Cell::Raw(v.to_string()),
        Field::Float(v) => Cell::Raw(v.to_string()),
        Field::Double(v) => Cell::Raw(v.to_string()),
        _ => return Err("holds a list, a group or another type that no field can take".to_owned()),
    })
}

fn decimal(stored: &Stored) -> Option<Decimal> {
    let bytes = stored.data();
    let start = bytes.len().saturating_sub(16);
    let fill = if bytes.first().is_some_and(|first| *first >= 0x80) { 0xFF } else { 0 };
    if bytes.get(..start)?.iter().any(|byte| *byte != fill) {
        return None;
    }
    let mut whole = [fill; 16];
    let tail = bytes.get(start..)?;
    whole.get_mut(16 - tail.len()..)?.copy_from_slice(tail);
    let scale = u32::try_from(stored.scale()).ok()?;
    Decimal::try_from_i128_with_scale(i128::from_be_bytes(whole), scale).ok()
}
