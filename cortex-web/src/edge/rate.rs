//! How fast one actor may send requests: a token bucket each.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cortex_core::{Actor, Id, TenantId};
use tokio::time::Instant;

use crate::error::RequestError;
use crate::problem::Failure;

/// Actors that are remembered at once. More full buckets are forgotten first: they say nothing.
const ACTORS_MAX: usize = 100_000;

/// The buckets of all actors.
#[derive(Debug)]
pub(crate) struct Rates {
    per_second: u32,
    burst: f64,
    buckets: Mutex<HashMap<(TenantId, Id<Actor>), Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Requests that may be sent at once.
    left: f64,
    since: Instant,
}

/// The bucket is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Empty {
    /// How long until it holds one request again.
    pub(crate) wait: Duration,
}

impl Empty {
    pub(crate) fn into_failure(self, rate: u32) -> Failure {
        let seconds = self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0);
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX).max(1);
        Failure::from(RequestError::Rate { rate }).retry_after(seconds)
    }
}

impl Rates {
    /// Buckets that hold `burst` requests and gain `per_second` of them each second; `None` where nothing is limited.
    pub(crate) fn new(per_second: u32, burst: u32) -> Option<Self> {
        let burst = f64::from(burst.max(1));
        (per_second > 0).then(|| Self { per_second, burst, buckets: Mutex::new(HashMap::new()) })
    }

    pub(crate) fn per_second(&self) -> u32 {
        self.per_second
    }

    /// Takes one request out of the actor's bucket.
    ///
    /// # Errors
    /// It is empty.
    pub(crate) fn take(&self, tenant: TenantId, actor: Id<Actor>) -> Result<(), Empty> {
        self.take_at(tenant, actor, Instant::now())
    }

    fn take_at(&self, tenant: TenantId, actor: Id<Actor>, now: Instant) -> Result<(), Empty> {
        let rate = f64::from(self.per_second);
        // A panic while the lock was held left whole buckets behind.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ACTORS_MAX {
            let burst = self.burst;
            buckets.retain(|_, bucket| bucket.at(now, rate, burst) < burst);
        }
        let bucket = buckets.entry((tenant, actor)).or_insert(Bucket { left: self.burst, since: now });
        let left = bucket.at(now, rate, self.burst);
        let enough = left >= 1.0;
        *bucket = Bucket { left: if enough { left - 1.0 } else { left }, since: now };
        if enough { Ok(()) } else { Err(Empty { wait: Duration::from_secs_f64((1.0 - left) / rate) }) }
    }
}

impl Bucket {
    /// What it holds at `now`.
    fn at(self, now: Instant, rate: f64, burst: f64) -> f64 {
        let gained = now.saturating_duration_since(self.since).as_secs_f64() * rate;
        (self.left + gained).min(burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let rates = Rates::new(10, 2).unwrap();
        let (tenant, actor, other, start) = (Id::new(), Id::new(), Id::new(), Instant::now());
        assert_eq!(rates.take_at(tenant, actor, start), Ok(()));
        assert_eq!(rates.take_at(tenant, actor, start), Ok(()));
        assert_eq!(rates.take_at(tenant, actor, start), Err(Empty { wait: Duration::from_millis(100) }));
        assert_eq!(rates.take_at(tenant, other, start), Ok(()), "another actor has a bucket of its own");
        let later = start + Duration::from_millis(150);
        assert_eq!(rates.take_at(tenant, actor, later), Ok(()));
        assert!(rates.take_at(tenant, actor, later).is_err());
    }

    #[test]
    fn no_rate_is_no_limit() {
        assert!(Rates::new(0, 2).is_none());
    }
}
