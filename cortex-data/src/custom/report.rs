//! What stored values say about a new or changed definition.

use std::collections::HashMap;

use cortex_core::{CompanyId, Error, FieldError, Id, Kind, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::field::CustomField;
use super::kind::CustomKind;
use super::value::from_text;
use crate::company;
use crate::meta::Meta;
use crate::repository::read::scope_in;
use crate::sqltype::{Guid, Json as JsonColumn};
use crate::statement::Statement;
use crate::tx::{ReadTx, Tx};

/// Most records that a report names.
pub const REPORTED_MAX: usize = 100;
/// Records per statement.
const BATCH: usize = 1_000;

/// A record whose value breaks the rules.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BrokenRecord {
    /// The record.
    pub record: Id<()>,
    /// What is wrong with its value.
    pub problem: String,
}

/// What stored values say about a definition.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct ChangeReport {
    /// Records that were looked at.
    pub checked: u64,
    /// Records that break the rules.
    pub broken: u64,
    /// The first of them.
    pub records: Vec<BrokenRecord>,
    /// Values that were converted to another kind.
    pub converted: u64,
}

impl ChangeReport {
    /// Fails where records break the rules.
    pub(super) fn refuse(&self) -> Result<()> {
        let Some(first) = self.records.first() else { return Ok(()) };
        let message = format!(
            "{} of {} records break the rules of the field; the first is `{}`: {}",
            self.broken, self.checked, first.record, first.problem
        );
        Err(Error::new(Kind::Conflict, "custom.stored", message)
            .with_help("check the change to see which records they are, and mend those first"))
    }

    fn broken(&mut self, record: Uuid, problem: String) {
        self.broken += 1;
        if self.records.len() < REPORTED_MAX {
            self.records.push(BrokenRecord { record: Id::from_uuid(record), problem });
        }
    }
}

/// Checks all stored values of a field against its definition; `old` is what they were written by.
pub(super) fn check_stored(
    tx: &mut ReadTx,
    meta: &'static Meta,
    old: Option<&CustomField>,
    field: &CustomField,
) -> Result<ChangeReport> {
    let mut report = ChangeReport::default();
    let required = field.definition.required && field.default().is_none();
    let mut seen = HashMap::new();
    let mut batches = Batches::of(tx, meta)?;
    while let Some((company, rows)) = batches.next(tx)? {
        for (id, extra) in rows {
            report.checked += 1;
            let Some(stored) = extra.get(&field.definition.name) else {
                if required {
                    report.broken(id, "has no value, and one is required".to_owned());
                }
                continue;
            };
            match fitting(field, old, stored) {
                Ok(value) if field.definition.unique => {
                    if let Some(other) = seen.insert((company, value.to_string()), id) {
                        report.broken(id, format!("has the same value as `{other}`"));
                    }
                }
                Ok(_) => {}
                Err(problem) => report.broken(id, problem),
            }
        }
    }
    Ok(report)
}

/// The stored value in the form of the field, converted where it was of another kind.
fn fitting(field: &CustomField, old: Option<&CustomField>, stored: &Json) -> Result<Json, String> {
    let value = match old.filter(|old| old.definition.kind != field.definition.kind) {
        None => stored.clone(),
        Some(old) => match (old.to_client(stored), field.definition.kind) {
            (Json::String(text), _) => from_text(&field.definition, &text)?,
            (Json::Bool(flag), CustomKind::Text) => Json::from(flag.to_string()),
            (shown, _) => field.to_stored(&shown)?,
        },
    };
    let mut problems: Vec<FieldError> = Vec::new();
    field.check(&value, &mut problems);
    problems.pop().map_or(Ok(value), |problem| Err(problem.message))
}

/// Rewrites stored values in the form of another kind; how many.
pub(super) fn convert(tx: &mut Tx, meta: &'static Meta, old: &CustomField, new: &CustomField) -> Result<u64> {
    let mut converted = 0;
    let name = &new.definition.name;
    let mut batches = Batches::of(tx, meta)?;
    while let Some((company, rows)) = batches.next(tx)? {
        for (id, mut extra) in rows {
            let Some(stored) = extra.get(name) else { continue };
            let value = fitting(new, Some(old), stored).map_err(|problem| Error::conflict("custom.stored", problem))?;
            if value == *stored {
                continue;
            }
            extra.insert(name.clone(), value);
            let mut sql = Statement::new("UPDATE ");
            sql.name(meta.table).push(" SET extra = ").bind(Json::Object(extra)).push(" WHERE ");
            scope_in(meta, tx, company, &mut sql);
            sql.push(" AND id = ").bind(id);
            sql.execute(tx.conn_mut())?;
            converted += 1;
        }
    }
    Ok(converted)
}

/// A record with its custom fields.
type Stored = (Uuid, Map<String, Json>);

/// Every record of the tenant with its custom fields, deleted ones too: company by company where companies keep them,
/// in batches by id.
pub(super) struct Batches {
    meta: &'static Meta,
    /// Those to come, the one at hand last.
    companies: Vec<CompanyId>,
    last: Option<Uuid>,
}

impl Batches {
    pub(super) fn of(tx: &mut ReadTx, meta: &'static Meta) -> Result<Self> {
        let companies = if meta.company { company::ids(tx)? } else { vec![tx.company()] };
        Ok(Self { meta, companies, last: None })
    }

    /// The next records and their company; `None` after the last.
    pub(super) fn next(&mut self, tx: &mut ReadTx) -> Result<Option<(CompanyId, Vec<Stored>)>> {
        let Some(company) = self.companies.last().copied() else { return Ok(None) };
        let mut sql = Statement::new("SELECT id, extra FROM ");
        sql.name(self.meta.table).push(" WHERE ");
        scope_in(self.meta, tx, company, &mut sql);
        if let Some(last) = self.last {
            sql.push(" AND id > ").bind(last);
        }
        sql.push(&format!(" ORDER BY id LIMIT {BATCH}"));
        let rows: Vec<(Uuid, Json)> = sql.rows::<(Guid, JsonColumn), _>(tx.conn())?;
        self.last = rows.last().map(|(id, _)| *id);
        if rows.len() < BATCH {
            self.companies.pop();
            self.last = None;
        }
        let object = |(id, json)| match json {
            Json::Object(extra) => (id, extra),
            _ => (id, Map::new()),
        };
        Ok(Some((company, rows.into_iter().map(object).collect())))
    }
}
