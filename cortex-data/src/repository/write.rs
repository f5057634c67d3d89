//! Writing records: validated, stamped, and told to the change sink.

use cortex_core::{Error, Kind, Result};
use serde_json::Value as Json;
use uuid::Uuid;

use super::explain;
use super::read::{self, lower, not_found, push_key, read_record, scope};
use crate::custom::{self, FieldSet};
use crate::entity::Entity;
use crate::error::taken_meanwhile;
use crate::history::{Action, Change};
use crate::json::record_to_json;
use crate::meta::{COMPANY, Meta, TENANT};
use crate::record::Record;
use crate::source::field_of_row;
use crate::statement::Statement;
use crate::tenancy::bytes_of;
use crate::tx::Tx;
use crate::validate::validate;
use crate::value::{ColumnType, Value};

/// Parameters per insert: under SQLite's limit of 32,766.
const PARAMETERS_MAX: usize = 16_000;
/// Room for the names of most tables' columns.
const NAMES_LENGTH: usize = 512;

pub(crate) fn insert_many<E: Entity>(tx: &mut Tx, entities: &[E]) -> Result<()> {
    let meta = E::META;
    meta.require_writable(tx)?;
    let width = meta.columns().count() + meta.system_columns().count();
    let most = (PARAMETERS_MAX / width).max(1);
    for batch in entities.chunks(most) {
        let mut sql = insert_into(meta, batch.len() * width);
        if batch.len() == most {
            sql.cached();
        }
        let mut stored = Vec::with_capacity(batch.len());
        for (i, entity) in batch.iter().enumerate() {
            let mut values = entity.values();
            validate(tx, meta, None, &mut values)?;
            sql.push(if i == 0 { "(" } else { ", (" });
            let own = values.iter().skip(skipped(meta)).cloned();
            push_values(&mut sql, own.chain(new_system_values(meta, tx)));
            sql.push(")");
            stored.push((known_by(&values), values));
        }
        if let Err(error) = sql.execute(tx.conn_mut()) {
            let values: Vec<&[Value]> = stored.iter().map(|(_, values)| values.as_slice()).collect();
            return Err(explain::stored(tx, meta, &values, error));
        }
        if let Some(at) = meta.extra() {
            let set = tx.custom_fields(meta)?;
            for (id, values) in &stored {
                custom::claim(tx, meta, &set, *id, None, values.get(at))?;
            }
        }
        if tx.is_metered() && meta.tenant {
            let bytes = stored.iter().map(|(_, values)| bytes_of(values)).sum();
            tx.count(i64::try_from(stored.len()).unwrap_or(i64::MAX), bytes);
        }
        if meta.audited {
            let set = tx.custom_fields(meta)?;
            let inserted =
                |(id, values): &(Uuid, Vec<Value>)| change_of(meta, &set, *id, Action::Insert, None, Some(values));
            let changes: Vec<Change> = stored.iter().map(inserted).collect();
            let db = tx.database().clone();
            db.registry().sink().record_many(tx, &changes)?;
        }
    }
    Ok(())
}

pub(super) fn insert_keyed<E: Entity>(tx: &mut Tx, entity: &E) -> Result<E::Key> {
    let meta = E::META;
    if !meta.generates_keys() {
        return insert_many(tx, std::slice::from_ref(entity)).map(|()| entity.key());
    }
    meta.require_writable(tx)?;
    let mut values = entity.values();
    validate(tx, meta, None, &mut values)?;
    let mut sql = insert_into(meta, values.len());
    sql.push("(");
    push_values(&mut sql, values.iter().skip(skipped(meta)).cloned());
    sql.push(") RETURNING ").name(meta.key_column());
    let stored = sql.load(tx.conn_mut(), field_of_row::<E::Key>);
    let mut keys = stored.map_err(|error| explain::stored(tx, meta, &[&values], error))?;
    keys.pop().ok_or_else(|| Error::internal("data.key", format!("`{}` gave no key", meta.table)))
}

