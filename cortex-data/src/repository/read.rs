//! Reading records.

use std::collections::HashMap;
use std::ops::RangeFrom;

use cortex_core::{Error, Id, Kind, Result};
use diesel::deserialize::{self, FromSql};
use diesel::row::Row;
use diesel::sql_types::BigInt;

use super::MANY_MAX;
use crate::conn::{MultiBackend as Db, MultiRow};
use crate::entity::{Columns, Entity};
use crate::filter::Filter;
use crate::history::Count;
use crate::meta::Meta;
use crate::record::{Record, System};
use crate::sqltype::{Guid, Instant};
use crate::statement::Statement;
use crate::tx::ReadTx;
use crate::value::Value;

/// Records per statement when streaming.
const STREAM_BATCH: usize = 1_000;
/// Ids per statement: SQLite allows 32,766 parameters, and long lists of them plan badly.
const IDS_BATCH: usize = 500;

pub(super) fn not_found<E: Entity>(id: Id<E>) -> Error {
    let name = E::META.name;
    Error::new(Kind::NotFound, "not_found", format!("there is no {} `{id}`", lower(name)))
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

/// `SELECT <columns> FROM <table> WHERE <tenant and not deleted>`
pub(crate) fn select(meta: &'static Meta, tx: &ReadTx, system: bool) -> Statement {
    let mut sql = Statement::new("SELECT ");
    let extra = meta.system_columns().map(|(name, ..)| name).filter(|name| system && *name != "tenant_id");
    for (i, name) in meta.columns().map(|(name, _)| name).chain(extra).enumerate() {
        if i > 0 {
            sql.push(", ");
        }
        sql.name(name);
    }
    from(meta, tx, &mut sql);
    sql
}

/// `FROM <table> WHERE <tenant and not deleted>`
pub(crate) fn from(meta: &'static Meta, tx: &ReadTx, sql: &mut Statement) {
    sql.push(" FROM ").name(meta.table).push(" WHERE ");
    scope(meta, tx, sql);
    if meta.soft_delete {
        sql.push(" AND deleted_at IS NULL");
    }
}

/// The tenant's predicate, or one that holds always.
pub(crate) fn scope(meta: &'static Meta, tx: &ReadTx, sql: &mut Statement) {
    if meta.tenant {
        sql.push("tenant_id = ").bind(tx.tenant());
    } else {
        sql.push("1 = 1");
    }
}

pub(super) fn find<E: Entity>(tx: &mut ReadTx, id: Id<E>) -> Result<Option<E>> {
    let mut sql = select(E::META, tx, false);
    sql.push(" AND id = ").bind(id);
    Ok(sql.rows::<<E as Columns>::Sql, E>(tx.conn())?.pop())
}

pub(super) fn record<E: Entity>(tx: &mut ReadTx, id: Id<E>) -> Result<Record<E>> {
    let mut sql = select(E::META, tx, true);
    sql.push(" AND id = ").bind(id);
    sql.load(tx.conn(), read_record::<E>)?.pop().ok_or_else(|| not_found(id))
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

pub(super) fn get_many<E: Entity>(tx: &mut ReadTx, ids: &[Id<E>]) -> Result<Vec<E>> {
    if ids.len() > MANY_MAX {
        return Err(too_many(ids.len()));
    }
    let mut found = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(IDS_BATCH) {
        let mut sql = select(E::META, tx, false);
        sql.push(" AND id IN (");
        for (i, id) in batch.iter().enumerate() {
            if i > 0 {
                sql.push(", ");
            }
            sql.bind(*id);
        }
        sql.push(")");
        for entity in sql.rows::<<E as Columns>::Sql, E>(tx.conn())? {
            found.insert(entity.id(), entity);
        }
    }
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

fn too_many(count: usize) -> Error {
    Error::new(Kind::TooLarge, "data.too_many", format!("{count} records are more than the {MANY_MAX} of one call"))
        .with_help("read them in pages, or stream them")
}

pub(super) fn list<E: Entity>(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<E>> {
    let mut sql = select(E::META, tx, false);
    sql.push(" AND ");
    filter.push_to(tx.backend(), &mut sql);
    // Asked for an order, SQLite walks all ids of the tenant instead of the filter's index.
    sql.push(&format!(" LIMIT {}", MANY_MAX + 1));
    let mut rows = sql.rows::<<E as Columns>::Sql, E>(tx.conn())?;
    if rows.len() > MANY_MAX {
        return Err(too_many(rows.len()));
    }
    rows.sort_unstable_by_key(Entity::id);
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
            few.sort_unstable_by_key(|record| record.entity.id());
            return few.into_iter().try_for_each(f);
        }
    }
    let mut last: Option<Id<E>> = None;
    loop {
        let mut sql = filtered::<E>(tx, filter);
        if let Some(last) = last {
            sql.push(" AND id > ").bind(Value::from(last));
        }
        sql.push(&format!(" ORDER BY id LIMIT {STREAM_BATCH}"));
        let batch = sql.load(tx.conn(), read_record::<E>)?;
        let Some(end) = batch.last().map(|r| r.entity.id()) else { return Ok(()) };
        let full = batch.len() == STREAM_BATCH;
        last = Some(end);
        batch.into_iter().try_for_each(&mut f)?;
        if !full {
            return Ok(());
        }
    }
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
