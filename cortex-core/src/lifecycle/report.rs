//! What a start took, and why one failed.

use std::fmt;
use std::time::Duration;

use crate::{Error, Kind, ModuleName, Override, Refusal, Stage};

/// How long each module took at each stage, and which bindings were changed by whom. Prints as a table.
#[derive(Debug, Clone, Default)]
pub struct BootReport {
    pub(crate) rows: Vec<BootRow>,
    pub(crate) overrides: Vec<Override>,
    pub(crate) total: Duration,
}

/// One module at one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootRow {
    /// The stage.
    pub stage: Stage,
    /// The module.
    pub module: ModuleName,
    /// How long its hooks took together.
    pub took: Duration,
}

impl BootReport {
    /// Every module that did something, by stage and then in start order.
    #[must_use]
    pub fn rows(&self) -> &[BootRow] {
        &self.rows
    }

    /// Every binding that was replaced or decorated.
    #[must_use]
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// From the start to ready.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.total
    }

    pub(crate) fn add(&mut self, stage: Stage, module: ModuleName, took: Duration) {
        match self.rows.iter_mut().find(|row| row.stage == stage && row.module == module) {
            Some(row) => row.took += took,
            None => self.rows.push(BootRow { stage, module, took }),
        }
    }
}

impl fmt::Display for BootReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.rows.iter().map(|row| row.module.as_str().len());
        let width = names.max().unwrap_or(0).max("module".len());
        writeln!(f, "{:<8}  {:<width$}  {:>10}", "stage", "module", "time")?;
        for BootRow { stage, module, took } in &self.rows {
            writeln!(f, "{stage:<8}  {:<width$}  {:>10}", module.as_str(), Millis(*took).to_string())?;
        }
        write!(f, "{:<8}  {:<width$}  {:>10}", "total", "", Millis(self.total).to_string())?;
        for change in &self.overrides {
            write!(f, "\n{change}")?;
        }
        Ok(())
    }
}

struct Millis(Duration);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        write!(f, "{}.{} ms", micros / 1000, micros % 1000 / 100)
    }
}

/// What one hook failed of.
#[derive(Debug)]
pub(crate) enum Failure {
    Refused(Error),
    Late(Duration),
    Panicked(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => f.write_str(error.message()),
            Self::Late(limit) => write!(f, "it was not done within {limit:?}"),
            Self::Panicked(message) => write!(f, "it panicked: {message}"),
        }
    }
}

/// The application did not start. What had started was stopped again, in reverse order.
#[derive(Debug)]
pub struct BootError {
    pub(crate) stage: Stage,
    pub(crate) module: ModuleName,
    /// The provider, at stage `init`.
    pub(crate) provider: Option<String>,
    pub(crate) failure: Failure,
    /// What went wrong while stopping.
    pub(crate) undo: Vec<String>,
}

impl BootError {
    /// Where it failed.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Which module failed.
    #[must_use]
    pub fn module(&self) -> ModuleName {
        self.module
    }

    /// What also went wrong while everything was stopped again.
    #[must_use]
    pub fn undo_failures(&self) -> &[String] {
        &self.undo
    }
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "module `{}` failed at {}", self.module, self.stage)?;
        if let Some(provider) = &self.provider {
            write!(f, " of `{provider}`")?;
        }
        write!(f, ": {}", self.failure)?;
        for failure in &self.undo {
            write!(f, "\n  - while stopping again: {failure}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BootError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.failure {
            Failure::Refused(error) => Some(error),
            Failure::Late(_) | Failure::Panicked(_) => None,
        }
    }
}

impl Refusal for BootError {
    fn kind(&self) -> Kind {
        match &self.failure {
            Failure::Refused(error) => error.kind(),
            Failure::Late(_) => Kind::Timeout,
            Failure::Panicked(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        "lifecycle.boot"
    }

    fn help(&self) -> Option<String> {
        match &self.failure {
            Failure::Refused(error) => error.help().map(str::to_owned),
            Failure::Late(_) => Some("give the hook more time, or move long work to a job".to_owned()),
            Failure::Panicked(_) => None,
        }
    }
}

/// Some hooks failed while the application stopped. All the others ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShutdownError {
    pub(crate) failures: Vec<String>,
}

impl ShutdownError {
    /// Each failure with its module and stage.
    #[must_use]
    pub fn failures(&self) -> &[String] {
        &self.failures
    }
}

impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the application stopped, but not cleanly")?;
        for failure in &self.failures {
            write!(f, "\n  - {failure}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ShutdownError {}

impl Refusal for ShutdownError {
    fn kind(&self) -> Kind {
        Kind::Internal
    }

    fn code(&self) -> &'static str {
        "lifecycle.shutdown"
    }
}
