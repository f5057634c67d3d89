//! The budget of connections: every open connection of every database holds a permit, and there are only so many.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use cortex_core::Result;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::stores::Stores;
use crate::error::DatabaseError;

/// How many connections may be open at once, over all databases.
#[derive(Debug)]
pub(crate) struct Budget {
    cap: usize,
    permits: Arc<Semaphore>,
    open: AtomicUsize,
    peak: AtomicUsize,
    waiting: AtomicUsize,
    /// Whom to ask for connections that nobody uses.
    stores: OnceLock<Weak<Stores>>,
}

/// One connection's share; it goes back when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    budget: Arc<Budget>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Permit {
    fn drop(&mut self) {
        // Before the semaphore learns of it: who comes next must not be counted beside us.
        self.budget.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Budget {
    pub(crate) fn new(cap: usize) -> Arc<Self> {
        let cap = cap.clamp(1, Semaphore::MAX_PERMITS);
        Arc::new(Self {
            cap,
            permits: Arc::new(Semaphore::new(cap)),
            open: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            stores: OnceLock::new(),
        })
    }

    pub(super) fn relieved_by(&self, stores: Weak<Stores>) {
        // Set once, where the stores are made.
        let _ = self.stores.set(stores);
    }

    pub(crate) fn cap(&self) -> usize {
        self.cap
    }

    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    pub(crate) fn peak(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }

    /// Whether somebody waits for a connection to be closed.
    pub(crate) fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// A permit for one more connection. Where none is left, a connection that nobody uses is closed; where there is
    /// none of those either, whoever gives one back closes it. Whoever waits longest is served first.
    ///
    /// The caller bounds the wait.
    pub(crate) async fn take(self: &Arc<Self>) -> Result<Permit> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(self.counted(permit));
        }
        // Said before looking for idle connections: one that comes back after the look is closed by its user.
        let _waiting = Waiting::of(self);
        self.relieve().await;
        match Arc::clone(&self.permits).acquire_owned().await {
            Ok(permit) => Ok(self.counted(permit)),
            Err(_) => Err(DatabaseError::Exhausted.into()),
        }
    }

    fn counted(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Permit {
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.peak.fetch_max(open, Ordering::SeqCst);
        Permit { budget: Arc::clone(self), _permit: permit }
    }

    async fn relieve(&self) {
        let Some(stores) = self.stores.get().and_then(Weak::upgrade) else { return };
        // Closing a file may write to it.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                if let Err(error) = runtime.spawn_blocking(move || stores.close_one_idle()).await {
                    tracing::error!(%error, "closing an idle connection stopped unexpectedly");
                }
            }
            Err(_) => {
                stores.close_one_idle();
            }
        }
    }
}

struct Waiting<'a>(&'a Budget);

impl<'a> Waiting<'a> {
    fn of(budget: &'a Budget) -> Self {
        budget.waiting.fetch_add(1, Ordering::SeqCst);
        Self(budget)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}
