//! What an import shows while it runs and when it is done.

use std::cell::Cell;
use std::time::Duration;

use codexion::prelude::Date;
use indicatif::{ProgressBar, ProgressStyle};

/// Lines that are written in all where nobody looks at a terminal.
const LINES: u64 = 20;

/// How far the import is: a unit of work was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Steps that are done: the opening, documents, what came of them.
    pub done: u64,
    /// Steps in all.
    pub of: u64,
    /// The day that the company has come to.
    pub date: Date,
}

/// A progress bar; lines now and then where there is no terminal.
#[derive(Debug)]
pub(super) struct Bar {
    bar: ProgressBar,
    what: &'static str,
    told: Cell<u64>,
}

impl Bar {
    pub(super) fn new(what: &'static str) -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:40} {pos:>5} of {len} {msg} {eta:>4}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(what);
        Self { bar, what, told: Cell::new(0) }
    }

    /// One that turns while there is nothing to count.
    pub(super) fn waiting(what: &'static str) -> Self {
        let bar = ProgressBar::new_spinner().with_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, what, told: Cell::new(0) }
    }

    pub(super) fn show(&self, step: Step) {
        self.bar.set_length(step.of);
        self.bar.set_message(step.date.to_string());
        self.bar.set_position(step.done);
        let due = step.done.saturating_mul(LINES).checked_div(step.of).unwrap_or(LINES);
        if self.bar.is_hidden() && due > self.told.get() {
            self.told.set(due);
            note(&format!("{}: {} of {} steps, {}", self.what, step.done, step.of, step.date));
        }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Prints what a command answers.
#[expect(clippy::print_stdout, reason = "this is a command of the command line")]
pub(super) fn say(text: &str) {
    print!("{text}");
}

#[expect(clippy::print_stderr, reason = "this is a command of the command line")]
fn note(line: &str) {
    eprintln!("{line}");
}
