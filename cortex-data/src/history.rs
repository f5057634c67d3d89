//! Change history: who changed which record when, from what to what.

use cortex_core::{Result, Timestamp};
use diesel::sql_types::{BigInt, Text};
use uuid::Uuid;

use crate::guard::ChangeSink;
use crate::meta::Meta;
use crate::sqltype::{Guid, Instant, Json, Maybe};
use crate::statement::Statement;
use crate::tx::{ReadTx, Tx};
use crate::value::{ColumnType, Value};

/// Most entries that one reading of a history returns.
pub const HISTORY_MAX: i64 = 1_000;

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was created.
    Insert,
    /// Some of its fields changed.
    Update,
    /// It was deleted.
    Delete,
    /// It was brought back.
    Restore,
}

impl Action {
    /// The name in the history.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }
}

/// A change to one record: the fields that changed, before and after, as JSON objects.
#[derive(Debug, Clone)]
pub struct Change {
    /// The table of the record.
    pub table: &'static str,
    /// The record.
    pub record: Uuid,
    /// What happened.
    pub action: Action,
    /// Changed fields before; `None` for an insert.
    pub before: Option<serde_json::Value>,
    /// Changed fields after; `None` for a delete.
    pub after: Option<serde_json::Value>,
}

/// A change as it is kept.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// By whom: the id of the actor.
    pub by: Uuid,
    /// `insert`, `update`, `delete` or `restore`.
    pub action: String,
    /// Changed fields before.
    pub before: Option<serde_json::Value>,
    /// Changed fields after.
    pub after: Option<serde_json::Value>,
    /// The trace that the request shared with logs and events.
    pub trace: Uuid,
}

/// Keeps changes in the table `cortex_changes`.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChangeTable;

/// Changes per statement: eleven parameters each, under SQLite's limit of 32,766.
const CHANGES_BATCH: usize = 1_000;

impl ChangeSink for ChangeTable {
    fn record(&self, tx: &mut Tx, change: &Change) -> Result<()> {
        self.record_many(tx, std::slice::from_ref(change))
    }

    fn record_many(&self, tx: &mut Tx, changes: &[Change]) -> Result<()> {
        let (tenant, now, cx) = (tx.tenant(), tx.now(), tx.cx().clone());
        for batch in changes.chunks(CHANGES_BATCH) {
            let mut sql = Statement::new(
                "INSERT INTO cortex_changes \
                 (tenant_id, company_id, id, entity, record_id, action, changed_at, changed_by, trace, before, after) \
                 VALUES ",
            );
            for (i, change) in batch.iter().enumerate() {
                let id = tx.new_id::<Change>();
                sql.push(if i == 0 { "(" } else { ", (" }).bind(tenant).push(", ").bind(cx.company());
                sql.push(", ").bind(id);
                sql.push(", ").bind(change.table).push(", ").bind(change.record);
                sql.push(", ").bind(change.action.as_str()).push(", ").bind(now).push(", ").bind(cx.actor().id);
                sql.push(", ").bind(cx.trace()).push(", ").bind(json(change.before.as_ref()));
                sql.push(", ").bind(json(change.after.as_ref())).push(")");
            }
            sql.execute(tx.conn_mut())?;
        }
        Ok(())
    }
}

fn json(value: Option<&serde_json::Value>) -> Value {
    value.map_or(Value::Null(ColumnType::Json), |v| Value::Json(v.clone()))
}

/// The changes of a record, oldest first. Records that have no id have no history either.
///
/// # Errors
/// The database refuses the statement.
pub(crate) fn of(tx: &mut ReadTx, meta: &'static Meta, key: &Value) -> Result<Vec<HistoryEntry>> {
    type Row = (Timestamp, Uuid, String, Option<serde_json::Value>, Option<serde_json::Value>, Uuid);
    let Value::Guid(id) = key else { return Ok(Vec::new()) };
    let mut sql = Statement::new(
        "SELECT changed_at, changed_by, action, before, after, trace FROM cortex_changes WHERE tenant_id = ",
    );
    sql.bind(tx.tenant()).push(" AND entity = ").bind(meta.table).push(" AND record_id = ").bind(*id);
    if meta.company {
        sql.push(" AND company_id = ").bind(tx.company());
    }
    sql.push(" ORDER BY changed_at, id LIMIT ").bind(HISTORY_MAX);
    let rows: Vec<Row> = sql.rows::<(Instant, Guid, Text, Maybe<Json>, Maybe<Json>, Guid), _>(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|(at, by, action, before, after, trace)| HistoryEntry { at, by, action, before, after, trace })
        .collect())
}

/// The type of a column that counts rows.
pub(crate) type Count = (BigInt,);
