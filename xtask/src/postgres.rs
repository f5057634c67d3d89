//! A PostgreSQL server for tests and benches: on a free port, in a temporary folder, gone afterwards.

mod install;
mod server;

use std::process::Command;

pub use install::Installation;
pub use server::Server;

use crate::report::say;
use crate::{Error, Result, Runner};

/// Names the server to the tests. Where it is set already, that server is used and none is started.
pub const VARIABLE: &str = "CORTEX_TEST_POSTGRES";

/// A server to test against: one of ours, which stops when this is dropped, or one that somebody named.
#[derive(Debug)]
pub enum Target {
    /// Started here.
    Own(Server),
    /// Named by the variable.
    Named(String),
}

impl Target {
    /// Takes the server that the environment names, or starts one.
    ///
    /// # Errors
    /// Fails when PostgreSQL is missing and may not or cannot be installed, and when it does not start.
    pub fn get(runner: &Runner, may_install: bool) -> Result<Self> {
        match std::env::var(VARIABLE) {
            Ok(url) if !url.is_empty() => {
                say(format!("PostgreSQL: using {VARIABLE} of the environment"));
                Ok(Self::Named(url))
            }
            _ => Ok(Self::Own(Server::start(runner, &Installation::get(runner, may_install)?)?)),
        }
    }

    /// The URL of a database in which others can be created.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Own(server) => server.url(),
            Self::Named(url) => url,
        }
    }
}

/// Runs a command with [`VARIABLE`] set to a server that lives as long as the command.
///
/// # Errors
/// Fails when the server or the command does.
pub fn run_with(runner: &Runner, may_install: bool, command: &[String]) -> Result<()> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Error::Missing("name a command after `--`".into()));
    };
    let target = Target::get(runner, may_install)?;
    runner.run(Command::new(program).args(arguments).env(VARIABLE, target.url()))
}
