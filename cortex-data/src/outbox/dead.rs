//! What is left after delivering: dead letters, which are kept, and what is done, which is forgotten in time.

use std::time::Duration;

use cortex_core::{Error, Result, TenantId, Timestamp};
use diesel::sql_types::{Integer, Text};
use uuid::Uuid;

use super::{Relay, few_lengths, relay_cx};
use crate::database::Database;
use crate::sqltype::{Guid, Instant, Json, Maybe};
use crate::statement::Statement;
use crate::tenancy::Placement;

/// How long delivered messages are kept: long enough to look into what happened last week.
pub const RETENTION: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Most messages that one transaction forgets.
pub const PURGE_BATCH: i64 = 1_000;
/// Most dead letters that one listing returns.
pub const DEAD_LETTERS_MAX: i64 = 1_000;

/// A message that a consumer could not take, for good.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadLetter {
    /// The message.
    pub message: Uuid,
    /// The consumer: `module.function`, or the name of the job.
    pub subscriber: String,
    /// Whose data it is about.
    pub tenant: TenantId,
    /// The name of the event or job.
    pub topic: String,
    /// What it says.
    pub payload: serde_json::Value,
    /// How often it was tried.
    pub attempts: i32,
    /// What the last attempt said.
    pub error: String,
    /// When it was written.
    pub emitted_at: Timestamp,
    /// When it was given up.
    pub died_at: Timestamp,
}

impl Relay {
    /// What consumers could not take, oldest first, at most [`DEAD_LETTERS_MAX`].
    ///
    /// # Errors
    /// The database can't be reached.
    pub fn dead_letters(&self) -> Result<Vec<DeadLetter>> {
        let most = usize::try_from(DEAD_LETTERS_MAX).unwrap_or(usize::MAX);
        let mut all = self.dead_letters_at(&Placement::Shared)?;
        for (_, place) in self.databases()? {
            if all.len() >= most {
                break;
            }
            all.extend(self.dead_letters_at(&place)?);
        }
        all.truncate(most);
        Ok(all)
    }

    fn dead_letters_at(&self, place: &Placement) -> Result<Vec<DeadLetter>> {
        type Row =
            (Uuid, String, TenantId, String, serde_json::Value, i32, Option<String>, Timestamp, Option<Timestamp>);
        type Sql = (Guid, Text, Guid, Text, Json, Integer, Maybe<Text>, Instant, Maybe<Instant>);
        let rows: Vec<Row> = self.db.work_at(place, relay_cx()).read_blocking(|tx| {
            let mut sql = Statement::new(
                "SELECT d.message_id, d.subscriber, d.tenant_id, m.topic, m.payload, d.attempts, d.error, m.emitted_at, \
                 d.done_at FROM cortex_deliveries d JOIN cortex_outbox m ON m.id = d.message_id \
                 WHERE d.status = 'dead' ORDER BY d.position, d.subscriber LIMIT ",
            );
            sql.bind(DEAD_LETTERS_MAX);
            sql.rows::<Sql, _>(tx.conn())
        })?;
        let letter =
            |(message, subscriber, tenant, topic, payload, attempts, error, emitted_at, died_at): Row| DeadLetter {
                message,
                subscriber,
                tenant,
                topic,
                payload,
                attempts,
                error: error.unwrap_or_default(),
                emitted_at,
                died_at: died_at.unwrap_or(emitted_at),
            };
        Ok(rows.into_iter().map(letter).collect())
    }

    /// Gives a dead letter all its attempts again, the first one now.
    ///
    /// # Errors
    /// [`Kind::NotFound`](cortex_core::Kind::NotFound) when it is not a dead letter; the database can't be reached.
    pub fn retry(&self, message: Uuid, subscriber: &str) -> Result<()> {
        let mut revived = self.retry_at(&Placement::Shared, message, subscriber)?;
        for (tenant, place) in if revived == 0 { self.databases()? } else { Vec::new() } {
            revived = self.retry_at(&place, message, subscriber)?;
            if revived > 0 {
                self.db.rounds().ring(tenant);
                break;
            }
        }
        if revived == 0 {
            let what = format!("`{message}` is not a dead letter of `{subscriber}`");
            return Err(Error::not_found("outbox.not_dead", what).with_help("list the dead letters first"));
        }
        self.db.registry().outbox_bell().ring();
        Ok(())
    }

    fn retry_at(&self, place: &Placement, message: Uuid, subscriber: &str) -> Result<usize> {
        self.db.work_at(place, relay_cx()).write_blocking(|tx| {
            let mut sql = Statement::new(
                "UPDATE cortex_deliveries SET status = 'pending', attempts = 0, done_at = NULL, due_at = ",
            );
            sql.bind(tx.now()).push(" WHERE status = 'dead' AND message_id = ").bind(message);
            sql.push(" AND subscriber = ").bind(subscriber);
            sql.execute(tx.conn_mut())
        })
    }
}

/// Forgets what is done and older than [`RETENTION`], batch by batch.
pub(super) fn purge(db: &Database, place: &Placement) -> Result<usize> {
    let mut total = 0;
    loop {
        let batch = purge_batch(db, place)?;
        total += batch;
        if i64::try_from(batch).unwrap_or(i64::MAX) < PURGE_BATCH {
            return Ok(total);
        }
    }
}

fn purge_batch(db: &Database, place: &Placement) -> Result<usize> {
    let work = db.work_at(place, relay_cx());
    let old: Vec<(Uuid,)> = work.read_blocking(|tx| {
        let before = tx.now().checked_sub(RETENTION).unwrap_or(Timestamp::MIN);
        let mut sql = Statement::new("SELECT m.id FROM cortex_outbox m WHERE m.dispatched = true AND m.emitted_at < ");
        sql.bind(before).push(
            " AND NOT EXISTS (SELECT 1 FROM cortex_deliveries d WHERE d.message_id = m.id \
             AND d.status IN ('pending', 'dead')) ORDER BY m.position LIMIT ",
        );
        sql.bind(PURGE_BATCH);
        sql.rows::<(Guid,), _>(tx.conn())
    })?;
    if old.is_empty() {
        return Ok(0);
    }
    work.write_blocking(|tx| {
        for part in few_lengths(&old) {
            for table in ["cortex_deliveries WHERE message_id", "cortex_outbox WHERE id"] {
                let mut sql = Statement::new(format!("DELETE FROM {table} IN ("));
                for (i, (id,)) in part.iter().enumerate() {
                    sql.push(if i == 0 { "" } else { ", " }).bind(*id);
                }
                sql.push(")");
                sql.execute(tx.conn_mut())?;
            }
        }
        Ok(old.len())
    })
}
