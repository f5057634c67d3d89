//! The steps that are one call of cargo, or a few.

use std::collections::BTreeSet;
use std::process::Command;

use super::Context;
use crate::error::outcome;
use crate::process::Stream;
use crate::{Error, Result, postgres};

/// Everything is compiled with all features: they only add.
const EVERYTHING: &[&str] = &["--workspace", "--all-features"];
/// Tests that can do more than fits every change look at this variable.
const FULL: &str = "CORTEX_TEST_FULL";

impl Context<'_> {
    pub(super) fn fmt(&self) -> Result<()> {
        let mut command = self.workspace.cargo();
        command.args(["fmt", "--all", "--check", "--", "-l"]);
        let mut files = BTreeSet::new();
        let ended = self.runner.run_teeing(&mut command, Stream::Output, |line| {
            files.insert(line.trim().to_owned());
        });
        explain(ended, files.into_iter().map(|file| format!("{file}: run `cargo fmt --all`")).collect())
    }

    /// Warnings become errors by an argument and not by RUSTFLAGS, which would compile every dependency again.
    pub(super) fn clippy(&self) -> Result<()> {
        let mut command = self.workspace.cargo();
        command.arg("clippy").args(EVERYTHING).args(["--all-targets", "--keep-going", "--", "-D", "warnings"]);
        self.diagnosed(&mut command)
    }

    pub(super) fn tests(&self) -> Result<Vec<String>> {
        self.cargo_test("--tests")
    }

    pub(super) fn doc_tests(&self) -> Result<Vec<String>> {
        self.cargo_test("--doc")
    }

    fn cargo_test(&self, which: &str) -> Result<Vec<String>> {
        let mut command = self.workspace.cargo();
        command.arg("test").args(EVERYTHING).args(["--no-fail-fast", which]);
        if let Some(target) = self.postgres {
            command.env(postgres::VARIABLE, target.url());
        }
        if self.full {
            command.env(FULL, "1");
        }
        let mut tally = Tally::default();
        let ended = self.runner.run_teeing(&mut command, Stream::Output, |line| tally.read(line));
        tally.conclude(ended)
    }

    pub(super) fn docs(&self) -> Result<()> {
        let mut command = self.workspace.cargo();
        command.arg("doc").args(EVERYTHING).args(["--no-deps", "--keep-going"]).env("RUSTDOCFLAGS", "-D warnings");
        self.diagnosed(&mut command)
    }

    /// Runs the compiler, and repeats what it refused as one line each.
    fn diagnosed(&self, command: &mut Command) -> Result<()> {
        let mut diagnostics = Diagnostics::default();
        let ended = self.runner.run_teeing(command, Stream::Errors, |line| diagnostics.read(line));
        explain(ended, diagnostics.errors)
    }

    /// Compiles each member that has features without any, and with each of them alone.
    pub(super) fn features(&self) -> Result<Vec<String>> {
        let mut failures = Vec::new();
        let mut checked = 0_usize;
        for member in self.metadata.members().filter(|member| !member.features.is_empty()) {
            let names = member.features.keys().map(String::as_str).filter(|name| *name != "default");
            for feature in std::iter::once("").chain(names) {
                let mut command = self.workspace.cargo();
                command.args(["check", "--package", &member.name, "--no-default-features", "--features", feature]);
                self.runner.checkpoint()?;
                match self.runner.run(&mut command) {
                    Ok(()) => checked += 1,
                    Err(error) => failures.push(error.to_string()),
                }
            }
        }
        self.runner.checkpoint()?;
        outcome(failures)?;
        Ok(vec![format!("{checked} sets of features")])
    }

    pub(super) fn benches(&self) -> Result<()> {
        let mut command = self.workspace.cargo();
        command.arg("bench").args(EVERYTHING).arg("--no-run");
        self.runner.run(&mut command)
    }
}

/// Adds up what the test binaries say about themselves.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    binaries: u64,
    passed: u64,
    failed: u64,
    ignored: u64,
    failures: Vec<String>,
}

impl Tally {
    /// Reads one line of libtest's output.
    fn read(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED")) {
            self.failures.push(name.to_owned());
        }
        let Some(result) = line.strip_prefix("test result: ") else { return };
        self.binaries += 1;
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) else { continue };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }

    /// The line for the summary, or all that failed.
    fn conclude(self, ended: Result<()>) -> Result<Vec<String>> {
        let Self { binaries, passed, failed, ignored, mut failures } = self;
        let line = format!("{passed} passed, {failed} failed, {ignored} ignored in {binaries} binaries");
        failures.push(line.clone());
        explain(ended, failures).map(|()| vec![line])
    }
}

/// Puts what is known about a failed program before the fact that it failed.
fn explain(ended: Result<()>, mut failures: Vec<String>) -> Result<()> {
    match ended {
        Err(error @ Error::Program { .. }) => {
            failures.push(error.to_string());
            outcome(failures)
        }
        other => other,
    }
}

/// Picks the errors out of what the compiler prints for people.
#[derive(Debug, Default)]
pub(super) struct Diagnostics {
    errors: Vec<String>,
    /// An error whose place has not been read yet.
    open: Option<String>,
}

impl Diagnostics {
    /// Place and message of each error so far.
    pub(super) fn errors(&self) -> &[String] {
        &self.errors
    }

    pub(super) fn read(&mut self, line: &str) {
        if line.starts_with("error") {
            self.open = Some(line.to_owned());
        } else if let Some(place) = line.trim_start().strip_prefix("--> ")
            && let Some(error) = self.open.take()
        {
            self.errors.push(format!("{place}: {error}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally() -> Tally {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test a ... ok",
            "test b::c ... FAILED",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: ok. 40 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        ] {
            tally.read(line);
        }
        tally
    }

    #[test]
    fn binaries_are_added_up() {
        assert_eq!(tally().conclude(Ok(())).unwrap(), ["42 passed, 1 failed, 1 ignored in 2 binaries"]);
    }

    #[test]
    fn a_failed_run_names_the_tests() {
        let ended = Err(Error::Program { program: "cargo test".into(), status: "exit status: 101".into() });
        let Err(Error::Findings(failures)) = tally().conclude(ended) else { panic!("it passed") };
        assert_eq!(
            failures,
            ["b::c", "42 passed, 1 failed, 1 ignored in 2 binaries", "`cargo test` failed: exit status: 101",]
        );
    }

    #[test]
    fn an_error_of_the_compiler_becomes_one_line() {
        let mut diagnostics = Diagnostics::default();
        for line in [
            "warning: unused variable",
            "  --> a/src/lib.rs:1:1",
            "error[E0308]: mismatched types",
            "   --> a/src/lib.rs:12:5",
            "    |",
            "error: could not compile `a` (lib) due to 1 previous error",
        ] {
            diagnostics.read(line);
        }
        assert_eq!(diagnostics.errors, ["a/src/lib.rs:12:5: error[E0308]: mismatched types"]);
    }
}
