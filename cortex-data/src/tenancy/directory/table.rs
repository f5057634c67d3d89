//! The directory as it is stored, in the main database.

use cortex_core::{Error, Result, TenantId, Timestamp};
use diesel::sql_types::{BigInt, Text};
use uuid::Uuid;

use super::book::{Changed, Changes, TenantEntry};
use crate::Backend;
use crate::conn::Conn;
use crate::sqltype::{Guid, Instant, Json, Maybe};
use crate::statement::Statement;
use crate::tenancy::error::TenancyError;
use crate::tenancy::placement::{Placement, PlacementKind, TenantStatus};
use crate::tenancy::tenant::{Quotas, SchemaVersion, Tenant};
use crate::tx::{ReadTx, Tx};
use crate::value::{ColumnType, Value};

type Sql = (
    Guid,
    Text,
    Text,
    Text,
    (Text, Maybe<Text>),
    (Text, Maybe<Text>, Maybe<Text>),
    (Json, Json),
    (Instant, Maybe<Text>, Maybe<Instant>),
);
type Row = (
    TenantId,
    String,
    String,
    String,
    (String, Option<String>),
    (String, Option<String>, Option<String>),
    (serde_json::Value, serde_json::Value),
    (Timestamp, Option<String>, Option<Timestamp>),
);

const SELECT: &str = "SELECT id, name, title, status, placement, location, tier, schema_version, migrate_error, quotas, \
                      settings, created_at, suspended_reason, delete_after FROM cortex_tenants";

fn damaged(name: &str, what: &str) -> Error {
    Error::internal("tenancy.damaged", format!("the directory has a {what} of `{name}` that is none"))
}

fn tenant(row: Row) -> Result<Tenant> {
    let (id, name, title, status, (kind, location), (tier, version, migrate_error), (quotas, settings), times) = row;
    let (created_at, suspended_reason, delete_after) = times;
    let status = TenantStatus::parse(&status).ok_or_else(|| damaged(&name, "status"))?;
    let placement = place(&name, &kind, location)?;
    let schema_version = version.as_deref().and_then(SchemaVersion::parse);
    let quotas = serde_json::from_value(quotas).map_err(|e| damaged(&name, "quota").with_source(e))?;
    Ok(Tenant {
        id,
        name,
        title,
        status,
        placement,
        tier,
        schema_version,
        migrate_error,
        quotas,
        settings,
        created_at,
        suspended_reason,
        delete_after,
    })
}

fn place(name: &str, kind: &str, location: Option<String>) -> Result<Placement> {
    let kind = PlacementKind::parse(kind).ok_or_else(|| damaged(name, "placement"))?;
    Placement::from_parts(kind, location).ok_or_else(|| damaged(name, "location"))
}

pub(super) fn get(tx: &mut ReadTx, id: TenantId, lock: bool) -> Result<Option<Tenant>> {
    let mut sql = Statement::new(SELECT);
    sql.push(" WHERE id = ").bind(id);
    if lock && tx.backend() == Backend::Postgres {
        sql.push(" FOR UPDATE");
    }
    sql.rows::<Sql, Row>(tx.conn())?.pop().map(tenant).transpose()
}

pub(super) fn named(tx: &mut ReadTx, name: &str) -> Result<Option<Tenant>> {
    let mut sql = Statement::new(SELECT);
    sql.push(" WHERE name = ").bind(name);
    sql.rows::<Sql, Row>(tx.conn())?.pop().map(tenant).transpose()
}

pub(super) fn page(tx: &mut ReadTx, after: &str, limit: usize) -> Result<Vec<Tenant>> {
    let mut sql = Statement::new(SELECT);
    sql.push(" WHERE name > ").bind(after).push(" ORDER BY name LIMIT ").bind(i64::try_from(limit).unwrap_or(0));
    sql.rows::<Sql, Row>(tx.conn())?.into_iter().map(tenant).collect()
}

/// Tenants that are being made or moved, and deleted ones whose time of grace is over.
pub(super) fn due(tx: &mut ReadTx) -> Result<Vec<Tenant>> {
    let mut sql = Statement::new(SELECT);
    sql.push(" WHERE status IN ('creating', 'moving') OR (status = 'deleting' AND delete_after <= ");
    sql.bind(tx.now()).push(") ORDER BY name");
    sql.rows::<Sql, Row>(tx.conn())?.into_iter().map(tenant).collect()
}

