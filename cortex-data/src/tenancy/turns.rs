//! Fair turns: whoever shares a database gets it in turn, however much one of them asks for.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cortex_core::TenantId;
use tokio::sync::oneshot;

/// The turns of one pool. Where connections are free a turn is taken at once; otherwise tenants are served round
/// robin, and within a tenant whoever came first.
#[derive(Debug)]
pub(crate) struct Turns(Mutex<State>);

#[derive(Debug)]
struct State {
    free: usize,
    /// INVARIANT: the tenants in `ring` are those in `waiting`, each once, and none of their queues is empty.
    ring: VecDeque<TenantId>,
    waiting: HashMap<TenantId, VecDeque<oneshot::Sender<Turn>>>,
}

/// The right to use one connection; whoever waits gets it when dropped.
#[derive(Debug)]
pub(crate) struct Turn(Option<Arc<Turns>>);

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.0.take() {
            turns.pass_on();
        }
    }
}

impl Turns {
    pub(crate) fn new(size: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { free: size, ring: VecDeque::new(), waiting: HashMap::new() })))
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
        if state.free > 0 {
            state.free -= 1;
            return Ok(Turn(Some(Arc::clone(self))));
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

    fn pass_on(self: &Arc<Self>) {
        loop {
            let sender = {
                let mut state = self.state();
                match state.next() {
                    Some(sender) => sender,
                    None => {
                        state.free += 1;
                        return;
                    }
                }
            };
            match sender.send(Turn(Some(Arc::clone(self)))) {
                Ok(()) => return,
                // Whoever waited is gone. Disarmed, so that a long queue of them is a loop and no recursion.
                Err(mut turn) => turn.0 = None,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let tenant = self.ring.pop_front()?;
        let queue = self.waiting.get_mut(&tenant)?;
        let sender = queue.pop_front();
        if queue.is_empty() {
            self.waiting.remove(&tenant);
        } else {
            self.ring.push_back(tenant);
        }
        sender
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
        let turns = Turns::new(1);
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
        let turns = Turns::new(1);
        let first = turns.enter(tenant(1)).unwrap();
        let second = turns.enter(tenant(1)).unwrap_err();
        drop(first);
        drop(second);
        assert!(turns.enter(tenant(2)).is_ok());
    }
}
