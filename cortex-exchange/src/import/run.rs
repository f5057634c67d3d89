//! How far an import came, as it is kept: by it an import goes on after a kill, and none is done twice.

use cortex_core::{Choice, Error, Id, Result, Timestamp};
use cortex_data::{Execute, Filter, Repository, Statement, Tx};
use jiff::SignedDuration;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::error::ExchangeError;
use crate::options::ImportOptions;
use crate::report::{ImportReport, Outcome, RowError, Tally};

/// How long an import is known to be done: 90 days.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Whether an import is at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
#[choice(crate = cortex_data)]
pub(crate) enum Status {
    /// Some rows may be left.
    Running,
    /// All rows are done.
    Finished,
}

/// One import of one file.
#[derive(Debug, Clone, PartialEq, cortex_data::Repository)]
#[repository(table = "exchange_imports", tenant, versioned, crate = cortex_data)]
pub(crate) struct Run {
    id: Id<Run>,
    entity: String,
    /// Fingerprint of the file.
    source: String,
    /// Fingerprint of the options.
    options: String,
    status: Status,
    /// Rows that are done.
    position: i64,
    inserted: i64,
    updated: i64,
    unchanged: i64,
    refused: i64,
    /// What was wrong, as in the report.
    errors: serde_json::Value,
    started_at: Timestamp,
}

/// Where an import begins.
pub(super) enum Start {
    /// At its end: it was done before.
    Finished(ImportReport),
    /// With what is done already.
    Run(Progressed, Tally),
}

/// An import that is under way, in the version that this process wrote.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progressed {
    id: Id<Run>,
    version: i64,
}

/// What makes two imports of one file the same.
pub(super) fn fingerprint(options: &ImportOptions) -> String {
    let same = ImportOptions { again: false, dry_run: false, ..options.clone() };
    let text = serde_json::to_string(&same).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

impl Run {
    fn all(tx: &mut Tx, entity: &str, source: &str, options: &str, status: Status) -> Result<Vec<Self>> {
        let filter = Filter::eq("entity", entity)
            .and(Filter::eq("source", source))
            .and(Filter::eq("options", options))
            .and(Filter::eq("status", status.as_str()));
        Self::list(tx, &filter)
    }

    /// Forgets what was finished long ago, so that the table does not grow for ever. Imports that were cut off stay.
    pub(super) fn forget(tx: &mut Tx) -> Result<()> {
        let Ok(until) = tx.now().checked_sub(REMEMBERED) else { return Ok(()) };
        let mut sql = Statement::new("DELETE FROM exchange_imports WHERE tenant_id = ");
        sql.bind(tx.tenant()).push(" AND status = ").bind(Status::Finished.as_str());
        sql.push(" AND started_at < ").bind(until);
        sql.run(tx).map(drop)
    }

    fn new(tx: &mut Tx, entity: &str, source: &str, options: &str) -> Self {
        Self {
            id: tx.new_id(),
            entity: entity.to_owned(),
            source: source.to_owned(),
            options: options.to_owned(),
            status: Status::Running,
            position: 0,
            inserted: 0,
            updated: 0,
            unchanged: 0,
            refused: 0,
            errors: Json::Array(Vec::new()),
            started_at: tx.now(),
        }
    }

    fn take(&mut self, tally: &Tally, finished: bool) -> Result<()> {
        self.position = number(tally.lines);
        self.inserted = number(tally.inserted);
        self.updated = number(tally.updated);
        self.unchanged = number(tally.unchanged);
        self.refused = number(tally.refused);
        self.errors = serde_json::to_value(&tally.errors)
            .map_err(|e| Error::internal("exchange.errors", "the errors can't be kept").with_source(e))?;
        self.status = if finished { Status::Finished } else { Status::Running };
        Ok(())
    }

    fn tally(&self) -> Tally {
        let errors: Vec<RowError> = serde_json::from_value(self.errors.clone()).unwrap_or_default();
        Tally {
            lines: count(self.position),
            inserted: count(self.inserted),
            updated: count(self.updated),
            unchanged: count(self.unchanged),
            refused: count(self.refused),
            errors,
        }
    }

    /// The report of an import that was finished.
    pub(super) fn finished(tx: &mut Tx, entity: &str, source: &str, options: &str) -> Result<Option<ImportReport>> {
        let run = Self::all(tx, entity, source, options, Status::Finished)?.pop();
        Ok(run.map(|run| run.tally().into_report(Outcome::Repeated, 0, Vec::new())))
    }

    /// Keeps an import that was done at once.
    pub(super) fn keep(tx: &mut Tx, entity: &str, source: &str, options: &str, tally: &Tally) -> Result<()> {
        let mut run = Self::new(tx, entity, source, options);
        run.take(tally, true)?;
        Self::insert(tx, &run)
    }

    /// Goes on with an import that was not finished, or begins one.
    pub(super) fn start(tx: &mut Tx, entity: &str, source: &str, options: &str, repeatable: bool) -> Result<Start> {
        if let Some(run) = Self::all(tx, entity, source, options, Status::Running)?.pop() {
            let version = Self::record_of(tx, run.id)?;
            let tally = run.tally();
            return Ok(Start::Run(Progressed { id: run.id, version }, tally));
        }
        if !repeatable && let Some(report) = Self::finished(tx, entity, source, options)? {
            return Ok(Start::Finished(report));
        }
        let run = Self::new(tx, entity, source, options);
        Self::insert(tx, &run)?;
        Ok(Start::Run(Progressed { id: run.id, version: 1 }, Tally::default()))
    }

    fn record_of(tx: &mut Tx, id: Id<Self>) -> Result<i64> {
        Ok(<Self as Repository>::record(tx, id)?.system.version.unwrap_or_default())
    }
}

impl Progressed {
    /// Keeps how far the import is, in the transaction of the rows themselves. Fails where another process was here.
    pub(super) fn advance(self, tx: &mut Tx, tally: &Tally, finished: bool) -> Result<Self> {
        let changed = Run::update_at(tx, self.id, self.version, |run| run.take(tally, finished));
        match changed {
            Ok(record) => Ok(Self { id: self.id, version: record.system.version.unwrap_or(self.version) }),
            Err(error) if error.code() == "version" => Err(ExchangeError::Running.into()),
            Err(error) => Err(error),
        }
    }
}