fn maybe_text(text: Option<&str>) -> Value {
    text.map_or(Value::Null(ColumnType::Text), Value::from)
}

fn values(tenant: &Tenant) -> Result<Vec<(&'static str, Value)>> {
    let quotas = serde_json::to_value(tenant.quotas)
        .map_err(|e| Error::internal("tenancy.quotas", "quotas can't be written").with_source(e))?;
    Ok(vec![
        ("name", Value::from(tenant.name.as_str())),
        ("title", Value::from(tenant.title.as_str())),
        ("status", Value::from(tenant.status.as_str())),
        ("placement", Value::from(tenant.placement.kind().as_str())),
        ("location", maybe_text(tenant.placement.location())),
        ("tier", Value::from(tenant.tier.as_str())),
        ("schema_version", maybe_text(tenant.schema_version.map(|v| v.to_string()).as_deref())),
        ("migrate_error", maybe_text(tenant.migrate_error.as_deref())),
        ("quotas", Value::Json(quotas)),
        ("settings", Value::Json(tenant.settings.clone())),
        ("created_at", Value::Instant(tenant.created_at)),
        ("suspended_reason", maybe_text(tenant.suspended_reason.as_deref())),
        ("delete_after", tenant.delete_after.map_or(Value::Null(ColumnType::Instant), Value::Instant)),
    ])
}

pub(super) fn insert(tx: &mut Tx, tenant: &Tenant) -> Result<()> {
    let revision = next_revision(tx)?;
    let mut columns = values(tenant)?;
    columns.push(("id", Value::from(tenant.id)));
    columns.push(("revision", Value::BigInt(revision)));
    let mut sql = Statement::new("INSERT INTO cortex_tenants (");
    for (i, (name, _)) in columns.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " }).push(name);
    }
    sql.push(") VALUES (");
    for (i, (_, value)) in columns.into_iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " }).bind(value);
    }
    sql.push(")");
    sql.execute(tx.conn_mut()).map(drop).map_err(|error| taken(error, &tenant.name))
}

pub(super) fn update(tx: &mut Tx, tenant: &Tenant) -> Result<()> {
    let revision = next_revision(tx)?;
    let mut sql = Statement::new("UPDATE cortex_tenants SET revision = ");
    sql.bind(revision);
    for (name, value) in values(tenant)? {
        sql.push(", ").push(name).push(" = ").bind(value);
    }
    sql.push(" WHERE id = ").bind(tenant.id);
    sql.execute(tx.conn_mut()).map(drop).map_err(|error| taken(error, &tenant.name))
}

pub(super) fn remove(tx: &mut Tx, id: TenantId) -> Result<()> {
    for statement in [
        "DELETE FROM cortex_tenant_hosts WHERE tenant = ",
        "DELETE FROM cortex_tenant_usage WHERE tenant = ",
        "DELETE FROM cortex_tenants WHERE id = ",
    ] {
        let mut sql = Statement::new(statement);
        sql.bind(id);
        sql.execute(tx.conn_mut())?;
    }
    Ok(())
}

fn taken(error: Error, name: &str) -> Error {
    if error.code() == "unique" { TenancyError::Taken { name: name.to_owned() }.into() } else { error }
}

/// The next revision. Its row is locked until the commit, so that no later revision is visible before this one.
fn next_revision(tx: &mut Tx) -> Result<i64> {
    let sql = Statement::new("UPDATE cortex_tenancy SET revision = revision + 1 WHERE id = 1 RETURNING revision");
    let rows: Vec<(i64,)> = sql.rows::<(BigInt,), _>(tx.conn_mut())?;
    let lost = || Error::internal("tenancy.damaged", "the directory has lost its revision");
    rows.first().map(|(revision,)| *revision).ok_or_else(lost)
}

pub(super) fn hosts(tx: &mut ReadTx, id: TenantId) -> Result<Vec<String>> {
    let mut sql = Statement::new("SELECT host FROM cortex_tenant_hosts WHERE tenant = ");
    sql.bind(id).push(" ORDER BY host");
    Ok(sql.rows::<(Text,), (String,)>(tx.conn())?.into_iter().map(|(host,)| host).collect())
}

