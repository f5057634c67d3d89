//! What tenants use, as it is stored; and counting it exactly.

use std::sync::Arc;

use cortex_core::{Actor, Cx, Result, TenantId};
use diesel::sql_types::BigInt;

use super::usage::Usage;
use crate::Backend;
use crate::database::Database;
use crate::meta::Meta;
use crate::statement::Statement;
use crate::tx::ReadTx;
use crate::value::{ColumnType, Value};

/// What a tenant uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct TenantUse {
    /// Records.
    pub rows: i64,
    /// Bytes in the values of its records.
    pub bytes: i64,
}

/// The bytes of a value of this type; `None` where it depends on the value.
const fn width(of: ColumnType) -> Option<i64> {
    match of {
        ColumnType::Bool => Some(1),
        ColumnType::Int | ColumnType::Day => Some(4),
        ColumnType::BigInt | ColumnType::Instant | ColumnType::Fixed | ColumnType::Fine => Some(8),
        ColumnType::Guid => Some(16),
        ColumnType::Text | ColumnType::Json => None,
    }
}

/// The bytes of a record's own columns, as quotas count them.
pub(crate) fn bytes_of(values: &[Value]) -> i64 {
    let length = |value: &Value| match value {
        Value::Null(_) => 0,
        Value::Text(text) => i64::try_from(text.len()).unwrap_or(i64::MAX),
        Value::Json(json) => i64::try_from(json.to_string().len()).unwrap_or(i64::MAX),
        other => width(other.column_type()).unwrap_or(0),
    };
    values.iter().map(length).fold(0, i64::saturating_add)
}

impl Database {
    /// What a tenant with quotas uses, as far as this process knows; `None` where it has none.
    ///
    /// # Errors
    /// The directory can't be read.
    pub fn usage(&self, tenant: TenantId) -> Result<Option<TenantUse>> {
        let entry = self.directory().find_blocking(tenant)?;
        let usage = entry.and_then(|entry| entry.usage.clone());
        Ok(usage.map(|usage| usage.total()).map(|(rows, bytes)| TenantUse { rows, bytes }))
    }

    /// Counts exactly what a tenant uses, and keeps it: records of all entities, and the bytes of their values. What
    /// was written by SQL of one's own is counted here and nowhere else.
    ///
    /// # Errors
    /// The tenant is not served; the database can't be reached.
    pub fn recount(&self, tenant: TenantId) -> Result<TenantUse> {
        let entry = self.directory().find_blocking(tenant)?;
        let usage = entry.and_then(|entry| entry.usage.clone());
        // What is not saved yet is counted too.
        let unsaved = usage.as_ref().map(|usage| usage.take_unsaved());
        let counted = self.work(Cx::new(tenant, Actor::system("recount"))).snapshot_blocking(|tx| {
            let mut total = TenantUse::default();
            for (_, meta) in tx.database().clone().registry().entities().iter().filter(|(_, meta)| meta.tenant) {
                let one = count(tx, meta)?;
                total = TenantUse { rows: total.rows + one.rows, bytes: total.bytes + one.bytes };
            }
            Ok(total)
        });
        match (counted, usage) {
            (Ok(total), usage) => {
                self.store_usage(tenant, total, true)?;
                if let Some(usage) = usage {
                    usage.learn(total.rows, total.bytes);
                }
                Ok(total)
            }
            (Err(error), usage) => {
                if let (Some(usage), Some(unsaved)) = (usage, unsaved) {
                    usage.put_back(unsaved);
                }
                Err(error)
            }
        }
    }

    /// Saves what all tenants used since it was last saved: now and then, and before the process ends.
    ///
    /// # Errors
    /// The database can't be reached.
    pub fn save_all_usage(&self) -> Result<()> {
        let metered: Vec<(TenantId, Arc<Usage>)> = {
            let book = self.shelf().book();
            let all = book.iter().filter_map(|entry| Some((entry.id, entry.usage.clone()?)));
            all.collect()
        };
        metered.iter().try_for_each(|(tenant, usage)| self.flush(*tenant, usage))
    }

