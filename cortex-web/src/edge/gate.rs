//! How many requests run at the same time, and whether the server takes new ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Counts the requests that are running.
#[derive(Debug)]
pub(crate) struct Gate {
    running: AtomicUsize,
    max: usize,
    draining: AtomicBool,
}

impl Gate {
    pub(crate) fn new(max: usize) -> Self {
        Self { running: AtomicUsize::new(0), max, draining: AtomicBool::new(false) }
    }

    /// Lets one more request in; `None` where there are too many.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<Permit> {
        let before = self.running.fetch_add(1, Ordering::AcqRel);
        let permit = Permit(Arc::clone(self));
        (before < self.max).then_some(permit)
    }

    /// How many are running.
    pub(crate) fn running(&self) -> usize {
        self.running.load(Ordering::Acquire)
    }

    /// Says that the server takes its leave.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// Whether the server takes its leave.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
}

/// The place of one running request.
#[derive(Debug)]
pub(crate) struct Permit(Arc<Gate>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::AcqRel);
    }
}
