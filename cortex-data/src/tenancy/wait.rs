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

/// What `future` answers, or `None` when it has not by `deadline`. Needs no runtime.
pub(crate) fn wait_until<R>(deadline: Instant, future: impl Future<Output = R>) -> Option<R> {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
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
}
