//! Imports: the whole file in one transaction, or step by step with the bad rows left out.

mod batch;
mod key;
mod run;

use std::cell::{Cell as Slot, RefCell};

use cortex_core::{Error, Result};
use cortex_data::{Check, KnownEntity, Tx, Work};

use crate::error::ExchangeError;
use crate::lookup::Lookups;
use crate::options::{ImportOptions, OnError};
use crate::plan::Plan;
use crate::read::{self, Counter, Line, Reader};
use crate::report::{ImportReport, Outcome, Progress, RowError, Tally};
use crate::source::Source;

use key::KeyFields;
pub(crate) use run::Run;
use run::{Start, fingerprint};

/// Rows of one step: as many as two statements store.
const BATCH_ROWS: usize = 1_024;
/// Bytes of one step, where rows are long.
const BATCH_BYTES: usize = 8 * 1024 * 1024;
/// Tells a rollback that is meant from one that is not.
const ROLLED_BACK: &str = "exchange.rolled_back";

/// Is told how far an import is; what it fails with stops the import after the step that is done.
pub type OnProgress<'a> = dyn FnMut(Progress) -> Result<()> + 'a;

/// One import.
pub(crate) struct Import<'a> {
    work: &'a Work,
    entity: KnownEntity,
    source: &'a Source,
    options: &'a ImportOptions,
    progress: RefCell<&'a mut OnProgress<'a>>,
    /// Bytes read.
    read: Counter,
    key: KeyFields,
}

/// Imports `source` into `entity`.
pub(crate) fn import<'a>(
    work: &'a Work,
    entity: &str,
    source: &'a Source,
    options: &'a ImportOptions,
    progress: &'a mut OnProgress<'a>,
) -> Result<ImportReport> {
    options.format.require()?;
    let entity = work.database().registry().entity(entity)?.clone();
    if !entity.is_importable() {
        return Err(ExchangeError::NotImportable(entity.resource().to_owned()).into());
    }
    let key = KeyFields::find(work, &entity, &options.key)?;
    let read = Counter::default();
    Import { work, entity, source, options, progress: RefCell::new(progress), read, key }.run()
}

