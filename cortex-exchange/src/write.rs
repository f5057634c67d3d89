//! Files of records, whatever their format.

mod csv;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::io::Write;

use cortex_core::{Error, Result};
use cortex_data::Value;
use serde_json::{Map, Value as Json};

use crate::column::Columns;
use crate::error::ExchangeError;
use crate::format::Format;
use crate::options::ExportOptions;

#[cfg(feature = "xlsx")]
pub(crate) use xlsx::template as template_sheet;

/// A record to write: the values of its columns, or the object that clients get.
#[derive(Debug)]
pub(crate) enum Record {
    Values(Vec<Value>),
    Object(Map<String, Json>),
}

/// A file being written.
pub(crate) trait Writer {
    /// Writes one record.
    ///
    /// # Errors
    /// The file can't be written.
    fn write(&mut self, record: Record) -> Result<()>;

    /// Writes the end.
    ///
    /// # Errors
    /// The file can't be written.
    fn end(self: Box<Self>) -> Result<()>;
}

/// Begins a file with its header.
pub(crate) fn begin<'a>(
    sink: &'a mut (dyn Write + Send),
    options: &ExportOptions,
    columns: &Columns,
) -> Result<Box<dyn Writer + 'a>> {
    Ok(match options.format {
        Format::Csv => Box::new(csv::Csv::begin(sink, options, columns)?),
        Format::Jsonl => Box::new(jsonl::JsonLines::new(sink)),
        #[cfg(feature = "xlsx")]
        Format::Xlsx => Box::new(xlsx::Sheet::begin(sink, columns)?),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(parquet::Groups::begin(sink, columns)?),
        #[cfg(not(all(feature = "xlsx", feature = "parquet")))]
        other => return Err(ExchangeError::NotBuilt(other).into()),
    })
}

/// Whether records are written as objects.
pub(crate) fn takes_objects(format: Format) -> bool {
    format == Format::Jsonl
}

/// The error of a file that can't be written.
pub(crate) fn unwritten(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::unavailable("exchange.write", "the file can't be written to its end").with_source(error)
}

/// A value as people write it; `None` where there is none.
pub(crate) fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null(_) => return None,
        Value::Bool(v) => v.to_string(),
        Value::Int(v) => v.to_string(),
        Value::BigInt(v) => v.to_string(),
        Value::Text(v) => v.clone(),
        Value::Guid(v) => v.to_string(),
        Value::Instant(v) => v.to_string(),
        Value::Day(v) => v.to_string(),
        Value::Fixed(v) => v.to_string(),
        Value::Fine(v) => v.to_decimal().to_string(),
        Value::Json(v) => v.to_string(),
        other => format!("{other:?}"),
    })
}

/// The error of a program that mixes the two kinds of records up.
fn wrong_record() -> Error {
    ExchangeError::Damaged { reason: "a record has the wrong form".to_owned() }.into()
}