    /// Saves what one tenant used. A failure is no failure of the work that was done: it is tried again.
    pub(crate) fn save_usage(&self, tenant: TenantId, usage: &Usage) {
        if let Err(error) = self.flush(tenant, usage) {
            tracing::warn!(%tenant, ?error, "what the tenant uses can't be saved now");
        }
    }

    fn flush(&self, tenant: TenantId, usage: &Usage) -> Result<()> {
        let unsaved = usage.take_unsaved();
        if (unsaved.rows, unsaved.bytes) == (0, 0) {
            return Ok(());
        }
        let delta = TenantUse { rows: unsaved.rows, bytes: unsaved.bytes };
        match self.store_usage(tenant, delta, false) {
            Ok(total) => {
                usage.learn(total.rows, total.bytes);
                Ok(())
            }
            Err(error) => {
                usage.put_back(unsaved);
                Err(error)
            }
        }
    }

    /// Adds to what is stored, or replaces it; answers what is stored then.
    fn store_usage(&self, tenant: TenantId, amount: TenantUse, replace: bool) -> Result<TenantUse> {
        self.directory().work("usage").write_blocking(|tx| {
            let now = tx.now();
            let mut sql =
                Statement::new("INSERT INTO cortex_tenant_usage (tenant, rows_used, bytes_used, counted_at) VALUES (");
            sql.bind(tenant).push(", ").bind(amount.rows).push(", ").bind(amount.bytes).push(", ");
            sql.bind(if replace { Value::Instant(now) } else { Value::Null(ColumnType::Instant) });
            sql.push(") ON CONFLICT (tenant) DO UPDATE SET ");
            sql.push(match replace {
                true => {
                    "rows_used = excluded.rows_used, bytes_used = excluded.bytes_used, counted_at = excluded.counted_at"
                }
                false => {
                    "rows_used = cortex_tenant_usage.rows_used + excluded.rows_used, \
                     bytes_used = cortex_tenant_usage.bytes_used + excluded.bytes_used"
                }
            });
            sql.push(" RETURNING rows_used, bytes_used");
            let rows: Vec<(i64, i64)> = sql.rows::<(BigInt, BigInt), _>(tx.conn_mut())?;
            Ok(rows.first().map_or(amount, |(rows, bytes)| TenantUse { rows: *rows, bytes: *bytes }))
        })
    }
}

/// Records of one entity, deleted ones that are kept included, and the bytes of their values.
fn count(tx: &mut ReadTx, meta: &'static Meta) -> Result<TenantUse> {
    let backend = tx.backend();
    let mut sql = Statement::new("SELECT count(*), coalesce(sum(0");
    for (name, of) in meta.columns() {
        match (width(of), of, backend) {
            (Some(bytes), ..) => {
                sql.push(" + CASE WHEN ").name(name).push(&format!(" IS NULL THEN 0 ELSE {bytes} END"));
            }
            (None, _, Backend::Sqlite) => {
                sql.push(" + coalesce(length(CAST(").name(name).push(" AS BLOB)), 0)");
            }
            (None, _, Backend::Postgres) => {
                sql.push(" + coalesce(octet_length(").name(name).push("::text), 0)");
            }
        }
    }
    let cast = if backend == Backend::Postgres { "::bigint" } else { "" };
    sql.push(&format!("){cast}, 0) FROM ")).name(meta.table).push(" WHERE tenant_id = ").bind(tx.tenant());
    let rows: Vec<(i64, i64)> = sql.rows::<(BigInt, BigInt), _>(tx.conn())?;
    Ok(rows.first().map_or_else(TenantUse::default, |(rows, bytes)| TenantUse { rows: *rows, bytes: *bytes }))
}
