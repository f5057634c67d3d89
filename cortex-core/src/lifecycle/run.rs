//! Starting and stopping: hooks in need order, back in reverse, and undone when one fails.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::container::Hooked;
use crate::lifecycle::report::Failure;
use crate::lifecycle::{Hook, Upgrade, VersionStore};
use crate::{
    BootError, BootReport, Container, Contributions, ModuleName, Modules, Override, Result, ShutdownError, Stage, Task,
};

/// Everything that starts and stops.
pub(crate) struct Life {
    pub(crate) container: Container,
    pub(crate) contributions: Arc<Contributions>,
    pub(crate) modules: Arc<Modules>,
    pub(crate) hooked: Vec<Hooked>,
    pub(crate) overrides: Vec<Override>,
}

/// How far a start came, so that exactly that is undone.
#[derive(Default)]
struct Journal {
    /// Modules of which something ran, in start order.
    started: Vec<ModuleName>,
    /// Modules that take work.
    ready: Vec<ModuleName>,
    /// How many of the hooked providers are up.
    inited: usize,
}

impl Journal {
    fn note(&mut self, stage: Stage, module: ModuleName) {
        let list = if stage == Stage::Ready { &mut self.ready } else { &mut self.started };
        if !list.contains(&module) {
            list.push(module);
        }
    }
}

impl Life {
    /// Runs every stage up to ready.
    ///
    /// # Errors
    /// [`BootError`] after everything that had started was stopped again.
    pub(crate) async fn start(self) -> Result<Running, BootError> {
        let begun = Instant::now();
        let mut journal = Journal::default();
        let mut report = BootReport { overrides: self.overrides.clone(), ..BootReport::default() };
        match self.stages(&mut journal, &mut report).await {
            Ok(()) => {
                report.total = begun.elapsed();
                Ok(Running { life: self, journal, report })
            }
            Err(mut error) => {
                error.undo = self.stop(journal).await;
                Err(*error)
            }
        }
    }

    async fn stages(&self, journal: &mut Journal, report: &mut BootReport) -> Result<(), Box<BootError>> {
        self.stage(Stage::Preboot, journal, report).await?;
        for hooked in &self.hooked {
            self.init(hooked, report).await?;
            journal.inited += 1;
        }
        self.upgrade(report).await?;
        self.stage(Stage::Boot, journal, report).await?;
        self.stage(Stage::Ready, journal, report).await
    }

    async fn stage(&self, stage: Stage, journal: &mut Journal, report: &mut BootReport) -> Result<(), Box<BootError>> {
        for module in self.names() {
            for hook in self.hooks(stage, module) {
                let begun = Instant::now();
                let done = bounded(hook.limit, hook.task(&self.container)).await;
                done.map_err(|failure| failed(stage, module, None, failure))?;
                journal.note(stage, module);
                report.add(stage, module, begun.elapsed());
            }
            if stage != Stage::Preboot {
                journal.note(stage, module);
            }
        }
        Ok(())
    }

    async fn init(&self, hooked: &Hooked, report: &mut BootReport) -> Result<(), Box<BootError>> {
        let Some(task) = hooked.init.as_ref().and_then(|init| init(&hooked.cell)) else { return Ok(()) };
        let begun = Instant::now();
        let done = bounded(Stage::INIT_LIMIT, task).await;
        done.map_err(|failure| failed(Stage::Init, hooked.by, Some(hooked.label.to_string()), failure))?;
        report.add(Stage::Init, hooked.by, begun.elapsed());
        Ok(())
    }

    /// Where somebody keeps versions: upgrades what is older, remembers what runs.
    async fn upgrade(&self, report: &mut BootReport) -> Result<(), Box<BootError>> {
        let Some(store) = self.container.find::<dyn VersionStore>() else { return Ok(()) };
        for manifest in self.modules.iter() {
            let begun = Instant::now();
            let done = self.upgrade_module(&*store, manifest.name).await;
            let upgraded = done.map_err(|failure| failed(Stage::Upgrade, manifest.name, None, failure))?;
            if upgraded {
                report.add(Stage::Upgrade, manifest.name, begun.elapsed());
            }
        }
        Ok(())
    }

    /// Whether there was something to upgrade.
    async fn upgrade_module(&self, store: &dyn VersionStore, module: ModuleName) -> Result<bool, Failure> {
        let Some(running) = self.modules.version(module) else { return Ok(false) };
        let stored = store.stored(module).await.map_err(Failure::Refused)?;
        let older = match stored {
            Some(stored) if stored == *running => return Ok(false),
            Some(stored) if stored > *running => {
                tracing::warn!(module = module.as_str(), %stored, %running, "the data was written by a newer version");
                return Ok(false);
            }
            older => older,
        };
        if let Some(stored) = &older {
            let upgrades = self.contributions.of::<Upgrade>().filter(|(by, _)| *by == module);
            for (_, upgrade) in upgrades {
                bounded(Stage::UPGRADE_LIMIT, upgrade.task(&self.container, stored.clone())).await?;
            }
        }
        store.record(module, running).await.map_err(Failure::Refused)?;
        Ok(older.is_some())
    }

