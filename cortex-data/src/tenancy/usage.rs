//! What a tenant with quotas uses: counted in memory as it happens, and added to what is stored now and then.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use cortex_core::{Kind, Refusal, Result, Timestamp};

use super::tenant::Quotas;

/// So many new records are counted in memory before they are added to what is stored.
pub(crate) const FLUSH_ROWS: i64 = 500;
/// The same for bytes.
pub(crate) const FLUSH_BYTES: i64 = 1 << 20;

/// Why a tenant can't have more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the parts are")]
pub enum QuotaError {
    /// Too many records.
    #[error("this tenant may have {limit} records, and would have {wanted}")]
    Rows { limit: u64, wanted: u64 },
    /// Too much data.
    #[error("this tenant may keep {limit} bytes, and would keep {wanted}")]
    Bytes { limit: u64, wanted: u64 },
    /// Too many requests in this minute.
    #[error("this tenant may make {limit} requests per minute")]
    Requests { limit: u64 },
    /// Too many jobs in this hour.
    #[error("this tenant may enqueue {limit} jobs per hour")]
    Jobs { limit: u64 },
}

impl Refusal for QuotaError {
    fn kind(&self) -> Kind {
        match self {
            Self::Rows { .. } | Self::Bytes { .. } => Kind::Refused,
            Self::Requests { .. } | Self::Jobs { .. } => Kind::Limited,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Rows { .. } => "quota.rows",
            Self::Bytes { .. } => "quota.bytes",
            Self::Requests { .. } => "quota.requests",
            Self::Jobs { .. } => "quota.jobs",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Rows { .. } | Self::Bytes { .. } => {
                "delete records that are not needed, or ask the operator for a larger quota".to_owned()
            }
            Self::Requests { .. } => "wait for the next minute, or ask the operator for a larger quota".to_owned(),
            Self::Jobs { .. } => "wait for the next hour, or ask the operator for a larger quota".to_owned(),
        })
    }
}

/// What units of work changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Delta {
    pub(crate) rows: i64,
    pub(crate) bytes: i64,
    pub(crate) jobs: u64,
}

/// What a tenant uses, in this process and as far as others have said.
#[derive(Debug)]
pub(crate) struct Usage {
    quotas: Quotas,
    rows: Level,
    bytes: Level,
    requests: Window,
    jobs: Window,
}

impl Usage {
    pub(crate) fn new(quotas: Quotas, rows: i64, bytes: i64) -> Self {
        let (rows, bytes) = (Level::new(rows), Level::new(bytes));
        Self { quotas, rows, bytes, requests: Window::new(60), jobs: Window::new(3_600) }
    }

    /// The same use under other quotas.
    pub(crate) fn under(&self, quotas: Quotas) -> Self {
        Self {
            quotas,
            rows: self.rows.clone(),
            bytes: self.bytes.clone(),
            requests: self.requests.clone(),
            jobs: self.jobs.clone(),
        }
    }

    pub(crate) fn quotas(&self) -> &Quotas {
        &self.quotas
    }

    /// Counts a unit of work of a person or program.
    pub(crate) fn request(&self, now: Timestamp) -> Result<(), QuotaError> {
        match self.quotas.requests_per_minute {
            Some(limit) if !self.requests.take(1, limit, now) => Err(QuotaError::Requests { limit }),
            _ => Ok(()),
        }
    }

    /// Whether `delta` still fits: asked before the commit.
    pub(crate) fn check(&self, delta: Delta, now: Timestamp) -> Result<(), QuotaError> {
        if let Some((limit, wanted)) = self.rows.exceeded(self.quotas.rows, delta.rows) {
            return Err(QuotaError::Rows { limit, wanted });
        }
        if let Some((limit, wanted)) = self.bytes.exceeded(self.quotas.bytes, delta.bytes) {
            return Err(QuotaError::Bytes { limit, wanted });
        }
        match self.quotas.jobs_per_hour {
            Some(limit) if delta.jobs > 0 && !self.jobs.take(delta.jobs, limit, now) => Err(QuotaError::Jobs { limit }),
            _ => Ok(()),
        }
    }

    /// Counts what was committed; whether enough has come together to be stored.
    pub(crate) fn add(&self, delta: Delta) -> bool {
        let rows = self.rows.add(delta.rows);
        let bytes = self.bytes.add(delta.bytes);
        rows.abs() >= FLUSH_ROWS || bytes.abs() >= FLUSH_BYTES
    }

