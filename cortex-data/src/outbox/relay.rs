//! The relay: carries messages from the outbox to their consumers, in this process.

use std::ops::AddAssign;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cortex_core::{Error, Result};

use super::dead;
use super::deliver::{self, Group};
use super::dispatch::dispatch;
use crate::database::Database;
use crate::tenancy::Placement;

/// How often the relay looks without having been woken: for retries, and for what other processes wrote.
pub const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How often delivered messages past [`RETENTION`](super::RETENTION) are looked for.
pub const PURGE_INTERVAL: Duration = Duration::from_secs(3_600);
/// Longest wait of [`Relay::drain`] for transactions of others that hold messages back.
pub const DRAIN_WAIT_MAX: Duration = Duration::from_secs(10);
/// Most rounds of one [`Relay::drain`]: more is an event that leads to itself.
pub const DRAIN_ROUNDS_MAX: u32 = 10_000;
/// Pause between two looks at messages that are held back.
const HELD_PAUSE: Duration = Duration::from_millis(5);

/// What was done with deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// The consumer did its work.
    pub delivered: u64,
    /// The consumer's module is disabled for the tenant.
    pub skipped: u64,
    /// The consumer failed, and is tried again later.
    pub failed: u64,
    /// The consumer failed for the last time.
    pub dead: u64,
    /// Some messages wait for transactions that are still open.
    pub held: bool,
}

impl Drained {
    /// Whether anything was done.
    #[must_use]
    pub fn any(&self) -> bool {
        self.delivered + self.skipped + self.failed + self.dead > 0
    }
}

impl AddAssign for Drained {
    fn add_assign(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.skipped += other.skipped;
        self.failed += other.failed;
        self.dead += other.dead;
        self.held |= other.held;
    }
}

/// Carries messages from the outbox of a database to the consumers in its registry. Cheap to clone.
///
/// Any number of relays may run, in one process or in many: none delivers what another has in hand.
#[derive(Debug, Clone)]
pub struct Relay {
    pub(super) db: Database,
    /// A thread of this relay does jobs that prepare themselves.
    beside: Arc<AtomicBool>,
}

/// Where jobs are done that prepare themselves, which takes its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slow {
    /// In their turn.
    Here,
    /// On a thread beside, so that nothing waits for them.
    Beside,
}

/// Lets the next thread begin when this one is done, however it ends.
struct Busy(Arc<AtomicBool>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// What one round did.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) done: Drained,
    pub(super) dispatched: usize,
}

impl Round {
    pub(super) fn is_idle(&self) -> bool {
        !self.done.any() && self.dispatched == 0
    }
}

impl Relay {
    /// A relay for the outbox of `db`; its consumers are those of the installed registry.
    #[must_use]
    pub fn new(db: Database) -> Self {
        Self { db, beside: Arc::default() }
    }

    /// Delivers whatever comes until `shutdown` ends; what is in hand then is finished first.
    ///
    /// Commits of this process wake it at once. When the database can't be reached it says so in the log and
    /// tries again.
    pub async fn run_until(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let stop = Arc::new(AtomicBool::new(false));
        let bell = self.db.registry().outbox_bell().clone();
        let mut purged: Option<Instant> = None;
        loop {
            let purge = purged.is_none_or(|last| last.elapsed() >= PURGE_INTERVAL);
            let (relay, flag) = (self.clone(), Arc::clone(&stop));
            let mut pass = tokio::task::spawn_blocking(move || {
                relay.pass(&flag, purge)?;
                relay.pass_tenants(&flag)
            });
            let done = tokio::select! {
                done = &mut pass => done,
                () = &mut shutdown => {
                    stop.store(true, Ordering::Release);
                    report(pass.await);
                    return;
                }
            };
            if report(done) && purge {
                purged = Some(Instant::now());
            }
            tokio::select! {
                () = bell.wait() => {}
                () = tokio::time::sleep(POLL_INTERVAL) => {}
                () = &mut shutdown => return,
            }
        }
    }

