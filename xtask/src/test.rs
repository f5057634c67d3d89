//! `cargo xtask test`: everything CI runs, one step after the other, all failures at the end.

mod app;
mod cargo;
mod examples;
mod outside;
mod refusal;

use std::time::Instant;

use clap::ValueEnum;

use crate::error::outcome;
use crate::postgres::Target;
use crate::report::{Outcome, say, summary};
use crate::workspace::Metadata;
use crate::{Error, Result, Runner, Workspace, layers, licences, tidy};

/// One step, in the order they run: what fails fastest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// `cargo fmt --check`
    Fmt,
    /// `cargo xtask tidy`
    Tidy,
    /// `cargo xtask layers`
    Layers,
    /// `cargo xtask licences`
    Licences,
    /// `cargo clippy` on everything, warnings are errors; and proof that it refuses what leaves the tenant's scope
    Clippy,
    /// All tests, on SQLite and on PostgreSQL
    Tests,
    /// The examples in the documentation
    DocTests,
    /// `cargo doc`, warnings are errors
    Docs,
    /// The quickstart as a crate outside of this workspace, over HTTP
    Outside,
    /// The examples end to end over HTTP, on both databases
    Examples,
    /// Each feature of each crate alone (only with --full)
    Features,
    /// The benches compile (only with --full)
    Benches,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Tidy => "tidy",
            Self::Layers => "layers",
            Self::Licences => "licences",
            Self::Clippy => "clippy",
            Self::Tests => "tests",
            Self::DocTests => "doc-tests",
            Self::Docs => "docs",
            Self::Outside => "outside",
            Self::Examples => "examples",
            Self::Features => "features",
            Self::Benches => "benches",
        }
    }

    fn only_in_full(self) -> bool {
        matches!(self, Self::Features | Self::Benches)
    }

    fn needs_postgres(self) -> bool {
        matches!(self, Self::Tests | Self::Examples)
    }
}

/// What to run.
#[derive(Debug, Default)]
pub struct Options {
    /// Also what is too slow for every change.
    pub full: bool,
    /// Whether missing Debian packages may be installed.
    pub install: bool,
    /// These steps only; all of them when empty.
    pub only: Vec<Step>,
}

impl Options {
    fn steps(&self) -> Vec<Step> {
        let wanted = |step: &Step| match self.only.as_slice() {
            [] => self.full || !step.only_in_full(),
            only => only.contains(step),
        };
        Step::value_variants().iter().copied().filter(wanted).collect()
    }
}

/// What the steps share.
struct Context<'a> {
    workspace: &'a Workspace,
    runner: &'a Runner,
    metadata: &'a Metadata,
    postgres: Option<&'a Target>,
    full: bool,
}

/// Runs the steps, prints the summary, and fails when any of them failed.
///
/// # Errors
/// Fails when a step failed, after all have run; at once when interrupted.
pub fn run(workspace: &Workspace, runner: &Runner, options: &Options) -> Result<()> {
    let metadata = workspace.metadata()?;
    let steps = options.steps();
    let mut outcomes = Vec::new();
    let mut postgres = None;
    if steps.iter().any(|step| step.needs_postgres()) {
        // First, so that a missing package is said before ten minutes of compiling.
        let outcome = timed("postgres", || {
            postgres = Some(Target::get(runner, options.install)?);
            Ok(Vec::new())
        })?;
        outcomes.push(outcome);
    }
    let context = Context { workspace, runner, metadata: &metadata, postgres: postgres.as_ref(), full: options.full };
    for step in steps {
        outcomes.push(timed(step.name(), || context.step(step))?);
    }
    say(summary(&outcomes));
    let failed: Vec<String> =
        outcomes.iter().filter(|o| !o.failures.is_empty()).map(|outcome| format!("{} failed", outcome.step)).collect();
    outcome(failed)
}

/// Runs one step; only an interruption ends the whole run.
fn timed(step: &'static str, work: impl FnOnce() -> Result<Vec<String>>) -> Result<Outcome> {
    say(format!("\n=== {step}"));
    let began = Instant::now();
    let (notes, failures) = match work() {
        Ok(notes) => (notes, Vec::new()),
        Err(Error::Interrupted) => return Err(Error::Interrupted),
        Err(Error::Findings(findings)) => (Vec::new(), findings),
        Err(error) => (Vec::new(), vec![error.to_string()]),
    };
    for failure in &failures {
        say(failure);
    }
    Ok(Outcome { step, took: began.elapsed(), notes, failures })
}

impl Context<'_> {
    /// Runs one step; what it returns is worth a line in the summary.
    fn step(&self, step: Step) -> Result<Vec<String>> {
        let nothing = |()| Vec::new();
        match step {
            Step::Fmt => self.fmt().map(nothing),
            Step::Tidy => tidy::check(self.workspace).map(nothing),
            Step::Layers => layers::check(self.workspace).map(nothing),
            Step::Licences => licences::check(self.workspace).map(|count| vec![format!("{count} crates")]),
            Step::Clippy => {
                // The second one also runs where the first one failed, and takes nothing away from what it said.
                let (clean, refused) = (self.clippy(), self.refuses_or_filter());
                clean.and(refused).map(nothing)
            }
            Step::Tests => self.tests(),
            Step::DocTests => self.doc_tests(),
            Step::Docs => self.docs().map(nothing),
            Step::Outside => self.outside().map(nothing),
            Step::Examples => self.examples(),
            Step::Features => self.features(),
            Step::Benches => self.benches().map(nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_steps_run_only_when_asked_for() {
        assert!(!Options::default().steps().iter().any(|step| step.only_in_full()));
        assert_eq!(Options { full: true, ..Options::default() }.steps(), Step::value_variants());
        let only = vec![Step::Benches, Step::Fmt];
        assert_eq!(Options { only, ..Options::default() }.steps(), [Step::Fmt, Step::Benches]);
    }

    #[test]
    fn a_failed_step_does_not_end_the_run_but_an_interruption_does() {
        let outcome = timed("tidy", || Err(Error::Findings(vec!["one".into(), "two".into()]))).unwrap();
        assert_eq!(outcome.failures, ["one", "two"]);
        assert!(matches!(timed("tidy", || Err(Error::Interrupted)), Err(Error::Interrupted)));
    }

    #[test]
    fn steps_are_named_as_on_the_command_line() {
        for step in Step::value_variants() {
            let value = step.to_possible_value().unwrap();
            assert_eq!(value.get_name(), step.name());
        }
    }
}
