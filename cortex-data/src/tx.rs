//! Units of work: what reads ([`ReadTx`]) and what also writes ([`Tx`]).

use std::ops::{Deref, DerefMut};

use cortex_core::{Cx, Date, Error, Event, Id, Result, TenantId, Timestamp};
use diesel::connection::TransactionManager;

use crate::conn::Conn;
use crate::database::{Backend, Database, Pooled};
use crate::error::from_diesel;
use crate::guard::{Check, Policy};
use crate::hook::HookPoint;
use crate::job::Job;
use crate::watch::Watch;

/// Deepest nesting of savepoints in one unit of work: more is a recursion that does not end.
pub const SAVEPOINTS_MAX: u32 = 16;

/// A unit of work that reads. It has no methods that write.
pub struct ReadTx {
    conn: Pooled,
    db: Database,
    cx: Cx,
    now: Timestamp,
    watch: Watch,
}

impl std::fmt::Debug for ReadTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadTx").field("cx", &self.cx).field("now", &self.now).finish_non_exhaustive()
    }
}

impl ReadTx {
    pub(crate) fn new(mut conn: Pooled, db: Database, cx: Cx, now: Timestamp) -> Self {
        let watch = Watch::start(&db, &mut conn);
        Self { conn, db, cx, now, watch }
    }

    /// Tenant, actor, locale, trace and deadline.
    #[must_use]
    pub fn cx(&self) -> &Cx {
        &self.cx
    }

    /// Whose data.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.cx.tenant()
    }

    /// When this unit of work began: the same on every attempt.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The day of [`now`](Self::now) in the actor's time zone.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.to_zoned(self.cx.time_zone().clone()).date()
    }

    /// The database behind this unit of work.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.db
    }

    /// Which database system it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.db.backend()
    }

    /// The connection, for SQL that the tenant scope can't be put into. The reason is logged, and counted in tests;
    /// the statement must name `tenant_id` itself where its tables have one.
    pub fn unscoped(&mut self, reason: &'static str) -> &mut Conn {
        tracing::trace!(reason, "unscoped statement");
        self.watch.unscoped(reason);
        &mut self.conn
    }

    /// The connection, for the framework's own scoped statements.
    pub(crate) fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    pub(crate) fn into_conn(self) -> Pooled {
        self.conn
    }

    /// Whether the actor may do `P` to `resource`, without doing it.
    ///
    /// # Errors
    /// [`Kind::Forbidden`](cortex_core::Kind::Forbidden) with the policy's reason.
    pub fn check<P: Policy>(&mut self, resource: &P::Resource) -> Result<()> {
        let db = self.db.clone();
        db.registry().guard().check(self, &Check::of::<P>(resource))
    }
}

/// What stays the same when a unit of work is attempted again: the time and the ids it drew.
#[derive(Debug)]
pub(crate) struct Tape {
    pub(crate) now: Timestamp,
    ids: Vec<uuid::Uuid>,
}

impl Tape {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { now, ids: Vec::new() }
    }
}

/// A unit of work that reads and writes. It commits when its closure returns `Ok`.
pub struct Tx {
    read: ReadTx,
    tape: Tape,
    ids_drawn: usize,
    depth: u32,
    wrote: bool,
    authorized: bool,
    emitted: u32,
    after: Vec<Box<dyn FnOnce() + Send>>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("read", &self.read).field("wrote", &self.wrote).finish_non_exhaustive()
    }
}

impl Deref for Tx {
    type Target = ReadTx;

    fn deref(&self) -> &ReadTx {
        &self.read
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut ReadTx {
        &mut self.read
    }
}

impl Tx {
    pub(crate) fn new(conn: Pooled, db: Database, cx: Cx, tape: Tape) -> Self {
        let read = ReadTx::new(conn, db, cx, tape.now);
        Self { read, tape, ids_drawn: 0, depth: 0, wrote: false, authorized: false, emitted: 0, after: Vec::new() }
    }

    /// A new id: the same on every attempt of this unit of work.
    pub fn new_id<T: ?Sized>(&mut self) -> Id<T> {
        let index = self.ids_drawn;
        self.ids_drawn += 1;
        if let Some(uuid) = self.tape.ids.get(index) {
            return Id::from_uuid(*uuid);
        }
        let id = Id::<T>::at(self.tape.now);
        self.tape.ids.push(id.uuid());
        id
    }

