//! Values that may stand in one record only: a table whose key refuses the second one, so that no index is needed.

use cortex_core::{CompanyId, Error, Result};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::field::CustomField;
use super::report::Batches;
use super::set::FieldSet;
use crate::meta::Meta;
use crate::repository::read::lower;
use crate::statement::Statement;
use crate::tx::Tx;
use crate::value::Value;

/// Gives up what `before` holds and takes what `after` holds in unique fields.
pub(crate) fn claim(
    tx: &mut Tx,
    meta: &'static Meta,
    set: &FieldSet,
    record: Uuid,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<()> {
    for field in set.unique() {
        let name = field.definition.name.as_str();
        let company = meta.company.then(|| tx.company());
        let value = |of: Option<&Value>| Some(digest(company, object(of?)?.get(name)?));
        let (old, new) = (value(before), value(after));
        if old == new {
            continue;
        }
        if old.is_some() {
            release(tx, meta, name, record)?;
        }
        if let Some(new) = new {
            take(tx, meta, field, record, new)?;
        }
    }
    Ok(())
}

fn object(value: &Value) -> Option<&Map<String, Json>> {
    match value {
        Value::Json(Json::Object(extra)) => Some(extra),
        _ => None,
    }
}

/// Values of any length as keys of one length, others in every company where companies keep the records.
fn digest(company: Option<CompanyId>, value: &Json) -> String {
    use std::fmt::Write as _;

    let mut text = String::with_capacity(64);
    let mut hash = Sha256::new();
    if let Some(company) = company {
        hash.update(company.uuid());
    }
    hash.update(value.to_string());
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn release(tx: &mut Tx, meta: &'static Meta, name: &str, record: Uuid) -> Result<()> {
    let mut sql = Statement::new("DELETE FROM cortex_unique_values WHERE tenant_id = ");
    sql.bind(tx.tenant()).push(" AND entity = ").bind(meta.table).push(" AND record_id = ").bind(record);
    sql.push(" AND name = ").bind(name);
    sql.execute(tx.conn_mut()).map(drop)
}

fn take(tx: &mut Tx, meta: &'static Meta, field: &CustomField, record: Uuid, digest: String) -> Result<()> {
    let mut sql =
        Statement::new("INSERT INTO cortex_unique_values (tenant_id, entity, name, digest, record_id) VALUES (");
    sql.bind(tx.tenant()).push(", ").bind(meta.table).push(", ").bind(field.definition.name.as_str());
    sql.push(", ").bind(digest).push(", ").bind(record).push(") ON CONFLICT DO NOTHING");
    if sql.execute(tx.conn_mut())? == 1 {
        return Ok(());
    }
    let message = format!("there is a {} with the same `{}` already", lower(meta.name), field.path());
    Err(Error::conflict("unique", message))
}

/// Takes the stored values of a field that became unique.
pub(super) fn rebuild(tx: &mut Tx, meta: &'static Meta, field: &CustomField) -> Result<()> {
    forget(tx, meta, &field.definition.name)?;
    let mut batches = Batches::of(tx, meta)?;
    while let Some((company, rows)) = batches.next(tx)? {
        for (id, extra) in rows {
            if let Some(value) = extra.get(&field.definition.name) {
                take(tx, meta, field, id, digest(meta.company.then_some(company), value))?;
            }
        }
    }
    Ok(())
}

/// Gives up all values of a field.
pub(super) fn forget(tx: &mut Tx, meta: &'static Meta, name: &str) -> Result<()> {
    let mut sql = Statement::new("DELETE FROM cortex_unique_values WHERE tenant_id = ");
    sql.bind(tx.tenant()).push(" AND entity = ").bind(meta.table).push(" AND name = ").bind(name);
    sql.execute(tx.conn_mut()).map(drop)
}
