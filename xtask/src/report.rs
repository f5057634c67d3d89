//! Prints what happens, and the table at the end of a run.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

/// Prints one line to standard output, at once.
///
/// A closed pipe is no reason to stop a run, so the result is dropped.
pub(crate) fn say(line: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", line.as_ref());
    let _ = out.flush();
}

/// How one step of a run ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) step: &'static str,
    pub(crate) took: Duration,
    /// Facts worth repeating at the end, such as how many tests ran.
    pub(crate) notes: Vec<String>,
    /// The reasons of a failure; empty when the step passed.
    pub(crate) failures: Vec<String>,
}

/// The table at the end of a run, then every failure in full.
pub(crate) fn summary(outcomes: &[Outcome]) -> String {
    let mut text = String::from("\nsummary\n");
    for outcome in outcomes {
        let mark = if outcome.failures.is_empty() { "ok  " } else { "FAIL" };
        let _ = writeln!(text, "  {mark}  {:<12} {:>8.1} s", outcome.step, outcome.took.as_secs_f64());
        for note in &outcome.notes {
            let _ = writeln!(text, "        {note}");
        }
    }
    let total: Duration = outcomes.iter().map(|outcome| outcome.took).sum();
    let _ = writeln!(text, "        {:<12} {:>8.1} s", "total", total.as_secs_f64());
    let failed: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).collect();
    for outcome in &failed {
        let _ = writeln!(text, "\n{} failed:", outcome.step);
        for line in outcome.failures.iter().flat_map(|failure| failure.lines()) {
            let _ = writeln!(text, "  {line}");
        }
    }
    let passed = outcomes.len() - failed.len();
    let _ = write!(text, "\n{passed} of {} steps passed", outcomes.len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(step: &'static str, failures: &[&str]) -> Outcome {
        let failures = failures.iter().map(ToString::to_string).collect();
        Outcome { step, took: Duration::from_millis(1_500), notes: vec!["a note".into()], failures }
    }

    #[test]
    fn the_summary_lists_every_step_and_every_failure() {
        let text = summary(&[ended("fmt", &[]), ended("tidy", &["one", "two\nthree"])]);
        assert!(text.contains("ok    fmt               1.5 s"), "{text}");
        assert!(text.contains("FAIL  tidy              1.5 s"), "{text}");
        assert!(text.contains("a note"), "{text}");
        assert!(text.ends_with("tidy failed:\n  one\n  two\n  three\n\n1 of 2 steps passed"), "{text}");
    }
}