    /// Takes what is not stored yet.
    pub(crate) fn take_unsaved(&self) -> Delta {
        Delta {
            rows: self.rows.unsaved.swap(0, Ordering::AcqRel),
            bytes: self.bytes.unsaved.swap(0, Ordering::AcqRel),
            jobs: 0,
        }
    }

    /// Gives back what could not be stored.
    pub(crate) fn put_back(&self, delta: Delta) {
        self.rows.unsaved.fetch_add(delta.rows, Ordering::AcqRel);
        self.bytes.unsaved.fetch_add(delta.bytes, Ordering::AcqRel);
    }

    /// What is stored, by all processes.
    pub(crate) fn learn(&self, rows: i64, bytes: i64) {
        self.rows.stored.store(rows, Ordering::Release);
        self.bytes.stored.store(bytes, Ordering::Release);
    }

    /// Records and bytes.
    pub(crate) fn total(&self) -> (i64, i64) {
        (self.rows.total(), self.bytes.total())
    }
}

/// An amount that goes up and down.
#[derive(Debug)]
struct Level {
    stored: AtomicI64,
    unsaved: AtomicI64,
}

impl Clone for Level {
    fn clone(&self) -> Self {
        let copy = |of: &AtomicI64| AtomicI64::new(of.load(Ordering::Acquire));
        Self { stored: copy(&self.stored), unsaved: copy(&self.unsaved) }
    }
}

impl Level {
    fn new(stored: i64) -> Self {
        Self { stored: AtomicI64::new(stored), unsaved: AtomicI64::new(0) }
    }

    fn total(&self) -> i64 {
        self.stored.load(Ordering::Acquire).saturating_add(self.unsaved.load(Ordering::Acquire))
    }

    fn add(&self, delta: i64) -> i64 {
        if delta == 0 {
            return self.unsaved.load(Ordering::Relaxed);
        }
        self.unsaved.fetch_add(delta, Ordering::AcqRel).saturating_add(delta)
    }

    /// The limit and what there would be, where that is more. Using less is never refused.
    fn exceeded(&self, limit: Option<u64>, delta: i64) -> Option<(u64, u64)> {
        let limit = limit.filter(|_| delta > 0)?;
        let wanted = u64::try_from(self.total().saturating_add(delta)).unwrap_or(0);
        (wanted > limit).then_some((limit, wanted))
    }
}

/// An amount per stretch of time, which begins anew with every stretch.
#[derive(Debug)]
struct Window {
    seconds: i64,
    /// The number of the stretch, and what was taken in it.
    taken: Mutex<(i64, u64)>,
}

impl Clone for Window {
    fn clone(&self) -> Self {
        let taken = *self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        Self { seconds: self.seconds, taken: Mutex::new(taken) }
    }
}

impl Window {
    fn new(seconds: i64) -> Self {
        Self { seconds, taken: Mutex::new((i64::MIN, 0)) }
    }

    fn take(&self, amount: u64, limit: u64, now: Timestamp) -> bool {
        let stretch = now.as_second().div_euclid(self.seconds);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let before = if taken.0 == stretch { taken.1 } else { 0 };
        let after = before.saturating_add(amount);
        if after > limit {
            return false;
        }
        *taken = (stretch, after);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_go_up_and_down() {
        let usage = Usage::new(Quotas { rows: Some(10), ..Quotas::default() }, 8, 0);
        let now = Timestamp::UNIX_EPOCH;
        let rows = |rows| Delta { rows, ..Delta::default() };
        assert_eq!(usage.check(rows(2), now), Ok(()));
        assert_eq!(usage.check(rows(3), now), Err(QuotaError::Rows { limit: 10, wanted: 11 }));
        usage.add(rows(2));
        assert_eq!(usage.check(rows(1), now), Err(QuotaError::Rows { limit: 10, wanted: 11 }));
        assert_eq!(usage.check(rows(-1), now), Ok(()));
        usage.add(rows(-5));
        assert_eq!(usage.total(), (5, 0));
        assert_eq!(usage.take_unsaved(), rows(-3));
        usage.learn(5, 0);
        assert_eq!(usage.total(), (5, 0));
    }

    #[test]
    fn windows_begin_anew() {
        let usage = Usage::new(Quotas { requests_per_minute: Some(2), ..Quotas::default() }, 0, 0);
        let at = |second| Timestamp::from_second(second).unwrap();
        let results: Vec<bool> = [0, 30, 59, 60, 61, 62].map(|s| usage.request(at(s)).is_ok()).to_vec();
        assert_eq!(results, [true, true, false, true, true, false]);
    }
}
