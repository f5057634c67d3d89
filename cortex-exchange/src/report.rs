//! What came of an import or export.

use cortex_core::{Error, FieldError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most errors that a report lists; all are counted.
pub const ERRORS_MAX: usize = 1_000;
/// Most characters of a wrong value that its error repeats.
const SHOWN_MAX: usize = 80;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is stored, without the rows that were refused.
    Stored,
    /// Rows were wrong, so that nothing is stored.
    Refused,
    /// It was checked, and nothing is stored, as asked.
    Checked,
    /// The same file was imported with the same options before; nothing is done twice.
    Repeated,
}

/// One thing that is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowError {
    /// The line of the file, or the row of the sheet, from 1; the header is one.
    pub line: u64,
    /// The column, as the file calls it; for a value that the file does not have, the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What the file has there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// For machines: `required`, `unique`, `type`.
    pub code: String,
    /// For people.
    pub message: String,
    /// How to mend it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl RowError {
    pub(crate) fn new(line: u64, code: &str, message: impl Into<String>) -> Self {
        Self { line, column: None, value: None, code: code.to_owned(), message: message.into(), help: None }
    }

    pub(crate) fn of(line: u64, error: &Error) -> Self {
        let help = error.help().map(str::to_owned);
        Self { help, ..Self::new(line, error.code(), error.message()) }
    }

    pub(crate) fn of_field(line: u64, error: &FieldError) -> Self {
        Self::new(line, error.code, error.message.clone()).at(&error.path)
    }

    pub(crate) fn at(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }

    pub(crate) fn with_value(self, value: &str) -> Self {
        let value = match value.char_indices().nth(SHOWN_MAX).and_then(|(end, _)| value.get(..end)) {
            Some(start) => format!("{start}..."),
            None => value.to_owned(),
        };
        Self { value: Some(value), ..self }
    }
}

/// What came of an import. `lines` is the sum of `inserted`, `updated`, `unchanged` and `refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportReport {
    /// What became of the file. Where nothing is stored, the numbers say what would have been.
    pub outcome: Outcome,
    /// Rows in the file, without the header.
    pub lines: u64,
    /// Rows that are new records.
    pub inserted: u64,
    /// Rows that changed a record.
    pub updated: u64,
    /// Rows that say what their record has already.
    pub unchanged: u64,
    /// Rows that are left out because something is wrong with them.
    pub refused: u64,
    /// Rows that an earlier start of the same import did.
    pub resumed: u64,
    /// Columns that were not read, because the server sets their fields or as asked.
    pub ignored: Vec<String>,
    /// What is wrong, the first 1,000.
    pub errors: Vec<RowError>,
}

/// What came of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExportReport {
    /// How many records were written.
    pub records: u64,
}

/// How far an import or export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows or records so far.
    pub rows: u64,
    /// Bytes read so far; of an export, 0.
    pub bytes: u64,
    /// Bytes of the file; of an export, 0.
    pub of: u64,
    /// Rows refused so far.
    pub refused: u64,
}

/// The numbers of an import while it runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) lines: u64,
    pub(crate) inserted: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) refused: u64,
    pub(crate) errors: Vec<RowError>,
}

impl Tally {
    /// Refuses one row for these reasons.
    pub(crate) fn refuse(&mut self, errors: Vec<RowError>) {
        self.refused += 1;
        let left = ERRORS_MAX.saturating_sub(self.errors.len());
        self.errors.extend(errors.into_iter().take(left));
    }

    pub(crate) fn into_report(mut self, outcome: Outcome, resumed: u64, ignored: Vec<String>) -> ImportReport {
        self.errors.sort_by_key(|error| error.line);
        ImportReport {
            outcome,
            lines: self.lines,
            inserted: self.inserted,
            updated: self.updated,
            unchanged: self.unchanged,
            refused: self.refused,
            resumed,
            ignored,
            errors: self.errors,
        }
    }
}
