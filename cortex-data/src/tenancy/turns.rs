//! Fair turns: whoever shares a database gets it in turn, however much one of them asks for.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cortex_core::TenantId;
use tokio::sync::oneshot;

use crate::module::NOBODY;

/// A tenant counts as alone again after it has asked so often without anybody else asking.
const ALONE_AFTER: u64 = 4_096;

/// The turns of one pool. Where connections are free a turn is taken at once; otherwise tenants are served round
/// robin, and within a tenant whoever came first. While there are several, none has more than its share at work, so
/// that another one need not wait at all.
#[derive(Debug)]
pub(crate) struct Turns(Mutex<State>);

#[derive(Debug)]
struct State {
    free: usize,
    /// Most turns of one tenant while there are others.
    share: usize,
    /// How many each tenant has that has any.
    running: Vec<(TenantId, usize)>,
    /// INVARIANT: the tenants in `ring` are those in `waiting`, each once, and none of their queues is empty.
    ring: VecDeque<TenantId>,
    waiting: HashMap<TenantId, VecDeque<oneshot::Sender<Turn>>>,
    /// How often somebody asked; who it was; and how often it was when that last changed.
    asked: u64,
    last: Option<TenantId>,
    changed: Option<u64>,
}

/// The right to use one connection; whoever waits gets it when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Option<Arc<Turns>>,
    tenant: TenantId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.take() {
            turns.pass_on(self.tenant);
        }
    }
}

