//! What an import or export is asked to do.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::Format;

/// What to do when a row is wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// Store nothing at all. The whole file is one transaction.
    #[default]
    Refuse,
    /// Leave the row out and report it. The file is stored step by step, and an import that was killed goes on where
    /// it stopped.
    Skip,
}

/// Which columns of a file go to which fields. A column that is not mentioned goes to the field of its name.
///
/// Fields are written `name`, `price.currency`, `customer.code` (the record that has this value in its field `code`)
/// and `extra.color` (a custom field).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Columns with the fields that they go to.
    pub columns: BTreeMap<String, String>,
    /// Fields with the value that every row gets.
    pub constants: BTreeMap<String, String>,
    /// Columns that are not read.
    pub ignore: Vec<String>,
}

/// How to import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOptions {
    /// The format of the file.
    pub format: Format,
    /// What stands between the cells of a CSV file.
    pub delimiter: char,
    /// The sheet of a workbook; the first one unless named.
    pub sheet: Option<String>,
    /// Columns and fields.
    pub mapping: Mapping,
    /// What to do when a row is wrong.
    pub on_error: OnError,
    /// Fields by which a row finds the record that it changes; without them every row is a new record.
    pub key: Vec<String>,
    /// Checks everything, down to the constraints of the database, and stores nothing.
    pub dry_run: bool,
    /// Imports a file once more that was imported with the same options before.
    pub again: bool,
}

impl ImportOptions {
    /// All or nothing, every row a new record, columns named like fields.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self {
            format,
            delimiter: ',',
            sheet: None,
            mapping: Mapping::default(),
            on_error: OnError::Refuse,
            key: Vec::new(),
            dry_run: false,
            again: false,
        }
    }
}

/// How to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOptions {
    /// The format of the file.
    pub format: Format,
    /// What stands between the cells of a CSV file.
    pub delimiter: char,
    /// Which records, as lists are filtered: see [`Filter::parse`](cortex_data::Filter::parse).
    pub filter: Option<String>,
    /// In which order, as lists are sorted: `-price,plate`; by id unless said otherwise.
    pub sort: Option<String>,
    /// Which fields; all of them where there are none.
    pub fields: Vec<String>,
}

impl ExportOptions {
    /// All records with all fields, by id.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self { format, delimiter: ',', filter: None, sort: None, fields: Vec::new() }
    }
}
