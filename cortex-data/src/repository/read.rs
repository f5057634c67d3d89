//! Reading records.

use std::collections::HashMap;
use std::ops::RangeFrom;

use cortex_core::{CompanyId, Error, Kind, Result};
use diesel::deserialize::{self, FromSql};
use diesel::row::Row;
use diesel::sql_types::BigInt;

use super::MANY_MAX;
use crate::conn::{MultiBackend as Db, MultiRow};
use crate::database::Backend;
use crate::entity::{Columns, Entity};
use crate::filter::{Filter, push_ordered};
use crate::history::Count;
use crate::meta::{COMPANY, Meta, TENANT};
use crate::record::{Record, System};
use crate::sqltype::{Guid, Instant};
use crate::statement::Statement;
use crate::tx::ReadTx;

/// Records per statement when streaming.
const STREAM_BATCH: usize = 1_000;
/// Keys per statement: SQLite allows 32,766 parameters, and long lists of them plan badly.
const KEYS_BATCH: usize = 500;

pub(super) fn not_found<E: Entity>(key: &E::Key) -> Error {
    let name = E::META.name;
    Error::new(Kind::NotFound, "not_found", format!("there is no {} `{key}`", lower(name)))
}

/// `SalesOrder` as people write it.
pub(crate) fn lower(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// `SELECT <columns> FROM <table> WHERE <tenant, company and not deleted>`
pub(crate) fn select(meta: &'static Meta, tx: &ReadTx, system: bool) -> Statement {
    let mut sql = Statement::new("SELECT ");
    let extra = meta.system_columns().map(|(name, ..)| name).filter(|name| system && ![TENANT, COMPANY].contains(name));
    for (i, name) in meta.columns().map(|(name, _)| name).chain(extra).enumerate() {
        if i > 0 {
            sql.push(", ");
        }
        sql.name(name);
    }
    from(meta, tx, &mut sql);
    sql
}

/// `FROM <table> WHERE <tenant, company and not deleted>`
pub(crate) fn from(meta: &'static Meta, tx: &ReadTx, sql: &mut Statement) {
    sql.push(" FROM ").name(meta.table).push(" WHERE ");
    scope(meta, tx, sql);
    if meta.soft_delete {
        sql.push(" AND deleted_at IS NULL");
    }
}

/// The predicate of tenant and company, or one that holds always; one that never holds for rows of another tenant.
pub(crate) fn scope(meta: &'static Meta, tx: &ReadTx, sql: &mut Statement) {
    scope_in(meta, tx, tx.company(), sql);
}

/// The same in another company of the tenant, for what the framework does to all of them.
pub(crate) fn scope_in(meta: &'static Meta, tx: &ReadTx, company: CompanyId, sql: &mut Statement) {
    if meta.tenant {
        sql.push("tenant_id = ").bind(tx.tenant());
    } else {
        sql.push(if meta.is_open_to(tx) { "1 = 1" } else { "1 = 0" });
    }
    if meta.company {
        sql.push(" AND company_id = ").bind(company);
    }
}

/// ` AND <key column> = <key>`
pub(super) fn push_key<E: Entity>(key: &E::Key, sql: &mut Statement) {
    sql.push(" AND ").name(E::META.key_column()).push(" = ").bind(key.clone());
}

pub(super) fn find<E: Entity>(tx: &mut ReadTx, key: &E::Key) -> Result<Option<E>> {
    let mut sql = select(E::META, tx, false);
    push_key::<E>(key, &mut sql);
    Ok(sql.rows::<<E as Columns>::Sql, E>(tx.conn())?.pop())
}

pub(super) fn record<E: Entity>(tx: &mut ReadTx, key: &E::Key) -> Result<Record<E>> {
    let mut sql = select(E::META, tx, true);
    push_key::<E>(key, &mut sql);
    sql.load(tx.conn(), read_record::<E>)?.pop().ok_or_else(|| not_found::<E>(key))
}

/// Reads what [`select`] with system columns selects.
pub(crate) fn read_record<E: Entity>(row: &MultiRow<'_, '_>) -> deserialize::Result<Record<E>> {
    let own = E::META.columns().count();
    let entity = E::build_from_row(&row.partial_row(0..own))?;
    let mut at = own..;
    let mut system = System::default();
    if E::META.versioned {
        system.version = Some(next::<BigInt, _>(row, &mut at)?);
    }
    if E::META.audited {
        system.created = Some((next::<Instant, _>(row, &mut at)?, next::<Guid, _>(row, &mut at)?));
        system.updated = Some((next::<Instant, _>(row, &mut at)?, next::<Guid, _>(row, &mut at)?));
    }
    if E::META.soft_delete {
        system.deleted_at = next::<crate::sqltype::Maybe<Instant>, _>(row, &mut at)?;
    }
    Ok(Record { entity, system })
}

fn next<ST, T: FromSql<ST, Db>>(row: &MultiRow<'_, '_>, at: &mut RangeFrom<usize>) -> deserialize::Result<T> {
    // An endless range always has a next number.
    row.get_value(at.next().unwrap_or_default())
}

pub(super) fn get_many<E: Entity>(tx: &mut ReadTx, keys: &[E::Key]) -> Result<Vec<E>> {
    if keys.len() > MANY_MAX {
        return Err(too_many(keys.len()));
    }
    let mut found = HashMap::with_capacity(keys.len());
    for batch in keys.chunks(KEYS_BATCH) {
        let mut sql = select(E::META, tx, false);
        sql.push(" AND ").name(E::META.key_column()).push(" IN (");
        for (i, key) in batch.iter().enumerate() {
            if i > 0 {
                sql.push(", ");
            }
            sql.bind(key.clone());
        }
        sql.push(")");
        for entity in sql.rows::<<E as Columns>::Sql, E>(tx.conn())? {
            found.insert(entity.key(), entity);
        }
    }
    Ok(keys.iter().filter_map(|key| found.get(key).cloned()).collect())
}

fn too_many(count: usize) -> Error {
    Error::new(Kind::TooLarge, "data.too_many", format!("{count} records are more than the {MANY_MAX} of one call"))
        .with_help("read them in pages, or stream them")
}

pub(super) fn list<E: Entity>(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<E>> {
    let mut sql = select(E::META, tx, false);
    sql.push(" AND ");
    filter.push_to(tx.backend(), &mut sql);
    // Asked for an order, SQLite walks all keys of the tenant instead of the filter's index.
    sql.push(&format!(" LIMIT {}", MANY_MAX + 1));
    let mut rows = sql.rows::<<E as Columns>::Sql, E>(tx.conn())?;
    if rows.len() > MANY_MAX {
        return Err(too_many(rows.len()));
    }
    rows.sort_unstable_by_key(Entity::key);
    Ok(rows)
}

pub(super) fn count<E: Entity>(tx: &mut ReadTx, filter: &Filter) -> Result<i64> {
    let mut sql = Statement::new("SELECT count(*)");
    from(E::META, tx, &mut sql);
    sql.push(" AND ");
    filter.push_to(tx.backend(), &mut sql);
    if *filter != Filter::All {
        sql.uncached();
    }
    Ok(sql.rows::<Count, (i64,)>(tx.conn())?.first().map_or(0, |(n,)| *n))
}

pub(super) fn stream<E: Entity>(
    tx: &mut ReadTx,
    filter: &Filter,
    mut f: impl FnMut(Record<E>) -> Result<()>,
) -> Result<()> {
    if *filter != Filter::All {
        // Most filters leave few records: those need no order from the database, so that the filter's index is taken.
        let mut sql = filtered::<E>(tx, filter);
        sql.push(&format!(" LIMIT {}", STREAM_BATCH + 1));
        let mut few = sql.load(tx.conn(), read_record::<E>)?;
        if few.len() <= STREAM_BATCH {
            few.sort_unstable_by_key(|record| record.entity.key());
            return few.into_iter().try_for_each(f);
        }
    }
    let mut last: Option<E::Key> = None;
    loop {
        let mut sql = filtered::<E>(tx, filter);
        if let Some(last) = last {
            sql.push(" AND ");
            push_ordered_key(E::META, tx.backend(), &mut sql);
            sql.push(" > ").bind(last);
        }
        sql.push(" ORDER BY ");
        push_ordered_key(E::META, tx.backend(), &mut sql);
        sql.push(&format!(" LIMIT {STREAM_BATCH}"));
        let batch = sql.load(tx.conn(), read_record::<E>)?;
        let Some(end) = batch.last().map(|r| r.entity.key()) else { return Ok(()) };
        let full = batch.len() == STREAM_BATCH;
        last = Some(end);
        batch.into_iter().try_for_each(&mut f)?;
        if !full {
            return Ok(());
        }
    }
}

/// The key as something to order by, the same on every database and in memory.
fn push_ordered_key(meta: &'static Meta, backend: Backend, sql: &mut Statement) {
    let Some((column, of)) = meta.columns().next() else { return };
    push_ordered(column, of, backend, sql);
}

/// Whole records that satisfy a filter, which a client may have written.
fn filtered<E: Entity>(tx: &ReadTx, filter: &Filter) -> Statement {
    let mut sql = select(E::META, tx, true);
    sql.push(" AND ");
    filter.push_to(tx.backend(), &mut sql);
    if *filter != Filter::All {
        sql.uncached();
    }
    sql
}
