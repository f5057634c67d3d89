//! Dispatching: a delivery is written for every consumer of every message, in the order of the messages.

use cortex_core::{Result, Timestamp};
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use uuid::Uuid;

use super::{MessageKind, few_lengths, relay_cx};
use crate::database::{Backend, Database};
use crate::sqltype::{Guid, Maybe};
use crate::statement::Statement;
use crate::tenancy::Placement;
use crate::tx::Tx;
use crate::value::{ColumnType, Value};

/// Most messages that one transaction dispatches.
pub const DISPATCH_BATCH: i64 = 500;

/// What PostgreSQL's advisory lock is called while one relay dispatches: messages of one aggregate must not overtake
/// each other in two relays. Any number will do that nobody else uses.
const DISPATCH_LOCK: i64 = 0x636f_7274_6578_0001;

/// What one dispatch did.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Dispatched {
    /// Messages that have deliveries now.
    pub(super) messages: usize,
    /// There are messages that must wait for a transaction which is still open, or that another relay has in hand.
    pub(super) held: bool,
}

type Row = (Uuid, Uuid, String, String, i64, Option<String>, bool);
type RowSql = (Guid, Guid, Text, Text, BigInt, Maybe<Text>, Bool);

/// Dispatches up to [`DISPATCH_BATCH`] messages of the database at `place`.
pub(super) fn dispatch(db: &Database, place: &Placement) -> Result<Dispatched> {
    let work = db.work_at(place, relay_cx());
    // Looking first keeps an idle relay away from SQLite's one writer.
    let waiting: Vec<(i32,)> = work.read_blocking(|tx| {
        Statement::new("SELECT 1 FROM cortex_outbox WHERE dispatched = false LIMIT 1").rows::<(Integer,), _>(tx.conn())
    })?;
    if waiting.is_empty() {
        return Ok(Dispatched::default());
    }
    work.write_blocking(|tx| {
        if !alone(tx)? {
            return Ok(Dispatched { messages: 0, held: true });
        }
        let mut rows = waiting_rows(tx)?;
        let read = rows.len();
        let settled = rows.iter().take_while(|row| row.6).count();
        rows.truncate(settled);
        write_deliveries(tx, &rows)?;
        mark_dispatched(tx, &rows)?;
        Ok(Dispatched { messages: settled, held: settled < read })
    })
}

/// Whether no other relay dispatches now. On SQLite a write transaction is always alone.
fn alone(tx: &mut Tx) -> Result<bool> {
    if tx.backend() == Backend::Sqlite {
        return Ok(true);
    }
    let mut sql = Statement::new("SELECT pg_try_advisory_xact_lock(");
    sql.bind(DISPATCH_LOCK).push(")");
    let rows: Vec<(bool,)> = sql.rows::<(Bool,), _>(tx.conn_mut())?;
    Ok(rows.first().is_some_and(|(locked,)| *locked))
}

/// Messages in order, each with whether all transactions that began to write before it have ended.
///
/// INVARIANT: only a prefix of settled messages is dispatched, and by a mark on each, never by a position that was
/// reached: a transaction that commits late is found whenever it commits, and what was written after it in the
/// same aggregate has waited. A `txid` from the future is that of a restored copy: its transaction ended long ago.
fn waiting_rows(tx: &mut Tx) -> Result<Vec<Row>> {
    let (horizon, settled) = match tx.backend() {
        Backend::Sqlite => ("", "true"),
        Backend::Postgres => (POSTGRES_HORIZON, POSTGRES_SETTLED),
    };
    let mut sql = Statement::new(horizon);
    sql.push("SELECT id, tenant_id, kind, topic, position, aggregate, ")
        .push(settled)
        .push(" FROM cortex_outbox WHERE dispatched = false ORDER BY position LIMIT ")
        .bind(DISPATCH_BATCH);
    sql.rows::<RowSql, _>(tx.conn_mut())
}

