//! Exports: the records that the actor may list, with the fields that it may see, streamed from one state of the data.

use std::cell::RefCell;
use std::io::Write;

use cortex_core::{Error, Result};
use cortex_data::{Check, Filter, KnownEntity, PAGE_LIMIT_MAX, PageQuery, PageRequest, ReadTx, Value, Work};

use crate::column::Columns;
use crate::import::OnProgress;
use crate::options::ExportOptions;
use crate::report::{ExportReport, Progress};
use crate::write::{self, Record, Writer};

/// Records between two words about progress.
const TOLD_EVERY: u64 = 1_000;

/// Exports `entity` to `sink`.
pub(crate) fn export(
    work: &Work,
    entity: &str,
    sink: &mut (dyn Write + Send),
    options: &ExportOptions,
    progress: &mut OnProgress<'_>,
) -> Result<ExportReport> {
    options.format.require()?;
    let entity = work.database().registry().entity(entity)?.clone();
    let state = RefCell::new((Counted { inner: sink, bytes: 0 }, progress));
    let records = work.snapshot_blocking(|tx| {
        let mut state = state.borrow_mut();
        let (sink, progress) = &mut *state;
        let done = all(tx, &entity, sink, options, progress);
        // What was written can't be taken back, so that no second attempt may follow.
        done.map_err(|error| if sink.bytes == 0 { error } else { interrupted(error) })
    })?;
    Ok(ExportReport { records })
}

fn interrupted(error: Error) -> Error {
    let message = error.message().to_owned();
    Error::unavailable("exchange.interrupted", message).with_source(error)
}

fn all(
    tx: &mut ReadTx,
    entity: &KnownEntity,
    sink: &mut Counted<'_>,
    options: &ExportOptions,
    progress: &mut OnProgress<'_>,
) -> Result<u64> {
    let meta = entity.meta();
    let database = tx.database().clone();
    let guard = database.registry().guard();
    guard.check(tx, &Check { resource: entity.resource(), action: "export", subject: &() })?;
    let cx = tx.cx().clone();
    let scope = guard.predicate(&cx, meta)?;
    let (custom, hidden) = (tx.custom_fields(meta)?, tx.hidden_fields(meta)?);
    let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
    let query = PageQuery {
        filter: options.filter.as_deref(),
        sort: options.sort.as_deref(),
        limit: Some(PAGE_LIMIT_MAX),
        hidden: &hidden,
        custom: Some(&custom),
        ..PageQuery::default()
    };
    let request = PageRequest::parse(meta, &query)?;
    let columns = Columns::of(entity, &custom, &options.fields, &hidden)?;
    let writer = write::begin(sink, options, &columns)?;
    let out = Out { entity, columns: &columns, hidden: &hidden, select: columns.fields.join(","), writer, records: 0 };
    out.run(tx, request, scope, options, progress)
}

/// Records on their way into a file.
struct Out<'a> {
    entity: &'a KnownEntity,
    columns: &'a Columns,
    hidden: &'a [&'a str],
    select: String,
    writer: Box<dyn Writer + 'a>,
    records: u64,
}

impl Out<'_> {
    fn run(
        mut self,
        tx: &mut ReadTx,
        request: PageRequest,
        scope: Filter,
        options: &ExportOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<u64> {
        let objects = write::takes_objects(options.format);
        let mut request = request.and(scope);
        loop {
            let (rows, next) = self.entity.page(tx, &request)?;
            for row in rows {
                self.record(tx, &row, objects)?;
                if self.records.is_multiple_of(TOLD_EVERY) {
                    progress(Progress { rows: self.records, bytes: 0, of: 0, refused: 0 })?;
                }
            }
            match next {
                Some(cursor) => request.cursor = Some(cursor),
                None => break,
            }
        }
        self.writer.end()?;
        Ok(self.records)
    }

    fn record(&mut self, tx: &mut ReadTx, row: &[Value], objects: bool) -> Result<()> {
        let record = if objects {
            Record::Object(self.entity.shown(tx, row, &self.select, self.hidden)?)
        } else {
            Record::Values(self.columns.all.iter().map(|column| column.value(row)).collect())
        };
        self.records += 1;
        self.writer.write(record)
    }
}

/// A sink that knows whether anything was written.
struct Counted<'a> {
    inner: &'a mut (dyn Write + Send),
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