impl Import<'_> {
    fn run(&self) -> Result<ImportReport> {
        let source = self.source.fingerprint(self.options.format.is_text())?;
        let options = fingerprint(self.options);
        if self.options.on_error == OnError::Refuse || self.options.dry_run {
            return self.whole(&source, &options);
        }
        self.stepwise(&source, &options)
    }

    /// The file with a plan for its columns.
    fn open(&self, tx: &mut Tx) -> Result<(Box<dyn Reader>, Plan)> {
        let reader = read::open(self.source, self.options, &self.read)?;
        let mut plan = Plan::new(tx, &self.entity, &self.options.mapping, reader.columns())?;
        plan.name_columns(reader.columns());
        Ok((reader, plan))
    }

    fn authorize(&self, tx: &mut Tx) -> Result<()> {
        tx.authorize_check(&Check { resource: self.entity.resource(), action: "import", subject: &() })
    }

    /// All of it in one transaction, or nothing.
    fn whole(&self, source: &str, options: &str) -> Result<ImportReport> {
        let undone = RefCell::new(None);
        let done = self.work.write_blocking(|tx| {
            self.authorize(tx)?;
            Run::forget(tx)?;
            self.read.clear();
            if !self.options.dry_run
                && let Some(report) = self.repeated(tx, source, options)?
            {
                return Ok(report);
            }
            let (mut reader, mut plan) = self.open(tx)?;
            let (mut tally, mut lookups) = (Tally::default(), Lookups::default());
            loop {
                let lines = next_lines(reader.as_mut(), &mut plan)?;
                if lines.is_empty() {
                    break;
                }
                // Nobody waits for what takes longer than its request.
                self.work.cx().remaining()?;
                self.store(tx, &plan, &mut lookups, &lines, &mut tally)?;
                self.tell(&tally)?;
            }
            let ignored = plan.ignored().to_vec();
            if self.options.dry_run || tally.refused > 0 {
                let outcome = if self.options.dry_run { Outcome::Checked } else { Outcome::Refused };
                *undone.borrow_mut() = Some(tally.into_report(outcome, 0, ignored));
                return Err(Error::internal(ROLLED_BACK, "nothing of the import is kept"));
            }
            Run::keep(tx, self.entity.resource(), source, options, &tally)?;
            Ok(tally.into_report(Outcome::Stored, 0, ignored))
        });
        match (done, undone.into_inner()) {
            (Err(error), Some(report)) if error.code() == ROLLED_BACK => Ok(report),
            (done, _) => done,
        }
    }

    /// The report of the same import, if it was done before and doing it again would store everything twice.
    fn repeated(&self, tx: &mut Tx, source: &str, options: &str) -> Result<Option<ImportReport>> {
        if self.options.again || !self.key.is_empty() {
            return Ok(None);
        }
        Run::finished(tx, self.entity.resource(), source, options)
    }

    /// One transaction for each step, with the position in it.
    fn stepwise(&self, source: &str, options: &str) -> Result<ImportReport> {
        let repeatable = self.options.again || !self.key.is_empty();
        let (start, mut plan, mut reader) = {
            let opened = RefCell::new(None);
            let start = self.work.write_blocking(|tx| {
                self.authorize(tx)?;
                Run::forget(tx)?;
                self.read.clear();
                *opened.borrow_mut() = Some(self.open(tx)?);
                Run::start(tx, self.entity.resource(), source, options, repeatable)
            })?;
            let Some((reader, plan)) = opened.into_inner() else {
                return Err(Error::internal("exchange.open", "the file was not opened"));
            };
            (start, plan, reader)
        };
        let (mut run, mut tally) = match start {
            Start::Finished(report) => return Ok(report),
            Start::Run(run, tally) => (run, tally),
        };
        let resumed = tally.lines;
        skip(reader.as_mut(), &mut plan, resumed)?;
        let mut lookups = Lookups::default();
        loop {
            let lines = next_lines(reader.as_mut(), &mut plan)?;
            let last = lines.len() < BATCH_ROWS && lines.iter().map(|line| line.size).sum::<usize>() < BATCH_BYTES;
            let looked = RefCell::new(&mut lookups);
            let (before, plan) = (&tally, &plan);
            let (next_run, next) = self.work.write_blocking(|tx| {
                self.authorize(tx)?;
                let mut tally = before.clone();
                self.store(tx, plan, *looked.borrow_mut(), &lines, &mut tally)?;
                Ok((run.advance(tx, &tally, last)?, tally))
            })?;
            (run, tally) = (next_run, next);
            self.tell(&tally)?;
            if last {
                return Ok(tally.into_report(Outcome::Stored, resumed, plan.ignored().to_vec()));
            }
        }
    }

    fn tell(&self, tally: &Tally) -> Result<()> {
        let of = self.source.length();
        let bytes = self.read.bytes().min(of);
        let now = Progress { rows: tally.lines, bytes, of, refused: tally.refused };
        (self.progress.borrow_mut())(now)
    }
}

/// The rows of the next step, with the plan made to fit their columns.
fn next_lines(reader: &mut dyn Reader, plan: &mut Plan) -> Result<Vec<Line>, ExchangeError> {
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < BATCH_ROWS && bytes < BATCH_BYTES {
        let Some(line) = reader.next()? else { break };
        bytes += line.size;
        lines.push(line);
    }
    plan.grow(reader.columns())?;
    plan.name_columns(reader.columns());
    Ok(lines)
}

/// Goes past the rows that an earlier start did.
fn skip(reader: &mut dyn Reader, plan: &mut Plan, rows: u64) -> Result<(), ExchangeError> {
    let left = Slot::new(rows);
    while left.get() > 0 {
        if reader.next()?.is_none() {
            break;
        }
        left.set(left.get() - 1);
    }
    plan.grow(reader.columns())?;
    plan.name_columns(reader.columns());
    Ok(())
}

/// Whether the row is at fault, and not the database or the program.
fn is_of_row(error: &Error) -> bool {
    use cortex_core::Kind;
    matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Refused | Kind::Forbidden | Kind::NotFound)
        && !error.code().starts_with("data.")
        || matches!(error.code(), "data.value")
}

/// What is wrong with one row.
fn row_errors(plan: &Plan, line: &Line, error: &Error) -> Vec<RowError> {
    if error.fields().is_empty() {
        let found = RowError::of(line.number, error);
        let named = error.message().split('`').nth(1).unwrap_or_default();
        // Conflicts name their field in the message alone.
        return match error.code() {
            "unique" | "reference" => vec![plan.located(line, found.at(named))],
            _ => vec![found],
        };
    }
    error.fields().iter().map(|field| plan.located(line, RowError::of_field(line.number, field))).collect()
}
