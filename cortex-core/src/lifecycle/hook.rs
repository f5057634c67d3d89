//! Hooks: what modules do at the stages of an application's life, and how long each may take.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use semver::Version;

use crate::{Container, ModuleName, Result, Task};

/// The stages of an application's life, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Before anything else runs: migrations, checks of the surroundings.
    Preboot,
    /// Providers connect; in the order of what they need.
    Init,
    /// Modules whose stored version is older than the running one bring their data up to date.
    Upgrade,
    /// Modules start.
    Boot,
    /// Everything is started: listen, take jobs.
    Ready,
    /// No new work: finish what is running. In reverse order.
    Drain,
    /// Let go. In reverse order; providers last.
    Stop,
}

impl Stage {
    /// Migrations of large tables run here.
    pub const PREBOOT_LIMIT: Duration = Duration::from_secs(3600);
    /// A database or broker that has not answered by then is down.
    pub const INIT_LIMIT: Duration = Duration::from_secs(30);
    /// Upgrades rewrite data.
    pub const UPGRADE_LIMIT: Duration = Duration::from_secs(3600);
    /// What takes longer belongs in a job.
    pub const BOOT_LIMIT: Duration = Duration::from_secs(60);
    /// Opening a port is quick.
    pub const READY_LIMIT: Duration = Duration::from_secs(30);
    /// Kubernetes kills after 30 seconds: draining and stopping must fit.
    pub const DRAIN_LIMIT: Duration = Duration::from_secs(20);
    /// The rest of those 30 seconds, less a margin.
    pub const STOP_LIMIT: Duration = Duration::from_secs(5);

    /// How long one hook of this stage may take when nobody says otherwise.
    #[must_use]
    pub const fn limit(self) -> Duration {
        match self {
            Self::Preboot => Self::PREBOOT_LIMIT,
            Self::Init => Self::INIT_LIMIT,
            Self::Upgrade => Self::UPGRADE_LIMIT,
            Self::Boot => Self::BOOT_LIMIT,
            Self::Ready => Self::READY_LIMIT,
            Self::Drain => Self::DRAIN_LIMIT,
            Self::Stop => Self::STOP_LIMIT,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Preboot => "preboot",
            Self::Init => "init",
            Self::Upgrade => "upgrade",
            Self::Boot => "boot",
            Self::Ready => "ready",
            Self::Drain => "drain",
            Self::Stop => "stop",
        })
    }
}

/// Something that a module does at one stage; contributed by `at` of the registrar.
pub struct Hook {
    pub(crate) stage: Stage,
    pub(crate) limit: Duration,
    run: Box<dyn Fn(Container) -> Task + Send + Sync>,
}

impl Hook {
    /// Runs `run` at `stage`, within the usual time of that stage.
    pub fn new<F, R>(stage: Stage, run: F) -> Self
    where
        F: Fn(Container) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        Self { stage, limit: stage.limit(), run: Box::new(move |container| Box::pin(run(container))) }
    }

    /// The same within `limit`.
    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    pub(crate) fn task(&self, container: &Container) -> Task {
        (self.run)(container.clone())
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hook({} within {:?})", self.stage, self.limit)
    }
}

/// Brings a module's data up to date; contributed by `upgrade` of the registrar.
pub struct Upgrade(Box<dyn Fn(Container, Version) -> Task + Send + Sync>);

impl Upgrade {
    /// Runs `run` with the stored version.
    pub fn new<F, R>(run: F) -> Self
    where
        F: Fn(Container, Version) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        Self(Box::new(move |container, stored| Box::pin(run(container, stored))))
    }

    pub(crate) fn task(&self, container: &Container, stored: Version) -> Task {
        (self.0)(container.clone(), stored)
    }
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upgrade")
    }
}

/// Remembers which version of each module wrote the data. Upgrades run where somebody provides one.
#[async_trait]
pub trait VersionStore: Send + Sync {
    /// The version that last ran; `None` for a module that is new here.
    ///
    /// # Errors
    /// When it cannot be read.
    async fn stored(&self, module: ModuleName) -> Result<Option<Version>>;

    /// Remembers the running version.
    ///
    /// # Errors
    /// When it cannot be written.
    async fn record(&self, module: ModuleName, version: &Version) -> Result<()>;
}
