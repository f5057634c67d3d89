//! An application: modules, a command line, and everything between `main` and a running server.

mod args;
mod check;
mod edge;
mod run;

use std::fmt;
use std::path::Path;

use cortex_core::{Application, Module, Registrar, Result};

pub use edge::DEVELOPMENT_TENANT;
pub use run::Mode;

/// An application made of modules.
///
/// ```no_run
/// # use codexion::prelude::*;
/// # #[derive(Module)]
/// # #[module(name = "fleet")]
/// # pub struct Fleet;
/// # impl Registers for Fleet { fn register(&self, _: &mut Registrar) {} }
/// #[tokio::main]
/// async fn main() -> Result<()> {
///     App::new().module(Fleet).run().await
/// }
/// ```
///
/// The program has the subcommands `serve`, `migrate`, `config`, `doctor`, `openapi` and those of its modules; its
/// `--help` explains them. Without any it migrates and serves in development mode on the embedded database.
#[must_use]
pub struct App {
    name: String,
    application: Application,
    defaults: Vec<String>,
}

impl App {
    /// An application without modules, called like its program.
    pub fn new() -> Self {
        let program = std::env::current_exe().ok();
        let stem = program.as_deref().and_then(Path::file_stem).and_then(|stem| stem.to_str());
        Self { name: stem.unwrap_or("app").to_owned(), application: Application::new(), defaults: Vec::new() }
    }

    /// Calls it `name`: its data folder is `./<name>-data` unless the command line says otherwise.
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Adds a module. Start order comes from declared needs, then names, never from the place in the list.
    pub fn module(mut self, module: impl Module) -> Self {
        self.application = self.application.module(module);
        self
    }

    /// Changes a default of the configuration: `web.listen=127.0.0.1:9000`. Files, environment and command line
    /// still override it.
    pub fn default_value(mut self, pair: &str) -> Self {
        self.defaults.push(pair.to_owned());
        self
    }

    /// Replaces and decorates what modules provide, after all of them.
    pub fn overrides(mut self, overrides: impl FnOnce(&mut Registrar) + Send + 'static) -> Self {
        self.application = self.application.overrides(overrides);
        self
    }

    /// Does what the command line says, until it is done or the process is told to stop. A failure is printed with
    /// what to do about it, and ends the process with status 1.
    ///
    /// # Errors
    /// None that is not printed; the type is there so that `main` can end in this call.
    pub async fn run(self) -> Result<()> {
        if let Err(error) = run::run(self).await {
            run::report(&error);
            std::process::exit(1);
        }
        Ok(())
    }
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("name", &self.name).field("application", &self.application).finish_non_exhaustive()
    }
}