/// How many of the first columns are left out of an insert: a key that the database gives.
fn skipped(meta: &Meta) -> usize {
    usize::from(meta.generates_keys())
}

/// The id by which the history and unique custom values know a record; tables of others have neither.
fn known_by(values: &[Value]) -> Uuid {
    match values.first() {
        Some(Value::Guid(id)) => *id,
        _ => Uuid::nil(),
    }
}

fn insert_into(meta: &'static Meta, values: usize) -> Statement {
    let mut sql = Statement::with_room("INSERT INTO ", NAMES_LENGTH + values * ", ".len(), values);
    sql.name(meta.table).push(" (");
    let names =
        meta.columns().map(|(name, _)| name).skip(skipped(meta)).chain(meta.system_columns().map(|(name, ..)| name));
    for (i, name) in names.enumerate() {
        if i > 0 {
            sql.push(", ");
        }
        sql.name(name);
    }
    sql.push(") VALUES ");
    sql
}

fn push_values(sql: &mut Statement, values: impl Iterator<Item = Value>) {
    for (i, value) in values.enumerate() {
        if i > 0 {
            sql.push(", ");
        }
        sql.bind(value);
    }
}

/// Values of the system columns of a new record, in the order of [`Meta::system_columns`].
fn new_system_values(meta: &'static Meta, tx: &Tx) -> impl Iterator<Item = Value> + use<> {
    let (now, actor, tenant, company) = (tx.now(), tx.cx().actor().id, tx.tenant(), tx.company());
    let value = move |name: &str| match name {
        TENANT => Value::from(tenant),
        COMPANY => Value::from(company),
        "version" => Value::BigInt(1),
        "created_at" | "updated_at" => Value::Instant(now),
        "created_by" | "updated_by" => Value::from(actor),
        _ => Value::Null(ColumnType::Instant),
    };
    meta.system_columns().map(move |(name, ..)| value(name))
}

fn record_change(
    tx: &mut Tx,
    meta: &'static Meta,
    record: Uuid,
    action: Action,
    before: Option<&[Value]>,
    after: Option<&Vec<Value>>,
) -> Result<()> {
    let (db, set) = (tx.database().clone(), tx.custom_fields(meta)?);
    db.registry().sink().record(tx, &change_of(meta, &set, record, action, before, after))
}

fn change_of(
    meta: &'static Meta,
    set: &FieldSet,
    record: Uuid,
    action: Action,
    before: Option<&[Value]>,
    after: Option<&Vec<Value>>,
) -> Change {
    // Only the fields that differ, so that a history stays readable and small.
    let differs = |i: usize| match (before, after) {
        (Some(b), Some(a)) => b.get(i) != a.get(i),
        _ => true,
    };
    let (mut old, mut new) = (
        before.map(|values| record_to_json(meta, values, &differs)),
        after.map(|values| record_to_json(meta, values, &differs)),
    );
    if let Some(at) = meta.extra() {
        let value = |values: Option<&[Value]>| values.and_then(|values| values.get(at)).cloned();
        let after = after.map(Vec::as_slice);
        let (was, is) = custom::changes(set, value(before).as_ref(), value(after).as_ref());
        for (shown, custom) in [(&mut old, was), (&mut new, is)] {
            // Only where it differs; a record without custom fields says nothing of them.
            if let (Some(Json::Object(shown)), Some(custom)) = (shown, custom)
                && shown.remove(custom::EXTRA).is_some()
                && custom.as_object().is_some_and(|fields| !fields.is_empty())
            {
                shown.insert(custom::EXTRA.to_owned(), custom);
            }
        }
    }
    Change { table: meta.table, record, action, before: old, after: new }
}

