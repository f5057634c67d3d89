//! Waiting for a future on a thread of its own, for so long and no longer.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Instant;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// What `future` answers, or `None` when it has not by `deadline`. Needs no runtime; inside of one it stays aside from
/// the turns that tokio makes tasks take, since the task that blocks here can't yield.
pub(crate) fn wait_until<R>(deadline: Instant, future: impl Future<Output = R>) -> Option<R> {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Some(value);
        }
        let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        std::thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_for_another_thread_and_not_for_ever() {
        let far = Instant::now() + std::time::Duration::from_secs(60);
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let other = std::thread::spawn(move || sender.send(7));
        assert_eq!(wait_until(far, receiver), Some(Ok(7)));
        assert_eq!(other.join().unwrap(), Ok(()));
        assert_eq!(wait_until(Instant::now(), std::future::pending::<()>()), None);
        assert_eq!(wait_until(Instant::now(), std::future::ready(1)), Some(1), "what is ready needs no time");
    }

    #[test]
    fn a_task_that_blocks_can_wait_as_often_as_it_likes() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let free = tokio::sync::Semaphore::new(1);
            for _ in 0..1_000 {
                assert!(wait_until(Instant::now(), free.acquire()).is_some());
            }
        });
    }
}
