//! Comma-separated values.

use std::borrow::Cow;
use std::io::Write;

use cortex_core::Result;

use super::{Record, Writer, text, unwritten, wrong_record};
use crate::column::{Columns, Holds};
use crate::escape::escape;
use crate::options::ExportOptions;

/// A CSV file being written.
pub(super) struct Csv<'a> {
    writer: csv::Writer<&'a mut (dyn Write + Send)>,
    holds: Vec<Holds>,
}

impl<'a> Csv<'a> {
    pub(super) fn begin(sink: &'a mut (dyn Write + Send), options: &ExportOptions, columns: &Columns) -> Result<Self> {
        let delimiter = u8::try_from(options.delimiter).ok().filter(u8::is_ascii).unwrap_or(b',');
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(sink);
        writer.write_record(columns.all.iter().map(|column| &column.name)).map_err(unwritten)?;
        Ok(Self { writer, holds: columns.all.iter().map(|column| column.holds).collect() })
    }
}

impl Writer for Csv<'_> {
    fn write(&mut self, record: Record) -> Result<()> {
        let Record::Values(values) = record else { return Err(wrong_record()) };
        for (value, holds) in values.iter().zip(&self.holds) {
            let text = text(value);
            let cell = match &text {
                None => Cow::Borrowed(""),
                Some(text) if *holds == Holds::Text => escape(text),
                Some(text) => Cow::Borrowed(text.as_str()),
            };
            self.writer.write_field(cell.as_ref()).map_err(unwritten)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(unwritten)
    }

    fn end(mut self: Box<Self>) -> Result<()> {
        self.writer.flush().map_err(unwritten)
    }
}
