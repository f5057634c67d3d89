//! Runs units of work: one closure, one blocking thread, one transaction, retried when the database asks for it.

use std::sync::Arc;
use std::time::Duration;

use cortex_core::{Cx, Error, Result};
use diesel::connection::{AnsiTransactionManager, TransactionManager};

use crate::conn::Conn;
use crate::database::Database;
use crate::error::{DISCONNECTED, STALE_PLAN, from_diesel, is_transient};
use crate::tenancy::{Delta, Placement, Pooled, Usage};
use crate::tx::{ReadTx, Tape, Tx};

/// Attempts of one unit of work before its conflict is reported.
pub const ATTEMPTS_MAX: u32 = 12;
/// Pause before the second attempt; it doubles up to [`BACKOFF_MAX`], and each pause is drawn at random below it.
pub const BACKOFF_FIRST: Duration = Duration::from_millis(2);
/// Longest pause between attempts.
pub const BACKOFF_MAX: Duration = Duration::from_millis(200);

/// How much a unit of work is kept apart from others that run at the same time (SQL:2016, 4.40.4).
///
/// SQLite is serializable always.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what was committed before it.
    #[default]
    ReadCommitted,
    /// All statements see the same state.
    RepeatableRead,
    /// As if units of work ran one after the other.
    Serializable,
}

impl Isolation {
    #[cfg(any(feature = "postgres", feature = "postgres-system"))]
    fn begin(self) -> &'static str {
        match self {
            Self::ReadCommitted => "BEGIN",
            Self::RepeatableRead => "BEGIN ISOLATION LEVEL REPEATABLE READ",
            Self::Serializable => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        }
    }
}

/// What a commit leaves to be done.
struct After {
    sent: bool,
    used: Delta,
    usage: Option<Arc<Usage>>,
    /// It was not in the main database, whose outbox the relay looks into anyway.
    away: bool,
}

/// Units of work in one context: what handlers, jobs and commands are given.
#[derive(Debug, Clone)]
pub struct Work {
    db: Database,
    cx: Cx,
    isolation: Isolation,
    /// Where, if not where the directory says.
    place: Option<Arc<Placement>>,
}

impl Work {
    pub(crate) fn new(db: Database, cx: Cx) -> Self {
        Self { db, cx, isolation: Isolation::default(), place: None }
    }

    pub(crate) fn at(mut self, place: &Placement) -> Self {
        self.place = Some(Arc::new(place.clone()));
        self
    }

    /// The context.
    #[must_use]
    pub fn cx(&self) -> &Cx {
        &self.cx
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.db
    }

    /// The same, with writes isolated as `isolation` says.
    #[must_use]
    pub fn isolated(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// Runs `f` with a connection that reads. Each statement sees what was committed before it.
    ///
    /// # Errors
    /// What `f` returns; the deadline passed; the database can't be reached.
    pub async fn read<R: Send + 'static>(&self, f: impl Fn(&mut ReadTx) -> Result<R> + Send + 'static) -> Result<R> {
        self.cx.remaining()?;
        let work = self.clone();
        let first = self.acquire(false).await?;
        blocking(move || work.read_attempts(first, false, f)).await
    }

