//! Watches the statements of units of work, for query budgets and the scan for what leaves the tenant.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use diesel::Connection;
use diesel::connection::{Instrumentation, InstrumentationEvent};

use crate::conn::Conn;
use crate::database::Database;

/// Sees the statements that units of work run.
#[derive(Debug, Clone, Default)]
pub struct Observer(Arc<Mutex<Seen>>);

/// What an observer saw.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The statements with their values, in order; transaction control is left out.
    pub statements: Vec<String>,
    /// Places in `statements` of those that ran on what `unscoped` answered, each with the reason given to it.
    pub unscoped: Vec<(usize, &'static str)>,
}

impl Observer {
    /// What was seen since the last call.
    #[must_use]
    pub fn take(&self) -> Seen {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, sql: String, reason: Option<&'static str>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = seen.statements.len();
        seen.unscoped.extend(reason.map(|reason| (place, reason)));
        seen.statements.push(sql);
    }
}

/// Why the connection is used now, where `unscoped` gave it away.
type Reason = Mutex<Option<&'static str>>;

/// The observer's hand in one unit of work; without an observer it costs nothing.
#[derive(Debug)]
pub(crate) struct Watch(Option<Arc<Reason>>);

impl Watch {
    pub(crate) fn start(db: &Database, conn: &mut Conn) -> Self {
        let Some(observer) = db.registry().observer().cloned() else { return Self(None) };
        let reason = Arc::<Reason>::default();
        conn.set_instrumentation(Recorder { observer, reason: Arc::downgrade(&reason) });
        Self(Some(reason))
    }

    /// The connection is given away for `reason`, or used by the framework itself.
    pub(crate) fn used(&self, reason: Option<&'static str>) {
        if let Some(used) = &self.0 {
            *used.lock().unwrap_or_else(PoisonError::into_inner) = reason;
        }
    }
}

/// It stays with the connection, and is silent once its unit of work is over.
struct Recorder {
    observer: Observer,
    reason: Weak<Reason>,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let (InstrumentationEvent::StartQuery { query, .. }, Some(reason)) = (event, self.reason.upgrade()) else {
            return;
        };
        let sql = query.to_string();
        let control = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
        if !control.iter().any(|word| sql.starts_with(word)) {
            self.observer.note(sql, *reason.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}
