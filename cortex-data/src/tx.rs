//! Units of work: what reads ([`ReadTx`]) and what also writes ([`Tx`]).

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use cortex_core::{CompanyId, Cx, Date, Error, Event, Id, Result, TenantId, Timestamp};
use diesel::connection::TransactionManager;
use jiff::tz::TimeZone;

use crate::company::{self, CompanyError, EnterCompany, Place};
use crate::conn::Conn;
use crate::custom::{self, FieldSet};
use crate::database::{Backend, Database};
use crate::error::from_diesel;
use crate::guard::{Check, Policy};
use crate::hook::HookPoint;
use crate::job::Job;
use crate::meta::Meta;
use crate::outbox::Draft;
use crate::tenancy::{Delta, Pooled};
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
    custom: custom::Local,
    place: Option<Arc<Place>>,
    changed_companies: bool,
}

/// Where days begin for whom nobody says otherwise.
static UTC: TimeZone = TimeZone::UTC;

impl std::fmt::Debug for ReadTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadTx").field("cx", &self.cx).field("now", &self.now).finish_non_exhaustive()
    }
}

impl ReadTx {
    pub(crate) fn new(mut conn: Pooled, db: Database, cx: Cx, now: Timestamp) -> Self {
        let watch = Watch::start(&db, &mut conn);
        Self { conn, db, cx, now, watch, custom: custom::Local::default(), place: None, changed_companies: false }
    }

    /// Finds the company of the context, before anything else is done.
    pub(crate) fn begin(&mut self, writes: bool) -> Result<()> {
        self.place = company::place(self, self.company())?;
        refuse_archived(self.place.as_deref(), writes)
    }

    /// Tenant, company, actor, locale, trace and deadline.
    #[must_use]
    pub fn cx(&self) -> &Cx {
        &self.cx
    }

