//! Excel workbooks: one sheet, its first row the header.

mod unpacked;

use std::fs::File;
use std::io::BufReader;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use calamine::{DataRef, Reader as _, Xlsx};
use serde_json::Value as Json;

use super::{Cell, Counted, Counter, Line, ROW_BYTES_MAX, Reader, header};
use crate::error::ExchangeError;
use crate::options::ImportOptions;
use crate::report::RowError;
use unpacked::Limits;

/// Rows that wait to be taken.
const WAITING: usize = 256;

type Sent = Result<Line, ExchangeError>;

/// A sheet being read. The parser borrows its own workbook, so that it has a thread of its own.
pub(super) struct Sheet {
    rows: Option<Receiver<Sent>>,
    thread: Option<JoinHandle<()>>,
    columns: Vec<String>,
}

impl Sheet {
    pub(super) fn open(file: File, options: &ImportOptions, read: &Counter) -> Result<Self, ExchangeError> {
        let (sender, receiver) = sync_channel(WAITING);
        let (sheet, counter) = (options.sheet.clone(), read.clone());
        let thread = std::thread::spawn(move || {
            if let Err(error) = parse(file, sheet.as_deref(), &counter, &sender) {
                drop(sender.send(Err(error)));
            }
        });
        let mut opened = Self { rows: Some(receiver), thread: Some(thread), columns: Vec::new() };
        let first = opened.take()?.ok_or_else(|| ExchangeError::Header("the sheet is empty".to_owned()))?;
        let mut names = Vec::new();
        for (index, cell) in first.cells {
            names.resize(index, String::new());
            names.push(cell.shown());
        }
        opened.columns = header(names)?;
        Ok(opened)
    }

    fn take(&mut self) -> Result<Option<Line>, ExchangeError> {
        if let Some(Ok(sent)) = self.rows.as_ref().map(Receiver::recv) {
            return sent.map(Some);
        }
        // The end, or a panic of the parser, for which a damaged file is reason enough.
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(_)) => Err(damaged("the workbook can't be understood")),
            _ => Ok(None),
        }
    }
}

impl Reader for Sheet {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self) -> Result<Option<Line>, ExchangeError> {
        let Some(mut line) = self.take()? else { return Ok(None) };
        let beyond = line.cells.iter().any(|(index, cell)| *index >= self.columns.len() && !cell.is_empty());
        if beyond && line.problem.is_none() {
            let message = format!("the row has cells beyond the {} columns of the header", self.columns.len());
            line.problem = Some(RowError::new(line.number, "cells", message));
        }
        line.cells.retain(|(index, _)| *index < self.columns.len());
        Ok(Some(line))
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        // Without a receiver the thread ends at its next row.
        self.rows = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn damaged(reason: &str) -> ExchangeError {
    ExchangeError::Damaged { reason: reason.to_owned() }
}

fn parse(file: File, sheet: Option<&str>, counter: &Counter, sender: &SyncSender<Sent>) -> Result<(), ExchangeError> {
    let wrong = |error: calamine::XlsxError| damaged(&error.to_string());
    Limits::DEFAULT.check(&file)?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(Tracked(Counted::new(file, counter)))).map_err(wrong)?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(wanted) if names.iter().any(|name| name == wanted) => wanted.to_owned(),
        Some(wanted) => {
            return Err(damaged(&format!("it has no sheet `{wanted}`; its sheets are {}", names.join(", "))));
        }
        None => names.first().cloned().ok_or_else(|| damaged("it has no sheet"))?,
    };
    let mut cells = book.worksheet_cells_reader(&name).map_err(wrong)?;
    let mut line = Line::default();
    while let Some(cell) = cells.next_cell().map_err(wrong)? {
        let (row, column) = cell.get_position();
        let number = u64::from(row) + 1;
        if number != line.number {
            let done = std::mem::replace(&mut line, Line { number, ..Line::default() });
            if !done.cells.is_empty() && sender.send(Ok(done)).is_err() {
                return Ok(());
            }
        }
        let cell = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::Error(error) => {
                let message = format!("column {} holds the error {error}", column + 1);
                line.problem = Some(RowError::new(number, "formula", message));
                continue;
            }
            value => value_of(value),
        };
        line.size += cell.shown().len();
        if line.size > ROW_BYTES_MAX {
            return Err(ExchangeError::LongRow { line: number });
        }
        line.cells.push((column as usize, cell));
    }
    if !line.cells.is_empty() {
        // Nobody waits for it any more, which is fine.
        drop(sender.send(Ok(line)));
    }
    Ok(())
}

fn value_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Bool(value) => Cell::Json(Json::Bool(*value)),
        DataRef::Int(value) => Cell::Text(value.to_string()),
        // The shortest decimal that is this number: what people typed, up to 15 digits.
        DataRef::Float(value) => Cell::Text(value.to_string()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second, milli) {
                (0, 0, 0, 0) => Cell::Text(date),
                _ => Cell::Text(format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")),
            }
        }
        DataRef::DateTime(at) => Cell::Text(at.as_f64().to_string()),
        DataRef::Empty | DataRef::Error(_) => Cell::Json(Json::Null),
    }
}

/// A counted reader that can go back and forth, as archives are read.
struct Tracked(Counted<File>);

impl std::io::Read for Tracked {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

impl std::io::Seek for Tracked {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.0.inner.seek(to)
    }
}
