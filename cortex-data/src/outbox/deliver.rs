//! Delivering: a consumer's work and the mark that it is done, in one transaction.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use cortex_core::{Actor, CompanyId, Cx, Error, Result, TenantId, Timestamp};
use diesel::sql_types::{BigInt, Integer, Text};
use uuid::Uuid;

use super::message::{Message, is_permanent};
use super::relay::Drained;
use super::{few_lengths, relay_cx};
use crate::database::{Backend, Database};
use crate::error::{DISCONNECTED, is_transient};
use crate::sqltype::{Guid, Json, Maybe};
use crate::statement::Statement;
use crate::subscriber::{Consumer, Prepare};
use crate::tenancy::Placement;
use crate::tx::{ReadTx, Tx};
use crate::value::{ColumnType, Value};

/// Most deliveries in one transaction.
pub const DELIVERY_BATCH: i64 = 32;
/// A transaction of deliveries takes no further one after this time: on SQLite everybody else's writing waits for it.
pub const HOLD_MAX: Duration = Duration::from_millis(50);
/// Attempts of one delivery before it is a dead letter; with the pauses below that is about an hour.
pub const DELIVERY_ATTEMPTS_MAX: i32 = 12;
/// Pause before the second attempt; it doubles up to [`RETRY_MAX`], and each pause is drawn from its upper half.
pub const RETRY_FIRST: Duration = Duration::from_secs(1);
/// Longest pause between two attempts.
pub const RETRY_MAX: Duration = Duration::from_secs(900);
/// Most pairs of consumer and tenant that one look finds.
const GROUPS_MAX: i64 = 1_000;
/// Longest stored error.
const ERROR_CHARS_MAX: usize = 4_000;

/// The deliveries of one consumer for one tenant.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) subscriber: String,
    pub(super) tenant: TenantId,
}

impl Group {
    /// Whether its consumer does something before its transactions, which may take its time.
    pub(super) fn prepares(&self, db: &Database) -> bool {
        db.registry().consumers().named(&self.subscriber).is_some_and(|consumer| consumer.prepare.is_some())
    }
}

/// Consumers and tenants that have something due in the database at `place`.
pub(super) fn groups(db: &Database, place: &Placement) -> Result<Vec<Group>> {
    let rows: Vec<(String, TenantId)> = db.work_at(place, relay_cx()).read_blocking(|tx| {
        let mut sql = Statement::new(
            "SELECT DISTINCT subscriber, tenant_id FROM cortex_deliveries WHERE status = 'pending' AND due_at <= ",
        );
        sql.bind(tx.now()).push(" LIMIT ").bind(GROUPS_MAX);
        sql.rows::<(Text, Guid), _>(tx.conn())
    })?;
    Ok(rows.into_iter().map(|(subscriber, tenant)| Group { subscriber, tenant }).collect())
}

/// Delivers up to [`DELIVERY_BATCH`] messages of a group. A consumer that this program doesn't have is left alone:
/// another one may have it.
pub(super) fn deliver(db: &Database, place: &Placement, group: &Group) -> Result<Drained> {
    let Some(consumer) = db.registry().consumers().named(&group.subscriber) else { return Ok(Drained::default()) };
    let batch = Batch { db, place, consumer, tenant: group.tenant };
    if let Some(prepare) = &consumer.prepare {
        return batch.prepared(prepare.as_ref());
    }
    let tried = RefCell::new(Vec::new());
    match batch.attempt(Pick::Due(DELIVERY_BATCH), &tried) {
        Ok(done) => Ok(done),
        Err(error) if is_lost(&error) => Err(error),
        // The transaction as a whole failed: alone, each shows whether the fault is its own.
        Err(_) => {
            let mut total = Drained::default();
            for id in tried.into_inner() {
                total += batch.alone(id)?;
            }
            Ok(total)
        }
    }
}

/// Whether the database can't be reached, which is no consumer's fault.
fn is_lost(error: &Error) -> bool {
    matches!(error.code(), DISCONNECTED | "data.open" | "data.exhausted")
}