impl Turns {
    /// So many turns, of which one tenant has at most `share` while there are others.
    pub(crate) fn new(size: usize, share: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            free: size,
            share: share.max(1),
            running: Vec::new(),
            ring: VecDeque::new(),
            waiting: HashMap::new(),
            asked: 0,
            last: None,
            changed: None,
        })))
    }

    /// Waits for a turn of `tenant`. A wait that is given up is passed over.
    pub(crate) async fn take(self: &Arc<Self>, tenant: TenantId) -> Turn {
        loop {
            let turn = match self.enter(tenant) {
                Ok(turn) => return turn,
                Err(turn) => turn,
            };
            // The sender is dropped without a turn only together with the turns, which are held here.
            if let Ok(turn) = turn.await {
                return turn;
            }
        }
    }

    /// A turn, or a place in the queue.
    fn enter(self: &Arc<Self>, tenant: TenantId) -> Result<Turn, oneshot::Receiver<Turn>> {
        let mut state = self.state();
        state.note(tenant);
        if state.may_have(tenant) {
            state.start(tenant);
            return Ok(self.turn(tenant));
        }
        let (sender, receiver) = oneshot::channel();
        let queue = state.waiting.entry(tenant).or_default();
        let first = queue.is_empty();
        queue.push_back(sender);
        if first {
            state.ring.push_back(tenant);
        }
        Err(receiver)
    }

    fn turn(self: &Arc<Self>, tenant: TenantId) -> Turn {
        Turn { turns: Some(Arc::clone(self)), tenant }
    }

    /// Takes a turn of `tenant` back and gives it to whoever may have it.
    fn pass_on(self: &Arc<Self>, tenant: TenantId) {
        self.state().stop(tenant);
        loop {
            let Some((tenant, sender)) = self.state().next() else { return };
            // Whoever waited may be gone. Disarmed, so that a long queue of them is a loop and no recursion.
            if let Err(mut turn) = sender.send(self.turn(tenant)) {
                turn.turns = None;
                self.state().stop(tenant);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Remembers who asked. The framework's own work is nobody's neighbour.
    fn note(&mut self, tenant: TenantId) {
        if tenant == NOBODY {
            return;
        }
        self.asked += 1;
        if self.last != Some(tenant) {
            self.changed = self.last.is_some().then_some(self.asked);
            self.last = Some(tenant);
        }
    }

    fn has_neighbours(&self) -> bool {
        self.changed.is_some_and(|changed| self.asked - changed < ALONE_AFTER)
    }

    fn may_have(&self, tenant: TenantId) -> bool {
        let running = || self.running.iter().find(|(of, _)| *of == tenant).map_or(0, |(_, count)| *count);
        self.free > 0 && (tenant == NOBODY || !self.has_neighbours() || running() < self.share)
    }

    fn start(&mut self, tenant: TenantId) {
        self.free -= 1;
        match self.running.iter_mut().find(|(of, _)| *of == tenant) {
            Some((_, count)) => *count += 1,
            None => self.running.push((tenant, 1)),
        }
    }

    fn stop(&mut self, tenant: TenantId) {
        self.free += 1;
        let Some(at) = self.running.iter().position(|(of, _)| *of == tenant) else { return };
        if let Some((_, count)) = self.running.get_mut(at) {
            *count -= 1;
            if *count == 0 {
                self.running.swap_remove(at);
            }
        }
    }

    /// The next in turn, with a turn started for it.
    fn next(&mut self) -> Option<(TenantId, oneshot::Sender<Turn>)> {
        for _ in 0..self.ring.len() {
            let tenant = self.ring.pop_front()?;
            if !self.may_have(tenant) {
                self.ring.push_back(tenant);
                continue;
            }
            let queue = self.waiting.get_mut(&tenant)?;
            let sender = queue.pop_front();
            if queue.is_empty() {
                self.waiting.remove(&tenant);
            } else {
                self.ring.push_back(tenant);
            }
            self.start(tenant);
            return Some((tenant, sender?));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(n: u128) -> TenantId {
        TenantId::from_uuid(uuid::Uuid::from_u128(n))
    }

    /// Lets tenants queue up as `asked` says and answers in which order they are served.
    fn served(asked: &[u128], gone: &[usize]) -> Vec<u128> {
        let turns = Turns::new(1, 1);
        let mut holder = Some(turns.enter(tenant(0)).unwrap());
        let mut waits: Vec<_> = asked.iter().map(|n| Some((*n, turns.enter(tenant(*n)).unwrap_err()))).collect();
        for place in gone {
            waits[*place] = None;
        }
        let mut order = Vec::new();
        while holder.take().is_some() {
            for wait in &mut waits {
                if let Some((n, receiver)) = wait
                    && let Ok(turn) = receiver.try_recv()
                {
                    order.push(*n);
                    (holder, *wait) = (Some(turn), None);
                    break;
                }
            }
        }
        assert!(turns.enter(tenant(9)).is_ok(), "the turn was lost");
        assert!(turns.state().waiting.is_empty() && turns.state().ring.is_empty());
        order
    }

    #[test]
    fn tenants_take_turns() {
        assert_eq!(served(&[1, 1, 1, 1, 2, 1, 3, 2], &[]), [1, 2, 3, 1, 2, 1, 1, 1]);
        assert_eq!(served(&[1, 1, 1], &[]), [1, 1, 1]);
        assert_eq!(served(&[], &[]), [0_u128; 0]);
    }

    #[test]
    fn who_gave_up_is_passed_over() {
        assert_eq!(served(&[1, 1, 2, 1, 2], &[0, 2]), [1, 2, 1]);
        let many: Vec<u128> = vec![1; 100_000];
        let all: Vec<usize> = (0..many.len()).collect();
        assert_eq!(served(&many, &all), [0_u128; 0]);
    }

    #[test]
    fn a_turn_that_arrives_too_late_is_passed_on() {
        let turns = Turns::new(1, 1);
        let first = turns.enter(tenant(1)).unwrap();
        let second = turns.enter(tenant(1)).unwrap_err();
        drop(first);
        drop(second);
        assert!(turns.enter(tenant(2)).is_ok());
    }

    #[test]
    fn one_tenant_alone_has_everything_and_two_have_their_share() {
        let turns = Turns::new(4, 2);
        let alone: Vec<Turn> = (0..4).map(|_| turns.enter(tenant(1)).unwrap()).collect();
        let framework = turns.enter(NOBODY).unwrap_err();
        drop(alone);
        drop(framework);
        let second = turns.enter(tenant(2)).unwrap();
        let mut first: Vec<Turn> = (0..2).map(|_| turns.enter(tenant(1)).unwrap()).collect();
        let mut third = turns.enter(tenant(1)).unwrap_err();
        let own = turns.enter(NOBODY).unwrap();
        drop((own, second));
        assert!(third.try_recv().is_err(), "a free turn is kept for others");
        first.pop();
        assert!(third.try_recv().is_ok(), "and its own comes to it");
    }

    #[test]
    fn a_tenant_is_alone_again_when_nobody_else_asked_for_long() {
        let turns = Turns::new(2, 1);
        drop(turns.enter(tenant(2)));
        let first = turns.enter(tenant(1)).unwrap();
        drop(turns.enter(tenant(1)).unwrap_err());
        for _ in 0..ALONE_AFTER {
            drop(turns.enter(tenant(1)));
        }
        let second = turns.enter(tenant(1));
        assert!(second.is_ok());
        drop((first, second));
        assert_eq!(turns.state().free, 2);
    }
}