/// The oldest transaction that still writes in this database, and the first that had not begun.
///
/// A snapshot of PostgreSQL counts the transactions of all databases of a server. One that is seen to belong to
/// another database can't have written a message here, and must not hold one back; one that ended meanwhile is not
/// seen at all and counts as ours until the next look. Read in the statement that reads the messages: both see one
/// snapshot.
const POSTGRES_HORIZON: &str = "WITH horizon AS MATERIALIZED (SELECT \
     coalesce((SELECT min(open.id::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS open(id) \
         WHERE NOT EXISTS (SELECT 1 FROM pg_locks AS held JOIN pg_stat_activity AS session USING (pid) \
             WHERE held.transactionid = open.id::xid AND held.mode = 'ExclusiveLock' AND held.granted \
             AND session.datname <> current_database())), \
         pg_snapshot_xmax(pg_current_snapshot())::text::bigint) AS oldest, \
     pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next) ";
const POSTGRES_SETTLED: &str = "(txid < (SELECT oldest FROM horizon) OR txid >= (SELECT next FROM horizon))";

/// A delivery that is to be written.
struct Delivery<'a> {
    row: &'a Row,
    subscriber: String,
    /// Why it is dead from the start.
    error: Option<String>,
}

fn write_deliveries(tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let db = tx.database().clone();
    let consumers = db.registry().consumers();
    let mut deliveries = Vec::new();
    for row in rows {
        let (_, _, kind, topic, ..) = row;
        let before = deliveries.len();
        if let Some(kind) = MessageKind::parse(kind) {
            let found = consumers.of(kind, topic).map(|consumer| consumer.name.clone());
            deliveries.extend(found.map(|subscriber| Delivery { row, subscriber, error: None }));
        }
        // An event without subscribers is done; a job without its handler is lost work.
        if deliveries.len() == before && kind == MessageKind::Job.as_str() {
            let error = Some(format!("no module handles the job `{topic}`"));
            deliveries.push(Delivery { row, subscriber: topic.clone(), error });
        }
    }
    let now = tx.now();
    for part in few_lengths(&deliveries) {
        insert(tx, part, now)?;
    }
    Ok(())
}

fn insert(tx: &mut Tx, deliveries: &[Delivery<'_>], now: Timestamp) -> Result<()> {
    let mut sql = Statement::new(
        "INSERT INTO cortex_deliveries \
         (message_id, subscriber, tenant_id, position, aggregate, status, attempts, due_at, done_at, error) VALUES ",
    );
    for (i, Delivery { row: (id, tenant, _, _, position, aggregate, _), subscriber, error }) in
        deliveries.iter().enumerate()
    {
        let text = |text: &Option<String>| text.clone().map_or(Value::Null(ColumnType::Text), Value::Text);
        let (status, done_at) = match error {
            None => ("pending", Value::Null(ColumnType::Instant)),
            Some(_) => ("dead", Value::Instant(now)),
        };
        sql.push(if i == 0 { "(" } else { ", (" }).bind(*id).push(", ").bind(subscriber.as_str());
        sql.push(", ").bind(*tenant).push(", ").bind(*position).push(", ").bind(text(aggregate));
        sql.push(", ").bind(status).push(", 0, ").bind(now).push(", ").bind(done_at);
        sql.push(", ").bind(text(error)).push(")");
    }
    sql.execute(tx.conn_mut()).map(|_| ())
}

fn mark_dispatched(tx: &mut Tx, rows: &[Row]) -> Result<()> {
    for part in few_lengths(rows) {
        let mut sql = Statement::new("UPDATE cortex_outbox SET dispatched = true WHERE id IN (");
        for (i, row) in part.iter().enumerate() {
            sql.push(if i == 0 { "" } else { ", " }).bind(row.0);
        }
        sql.push(")");
        sql.execute(tx.conn_mut())?;
    }
    Ok(())
}
