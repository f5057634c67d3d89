//! One physical database: its pools, its turns, and connections on loan.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cortex_core::{Result, TenantId};
use deadpool::managed::{Object, Pool, PoolError};

use super::budget::Budget;
use super::directory::TenantEntry;
use super::turns::{Turn, Turns};
use super::usage::Usage;
use super::wall::Facing;
use crate::conn::Conn;
use crate::database::Backend;
use crate::error::DatabaseError;
use crate::pool::{Link, Manager, Target};

/// One physical database. Connections are opened when first needed.
#[derive(Debug)]
pub(crate) struct Store {
    backend: Backend,
    readers: Lane,
    /// SQLite has one writer; a pool of size one queues fairly and never answers "database is locked".
    writer: Option<Lane>,
    budget: Arc<Budget>,
    /// Connections of an older generation are not used again.
    generation: Arc<AtomicU64>,
    is_main: bool,
    begun: Instant,
    /// Milliseconds from `begun` to the last use.
    used: AtomicU64,
}

/// A pool with the queue in front of it.
#[derive(Debug)]
struct Lane {
    pool: Pool<Manager>,
    turns: Arc<Turns>,
}

impl Store {
    pub(crate) fn open(url: &str, connections: usize, budget: &Arc<Budget>, is_main: bool) -> Result<Self> {
        let target = Target::parse(url)?;
        let backend = target.backend();
        let generation = Arc::new(AtomicU64::new(0));
        let lane = |target: Target, size: usize| {
            let size = size.max(1);
            let manager = Manager::new(target, Arc::clone(budget), Arc::clone(&generation));
            let pool = Pool::builder(manager).max_size(size).build();
            let pool = pool.map_err(|e| DatabaseError::Open(e.to_string()))?;
            Ok::<_, DatabaseError>(Lane { pool, turns: Turns::new(size, share(backend, size)) })
        };
        let (readers, writer) = match backend {
            Backend::Sqlite => (lane(target.clone().read_only(), connections)?, Some(lane(target, 1)?)),
            Backend::Postgres => (lane(target, connections)?, None),
        };
        let (budget, begun, used) = (Arc::clone(budget), Instant::now(), AtomicU64::new(0));
        Ok(Self { backend, readers, writer, budget, generation, is_main, begun, used })
    }

    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// A connection, when it is the turn of `tenant`. The caller bounds the wait.
    pub(crate) async fn take(self: &Arc<Self>, tenant: TenantId, write: bool) -> Result<Pooled> {
        let lane = match &self.writer {
            Some(writer) if write => writer,
            _ => &self.readers,
        };
        let turn = lane.turns.take(tenant).await;
        let link = lane.pool.get().await.map_err(pool_error)?;
        self.touch();
        let home = Home(Arc::clone(self));
        Ok(Pooled { link, home, facing: Facing::default(), usage: None, entry: None, _turn: turn })
    }

    /// No connection that is open now serves another unit of work: what it prepared may be stale.
    pub(crate) fn renew(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.lanes().for_each(|lane| drop(lane.pool.retain(|_, _| false)));
    }

    /// Closes one connection that nobody uses; whether there was one.
    pub(crate) fn close_one_idle(&self) -> bool {
        self.lanes().any(|lane| {
            let mut found = false;
            let closed = lane.pool.retain(|_, _| std::mem::replace(&mut found, true));
            !closed.removed.is_empty()
        })
    }

    /// How long nobody used it.
    pub(crate) fn idle_for(&self) -> Duration {
        self.begun.elapsed().saturating_sub(Duration::from_millis(self.used.load(Ordering::Relaxed)))
    }

    fn lanes(&self) -> impl Iterator<Item = &Lane> {
        std::iter::once(&self.readers).chain(&self.writer)
    }

    fn touch(&self) {
        let millis = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.used.store(millis, Ordering::Relaxed);
    }
}

/// Most connections that one tenant uses at a time while others want some too: a quarter of them. SQLite works on the
/// processors of this machine, of which one is left to the others.
fn share(backend: Backend, size: usize) -> usize {
    let quarter = (size / 4).max(1);
    match backend {
        Backend::Sqlite => {
            let processors = std::thread::available_parallelism().map_or(1, usize::from);
            quarter.min(processors.saturating_sub(1)).max(1)
        }
        Backend::Postgres => quarter,
    }
}

fn pool_error(error: PoolError<cortex_core::Error>) -> cortex_core::Error {
    match error {
        PoolError::Backend(error) => error,
        PoolError::Timeout(_) => DatabaseError::Exhausted.into(),
        other => DatabaseError::Open(other.to_string()).into(),
    }
}

/// A connection on loan from its store.
///
/// INVARIANT: the fields are dropped in their order. The connection is back in its pool before `home` looks whether
/// somebody waits for it to be closed, and the turn passes to the next user after that.
#[derive(Debug)]
pub(crate) struct Pooled {
    link: Object<Manager>,
    home: Home,
    /// What it is to see, once it is [`ready`](Self::ready).
    facing: Facing,
    usage: Option<Arc<Usage>>,
    /// What the directory said when it was chosen.
    entry: Option<Arc<TenantEntry>>,
    _turn: Turn,
}

#[derive(Debug)]
struct Home(Arc<Store>);

impl Drop for Home {
    fn drop(&mut self) {
        if !self.0.is_main {
            self.0.touch();
        }
        if self.0.budget.is_wanted() {
            self.0.close_one_idle();
        }
    }
}

impl Pooled {
    /// Closes the connection instead of giving it back.
    pub(crate) fn discard(self) {
        drop(Object::take(self.link));
    }

    /// Closes the connection, and has all others of its database closed after their use.
    pub(crate) fn renew(self) {
        let store = Arc::clone(&self.home.0);
        self.discard();
        store.renew();
    }

    /// Says what it is to see and whose use it counts. Nothing is asked of the server yet.
    pub(crate) fn bound(mut self, facing: Facing, usage: Option<Arc<Usage>>) -> Self {
        (self.facing, self.usage) = (facing, usage);
        self
    }

    /// Says by which entry of the directory it was chosen.
    pub(crate) fn routed(mut self, entry: Option<Arc<TenantEntry>>) -> Self {
        self.entry = entry;
        self
    }

    /// What the directory said when it was chosen.
    pub(crate) fn entry(&self) -> Option<&Arc<TenantEntry>> {
        self.entry.as_ref()
    }

    /// Makes it see what it is to see. This may ask the server, so it is no work for a thread that serves many.
    pub(crate) fn ready(mut self) -> Result<Self> {
        match self.link.face(&self.facing, self.home.0.is_main) {
            Ok(()) => Ok(self),
            Err(error) => {
                self.discard();
                Err(error)
            }
        }
    }

    pub(crate) fn backend(&self) -> Backend {
        self.home.0.backend
    }

    /// Whether it reaches another database than the main one.
    pub(crate) fn is_away(&self) -> bool {
        !self.home.0.is_main
    }

    /// Whether it reaches the tables that tenants share.
    pub(crate) fn is_shared(&self) -> bool {
        self.home.0.is_main && self.facing.schema.is_none()
    }

    /// What the tenant uses, where it has quotas.
    pub(crate) fn usage(&self) -> Option<&Arc<Usage>> {
        self.usage.as_ref()
    }
}

impl Deref for Pooled {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        Link::conn(&self.link)
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Conn {
        Link::conn_mut(&mut self.link)
    }
}
