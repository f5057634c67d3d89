//! Which tenants' databases the relay visits next: what it has no bell for must not be forgotten.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cortex_core::{TenantId, Timestamp};

/// Databases of tenants that the relay of a process has to visit.
#[derive(Debug, Default)]
pub(crate) struct Rounds(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Where something was sent in this process.
    rung: BTreeSet<TenantId>,
    /// Where something is due later.
    due: BTreeMap<TenantId, Timestamp>,
    /// The rest of the present round over all of them.
    round: VecDeque<TenantId>,
    /// When the next round may begin.
    next: Option<Timestamp>,
}

impl Rounds {
    /// Something was sent in the database of `tenant`.
    pub(crate) fn ring(&self, tenant: TenantId) {
        self.state().rung.insert(tenant);
    }

    /// Something is due in the database of `tenant` at `when`.
    pub(crate) fn at(&self, tenant: TenantId, when: Timestamp) {
        let mut state = self.state();
        let due = state.due.entry(tenant).or_insert(when);
        *due = when.min(*due);
    }

    /// The database of `tenant` is worth another look after `pause`.
    pub(crate) fn later(&self, tenant: TenantId, now: Timestamp, pause: Duration) {
        self.at(tenant, now.checked_add(pause).unwrap_or(now));
    }

    /// Takes those where something was sent or is due by `now`.
    pub(crate) fn take_due(&self, now: Timestamp) -> BTreeSet<TenantId> {
        let mut state = self.state();
        let mut due = std::mem::take(&mut state.rung);
        due.extend(state.due.iter().filter(|(_, when)| **when <= now).map(|(id, _)| *id));
        state.due.retain(|id, _| !due.contains(id));
        due
    }

    /// Takes the next `count` of the round over all tenants. One that has ended begins anew with `all` after `pause`.
    pub(crate) fn take_next(
        &self,
        count: usize,
        now: Timestamp,
        pause: Duration,
        all: impl FnOnce() -> Vec<TenantId>,
    ) -> Vec<TenantId> {
        let mut state = self.state();
        if state.round.is_empty() {
            if state.next.is_some_and(|next| now < next) {
                return Vec::new();
            }
            state.round = all().into();
        }
        let count = count.min(state.round.len());
        let taken = state.round.drain(..count).collect();
        if state.round.is_empty() {
            state.next = now.checked_add(pause).ok();
        }
        taken
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> TenantId {
        TenantId::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn everybody_is_visited_in_every_round() {
        let rounds = Rounds::default();
        let ids: Vec<TenantId> = (1..=5).map(id).collect();
        let next = |second| rounds.take_next(2, at(second), Duration::from_secs(100), || ids.clone());
        let first = [next(0), next(1), next(2)].concat();
        assert_eq!(first, ids);
        assert!(next(3).is_empty() && next(101).is_empty(), "the next round waits");
        assert_eq!([next(102), next(102), next(102)].concat(), ids);
    }

    #[test]
    fn what_rings_or_is_due_comes_first() {
        let rounds = Rounds::default();
        rounds.ring(id(1));
        rounds.at(id(2), at(10));
        rounds.at(id(2), at(20));
        rounds.later(id(3), at(10), Duration::from_secs(5));
        assert_eq!(rounds.take_due(at(9)), BTreeSet::from([id(1)]));
        assert_eq!(rounds.take_due(at(10)), BTreeSet::from([id(2)]));
        assert_eq!(rounds.take_due(at(100)), BTreeSet::from([id(3)]));
        assert!(rounds.take_due(at(1_000)).is_empty());
    }
}
