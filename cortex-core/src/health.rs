//! Health: checks that modules contribute, run together, with dependencies and timeouts.
//!
//! ```
//! use std::sync::Arc;
//!
//! use cortex_core::{Health, HealthCheck, HealthKind, HealthStatus, Probe, Result, async_trait};
//!
//! struct Disk;
//!
//! #[async_trait]
//! impl HealthCheck for Disk {
//!     fn name(&self) -> &str {
//!         "disk"
//!     }
//!
//!     fn kinds(&self) -> &[HealthKind] {
//!         &[HealthKind::Startup, HealthKind::Ready]
//!     }
//!
//!     async fn check(&self) -> Result<Probe> {
//!         Ok(Probe::warn("92 % full"))
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let health = Health::new(vec![Arc::new(Disk)])?;
//! let report = health.run(HealthKind::Ready).await;
//! assert_eq!(report.status(), HealthStatus::Degraded);
//! assert_eq!(serde_json::to_value(&report).unwrap()["status"], "warn");
//! # Ok::<(), cortex_core::Error>(())
//! # }).unwrap();
//! ```

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::Result;

mod graph;
mod report;
mod run;

pub use graph::HealthError;
pub use report::{CheckReport, CheckStatus, HealthReport, HealthStatus};

/// How long a check may take where it does not say.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The question that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HealthKind {
    /// Has it started? Asked until the first yes.
    Startup,
    /// Is it alive? A no means: restart it. What a restart cannot mend does not belong here.
    Live,
    /// Can it take work now? A no means: send work elsewhere.
    Ready,
}

/// What a check found, where it did not fail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Probe {
    pub(crate) warning: bool,
    pub(crate) message: Option<String>,
}

impl Probe {
    /// All is well.
    #[must_use]
    pub fn pass() -> Self {
        Self::default()
    }

    /// All is well; `message` says more.
    #[must_use]
    pub fn pass_with(message: impl Into<String>) -> Self {
        Self { warning: false, message: Some(message.into()) }
    }

    /// It works, but somebody should look.
    #[must_use]
    pub fn warn(message: impl Into<String>) -> Self {
        Self { warning: true, message: Some(message.into()) }
    }
}

/// Something whose health can be asked.
#[async_trait]
pub trait HealthCheck: Send + Sync + 'static {
    /// Its name, unlike that of every other check: `database`, `finance.series`.
    fn name(&self) -> &str;

    /// The questions that it answers.
    fn kinds(&self) -> &[HealthKind] {
        &[HealthKind::Ready]
    }

    /// The names of the checks that must pass before this one makes sense. They run too, whatever the question.
    fn needs(&self) -> &[&str] {
        &[]
    }

    /// How long it may take.
    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    /// Whether the application is down without it; otherwise it is only degraded.
    fn critical(&self) -> bool {
        true
    }

    /// Looks.
    ///
    /// # Errors
    /// An error means that the check failed; its message goes into the report.
    async fn check(&self) -> Result<Probe>;
}

/// All checks of an application. Cheap to clone.
#[derive(Clone)]
pub struct Health(Arc<[Node]>);

/// A check with the places of those that it needs.
struct Node {
    check: Arc<dyn HealthCheck>,
    needs: Vec<usize>,
}

impl Health {
    /// Puts checks together.
    ///
    /// # Errors
    /// [`HealthError`] with all names that are used twice, needs that nothing provides, and cycles.
    pub fn new(checks: Vec<Arc<dyn HealthCheck>>) -> Result<Self> {
        let nodes = graph::link(checks)?;
        Ok(Self(nodes.into()))
    }

    /// Asks all checks of a kind, at the same time as far as their needs allow.
    pub async fn run(&self, kind: HealthKind) -> HealthReport {
        run::run(&self.0, kind).await
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|node| node.check.name())).finish()
    }
}
