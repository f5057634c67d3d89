//! The transactional outbox: messages are rows of the same commit as what they tell about.
//!
//! A message is an event, for every subscriber, or a job, for its one handler. The relay first *dispatches* a
//! message, which writes a delivery for each of its consumers, and then *delivers*: the consumer's own work and
//! the mark that it is done are one transaction.

mod dead;
mod deliver;
mod dispatch;
mod message;
mod relay;
mod tenants;

use std::sync::Arc;

use cortex_core::{CompanyId, Error, Event, Result};
use serde::Serialize;
use tokio::sync::Notify;

pub use dead::{DEAD_LETTERS_MAX, DeadLetter, PURGE_BATCH, RETENTION};
pub use deliver::{DELIVERY_ATTEMPTS_MAX, DELIVERY_BATCH, HOLD_MAX, RETRY_FIRST, RETRY_MAX};
pub use dispatch::DISPATCH_BATCH;
pub(crate) use message::{Message, MessageKind};
pub use relay::{DRAIN_ROUNDS_MAX, DRAIN_WAIT_MAX, Drained, POLL_INTERVAL, PURGE_INTERVAL, Relay};
pub use tenants::{STORES_PER_SWEEP, SWEEP_INTERVAL};

use crate::database::Backend;
use crate::statement::Statement;
use crate::tx::Tx;
use crate::value::{ColumnType, Value};

/// Wakes the relay as soon as there is something to deliver.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Wakes whoever waits, or the next who will.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for the next ring.
    pub async fn wait(&self) {
        self.0.notified().await;
    }
}

/// A message before it is written.
pub(crate) struct Draft {
    pub(crate) kind: MessageKind,
    pub(crate) topic: &'static str,
    pub(crate) version: u32,
    pub(crate) aggregate: Option<String>,
    pub(crate) payload: serde_json::Value,
    /// That of the request in which it happened: a relay's unit of work delivers under several.
    pub(crate) trace: uuid::Uuid,
    /// That in which it happened.
    pub(crate) company: CompanyId,
}

impl Draft {
    /// What `body` says, as JSON.
    pub(crate) fn payload<T: Serialize>(topic: &str, body: &T) -> Result<serde_json::Value> {
        serde_json::to_value(body).map_err(|e| {
            Error::internal("outbox.unwritable", format!("`{topic}` can't be written as JSON")).with_source(e)
        })
    }
}

/// What `event` says, ready to be written.
pub(crate) fn draft<E: Event>(tx: &Tx, event: &E) -> Result<Draft> {
    if !tx.database().registry().declares::<E>() {
        let what = format!("no module declares the event `{}` in version {}", E::NAME, E::VERSION);
        let help = "declare it in the module that emits it: `m.event::<..>()`";
        return Err(Error::internal("event.unknown", what).with_help(help));
    }
    let payload = Draft::payload(E::NAME, event)?;
    let (aggregate, trace, company) = (event.aggregate(), tx.cx().trace(), tx.company());
    Ok(Draft { kind: MessageKind::Event, topic: E::NAME, version: E::VERSION, aggregate, payload, trace, company })
}

/// Writes messages into the outbox of their own transaction, in their order. It is the last thing that a
/// transaction does: events of one aggregate are then written under the lock of its row, so that the order of
/// writing is the order in which they happened. The number of the transaction is not: it may be drawn long before.
pub(crate) fn write(tx: &mut Tx, drafts: &[Draft]) -> Result<()> {
    let (tenant, now, actor, backend) = (tx.tenant(), tx.now(), tx.cx().actor().id, tx.backend());
    for part in few_lengths(drafts) {
        let mut sql = Statement::new(
            "INSERT INTO cortex_outbox (position, txid, dispatched, id, tenant_id, kind, topic, version, aggregate, \
             payload, actor_id, trace, company_id, emitted_at) VALUES ",
        );
        for (place, draft) in (1_i32..).zip(part) {
            let id = tx.new_id::<Message>();
            sql.push(if place == 1 { "(" } else { ", (" });
            match backend {
                Backend::Sqlite => {
                    sql.push("(SELECT coalesce(max(position), 0) FROM cortex_outbox) + ").bind(place).push(", 0")
                }
                Backend::Postgres => sql.push("nextval('cortex_outbox_position'), pg_current_xact_id()::text::bigint"),
            };
            sql.push(", false, ").bind(id).push(", ").bind(tenant).push(", ").bind(draft.kind.as_str());
            sql.push(", ").bind(draft.topic).push(", ").bind(i32::try_from(draft.version).unwrap_or(i32::MAX));
            sql.push(", ").bind(draft.aggregate.clone().map_or(Value::Null(ColumnType::Text), Value::Text));
            sql.push(", ").bind(draft.payload.clone()).push(", ").bind(actor).push(", ").bind(draft.trace);
            sql.push(", ").bind(draft.company).push(", ").bind(now).push(")");
        }
        sql.execute(tx.conn_mut())?;
    }
    Ok(())
}

/// The relay's own statements belong to no tenant.
fn relay_cx() -> cortex_core::Cx {
    let none = cortex_core::TenantId::from_uuid(uuid::Uuid::nil());
    cortex_core::Cx::new(none, cortex_core::Actor::system("relay"))
}

/// Parts of few different lengths, so that a connection keeps few prepared statements.
fn few_lengths<T>(mut all: &[T]) -> impl Iterator<Item = &[T]> {
    const LENGTHS: [usize; 4] = [64, 16, 4, 1];
    std::iter::from_fn(move || {
        let length = LENGTHS.into_iter().find(|length| *length <= all.len())?;
        let (part, rest) = all.split_at(length);
        all = rest;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::few_lengths;

    #[test]
    fn every_item_is_in_one_part() {
        let all: Vec<u32> = (0..150).collect();
        let lengths: Vec<usize> = few_lengths(&all).map(<[u32]>::len).collect();
        assert_eq!(lengths, [64, 64, 16, 4, 1, 1]);
        assert_eq!(few_lengths(&all).flatten().copied().collect::<Vec<_>>(), all);
        assert_eq!(few_lengths::<u32>(&[]).count(), 0);
    }
}
