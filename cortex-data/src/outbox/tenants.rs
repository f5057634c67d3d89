//! The relay in the databases of tenants: where something was sent it comes at once, and everywhere in its rounds.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cortex_core::{Result, TenantId, Timestamp};

use super::relay::{Relay, Round, Slow};
use super::{dead, relay_cx};
use crate::sqltype::{Instant, Maybe};
use crate::statement::Statement;
use crate::tenancy::{Placement, TenantStatus};

/// How many databases of tenants the relay visits each time it looks, beside those where something was sent in this
/// process: so that what a process left behind when it died is found.
pub const STORES_PER_SWEEP: usize = 8;
/// How long the relay waits after a round over the databases of all tenants before it begins the next one.
pub const SWEEP_INTERVAL: Duration = Duration::from_secs(600);

impl Relay {
    /// Every tenant with a database of its own that is served now.
    pub(super) fn databases(&self) -> Result<Vec<(TenantId, Placement)>> {
        self.db.directory().fresh_blocking()?;
        let book = self.db.shelf().book();
        let served = book.iter().filter(|entry| entry.status == TenantStatus::Active);
        let own = served.filter(|entry| matches!(entry.placement, Placement::Database(_)));
        let mut all: Vec<_> = own.map(|entry| (entry.id, entry.placement.clone())).collect();
        all.sort_by_key(|(id, _)| *id);
        Ok(all)
    }

    /// Delivers where something was sent or is due, and in the next few databases of the round.
    pub(super) fn pass_tenants(&self, stop: &AtomicBool) -> Result<()> {
        let all = self.databases()?;
        let rounds = self.db.rounds();
        if all.is_empty() {
            return Ok(());
        }
        let now = self.db.clock().now();
        let mut due = rounds.take_due(now);
        due.extend(rounds.take_next(STORES_PER_SWEEP, now, SWEEP_INTERVAL, || all.iter().map(|(id, _)| *id).collect()));
        for id in due {
            if stop.load(Ordering::Acquire) {
                rounds.ring(id);
                continue;
            }
            let Ok(place) = all.binary_search_by_key(&id, |(id, _)| *id).map(|at| all.get(at)) else { continue };
            if let Some((_, place)) = place
                && let Err(error) = self.visit(id, place, stop)
            {
                tracing::warn!(tenant = %id, ?error, "messages of a tenant can't be delivered now");
                rounds.later(id, now, super::POLL_INTERVAL);
            }
        }
        Ok(())
    }

    /// Rounds in one database until there is nothing to do; remembers when there will be.
    fn visit(&self, id: TenantId, place: &Placement, stop: &AtomicBool) -> Result<()> {
        loop {
            let round = self.round(place, Slow::Beside, stop)?;
            if stop.load(Ordering::Acquire) {
                self.db.rounds().ring(id);
                return Ok(());
            }
            if round.is_idle() {
                if round.done.held {
                    self.db.rounds().later(id, self.db.clock().now(), super::POLL_INTERVAL);
                }
                break;
            }
        }
        dead::purge(&self.db, place)?;
        if let Some(next) = self.next_due(place)? {
            self.db.rounds().at(id, next);
        }
        Ok(())
    }

    /// When the next delivery is due in a database.
    fn next_due(&self, place: &Placement) -> Result<Option<Timestamp>> {
        let rows: Vec<(Option<Timestamp>,)> = self.db.work_at(place, relay_cx()).read_blocking(|tx| {
            Statement::new("SELECT min(due_at) FROM cortex_deliveries WHERE status = 'pending'")
                .rows::<(Maybe<Instant>,), _>(tx.conn())
        })?;
        Ok(rows.into_iter().next().and_then(|(due,)| due))
    }

    /// One round in the main database and in those of all tenants: for command-line tools and tests.
    pub(super) fn whole_round(&self) -> Result<Round> {
        let go_on = AtomicBool::new(false);
        let mut whole = self.round(&Placement::Shared, Slow::Here, &go_on)?;
        for (_, place) in self.databases()? {
            let Round { done, dispatched } = self.round(&place, Slow::Here, &go_on)?;
            whole.dispatched += dispatched;
            whole.done += done;
        }
        Ok(whole)
    }
}
