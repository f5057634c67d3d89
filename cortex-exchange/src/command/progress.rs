//! What an import or export shows while it runs and when it is done.

use std::cell::Cell;

use indicatif::{ProgressBar, ProgressStyle};

use crate::report::Progress;

/// Lines that are written in all where nobody looks at a terminal.
const LINES: u64 = 20;

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
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:40} {bytes} of {total_bytes} {msg} {eta:>4}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(what);
        Self { bar, what, told: Cell::new(0) }
    }

    pub(super) fn show(&self, now: Progress) {
        self.bar.set_length(now.of);
        self.bar.set_message(format!("{} rows, {} refused", now.rows, now.refused));
        self.bar.set_position(now.bytes);
        let due = now.bytes.saturating_mul(LINES).checked_div(now.of).unwrap_or(0);
        if self.bar.is_hidden() && due > self.told.get() {
            self.told.set(due);
            note(&format!("{}: {} rows, {} refused", self.what, now.rows, now.refused));
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