    /// Drains what takes work, stops what started, in reverse. Goes on when something fails; answers the failures.
    async fn stop(&self, journal: Journal) -> Vec<String> {
        let mut failures = Vec::new();
        for (stage, modules) in [(Stage::Drain, journal.ready), (Stage::Stop, journal.started)] {
            for module in modules.into_iter().rev() {
                let hooks: Vec<_> = self.hooks(stage, module).collect();
                for hook in hooks.into_iter().rev() {
                    if let Err(failure) = bounded(hook.limit, hook.task(&self.container)).await {
                        failures.push(failed(stage, module, None, failure).to_string());
                    }
                }
            }
        }
        for hooked in self.hooked.iter().take(journal.inited).rev() {
            let Some(task) = hooked.stop.as_ref().and_then(|stop| stop(&hooked.cell)) else { continue };
            if let Err(failure) = bounded(Stage::STOP_LIMIT, task).await {
                failures.push(failed(Stage::Stop, hooked.by, Some(hooked.label.to_string()), failure).to_string());
            }
        }
        failures
    }

    /// The application itself, its modules, and what `main` or a test overrides.
    fn names(&self) -> impl Iterator<Item = ModuleName> {
        let modules = self.modules.iter().map(|manifest| manifest.name);
        std::iter::once(ModuleName::APPLICATION).chain(modules).chain(std::iter::once(ModuleName::OVERRIDES))
    }

    fn hooks(&self, stage: Stage, module: ModuleName) -> impl Iterator<Item = &Hook> {
        let hooks = self.contributions.of::<Hook>();
        hooks.filter(move |(by, hook)| *by == module && hook.stage == stage).map(|(_, hook)| hook)
    }
}

fn failed(stage: Stage, module: ModuleName, provider: Option<String>, failure: Failure) -> Box<BootError> {
    Box::new(BootError { stage, module, provider, failure, undo: Vec::new() })
}

/// Runs a hook in a task of its own, so that a panic or an endless wait is one module's failure.
async fn bounded(limit: Duration, task: Task) -> Result<(), Failure> {
    let mut task = tokio::spawn(task);
    match tokio::time::timeout(limit, &mut task).await {
        Ok(Ok(done)) => done.map_err(Failure::Refused),
        Ok(Err(join)) => Err(Failure::Panicked(panic_text(join))),
        Err(_) => {
            task.abort();
            Err(Failure::Late(limit))
        }
    }
}

fn panic_text(join: tokio::task::JoinError) -> String {
    let Ok(panic) = join.try_into_panic() else { return "it was cancelled".to_owned() };
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (None, Some(text)) => text.clone(),
        (None, None) => "no message".to_owned(),
    }
}

/// A started application. Ends cleanly by [`shutdown`](Self::shutdown).
#[must_use = "the application is only stopped by `shutdown`"]
pub struct Running {
    life: Life,
    journal: Journal,
    report: BootReport,
}

impl Running {
    /// Everything that the modules provide.
    #[must_use]
    pub fn container(&self) -> &Container {
        &self.life.container
    }

    /// Everything that the modules contribute.
    #[must_use]
    pub fn contributions(&self) -> &Arc<Contributions> {
        &self.life.contributions
    }

    /// The modules in start order.
    #[must_use]
    pub fn modules(&self) -> &Arc<Modules> {
        &self.life.modules
    }

    /// How long the start took.
    #[must_use]
    pub fn report(&self) -> &BootReport {
        &self.report
    }

    /// Drains and stops everything in reverse order.
    ///
    /// # Errors
    /// [`ShutdownError`] with every hook that failed; all the others ran.
    pub async fn shutdown(self) -> Result<(), ShutdownError> {
        let failures = self.life.stop(self.journal).await;
        if failures.is_empty() { Ok(()) } else { Err(ShutdownError { failures }) }
    }

    /// Waits for `signal`, mostly [`shutdown_signal`](crate::shutdown_signal), and shuts down.
    ///
    /// # Errors
    /// [`ShutdownError`] with every hook that failed.
    pub async fn until(self, signal: impl Future<Output = ()>) -> Result<(), ShutdownError> {
        signal.await;
        self.shutdown().await
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Running({:?})", self.life.container)
    }
}