/// Which deliveries of a group are taken.
#[derive(Debug, Clone, Copy)]
enum Pick {
    Due(i64),
    One(Uuid),
}

struct Batch<'a> {
    db: &'a Database,
    place: &'a Placement,
    consumer: &'a Consumer,
    tenant: TenantId,
}

impl Batch<'_> {
    /// One transaction. A panic of the consumer is an error like any other.
    fn attempt(&self, pick: Pick, tried: &RefCell<Vec<Uuid>>) -> Result<Drained> {
        let cx = Cx::new(self.tenant, Actor::system(self.consumer.module.as_str()));
        let work = self.db.work(cx);
        let run = || work.write_blocking(|tx| self.run(tx, pick, tried));
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
    }

    /// Each delivery alone, after what must happen before its transaction. What failed there is written down as a
    /// failure of the delivery.
    fn prepared(&self, prepare: &Prepare) -> Result<Drained> {
        let work = self.db.work(Cx::new(self.tenant, Actor::system(self.consumer.module.as_str())));
        let mut total = Drained::default();
        let enabled = self.db.registry().is_enabled(self.consumer.module, self.tenant);
        for message in work.read_blocking(|tx| self.due(tx, Pick::Due(DELIVERY_BATCH), ""))? {
            let work = self.db.work(work.cx().clone().with_trace(message.trace).with_company(message.company));
            let run = || if enabled { prepare(&work, &message) } else { Ok(()) };
            total += match catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(panicked(panic.as_ref()))) {
                Ok(()) => self.alone(message.id)?,
                Err(error) if is_lost(&error) => return Err(error),
                Err(error) => self.failed(message.id, &error)?,
            };
        }
        Ok(total)
    }

    fn run(&self, tx: &mut Tx, pick: Pick, tried: &RefCell<Vec<Uuid>>) -> Result<Drained> {
        let begun = Instant::now();
        let mut done = Drained::default();
        let messages = self.claim(tx, pick)?;
        tried.replace(messages.iter().map(|message| message.id).collect());
        // Where each aggregate is stopped: at what another relay has in hand, or at what failed here.
        let mut stops = self.elsewhere(tx, &messages)?;
        for message in messages {
            if done.any() && begun.elapsed() >= HOLD_MAX {
                break;
            }
            let stop = message.aggregate.as_ref().and_then(|aggregate| stops.get(aggregate));
            if stop.is_some_and(|stop| *stop < message.position) {
                continue;
            }
            let one = self.one(tx, &message)?;
            if one.failed > 0
                && let Some(aggregate) = message.aggregate
            {
                stops.insert(aggregate, message.position);
            }
            done += one;
        }
        Ok(done)
    }

    /// Takes deliveries that are due, in order, so that no other relay has them too. One that waits for its next
    /// attempt holds back the later ones of its aggregate.
    fn claim(&self, tx: &mut Tx, pick: Pick) -> Result<Vec<Message>> {
        let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE OF d SKIP LOCKED" } else { "" };
        self.due(tx, pick, lock)
    }

    /// Deliveries that are due, in order.
    fn due(&self, tx: &mut ReadTx, pick: Pick, lock: &str) -> Result<Vec<Message>> {
        type Row = (Uuid, i64, Option<String>, i32, String, i32, serde_json::Value, Uuid, Option<CompanyId>);
        type Sql = (Guid, BigInt, Maybe<Text>, Integer, Text, Integer, Json, Guid, Maybe<Guid>);
        let mut sql = Statement::new(
            "SELECT d.message_id, d.position, d.aggregate, d.attempts, m.topic, m.version, m.payload, m.trace, \
             m.company_id FROM cortex_deliveries d JOIN cortex_outbox m ON m.id = d.message_id \
             WHERE d.status = 'pending' AND d.subscriber = ",
        );
        sql.bind(self.consumer.name.as_str()).push(" AND d.tenant_id = ").bind(self.tenant);
        sql.push(" AND d.due_at <= ").bind(tx.now());
        if let Pick::One(id) = pick {
            sql.push(" AND d.message_id = ").bind(id);
        }
        sql.push(
            " AND NOT EXISTS (SELECT 1 FROM cortex_deliveries e WHERE e.status = 'pending' \
             AND e.subscriber = d.subscriber AND e.tenant_id = d.tenant_id AND e.aggregate = d.aggregate \
             AND e.position < d.position AND e.due_at > ",
        );
        sql.bind(tx.now()).push(") ORDER BY d.position LIMIT ");
        sql.bind(if let Pick::Due(most) = pick { most } else { 1 }).push(lock);
        let rows: Vec<Row> = sql.rows::<Sql, _>(tx.conn())?;
        let message = |(id, position, aggregate, attempts, topic, version, payload, trace, company): Row| Message {
            id,
            position,
            aggregate,
            attempts,
            topic,
            version,
            payload,
            trace,
            company: company.unwrap_or(CompanyId::MAIN),
        };
        Ok(rows.into_iter().map(message).collect())
    }

    /// Per aggregate of `messages`, the first delivery before the last of them that is not among them.
    fn elsewhere(&self, tx: &mut Tx, messages: &[Message]) -> Result<HashMap<String, i64>> {
        let Some(last) = messages.last() else { return Ok(HashMap::new()) };
        let aggregates: BTreeSet<&String> = messages.iter().filter_map(|message| message.aggregate.as_ref()).collect();
        let aggregates: Vec<&String> = aggregates.into_iter().collect();
        let own: BTreeSet<i64> = messages.iter().map(|message| message.position).collect();
        let mut stops = HashMap::new();
        for part in few_lengths(&aggregates) {
            let mut sql = Statement::new(
                "SELECT aggregate, position FROM cortex_deliveries WHERE status = 'pending' AND subscriber = ",
            );
            sql.bind(self.consumer.name.as_str()).push(" AND tenant_id = ").bind(self.tenant);
            sql.push(" AND position < ").bind(last.position).push(" AND aggregate IN (");
            for (i, aggregate) in part.iter().enumerate() {
                sql.push(if i == 0 { "" } else { ", " }).bind(aggregate.as_str());
            }
            let rows: Vec<(String, i64)> = {
                sql.push(") ORDER BY position");
                sql.rows::<(Text, BigInt), _>(tx.conn_mut())?
            };
            for (aggregate, position) in rows.into_iter().filter(|(_, position)| !own.contains(position)) {
                stops.entry(aggregate).or_insert(position);
            }
        }
        Ok(stops)
    }

    /// One delivery. What the consumer did before it failed is undone; what it did before it succeeded is committed
    /// together with the mark, which is why nothing is done twice.
    fn one(&self, tx: &mut Tx, message: &Message) -> Result<Drained> {
        if !self.db.registry().is_enabled(self.consumer.module, self.tenant) {
            self.finish(tx, message.id, "skipped")?;
            return Ok(Drained { skipped: 1, ..Drained::default() });
        }
        tx.go_on_for(message.trace, message.company)?;
        match tx.savepoint(|tx| self.consumer.handle(tx, message)) {
            Ok(()) => {
                self.finish(tx, message.id, "delivered")?;
                Ok(Drained { delivered: 1, ..Drained::default() })
            }
            Err(error) if is_transient(&error) || is_lost(&error) => Err(error),
            Err(error) => self.fail(tx, message.id, message.attempts, &error),
        }
    }

    /// One delivery in a transaction of its own; if even that fails as a whole, the failure is written by another.
    fn alone(&self, id: Uuid) -> Result<Drained> {
        let error = match self.attempt(Pick::One(id), &RefCell::default()) {
            Ok(done) => return Ok(done),
            Err(error) if is_lost(&error) => return Err(error),
            Err(error) => error,
        };
        self.failed(id, &error)
    }

    fn failed(&self, id: Uuid, error: &Error) -> Result<Drained> {
        self.db.work_at(self.place, relay_cx()).write_blocking(|tx| match self.attempts(tx, id)? {
            Some(attempts) => self.fail(tx, id, attempts, error),
            None => Ok(Drained::default()),
        })
    }

    /// Earlier attempts; `None` where somebody else has finished it meanwhile.
    fn attempts(&self, tx: &mut ReadTx, id: Uuid) -> Result<Option<i32>> {
        let mut sql =
            Statement::new("SELECT attempts FROM cortex_deliveries WHERE status = 'pending' AND message_id = ");
        sql.bind(id).push(" AND subscriber = ").bind(self.consumer.name.as_str());
        let rows: Vec<(i32,)> = sql.rows::<(Integer,), _>(tx.conn())?;
        Ok(rows.first().map(|(attempts,)| *attempts))
    }

    fn finish(&self, tx: &mut Tx, id: Uuid, status: &str) -> Result<()> {
        let mut sql = Statement::new("UPDATE cortex_deliveries SET attempts = attempts + 1, error = NULL, status = ");
        sql.bind(status).push(", done_at = ").bind(tx.now());
        sql.push(" WHERE message_id = ").bind(id).push(" AND subscriber = ").bind(self.consumer.name.as_str());
        sql.execute(tx.conn_mut()).map(|_| ())
    }

    /// Writes down a failure: another attempt later, or a dead letter.
    fn fail(&self, tx: &mut Tx, id: Uuid, earlier: i32, error: &Error) -> Result<Drained> {
        let attempts = earlier.saturating_add(1);
        let dead = is_permanent(error) || attempts >= DELIVERY_ATTEMPTS_MAX;
        let now = tx.now();
        let (status, due_at, done_at) = match dead {
            true => ("dead", now, Value::Instant(now)),
            false => ("pending", due(now, attempts), Value::Null(ColumnType::Instant)),
        };
        let text: String = format!("{error:?}").chars().take(ERROR_CHARS_MAX).collect();
        tracing::warn!(subscriber = self.consumer.name, message = %id, attempts, dead, error = text, "a delivery failed");
        let mut sql = Statement::new("UPDATE cortex_deliveries SET status = ");
        sql.bind(status).push(", attempts = ").bind(attempts).push(", due_at = ").bind(due_at);
        sql.push(", done_at = ").bind(done_at).push(", error = ").bind(text);
        sql.push(" WHERE status = 'pending' AND message_id = ").bind(id);
        sql.push(" AND subscriber = ").bind(self.consumer.name.as_str());
        sql.execute(tx.conn_mut())?;
        Ok(Drained { failed: u64::from(!dead), dead: u64::from(dead), ..Drained::default() })
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned());
    Error::internal("panic", format!("the consumer stopped unexpectedly: {text}"))
}

/// When the attempt after `attempts` is made. The random half keeps what failed together from coming back together.
fn due(now: Timestamp, attempts: i32) -> Timestamp {
    let doubled = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    let ceiling = RETRY_FIRST.saturating_mul(1 << doubled).min(RETRY_MAX).as_millis();
    let pause = ceiling / 2 + Uuid::new_v4().as_u128() % (ceiling / 2 + 1);
    let pause = Duration::from_millis(u64::try_from(pause).unwrap_or(u64::MAX));
    now.checked_add(pause).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let now: Timestamp = "2026-03-01T08:00:00Z".parse().unwrap();
        let longest = |attempts: i32| RETRY_FIRST.saturating_mul(1 << (attempts - 1)).min(RETRY_MAX);
        for attempts in 1..=DELIVERY_ATTEMPTS_MAX {
            let pause = Duration::try_from(due(now, attempts).duration_since(now)).unwrap();
            assert!(pause >= longest(attempts) / 2 && pause <= longest(attempts), "{attempts}: {pause:?}");
        }
    }
}
