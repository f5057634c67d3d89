//! Idempotency keys: the answer to a request is kept in the transaction that carries it out, and given again.

use cortex_core::{Error, Kind, Refusal, Result, Timestamp};
use diesel::sql_types::Text;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::SERIALIZATION;
use crate::sqltype::{Instant, Maybe};
use crate::statement::Statement;
use crate::tx::Tx;
use crate::value::Value;

/// How long an answer is kept: long enough for a client that was offline over night.
pub const ONCE_RETENTION_HOURS: i64 = 24;
/// One in so many requests with a key also removes what is older.
const CLEAN_ONE_IN: u128 = 64;

/// What makes two requests of one actor the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceKey {
    /// The route: `POST /api/v1/fleet/vehicles`.
    pub route: String,
    /// What the client calls the request.
    pub key: String,
    /// A digest of all else that the client sent.
    pub fingerprint: String,
}

/// Why a request with a key is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OnceError {
    /// The key stands for another request.
    #[error("the idempotency key `{key}` came with another request before")]
    OtherRequest {
        /// The key.
        key: String,
    },
}

impl Refusal for OnceError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "once.other_request"
    }

    fn help(&self) -> Option<String> {
        Some("send every new request with a new key, and only a repeated one with the same".to_owned())
    }
}

/// Runs `part` once per key, tenant and actor: its answer is kept in this transaction, and a later request with the
/// same key gets it without running `part`.
///
/// # Errors
/// What `part` refuses, and then nothing is kept; [`OnceError::OtherRequest`].
pub fn once<R: Serialize + DeserializeOwned>(
    tx: &mut Tx,
    key: &OnceKey,
    part: impl FnOnce(&mut Tx) -> Result<R>,
) -> Result<R> {
    if !claim(tx, key)? {
        let (fingerprint, answer, kept_at) = kept(tx, key)?;
        if kept_at >= oldest(tx.now()) {
            return replay(key, &fingerprint, answer);
        }
        forget(tx, key)?;
        claim(tx, key)?;
    }
    let answer = part(tx)?;
    let text = serde_json::to_string(&answer).map_err(|e| unreadable().with_source(e))?;
    let mut sql = Statement::new("UPDATE cortex_idempotency SET answer = ");
    sql.bind(text);
    push_where(&mut sql, tx, key);
    sql.execute(tx.conn())?;
    if uuid::Uuid::new_v4().as_u128().is_multiple_of(CLEAN_ONE_IN) {
        clean(tx)?;
    }
    Ok(answer)
}

/// Writes the key down before the work begins, so that a second request waits for the first one; whether it was new.
///
/// These statements don't count as writes that must be authorised: the actor keeps its own keys, and no data.
fn claim(tx: &mut Tx, key: &OnceKey) -> Result<bool> {
    let mut sql = Statement::new(
        "INSERT INTO cortex_idempotency (tenant_id, actor_id, route, request_key, fingerprint, created_at) VALUES (",
    );
    sql.bind(tx.tenant()).push(", ").bind(tx.cx().actor().id).push(", ").bind(key.route.as_str());
    sql.push(", ").bind(key.key.as_str()).push(", ").bind(key.fingerprint.as_str());
    sql.push(", ").bind(tx.now()).push(") ON CONFLICT DO NOTHING");
    Ok(sql.execute(tx.conn())? == 1)
}

type Kept = (String, Option<String>, Timestamp);

fn kept(tx: &mut Tx, key: &OnceKey) -> Result<Kept> {
    let mut sql = Statement::new("SELECT fingerprint, answer, created_at FROM cortex_idempotency");
    push_where(&mut sql, tx, key);
    let found: Option<Kept> = sql.rows::<(Text, Maybe<Text>, Instant), _>(tx.conn())?.pop();
    // Committed after this transaction took its snapshot: the next attempt sees it.
    found.ok_or_else(|| Error::unavailable(SERIALIZATION, "another request with the same key was faster"))
}

fn replay<R: DeserializeOwned>(key: &OnceKey, fingerprint: &str, answer: Option<String>) -> Result<R> {
    if fingerprint != key.fingerprint {
        return Err(OnceError::OtherRequest { key: key.key.clone() }.into());
    }
    // Key and answer are committed together.
    let answer = answer.ok_or_else(unreadable)?;
    serde_json::from_str(&answer).map_err(|e| unreadable().with_source(e))
}

fn unreadable() -> Error {
    Error::internal("once.answer", "the answer that was kept for an idempotency key can't be written or read")
}

fn forget(tx: &mut Tx, key: &OnceKey) -> Result<()> {
    let mut sql = Statement::new("DELETE FROM cortex_idempotency");
    push_where(&mut sql, tx, key);
    sql.execute(tx.conn()).map(drop)
}

fn clean(tx: &mut Tx) -> Result<()> {
    let mut sql = Statement::new("DELETE FROM cortex_idempotency WHERE tenant_id = ");
    sql.bind(tx.tenant()).push(" AND created_at < ").bind(Value::Instant(oldest(tx.now())));
    sql.execute(tx.conn()).map(drop)
}

fn push_where(sql: &mut Statement, tx: &Tx, key: &OnceKey) {
    sql.push(" WHERE tenant_id = ").bind(tx.tenant()).push(" AND actor_id = ").bind(tx.cx().actor().id);
    sql.push(" AND route = ").bind(key.route.as_str()).push(" AND request_key = ").bind(key.key.as_str());
}

fn oldest(now: Timestamp) -> Timestamp {
    now.checked_sub(jiff::SignedDuration::from_hours(ONCE_RETENTION_HOURS)).unwrap_or(Timestamp::MIN)
}
