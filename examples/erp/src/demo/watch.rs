//! What people see while the company is made.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Is told how far it is.
pub trait Watch: Send {
    /// It begins, with so many units of work in all and some of them done before.
    fn begin(&mut self, units: u64, done: u64);

    /// A unit of work begins.
    fn at(&mut self, label: &str, done: u64);

    /// Something of unknown length begins.
    fn then(&mut self, what: &str);

    /// It is done.
    fn end(&mut self);
}

/// For tests, and for whoever does not want to know.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn begin(&mut self, _: u64, _: u64) {}
    fn at(&mut self, _: &str, _: u64) {}
    fn then(&mut self, _: &str) {}
    fn end(&mut self) {}
}

/// A bar on a terminal.
#[derive(Debug)]
struct Bar(ProgressBar);

impl Watch for Bar {
    fn begin(&mut self, units: u64, done: u64) {
        announce(done);
        self.0 = ProgressBar::new(units).with_position(done);
        let style = ProgressStyle::with_template("  {msg:<30} {bar:40.cyan/dim} {percent:>3} %  {elapsed}");
        if let Ok(style) = style {
            self.0.set_style(style.progress_chars("━╸─"));
        }
        self.0.enable_steady_tick(Duration::from_millis(100));
    }

    fn at(&mut self, label: &str, done: u64) {
        self.0.set_position(done);
        self.0.set_message(label.to_owned());
    }

    fn then(&mut self, what: &str) {
        if let Some(units) = self.0.length() {
            self.0.set_position(units);
        }
        self.0.set_message(what.to_owned());
    }

    fn end(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A line for each part, where there is no terminal.
#[derive(Debug, Default)]
struct Lines {
    units: u64,
    label: String,
}

impl Lines {
    #[expect(clippy::print_stderr, reason = "this is what the person at the command line waits for")]
    fn say(&mut self, label: &str, done: u64) {
        if self.label != label {
            label.clone_into(&mut self.label);
            eprintln!("  {:>3} %  {label}", done * 100 / self.units.max(1));
        }
    }
}

impl Watch for Lines {
    fn begin(&mut self, units: u64, done: u64) {
        announce(done);
        self.units = units;
    }

    fn at(&mut self, label: &str, done: u64) {
        self.say(label, done);
    }

    fn then(&mut self, what: &str) {
        self.say(what, self.units);
    }

    fn end(&mut self) {}
}

#[expect(clippy::print_stderr, reason = "this is what the person at the command line waits for")]
fn announce(done: u64) {
    match done {
        0 => eprintln!("there is no company yet: making a demo company with its history, once"),
        _ => eprintln!("going on with the demo company that an earlier start began"),
    }
}

/// A bar where standard error is a terminal, lines where it is not.
pub(crate) fn standard_error() -> Box<dyn Watch> {
    if std::io::stderr().is_terminal() { Box::new(Bar(ProgressBar::hidden())) } else { Box::<Lines>::default() }
}
