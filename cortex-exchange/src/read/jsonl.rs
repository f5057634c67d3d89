//! A JSON object per line.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use serde_json::{Map, Value as Json};

use super::{COLUMNS_MAX, Cell, Counted, Counter, Line, ROW_BYTES_MAX, Reader};
use crate::error::ExchangeError;
use crate::report::RowError;

/// A file of JSON objects being read.
pub(super) struct JsonLines {
    reader: BufReader<Counted<File>>,
    columns: Vec<String>,
    index: HashMap<String, usize>,
    number: u64,
    bytes: Vec<u8>,
}

impl JsonLines {
    pub(super) fn new(file: File, read: &Counter) -> Self {
        let reader = BufReader::with_capacity(64 * 1024, Counted::new(file, read));
        Self { reader, columns: Vec::new(), index: HashMap::new(), number: 0, bytes: Vec::new() }
    }

    /// The next line that is not blank.
    fn line(&mut self) -> Result<bool, ExchangeError> {
        loop {
            self.bytes.clear();
            let limit = ROW_BYTES_MAX as u64 + 1;
            let read = (&mut self.reader).take(limit).read_until(b'\n', &mut self.bytes)?;
            if read == 0 {
                return Ok(false);
            }
            self.number += 1;
            if read as u64 == limit && self.bytes.last() != Some(&b'\n') {
                return Err(ExchangeError::LongRow { line: self.number });
            }
            if self.number == 1 && self.bytes.starts_with("\u{feff}".as_bytes()) {
                self.bytes.drain(..3);
            }
            if !self.bytes.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    fn column(&mut self, name: String) -> Result<usize, Box<RowError>> {
        if let Some(index) = self.index.get(&name) {
            return Ok(*index);
        }
        let index = self.columns.len();
        if index >= COLUMNS_MAX {
            let message = format!("the file has more than {COLUMNS_MAX} names");
            return Err(Box::new(RowError::new(self.number, "cells", message)));
        }
        self.columns.push(name.clone());
        self.index.insert(name, index);
        Ok(index)
    }

    fn cells(&mut self, object: Map<String, Json>) -> Result<Vec<(usize, Cell)>, Box<RowError>> {
        object.into_iter().map(|(name, value)| Ok((self.column(name)?, Cell::Json(value)))).collect()
    }
}

impl Reader for JsonLines {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self) -> Result<Option<Line>, ExchangeError> {
        if !self.line()? {
            return Ok(None);
        }
        let number = self.number;
        let mut line = Line { number, size: self.bytes.len(), ..Line::default() };
        let cells = match serde_json::from_slice::<Map<String, Json>>(&self.bytes) {
            Ok(object) => self.cells(object),
            Err(error) => {
                let place = format!(" at line {} column {}", error.line(), error.column());
                let text = error.to_string();
                let text = text.strip_suffix(&place).unwrap_or(&text);
                let message = format!("the line is no JSON object: {text} at character {}", error.column());
                Err(Box::new(RowError::new(number, "json", message)))
            }
        };
        match cells {
            Ok(cells) => line.cells = cells,
            Err(problem) => line.problem = Some(*problem),
        }
        Ok(Some(line))
    }
}
