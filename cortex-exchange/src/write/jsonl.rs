//! A JSON object per line: records as clients get them.

use std::io::{BufWriter, Write};

use cortex_core::Result;

use super::{Record, Writer, unwritten, wrong_record};

/// A file of JSON objects being written.
pub(super) struct JsonLines<'a> {
    writer: BufWriter<&'a mut (dyn Write + Send)>,
}

impl<'a> JsonLines<'a> {
    pub(super) fn new(sink: &'a mut (dyn Write + Send)) -> Self {
        Self { writer: BufWriter::with_capacity(64 * 1024, sink) }
    }
}

impl Writer for JsonLines<'_> {
    fn write(&mut self, record: Record) -> Result<()> {
        let Record::Object(object) = record else { return Err(wrong_record()) };
        serde_json::to_writer(&mut self.writer, &object).map_err(unwritten)?;
        self.writer.write_all(b"\n").map_err(unwritten)
    }

    fn end(mut self: Box<Self>) -> Result<()> {
        self.writer.flush().map_err(unwritten)
    }
}