pub(crate) fn update<E: Entity>(
    tx: &mut Tx,
    key: &E::Key,
    version: Option<i64>,
    change: impl FnOnce(&mut E) -> Result<()>,
) -> Result<Record<E>> {
    let meta = E::META;
    meta.require_writable(tx)?;
    let mut record = locked::<E>(tx, key, version)?;
    let before = record.entity.values();
    change(&mut record.entity)?;
    let mut after = record.entity.values();
    if record.entity.key() != *key {
        return Err(Error::internal("data.id", "the key of a record can't change"));
    }
    if before == after {
        return Ok(record);
    }
    let asked = after.clone();
    validate(tx, meta, Some(&before), &mut after)?;
    if asked != after {
        record.entity = E::from_values(&mut crate::field::Values::new(after.clone()))?;
    }
    let columns = meta.columns().zip(&before).zip(&after).filter(|((_, b), a)| b != a);
    let changed: Vec<(&str, Value)> = columns.map(|(((name, _), _), a)| (name, a.clone())).collect();
    write_columns(tx, key, &mut record, changed).map_err(|e| explain::stored(tx, meta, &[&after], e))?;
    if let Some(at) = meta.extra() {
        let set = tx.custom_fields(meta)?;
        custom::claim(tx, meta, &set, known_by(&before), before.get(at), after.get(at))?;
    }
    if tx.is_metered() && meta.tenant {
        tx.count(0, bytes_of(&after) - bytes_of(&before));
    }
    if meta.audited {
        record_change(tx, meta, known_by(&before), Action::Update, Some(&before), Some(&after))?;
    }
    Ok(record)
}

/// Reads the record with its row locked, where the database locks rows, and checks the version asked for.
fn locked<E: Entity>(tx: &mut Tx, key: &E::Key, version: Option<i64>) -> Result<Record<E>> {
    let mut sql = read::select(E::META, tx, true);
    push_key::<E>(key, &mut sql);
    sql.push(lock_clause(tx));
    let record = sql.load(tx.conn(), read_record::<E>)?.pop().ok_or_else(|| not_found::<E>(key))?;
    match (version, record.system.version) {
        (Some(asked), Some(stored)) if asked != stored => Err(changed_meanwhile(E::META, asked, stored)),
        _ => Ok(record),
    }
}

/// SQLite's writer is alone anyway.
pub(crate) fn lock_clause(tx: &Tx) -> &'static str {
    match tx.backend() {
        crate::Backend::Sqlite => "",
        crate::Backend::Postgres => " FOR UPDATE",
    }
}

fn changed_meanwhile(meta: &'static Meta, asked: i64, stored: i64) -> Error {
    let message = format!("this {} has version {stored}, not {asked}: somebody changed it", lower(meta.name));
    Error::new(Kind::PreconditionFailed, "version", message).with_help("read it again and repeat the change")
}

/// `UPDATE <table> SET <changed columns and stamps> WHERE <tenant, key and version>`
fn write_columns<E: Entity>(
    tx: &mut Tx,
    key: &E::Key,
    record: &mut Record<E>,
    changed: Vec<(&str, Value)>,
) -> Result<()> {
    let meta = E::META;
    let (now, actor) = (tx.now(), tx.cx().actor().id);
    let old = record.system.version;
    let mut sql = Statement::new("UPDATE ");
    sql.name(meta.table).push(" SET ");
    for (i, (name, value)) in changed.into_iter().enumerate() {
        if i > 0 {
            sql.push(", ");
        }
        sql.name(name).push(" = ").bind(value);
    }
    if let Some(version) = old {
        sql.push(", version = ").bind(version + 1);
        record.system.version = Some(version + 1);
    }
    if meta.audited {
        sql.push(", updated_at = ").bind(now).push(", updated_by = ").bind(actor);
        record.system.updated = Some((now, actor.uuid()));
    }
    sql.push(" WHERE ");
    scope(meta, tx, &mut sql);
    push_key::<E>(key, &mut sql);
    if let Some(version) = old {
        sql.push(" AND version = ").bind(version);
    }
    match sql.execute(tx.conn_mut())? {
        1 => Ok(()),
        _ => Err(Error::conflict("data.changed", format!("this {} was changed meanwhile", lower(meta.name)))),
    }
}

