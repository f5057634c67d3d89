//! Comma-separated values.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use csv::{ReaderBuilder, StringRecord};

use super::{Cell, Counted, Counter, Line, ROW_BYTES_MAX, Reader, header};
use crate::error::ExchangeError;
use crate::options::ImportOptions;
use crate::report::RowError;

/// What the parser may read ahead.
const BUFFER: usize = 64 * 1024;

/// A CSV file being read.
pub(super) struct Csv {
    reader: csv::Reader<Budgeted<Counted<File>>>,
    columns: Vec<String>,
    record: StringRecord,
    left: Arc<AtomicUsize>,
}

impl Csv {
    pub(super) fn open(file: File, options: &ImportOptions, read: &Counter) -> Result<Self, ExchangeError> {
        let left = Arc::new(AtomicUsize::new(0));
        let delimiter = u8::try_from(options.delimiter)
            .ok()
            .filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r'))
            .ok_or_else(|| ExchangeError::Usage(format!("`{}` can't stand between cells", options.delimiter)))?;
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(Budgeted { inner: Counted::new(file, read), left: Arc::clone(&left) });
        let mut csv = Self { reader, columns: Vec::new(), record: StringRecord::new(), left };
        if csv.read()? {
            csv.columns = header(csv.record.iter().map(str::to_owned).collect())?;
            return Ok(csv);
        }
        Err(ExchangeError::Header("the file is empty".to_owned()))
    }

    fn read(&mut self) -> Result<bool, ExchangeError> {
        let line = self.reader.position().line();
        self.left.store(ROW_BYTES_MAX + BUFFER, Ordering::Relaxed);
        self.reader.read_record(&mut self.record).map_err(|error| match error.kind() {
            csv::ErrorKind::Io(io) if io.kind() == io::ErrorKind::FileTooLarge => ExchangeError::LongRow { line },
            _ => error.into(),
        })
    }
}

impl Reader for Csv {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self) -> Result<Option<Line>, ExchangeError> {
        if !self.read()? {
            return Ok(None);
        }
        let number = self.record.position().map_or(0, csv::Position::line);
        let mut line = Line { number, size: self.record.as_slice().len(), ..Line::default() };
        let (cells, expected) = (self.record.len(), self.columns.len());
        // Cells beyond the header are fine as long as there is nothing in them.
        let beyond = self.record.iter().skip(expected).any(|cell| !cell.is_empty());
        if cells < expected || beyond {
            let message = format!("the row has {cells} cells, the header {expected}");
            let help = "quote cells that have a delimiter or a line break in them";
            line.problem = Some(RowError { help: Some(help.to_owned()), ..RowError::new(number, "cells", message) });
            return Ok(Some(line));
        }
        let cells = self.record.iter().take(expected).map(|cell| Cell::Text(cell.to_owned()));
        line.cells = cells.enumerate().collect();
        Ok(Some(line))
    }
}

/// A reader that yields so many bytes and no more: a quote that is not closed would swallow the rest of the file.
struct Budgeted<R> {
    inner: R,
    left: Arc<AtomicUsize>,
}

impl<R: Read> Read for Budgeted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(buffer)?;
        self.left.store(left.saturating_sub(read), Ordering::Relaxed);
        Ok(read)
    }
}
