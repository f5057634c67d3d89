//! Where a value came from, and what is wrong with it.

use std::fmt;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use crate::choice::list;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigSource {
    /// Nobody set it: the program's own default.
    Default,
    /// A file.
    File {
        /// As it was opened.
        path: PathBuf,
        /// From 1.
        line: Option<usize>,
    },
    /// An environment variable.
    Environment(String),
    /// The command line.
    CommandLine,
}

impl fmt::Display for ConfigSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("built-in default"),
            Self::File { path, line: Some(line) } => write!(f, "{}:{line}", path.display()),
            Self::File { path, line: None } => write!(f, "{}", path.display()),
            Self::Environment(name) => write!(f, "environment variable `{name}`"),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

impl Serialize for ConfigSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One thing that is wrong in a configuration. Secrets are not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    pub(super) key: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) source: Option<ConfigSource>,
}

impl ConfigProblem {
    /// The key, dotted: `web.port`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to mend it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where the value came from; `None` for one that is missing.
    #[must_use]
    pub fn source(&self) -> Option<&ConfigSource> {
        self.source.as_ref()
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.key, self.message)?;
        match &self.source {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

/// The help line for a name that is none of `known`: the nearest one, then all of them as `what`.
///
/// ```
/// let known = ["plate".to_owned(), "price".to_owned()];
/// let help = cortex_core::config::suggest("palte", &known, "accepted fields");
/// assert_eq!(help, "did you mean `plate`? accepted fields: `plate`, `price`");
/// ```
#[must_use]
pub fn suggest(wrong: &str, known: &[String], what: &str) -> String {
    let limit = wrong.chars().count() / 3 + 1;
    let nearest = known.iter().map(|name| (distance(wrong, name), name)).min();
    let all = if known.is_empty() { format!("there are no {what}") } else { format!("{what}: {}", list(known)) };
    match nearest {
        Some((steps, name)) if steps <= limit => format!("did you mean `{name}`? {all}"),
        _ => all,
    }
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&row, j) + usize::from(x != *y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = j > 0 && last == Some(*y) && b.get(j - 1) == Some(&x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(x);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, steps) in
            [("", "abc", 3), ("port", "port", 0), ("prot", "port", 1), ("prt", "port", 1), ("host", "port", 2)]
        {
            assert_eq!(distance(a, b), steps, "{a} -> {b}");
            assert_eq!(distance(b, a), steps, "{b} -> {a}");
        }
    }
}
