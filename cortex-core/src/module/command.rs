//! Commands: what a module adds to the command line of the application.

use std::fmt;
use std::future::Future;

use crate::{Container, Result, Task};

/// One command: `erp import northwind DIR`.
pub struct Command {
    name: &'static str,
    about: &'static str,
    usage: &'static str,
    run: Box<dyn Fn(Container, Vec<String>) -> Task + Send + Sync>,
}

impl Command {
    /// A command that runs `run` with the arguments after its name, in the started application.
    pub fn new<F, R>(name: &'static str, about: &'static str, run: F) -> Self
    where
        F: Fn(Container, Vec<String>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        Self { name, about, usage: "", run: Box::new(move |container, args| Box::pin(run(container, args))) }
    }

    /// The same with its arguments in words: `DIR [--rounding RULE]`.
    #[must_use]
    pub fn usage(mut self, usage: &'static str) -> Self {
        self.usage = usage;
        self
    }

    /// What is typed.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// For people: one line.
    #[must_use]
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Its arguments in words.
    #[must_use]
    pub fn arguments(&self) -> &'static str {
        self.usage
    }

    /// Runs it.
    ///
    /// # Errors
    /// What the command refuses.
    pub async fn run(&self, container: Container, args: Vec<String>) -> Result<()> {
        (self.run)(container, args).await
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Command({} {})", self.name, self.usage)
    }
}