    /// Whose data.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.cx.tenant()
    }

    /// Which company of the tenant: records of entities with `company` are seen for this one only.
    #[must_use]
    pub fn company(&self) -> CompanyId {
        self.cx.company()
    }

    /// When this unit of work began: the same on every attempt.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Where days begin: what the request names, or else the company's time zone.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        let companys = || self.place.as_ref().and_then(|place| place.zone.as_ref());
        self.cx.time_zone().or_else(companys).unwrap_or(&UTC)
    }

    /// The day of [`now`](Self::now) in this [time zone](Self::time_zone).
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.to_zoned(self.time_zone().clone()).date()
    }

    /// Runs `part` in another company of the tenant, and comes back: for what concerns several of them.
    ///
    /// # Errors
    /// [`CompanyError::Unknown`]; the actor may not enter it; what `part` returns.
    pub fn in_company<R>(&mut self, company: CompanyId, part: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        let left = self.enter(company, false)?;
        let result = part(self);
        self.stand(left);
        result
    }

    /// Goes to a company; answers where it stood.
    fn enter(&mut self, id: CompanyId, writes: bool) -> Result<Stand> {
        let place = company::place(self, id)?;
        if let Some(place) = &place {
            self.check::<EnterCompany>(&place.company)?;
        }
        refuse_archived(place.as_deref(), writes)?;
        Ok(self.stand((id, place)))
    }

    fn stand(&mut self, (id, place): Stand) -> Stand {
        let left = (self.company(), std::mem::replace(&mut self.place, place));
        self.cx = self.cx.clone().with_company(id);
        left
    }

    /// Whether it changed companies itself, which nobody else may see before its commit.
    pub(crate) fn changed_companies(&self) -> bool {
        self.changed_companies
    }

    /// The database behind this unit of work.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.db
    }

    /// Which database system the tenant's data is on.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.conn.backend()
    }

    /// The connection, for SQL that the tenant scope can't be put into. The reason is logged. The statement must hold
    /// every table that has a `tenant_id` to the tenant itself; tests that watch statements fail where it doesn't.
    pub fn unscoped(&mut self, reason: &'static str) -> &mut Conn {
        tracing::trace!(reason, "unscoped statement");
        self.watch.used(Some(reason));
        &mut self.conn
    }

    /// The connection, for the framework's own scoped statements.
    pub(crate) fn conn(&mut self) -> &mut Conn {
        self.watch.used(None);
        &mut self.conn
    }

    /// The custom fields of an entity for this tenant, read once per unit of work; none where the entity has no field
    /// for them.
    ///
    /// # Errors
    /// The database refuses the statement.
    pub fn custom_fields(&mut self, entity: &'static Meta) -> Result<Arc<FieldSet>> {
        custom::load(self, entity)
    }

    /// Fields of an entity that the actor may not read: what the guard masks, and custom fields whose permission it
    /// lacks, as `extra.salary`.
    ///
    /// # Errors
    /// As [`custom_fields`](Self::custom_fields).
    pub fn hidden_fields(&mut self, entity: &'static Meta) -> Result<Vec<String>> {
        let (db, set) = (self.db.clone(), custom::load(self, entity)?);
        let mut hidden = db.registry().guard().mask(&self.cx, entity);
        for field in set.iter() {
            let needed = field.definition().read_permission.as_deref();
            if needed.is_some_and(|permission| !self.has_permission(permission)) {
                hidden.push(field.path().to_owned());
            }
        }
        Ok(hidden)
    }

    /// Whether the guard allows `resource.action`.
    pub(crate) fn has_permission(&mut self, permission: &str) -> bool {
        let Some((resource, action)) = permission.rsplit_once('.') else { return false };
        let db = self.db.clone();
        db.registry().guard().check(self, &Check { resource, action, subject: &() }).is_ok()
    }

    /// Whether it works in the tables that tenants share.
    pub(crate) fn is_shared(&self) -> bool {
        self.conn.is_shared()
    }

    /// Whether row-level security may hide what others have in the same tables.
    pub(crate) fn is_walled(&self) -> bool {
        self.is_shared() && self.db.tenancy().row_security && self.backend() == Backend::Postgres
    }

    /// What it has read of custom fields.
    pub(crate) fn local(&mut self) -> &mut custom::Local {
        &mut self.custom
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

/// A company, and what is known of it.
type Stand = (CompanyId, Option<Arc<Place>>);

fn refuse_archived(place: Option<&Place>, writes: bool) -> Result<()> {
    match place {
        Some(place) if writes && place.company.archived => {
            Err(CompanyError::Archived(place.company.code.clone()).into())
        }
        _ => Ok(()),
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

/// What runs after the commit.
pub(crate) type Effects = Vec<Box<dyn FnOnce() + Send>>;

/// A unit of work that reads and writes. It commits when its closure returns `Ok`.
pub struct Tx {
    read: ReadTx,
    tape: Tape,
    ids_drawn: usize,
    depth: u32,
    wrote: bool,
    authorized: bool,
    messages: Vec<Result<Draft>>,
    sent: bool,
    after: Effects,
    used: Delta,
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
        Self {
            read,
            tape,
            ids_drawn: 0,
            depth: 0,
            wrote: false,
            authorized: false,
            messages: Vec::new(),
            sent: false,
            after: Vec::new(),
            used: Delta::default(),
        }
    }

    /// A new id: the same on every attempt of this unit of work.
    pub fn new_id<T: ?Sized>(&mut self) -> Id<T> {
        let index = self.ids_drawn;
        self.ids_drawn += 1;
        if let Some(uuid) = self.tape.ids.get(index) {
            return Id::from_uuid(*uuid);
        }
        let uuid = self.read.db.draw_id(self.tape.now);
        self.tape.ids.push(uuid);
        Id::from_uuid(uuid)
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

    /// Publishes `event` after the commit, at least once, in order per aggregate. An event that no module declares,
    /// or that can't be written, makes the unit of work fail at its end.
    #[expect(clippy::needless_pass_by_value, reason = "the event is told: nobody changes it afterwards")]
    pub fn emit<E: Event>(&mut self, event: E) {
        let draft = crate::outbox::draft(self, &event);
        self.messages.push(draft);
    }

    /// Has `job` done after the commit, at least once, by the handler that its module registered. A job that no
    /// module handles makes the unit of work fail at its end.
    #[expect(clippy::needless_pass_by_value, reason = "the job is handed over")]
    pub fn enqueue<J: Job>(&mut self, job: J) {
        let draft = crate::job::draft(self, &job);
        self.messages.push(draft);
        self.used.jobs += 1;
    }

    /// Writes in another company of the tenant, and comes back: for what concerns several of them.
    ///
    /// # Errors
    /// As [`ReadTx::in_company`]; [`CompanyError::Archived`].
    pub fn in_company<R>(&mut self, company: CompanyId, part: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        let left = self.read.enter(company, true)?;
        let result = part(self);
        self.read.stand(left);
        result
    }

    /// Goes on for another request, whose message is being delivered: under its trace, in its company, even if that
    /// was archived meanwhile.
    pub(crate) fn go_on_for(&mut self, trace: uuid::Uuid, company: CompanyId) -> Result<()> {
        self.read.cx = self.read.cx.clone().with_trace(trace);
        if company != self.company() {
            let place = company::place(&mut self.read, company)?;
            self.read.stand((company, place));
        }
        Ok(())
    }

    /// It changed companies.
    pub(crate) fn change_companies(&mut self) {
        self.read.changed_companies = true;
        let (db, tenant) = (self.database().clone(), self.tenant());
        self.after_commit(move || db.registry().companies().forget(tenant));
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
        let (effects, messages, used) = (self.after.len(), self.messages.len(), self.used);
        let result = part(self);
        self.depth -= 1;
        match result {
            Ok(value) => {
                Conn::commit_transaction(self.conn()).map_err(from_diesel)?;
                Ok(value)
            }
            Err(error) => {
                self.after.truncate(effects);
                self.messages.truncate(messages);
                self.used = used;
                self.local().roll_back();
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

    /// Whether the tenant has quotas, so that what it stores must be counted.
    pub(crate) fn is_metered(&self) -> bool {
        self.read.conn.usage().is_some()
    }

    /// Counts records and bytes that come (or go, below zero).
    pub(crate) fn count(&mut self, rows: i64, bytes: i64) {
        self.used.rows = self.used.rows.saturating_add(rows);
        self.used.bytes = self.used.bytes.saturating_add(bytes);
    }

    /// What it uses more.
    pub(crate) fn used(&self) -> Delta {
        self.used
    }

    /// Whether it told anything.
    pub(crate) fn sent(&self) -> bool {
        self.sent
    }

    /// The last things before the commit: what must hold, and what is told.
    pub(crate) fn finish(&mut self) -> Result<()> {
        let needs_authorisation = self.cx().actor().kind != cortex_core::ActorKind::System;
        if self.wrote && !self.authorized && needs_authorisation {
            return Err(Error::internal(
                "data.unauthorized_write",
                "the unit of work wrote without authorising anything",
            )
            .with_help("call `tx.authorize::<Policy>(&record)` in the verb that writes"));
        }
        if let Some(usage) = self.read.conn.usage() {
            usage.check(self.used, self.read.now)?;
        }
        let drafts = std::mem::take(&mut self.messages).into_iter().collect::<Result<Vec<_>>>()?;
        self.sent = !drafts.is_empty();
        crate::outbox::write(self, &drafts)
    }

    pub(crate) fn into_parts(self) -> (Pooled, Tape, Effects) {
        (self.read.into_conn(), self.tape, self.after)
    }
}