pub(super) fn set_hosts(tx: &mut Tx, id: TenantId, hosts: &[String]) -> Result<()> {
    let revision = next_revision(tx)?;
    let mut sql = Statement::new("UPDATE cortex_tenants SET revision = ");
    sql.bind(revision).push(" WHERE id = ").bind(id);
    if sql.execute(tx.conn_mut())? == 0 {
        return Err(TenancyError::Unknown { name: id.to_string() }.into());
    }
    let mut sql = Statement::new("DELETE FROM cortex_tenant_hosts WHERE tenant = ");
    sql.bind(id);
    sql.execute(tx.conn_mut())?;
    for host in hosts {
        check_host(host)?;
        let mut sql = Statement::new("INSERT INTO cortex_tenant_hosts (host, tenant) VALUES (");
        sql.bind(host.as_str()).push(", ").bind(id).push(")");
        sql.execute(tx.conn_mut()).map_err(|error| taken(error, host))?;
    }
    Ok(())
}

/// A host name in the form in which it is looked up (RFC 1123).
fn check_host(host: &str) -> Result<()> {
    const HOST_MAX: usize = 253;
    let letters = host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    let labels = host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    if letters && labels && host.len() <= HOST_MAX {
        return Ok(());
    }
    Err(Error::invalid("tenancy.host", format!("`{host}` is not a host name"))
        .with_help("write it in lower case and without a port, such as `acme.example.com`"))
}

/// Everything that changed after `known`. What two statements read may differ by a change that came between them: it
/// has a later revision than the one that is answered here, and is read again.
pub(super) fn changes(conn: &mut Conn, known: i64) -> Result<Changes> {
    type Sql = ((Guid, Text, Text, Text, Maybe<Text>), (Maybe<Text>, Maybe<Text>, Json, Maybe<Text>), BigInt, Usage);
    type Usage = (BigInt, BigInt);
    type Row = (
        (TenantId, String, String, String, Option<String>),
        (Option<String>, Option<String>, serde_json::Value, Option<String>),
        i64,
        (i64, i64),
    );
    let mut sql = Statement::new(
        "SELECT t.id, t.name, t.status, t.placement, t.location, t.schema_version, t.migrate_error, t.quotas, \
         t.suspended_reason, t.revision, coalesce(u.rows_used, 0), coalesce(u.bytes_used, 0) \
         FROM cortex_tenants t LEFT JOIN cortex_tenant_usage u ON u.tenant = t.id WHERE t.revision > ",
    );
    sql.bind(known).push(" ORDER BY t.revision");
    let mut changes = Changes { revision: known, ..Changes::default() };
    for ((id, name, status, kind, location), (version, failed, quotas, suspended), revision, used) in
        sql.rows::<Sql, Row>(conn)?
    {
        let quotas: Quotas = serde_json::from_value(quotas).map_err(|e| damaged(&name, "quota").with_source(e))?;
        let entry = TenantEntry {
            id,
            status: TenantStatus::parse(&status).ok_or_else(|| damaged(&name, "status"))?,
            placement: place(&name, &kind, location)?,
            version: version.as_deref().and_then(SchemaVersion::parse),
            reason: suspended.or(failed).map(String::into_boxed_str),
            name: name.into(),
            usage: None,
        };
        changes.revision = changes.revision.max(revision);
        changes.tenants.push(Changed { entry, quotas, used });
    }
    changes.hosts = changed_hosts(conn, known, changes.tenants.len())?;
    Ok(changes)
}

fn changed_hosts(conn: &mut Conn, known: i64, tenants: usize) -> Result<Vec<(String, TenantId)>> {
    if tenants == 0 {
        return Ok(Vec::new());
    }
    let mut sql = Statement::new(
        "SELECT h.host, h.tenant FROM cortex_tenant_hosts h JOIN cortex_tenants t ON t.id = h.tenant WHERE t.revision > ",
    );
    sql.bind(known);
    let rows: Vec<(String, Uuid)> = sql.rows::<(Text, Guid), _>(conn)?;
    Ok(rows.into_iter().map(|(host, id)| (host, TenantId::from_uuid(id))).collect())
}
