//! Rows of a file, whatever its format.

mod csv;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value as Json;

use crate::error::ExchangeError;
use crate::format::Format;
use crate::options::ImportOptions;
use crate::report::RowError;
use crate::source::Source;

/// Longest row of a file: more is a quote that is not closed.
pub const ROW_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most columns of a file.
pub const COLUMNS_MAX: usize = 5_000;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// A text as people write values. An empty one is no value, unless it is marked.
    Text(String),
    /// A text that is meant as it is, from a file that knows types.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "only Parquet has such texts"))]
    Raw(String),
    /// A value with its type.
    Json(Json),
}

impl Cell {
    /// What a message shows of it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Raw(text) => text.clone(),
            Self::Json(Json::String(text)) => text.clone(),
            Self::Json(json) => json.to_string(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Json(Json::Null)) || matches!(self, Self::Text(text) if text.is_empty())
    }
}

/// One row of a file.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// The line or sheet row, from 1.
    pub(crate) number: u64,
    /// Cells, each with the index of its column.
    pub(crate) cells: Vec<(usize, Cell)>,
    /// Why the row can't be read at all.
    pub(crate) problem: Option<RowError>,
    /// About how many bytes it takes.
    pub(crate) size: usize,
}

/// A file being read row by row.
pub(crate) trait Reader {
    /// The columns so far: a file of JSON objects finds more on its way.
    fn columns(&self) -> &[String];

    /// The next row.
    ///
    /// # Errors
    /// The file is damaged, and no further row can be found.
    fn next(&mut self) -> Result<Option<Line>, ExchangeError>;
}

/// Opens a file with the columns of its header.
pub(crate) fn open(source: &Source, options: &ImportOptions, read: &Counter) -> Result<Box<dyn Reader>, ExchangeError> {
    let file = source.reader()?;
    Ok(match options.format {
        Format::Csv => Box::new(csv::Csv::open(file, options, read)?),
        Format::Jsonl => Box::new(jsonl::JsonLines::new(file, read)),
        #[cfg(feature = "xlsx")]
        Format::Xlsx => Box::new(xlsx::Sheet::open(file, options, read)?),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(parquet::Rows::open(file, source.length(), read)?),
        #[cfg(not(all(feature = "xlsx", feature = "parquet")))]
        other => return Err(ExchangeError::NotBuilt(other)),
    })
}

/// How many bytes were read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter(Arc<AtomicU64>);

impl Counter {
    pub(crate) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    #[cfg(feature = "parquet")]
    pub(crate) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

/// A reader that counts.
#[derive(Debug)]
pub(crate) struct Counted<R> {
    inner: R,
    counter: Counter,
}

impl<R> Counted<R> {
    pub(crate) fn new(inner: R, counter: &Counter) -> Self {
        Self { inner, counter: counter.clone() }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.counter.add(read as u64);
        Ok(read)
    }
}

/// The names of the columns of a header, each once.
pub(crate) fn header(names: Vec<String>) -> Result<Vec<String>, ExchangeError> {
    let mut names: Vec<String> = names.into_iter().map(|name| name.trim().to_owned()).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    if names.is_empty() {
        return Err(ExchangeError::Header("it is empty".to_owned()));
    }
    if names.len() > COLUMNS_MAX {
        return Err(ExchangeError::Header(format!("it has more than {COLUMNS_MAX} columns")));
    }
    let mut seen = HashMap::new();
    for (i, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(ExchangeError::Header(format!("column {} has no name", i + 1)));
        }
        if let Some(before) = seen.insert(name.as_str(), i) {
            let message = format!("columns {} and {} are both called `{name}`", before + 1, i + 1);
            return Err(ExchangeError::Header(message));
        }
    }
    Ok(names)
}