    /// Authorises the act `P` on `resource`. A unit of work of an actor that wrote and never authorised anything
    /// does not commit.
    ///
    /// # Errors
    /// [`Kind::Forbidden`](cortex_core::Kind::Forbidden) with the policy's reason.
    pub fn authorize<P: Policy>(&mut self, resource: &P::Resource) -> Result<()> {
        self.read.check::<P>(resource)?;
        self.authorized = true;
        Ok(())
    }

    /// The same for an act that is data and no type: for generated routes.
    ///
    /// # Errors
    /// As [`authorize`](Self::authorize).
    pub fn authorize_check(&mut self, check: &Check<'_>) -> Result<()> {
        let db = self.database().clone();
        db.registry().guard().check(self, check)?;
        self.authorized = true;
        Ok(())
    }

    /// Publishes `event` after the commit, at least once, in order per aggregate.
    ///
    /// # Errors
    /// The event can't be serialized, or the outbox not be written.
    pub fn emit<E: Event>(&mut self, event: &E) -> Result<()> {
        self.emitted += 1;
        crate::outbox::append_event(self, event)
    }

    /// Has `job` done after the commit, at least once, by the handler that its module registered.
    ///
    /// # Errors
    /// No module handles it; it can't be serialized, or the outbox not be written.
    pub fn enqueue<J: Job>(&mut self, job: &J) -> Result<()> {
        self.emitted += 1;
        crate::job::enqueue(self, job)
    }

    /// Goes on under the trace of another request, whose event is being delivered.
    pub(crate) fn retrace(&mut self, trace: uuid::Uuid) {
        self.read.cx = self.read.cx.clone().with_trace(trace);
    }

    /// Runs `effect` after the commit, on the thread of the unit of work; not at all if it rolls back.
    /// For effects that may be lost when the process dies; what must happen is an event or a job.
    pub fn after_commit(&mut self, effect: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(effect));
    }

    /// Runs `part` so that its failure undoes only what it did itself.
    ///
    /// # Errors
    /// Whatever `part` returns; nested deeper than [`SAVEPOINTS_MAX`].
    pub fn savepoint<R>(&mut self, part: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        if self.depth >= SAVEPOINTS_MAX {
            return Err(Error::internal(
                "data.savepoints",
                format!("savepoints are nested deeper than {SAVEPOINTS_MAX}"),
            ));
        }
        Conn::begin_transaction(self.conn()).map_err(from_diesel)?;
        self.depth += 1;
        let (effects, emitted) = (self.after.len(), self.emitted);
        let result = part(self);
        self.depth -= 1;
        match result {
            Ok(value) => {
                Conn::commit_transaction(self.conn()).map_err(from_diesel)?;
                Ok(value)
            }
            Err(error) => {
                self.after.truncate(effects);
                self.emitted = emitted;
                Conn::rollback_transaction(self.conn()).map_err(from_diesel)?;
                Err(error)
            }
        }
    }

    /// Lets the hooks before `H` change the subject or veto.
    ///
    /// # Errors
    /// The veto of a hook.
    pub fn before<H: HookPoint>(&mut self, subject: &mut H::Subject) -> Result<()> {
        let db = self.db.clone();
        db.registry().hooks().run_before::<H>(self, subject)
    }

    /// Lets the hooks after `H` observe the subject, still inside the transaction.
    ///
    /// # Errors
    /// A hook failed; the unit of work fails with it.
    pub fn after<H: HookPoint>(&mut self, subject: &H::Subject) -> Result<()> {
        let db = self.db.clone();
        db.registry().hooks().run_after::<H>(self, subject)
    }

    /// The connection of a statement that writes.
    pub(crate) fn conn_mut(&mut self) -> &mut Conn {
        self.wrote = true;
        self.read.conn()
    }

    pub(crate) fn emitted(&self) -> bool {
        self.emitted > 0
    }

    /// What must hold before the commit.
    pub(crate) fn ready_to_commit(&self) -> Result<()> {
        let needs_authorisation = self.cx().actor().kind != cortex_core::ActorKind::System;
        if self.wrote && !self.authorized && needs_authorisation {
            return Err(Error::internal(
                "data.unauthorized_write",
                "the unit of work wrote without authorising anything",
            )
            .with_help("call `tx.authorize::<Policy>(&record)` in the verb that writes"));
        }
        Ok(())
    }

    pub(crate) fn into_parts(self) -> (Pooled, Tape, Vec<Box<dyn FnOnce() + Send>>) {
        (self.read.into_conn(), self.tape, self.after)
    }
}