pub(super) fn delete<E: Entity>(tx: &mut Tx, key: &E::Key, version: Option<i64>) -> Result<()> {
    let meta = E::META;
    meta.require_writable(tx)?;
    let mut record = locked::<E>(tx, key, version)?;
    let values = record.entity.values();
    if meta.soft_delete {
        let now = tx.now();
        write_columns(tx, key, &mut record, vec![("deleted_at", Value::Instant(now))])?;
    } else {
        let mut sql = Statement::new("DELETE FROM ");
        sql.name(meta.table).push(" WHERE ");
        scope(meta, tx, &mut sql);
        push_key::<E>(key, &mut sql);
        sql.execute(tx.conn_mut()).map_err(|e| explain::deleted(meta, e))?;
        if let Some(at) = meta.extra() {
            let set = tx.custom_fields(meta)?;
            custom::claim(tx, meta, &set, known_by(&values), values.get(at), None)?;
        }
        if tx.is_metered() && meta.tenant {
            tx.count(-1, -bytes_of(&values));
        }
    }
    if meta.audited {
        record_change(tx, meta, known_by(&values), Action::Delete, Some(&values), None)?;
    }
    Ok(())
}

pub(super) fn restore<E: Entity>(tx: &mut Tx, key: &E::Key) -> Result<()> {
    let meta = E::META;
    if !meta.soft_delete {
        return Err(Error::internal("data.restore", format!("{} records are not kept when deleted", lower(meta.name))));
    }
    let mut sql = Statement::new("UPDATE ");
    sql.name(meta.table).push(" SET deleted_at = NULL");
    if meta.versioned {
        sql.push(", version = version + 1");
    }
    sql.push(" WHERE ");
    scope(meta, tx, &mut sql);
    push_key::<E>(key, &mut sql);
    sql.push(" AND deleted_at IS NOT NULL");
    if sql.execute(tx.conn_mut())? == 0 {
        return Err(not_found::<E>(key).with_help("only a deleted record can be restored"));
    }
    if meta.audited {
        let values = read::find::<E>(tx, key)?.ok_or_else(|| not_found::<E>(key))?.values();
        record_change(tx, meta, known_by(&values), Action::Restore, None, Some(&values))?;
    }
    Ok(())
}

pub(super) fn upsert<E: Entity>(tx: &mut Tx, entity: &E, key: &[&str]) -> Result<()> {
    let meta = E::META;
    let mut values = entity.values();
    validate(tx, meta, None, &mut values)?;
    meta.require_writable(tx)?;
    let mut sql = Statement::new("SELECT ");
    sql.name(meta.key_column());
    read::from(meta, tx, &mut sql);
    for name in key {
        let at = meta.columns().position(|(column, _)| column == *name);
        let value = at.and_then(|i| values.get(i)).cloned();
        let value =
            value.ok_or_else(|| Error::internal("data.upsert", format!("`{name}` is no field of `{}`", meta.name)))?;
        sql.push(" AND ").name(name).push(" = ").bind(value);
    }
    sql.push(lock_clause(tx));
    let found: Vec<E::Key> = sql.load(tx.conn(), field_of_row)?;
    match found.first() {
        // Another unit of work may insert the same in this moment: the next attempt finds its record.
        None => insert_many(tx, std::slice::from_ref(entity)).map_err(taken_meanwhile),
        Some(key) => {
            let mut values = values;
            if let Some(first) = values.first_mut() {
                *first = key.clone().into();
            }
            let merged = E::from_values(&mut crate::field::Values::new(values))?;
            update(tx, key, None, |stored| {
                *stored = merged;
                Ok(())
            })
            .map(|_| ())
        }
    }
}
