//! Apache Parquet: typed columns, in groups of rows that fit in memory.

use std::io::Write;
use std::sync::Arc;

use cortex_core::{Date, Decimal, Error, Result};
use cortex_data::Value;
use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::{Record, Writer, text, unwritten, wrong_record};
use crate::column::{Column, Columns, Holds};

/// Rows of one group.
const GROUP_ROWS: usize = 20_000;
/// Bytes of a decimal.
const DECIMAL_BYTES: i32 = 16;
/// Digits of a decimal, and those of them after the point.
const DECIMAL: (i32, i32) = (28, 6);
const RATE: (i32, i32) = (28, 10);
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A Parquet file being written.
pub(super) struct Groups<'a> {
    writer: SerializedFileWriter<&'a mut (dyn Write + Send)>,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

impl<'a> Groups<'a> {
    pub(super) fn begin(sink: &'a mut (dyn Write + Send), columns: &Columns) -> Result<Self> {
        let fields = columns.all.iter().map(field).collect::<Result<Vec<_>, _>>().map_err(refused)?;
        let schema = Type::group_type_builder("records").with_fields(fields).build().map_err(refused)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(sink, Arc::new(schema), Arc::new(properties)).map_err(refused)?;
        Ok(Self { writer, columns: columns.all.clone(), rows: Vec::new() })
    }

    fn group(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(refused)?;
        for (index, column) in self.columns.iter().enumerate() {
            let Some(mut writer) = group.next_column().map_err(refused)? else {
                return Err(Error::internal("exchange.columns", "a column has no place in the file"));
            };
            let values: Vec<&Value> = self.rows.iter().filter_map(|row| row.get(index)).collect();
            write_column(writer.untyped(), column, &values)?;
            writer.close().map_err(refused)?;
        }
        group.close().map_err(refused)?;
        self.rows.clear();
        Ok(())
    }
}

fn refused(error: ParquetError) -> Error {
    unwritten(error)
}

fn field(column: &Column) -> Result<Arc<Type>, ParquetError> {
    use ConvertedType as As;
    let (physical, converted) = match column.holds {
        Holds::Text | Holds::Name => (Physical::BYTE_ARRAY, As::UTF8),
        Holds::Json => (Physical::BYTE_ARRAY, As::JSON),
        Holds::Bool => (Physical::BOOLEAN, As::NONE),
        Holds::Int => (Physical::INT32, As::NONE),
        Holds::BigInt => (Physical::INT64, As::NONE),
        Holds::Day => (Physical::INT32, As::DATE),
        Holds::Instant => (Physical::INT64, As::TIMESTAMP_MICROS),
        Holds::Decimal | Holds::Rate => (Physical::FIXED_LEN_BYTE_ARRAY, As::DECIMAL),
    };
    let repetition = if column.nullable { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let mut builder =
        Type::primitive_type_builder(&column.name, physical).with_repetition(repetition).with_converted_type(converted);
    if let Some((precision, scale)) = digits(column.holds) {
        builder = builder.with_length(DECIMAL_BYTES).with_precision(precision).with_scale(scale);
    }
    builder.build().map(Arc::new)
}

fn digits(holds: Holds) -> Option<(i32, i32)> {
    match holds {
        Holds::Decimal => Some(DECIMAL),
        Holds::Rate => Some(RATE),
        _ => None,
    }
}

impl Writer for Groups<'_> {
    fn write(&mut self, record: Record) -> Result<()> {
        let Record::Values(values) = record else { return Err(wrong_record()) };
        self.rows.push(values);
        if self.rows.len() >= GROUP_ROWS { self.group() } else { Ok(()) }
    }

    fn end(mut self: Box<Self>) -> Result<()> {
        self.group()?;
        self.writer.close().map(drop).map_err(refused)
    }
}

/// Writes the values of one column, and where there are none.
fn write_column(writer: &mut ColumnWriter<'_>, column: &Column, values: &[&Value]) -> Result<()> {
    let levels: Vec<i16> = values.iter().map(|value| i16::from(!value.is_null())).collect();
    let levels = column.nullable.then_some(levels.as_slice());
    let there = values.iter().filter(|value| !value.is_null());
    macro_rules! put {
        ($writer:ident, $($value:pat => $stored:expr),+) => {{
            let stored = there.map(|value| match value { $($value => Ok($stored),)+ _ => Err(wrong_record()) });
            let stored = stored.collect::<Result<Vec<_>>>()?;
            $writer.write_batch(&stored, levels, None)
        }};
    }
    let written = match writer {
        ColumnWriter::BoolColumnWriter(w) => put!(w, Value::Bool(v) => *v),
        ColumnWriter::Int32ColumnWriter(w) => put!(w, Value::Int(v) => *v, Value::Day(v) => days(*v)?),
        ColumnWriter::Int64ColumnWriter(w) => {
            put!(w, Value::BigInt(v) => *v, Value::Instant(v) => v.as_microsecond())
        }
        ColumnWriter::ByteArrayColumnWriter(w) => {
            let texts = there.map(|value| ByteArray::from(text(value).unwrap_or_default().into_bytes()));
            w.write_batch(&texts.collect::<Vec<_>>(), levels, None)
        }
        ColumnWriter::FixedLenByteArrayColumnWriter(w) => {
            let scale = digits(column.holds).and_then(|(_, scale)| u32::try_from(scale).ok()).unwrap_or_default();
            put!(w, Value::Fixed(v) => fixed(*v, scale)?, Value::Fine(v) => fixed(v.to_decimal(), scale)?)
        }
        _ => return Err(wrong_record()),
    };
    written.map(drop).map_err(refused)
}

fn days(day: Date) -> Result<i32> {
    let span = EPOCH.until(day).map_err(unwritten)?;
    Ok(span.get_days())
}

fn fixed(decimal: Decimal, scale: u32) -> Result<FixedLenByteArray> {
    let mut same = decimal;
    same.rescale(scale);
    if same != decimal {
        return Err(Error::invalid("exchange.decimal", format!("`{decimal}` has too many digits for a Parquet file")));
    }
    Ok(ByteArray::from(same.mantissa().to_be_bytes().to_vec()).into())
}
