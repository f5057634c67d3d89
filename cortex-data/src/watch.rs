//! Watches statements in tests: counts them, and reports those that leave the tenant scope.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::Connection;
use diesel::connection::{Instrumentation, InstrumentationEvent};

use crate::conn::Conn;
use crate::database::Database;

/// Statements that units of work ran, for query budgets and the scan for unscoped SQL.
#[derive(Debug, Clone, Default)]
pub struct Observer(Arc<Mutex<Seen>>);

/// What an observer saw.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The statements with their values, in order; transaction control is left out.
    pub statements: Vec<String>,
    /// Reasons given to `unscoped`, in order.
    pub unscoped: Vec<&'static str>,
}

impl Observer {
    /// What was seen since the last call.
    #[must_use]
    pub fn take(&self) -> Seen {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, f: impl FnOnce(&mut Seen)) {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The observer's hand in one unit of work; without an observer it costs nothing.
#[derive(Debug)]
pub(crate) struct Watch(Option<Observer>);

impl Watch {
    pub(crate) fn start(db: &Database, conn: &mut Conn) -> Self {
        let observer = db.registry().observer().cloned();
        if let Some(observer) = &observer {
            conn.set_instrumentation(Recorder(observer.clone()));
        }
        Self(observer)
    }

    pub(crate) fn unscoped(&self, reason: &'static str) {
        if let Some(observer) = &self.0 {
            observer.note(|seen| seen.unscoped.push(reason));
        }
    }
}

struct Recorder(Observer);

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let sql = query.to_string();
            let control = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
            if !control.iter().any(|word| sql.starts_with(word)) {
                self.0.note(|seen| seen.statements.push(sql));
            }
        }
    }
}