    /// The same with all statements seeing one state: for reports.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn snapshot<R: Send + 'static>(
        &self,
        f: impl Fn(&mut ReadTx) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        self.cx.remaining()?;
        let work = self.clone();
        let first = self.acquire(false).await?;
        blocking(move || work.read_attempts(first, true, f)).await
    }

    /// Runs `f` in a transaction and commits it. `f` runs again when the database reports a conflict: it takes its
    /// input by reference, and the ids and the time it gets are the same on every attempt.
    ///
    /// # Errors
    /// What `f` returns, after a rollback; the deadline passed; nothing was authorised; the database can't be reached.
    pub async fn write<R: Send + 'static>(&self, f: impl Fn(&mut Tx) -> Result<R> + Send + 'static) -> Result<R> {
        self.cx.remaining()?;
        let work = self.clone();
        let first = self.acquire(true).await?;
        blocking(move || work.write_attempts(first, f)).await
    }

    /// [`read`](Self::read) on this thread: for command-line tools and tests.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_blocking<R>(&self, f: impl Fn(&mut ReadTx) -> Result<R>) -> Result<R> {
        self.cx.remaining()?;
        self.read_attempts(self.acquire_blocking(false)?, false, f)
    }

    /// [`snapshot`](Self::snapshot) on this thread.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn snapshot_blocking<R>(&self, f: impl Fn(&mut ReadTx) -> Result<R>) -> Result<R> {
        self.cx.remaining()?;
        self.read_attempts(self.acquire_blocking(false)?, true, f)
    }

    /// [`write`](Self::write) on this thread: for command-line tools and tests.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_blocking<R>(&self, f: impl Fn(&mut Tx) -> Result<R>) -> Result<R> {
        self.cx.remaining()?;
        self.write_attempts(self.acquire_blocking(true)?, f)
    }

    fn read_attempts<R>(&self, first: Pooled, snapshot: bool, f: impl Fn(&mut ReadTx) -> Result<R>) -> Result<R> {
        let now = self.db.clock().now();
        let mut next = Some(first);
        for attempt in 1..=ATTEMPTS_MAX {
            let mut conn = self.connection(&mut next, false)?;
            if !self.db.still(&conn, false)? {
                // Chosen anew.
                continue;
            }
            if snapshot {
                begin_snapshot(&mut conn)?;
            }
            let mut tx = ReadTx::new(conn, self.db.clone(), self.cx.clone(), now);
            let result = self.begin(&mut tx, false).and_then(|()| f(&mut tx));
            let mut conn = tx.into_conn();
            if snapshot {
                Conn::rollback_transaction(&mut conn).map_err(from_diesel)?;
            }
            match result {
                Ok(value) => return Ok(value),
                Err(error) => next = self.again(conn, error, attempt)?,
            }
        }
        Err(exhausted())
    }

    fn write_attempts<R>(&self, first: Pooled, f: impl Fn(&mut Tx) -> Result<R>) -> Result<R> {
        let mut tape = Tape::new(self.db.clock().now());
        let mut next = Some(first);
        for attempt in 1..=ATTEMPTS_MAX {
            let mut conn = self.connection(&mut next, true)?;
            if let Err(error) = begin(&mut conn, self.isolation) {
                next = self.again(conn, error, attempt)?;
                continue;
            }
            let still = self.db.still(&conn, true);
            if !matches!(still, Ok(true)) {
                // Nothing was done yet.
                let _ = Conn::rollback_transaction(&mut conn);
                still?;
                continue;
            }
            let mut tx = Tx::new(conn, self.db.clone(), self.cx.clone(), tape);
            let begun = self.begin(&mut tx, true);
            let result = begun.and_then(|()| f(&mut tx)).and_then(|value| tx.finish().map(|()| value));
            let (sent, used) = (tx.sent(), tx.used());
            let (mut conn, same, effects) = tx.into_parts();
            tape = same;
            let result = match result {
                Ok(value) => Conn::commit_transaction(&mut conn).map_err(from_diesel).map(|()| value),
                Err(error) => Err(error),
            };
            match result {
                Ok(value) => {
                    let after = After { sent, used, usage: conn.usage().cloned(), away: conn.is_away() };
                    drop(conn);
                    effects.into_iter().for_each(|effect| effect());
                    self.committed(after);
                    return Ok(value);
                }
                Err(error) => {
                    // A failed commit has rolled back already; rolling back twice is harmless and says so.
                    let _ = Conn::rollback_transaction(&mut conn);
                    next = self.again(conn, error, attempt)?;
                }
            }
        }
        Err(exhausted())
    }

    /// Who looks after a tenant from outside is in none of its companies.
    fn begin(&self, tx: &mut ReadTx, writes: bool) -> Result<()> {
        if self.place.is_some() { Ok(()) } else { tx.begin(writes) }
    }

    fn committed(&self, after: After) {
        if after.sent {
            if after.away {
                self.db.rounds().ring(self.cx.tenant());
            }
            self.db.registry().outbox_bell().ring();
        }
        if let Some(usage) = after.usage
            && usage.add(after.used)
        {
            self.db.save_usage(self.cx.tenant(), &usage);
        }
    }

    /// The connection of an attempt, which sees what this unit of work may see.
    fn connection(&self, next: &mut Option<Pooled>, write: bool) -> Result<Pooled> {
        match next.take() {
            Some(conn) => conn.ready(),
            None => self.acquire_blocking(write)?.ready(),
        }
    }

    async fn acquire(&self, write: bool) -> Result<Pooled> {
        self.db.acquire(&self.cx, self.place.as_deref(), write).await
    }

    fn acquire_blocking(&self, write: bool) -> Result<Pooled> {
        self.db.acquire_blocking(&self.cx, self.place.as_deref(), write)
    }

    /// Decides whether another attempt follows, waits for it, and gives the connection on if it may be used again.
    fn again(&self, conn: Pooled, error: Error, attempt: u32) -> Result<Option<Pooled>> {
        let reusable = match error.code() {
            // Its prepared statements are worth nothing now, nor are those of its neighbours.
            STALE_PLAN => {
                conn.renew();
                None
            }
            DISCONNECTED => {
                conn.discard();
                None
            }
            _ => Some(conn),
        };
        if !is_transient(&error) || attempt == ATTEMPTS_MAX {
            return Err(error);
        }
        let pause = backoff(attempt);
        if let Some(left) = self.cx.remaining()?
            && left < pause
        {
            return Err(error);
        }
        tracing::debug!(attempt, code = error.code(), ?pause, "the unit of work is attempted again");
        std::thread::sleep(pause);
        Ok(reusable)
    }
}

/// Full jitter: a random share of an exponentially growing pause.
fn backoff(attempt: u32) -> Duration {
    let ceiling = BACKOFF_FIRST.saturating_mul(1 << attempt.min(16)).min(BACKOFF_MAX);
    let random = uuid::Uuid::new_v4().as_u128() % 1_000;
    ceiling.mul_f64(f64::from(u16::try_from(random).unwrap_or(0)) / 1_000.0)
}

fn exhausted() -> Error {
    Error::unavailable("data.conflict", format!("{ATTEMPTS_MAX} attempts ran into other units of work; try again"))
}

async fn blocking<R: Send + 'static>(f: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
    let span = tracing::Span::current();
    match tokio::task::spawn_blocking(move || span.in_scope(f)).await {
        Ok(result) => result,
        Err(e) => Err(Error::internal("panic", "the unit of work stopped unexpectedly").with_source(e)),
    }
}

#[cfg_attr(
    not(any(feature = "postgres", feature = "postgres-system")),
    expect(unused_variables, reason = "SQLite has one level")
)]
fn begin(conn: &mut Conn, isolation: Isolation) -> Result<()> {
    match conn {
        // Taking the write lock at once: a deferred transaction that reads before it writes can't be upgraded.
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(conn, isolation.begin()),
    }
    .map_err(from_diesel)
}

fn begin_snapshot(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        }
    }
    .map_err(from_diesel)
}