    /// Delivers until nothing is left that can be delivered now: for command-line tools and tests. What failed and
    /// is tried again later stays.
    ///
    /// # Errors
    /// The database can't be reached; consumers keep each other busy for more than [`DRAIN_ROUNDS_MAX`] rounds.
    pub fn drain(&self) -> Result<Drained> {
        let mut total = Drained::default();
        let deadline = Instant::now() + DRAIN_WAIT_MAX;
        for _ in 0..DRAIN_ROUNDS_MAX {
            let round = self.whole_round()?;
            total += Drained { held: false, ..round.done };
            if !round.is_idle() {
                continue;
            }
            if !round.done.held || Instant::now() >= deadline {
                total.held = round.done.held;
                return Ok(total);
            }
            std::thread::sleep(HELD_PAUSE);
        }
        Err(Error::internal("outbox.endless", format!("messages are still coming after {DRAIN_ROUNDS_MAX} rounds"))
            .with_help("look for a subscriber that emits the event that it subscribes to"))
    }

    /// Dispatches one batch and delivers one batch per consumer and tenant, without waiting for anything.
    ///
    /// # Errors
    /// The database can't be reached.
    pub fn step(&self) -> Result<Drained> {
        Ok(self.round(&Placement::Shared, Slow::Here, &AtomicBool::new(false))?.done)
    }

    /// Rounds until there is nothing to do.
    fn pass(&self, stop: &AtomicBool, purge: bool) -> Result<()> {
        loop {
            let round = self.round(&Placement::Shared, Slow::Beside, stop)?;
            if round.is_idle() || stop.load(Ordering::Acquire) {
                break;
            }
        }
        if purge {
            self.purge()?;
        }
        Ok(())
    }

    pub(super) fn round(&self, place: &Placement, slow: Slow, stop: &AtomicBool) -> Result<Round> {
        let dispatched = dispatch(&self.db, place)?;
        let mut done = Drained { held: dispatched.held, ..Drained::default() };
        let groups = deliver::groups(&self.db, place)?;
        let (beside, here): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| slow == Slow::Beside && group.prepares(&self.db));
        if !beside.is_empty() {
            self.deliver_beside(place.clone(), beside);
        }
        for group in here {
            if stop.load(Ordering::Acquire) {
                break;
            }
            done += deliver::deliver(&self.db, place, &group)?;
        }
        Ok(Round { done, dispatched: dispatched.messages })
    }

    /// Delivers on a thread of its own, unless one is at it: then they have their turn in a later round.
    fn deliver_beside(&self, place: Placement, groups: Vec<Group>) {
        if self.beside.swap(true, Ordering::AcqRel) {
            return;
        }
        let (db, busy) = (self.db.clone(), Busy(Arc::clone(&self.beside)));
        let work = move || {
            for group in groups {
                if let Err(error) = deliver::deliver(&db, &place, &group) {
                    tracing::warn!(?error, job = group.subscriber, "a job can't be done now");
                }
            }
            drop(busy);
            db.registry().outbox_bell().ring();
        };
        if let Err(error) = std::thread::Builder::new().name("jobs".to_owned()).spawn(work) {
            tracing::warn!(%error, "no thread for jobs can be started now");
        }
    }

    /// Forgets delivered messages that are older than [`RETENTION`](super::RETENTION); answers how many.
    ///
    /// # Errors
    /// The database can't be reached.
    pub fn purge(&self) -> Result<usize> {
        dead::purge(&self.db, &Placement::Shared)
    }
}

/// Whether the pass came to its end; says in the log why not.
fn report(done: Result<Result<()>, tokio::task::JoinError>) -> bool {
    match done {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => tracing::warn!(?error, "messages can't be delivered now"),
        Err(error) => tracing::error!(%error, "the relay stopped unexpectedly and goes on"),
    }
    false
}
