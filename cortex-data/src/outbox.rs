//! The transactional outbox: events are rows of the same commit as what they tell about.

use std::sync::Arc;

use cortex_core::{Error, Event, Result};
use tokio::sync::Notify;

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

/// Writes `event` into the outbox of its own transaction.
pub(crate) fn append<E: Event>(tx: &mut Tx, event: &E) -> Result<()> {
    let payload = serde_json::to_value(event).map_err(|e| {
        Error::internal("data.event", format!("the event `{}` can't be serialized", E::NAME)).with_source(e)
    })?;
    let id = tx.new_id::<dyn std::any::Any>();
    let aggregate = event.aggregate().map_or(Value::Null(ColumnType::Text), Value::Text);
    let (tenant, now, cx) = (tx.tenant(), tx.now(), tx.cx().clone());
    let mut sql = Statement::new(
        "INSERT INTO cortex_outbox (id, tenant_id, topic, version, aggregate, payload, actor_id, trace, emitted_at) VALUES (",
    );
    sql.bind(id).push(", ").bind(tenant).push(", ").bind(E::NAME).push(", ");
    sql.bind(i32::try_from(E::VERSION).unwrap_or(i32::MAX)).push(", ").bind(aggregate).push(", ").bind(payload);
    sql.push(", ").bind(cx.actor().id).push(", ").bind(cx.trace()).push(", ").bind(now).push(")");
    sql.execute(tx.conn_mut()).map(|_| ())
}
