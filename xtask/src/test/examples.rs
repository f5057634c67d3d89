//! The examples end to end: built, started on both databases, asked over HTTP, stopped, started again.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::Context;
use super::app::App;
use crate::postgres::Installation;
use crate::report::say;
use crate::{Error, Result};

/// Binaries that serve, each in the package of its name.
const EXAMPLES: &[&str] = &["quickstart", "erp"];
/// Examples that also run on PostgreSQL: the others are built for the embedded database only.
const ON_POSTGRES: &[&str] = &["erp"];

impl Context<'_> {
    pub(super) fn examples(&self) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        for name in EXAMPLES.iter().filter(|name| self.metadata.has_member(name)) {
            self.runner.run(self.workspace.cargo().args(["build", "--package", name]))?;
            let program = self.metadata.target_directory.join("debug").join(name);
            say(format!("{name} on SQLite"));
            self.example(&program, None)?;
            notes.push(format!("{name} on SQLite"));
            if ON_POSTGRES.contains(name) {
                say(format!("{name} on PostgreSQL"));
                let url = self.create_database(&format!("example_{name}"))?;
                self.example(&program, Some(&url))?;
                notes.push(format!("{name} on PostgreSQL"));
            }
        }
        Ok(notes)
    }

    /// Starts twice on the same data: the second start must find what the first one left.
    fn example(&self, program: &Path, database: Option<&str>) -> Result<()> {
        let folder = TempDir::with_prefix("cortex-example-").map_err(Error::io("cannot create a temporary folder"))?;
        let first = App::start(self.runner, program, folder.path(), database)?;
        let token = first.token();
        first.explore(token.as_deref())?;
        first.stop()?;
        let second = App::start(self.runner, program, folder.path(), database)?;
        second.explore(token.as_deref())?;
        second.stop()
    }

    fn create_database(&self, name: &str) -> Result<String> {
        let target = self.postgres.ok_or_else(|| Error::Missing("there is no PostgreSQL server to run on".into()))?;
        let programs = Installation::find().ok_or_else(|| Error::Missing("`createdb` is missing".into()))?;
        let maintenance = format!("--maintenance-db={}", target.url());
        self.runner.run_quietly(Command::new(programs.program("createdb")).arg(maintenance).arg(name))?;
        database_url(target.url(), name).ok_or_else(|| Error::Missing(format!("`{}` names no database", target.url())))
    }
}

/// The same server, another database.
fn database_url(url: &str, name: &str) -> Option<String> {
    let (server, rest) = url.rsplit_once('/')?;
    let parameters = rest.split_once('?').map(|(_, parameters)| format!("?{parameters}")).unwrap_or_default();
    server.contains("//").then(|| format!("{server}/{name}{parameters}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_a_url_changes() {
        let check = |url: &str, expected: Option<&str>| assert_eq!(database_url(url, "new").as_deref(), expected);
        check("postgres://p@127.0.0.1:5432/postgres", Some("postgres://p@127.0.0.1:5432/new"));
        check("postgres://p@host/old?sslmode=require", Some("postgres://p@host/new?sslmode=require"));
        check("postgres:", None);
    }
}
