//! Checks that the licence of every dependency allows what our own allows.

mod exceptions;
mod expression;

use crate::error::outcome;
use crate::workspace::Package;
use crate::{Result, Workspace};
use exceptions::{EXCEPTIONS, Exception};
use expression::Expression;

/// What needs no further thought; anything else needs an exception with a decision record.
const ALLOWED: &[&str] =
    &["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "Unicode-3.0", "Unicode-DFS-2016", "Zlib"];

/// Checks all dependencies, those of tests and build scripts too, and says how many there are.
///
/// # Errors
/// Fails with every crate whose licence is missing, cannot be read, or is not allowed.
pub fn check(workspace: &Workspace) -> Result<usize> {
    let metadata = workspace.metadata()?;
    let foreign: Vec<&Package> = metadata.packages.iter().filter(|package| package.source.is_some()).collect();
    let mut findings: Vec<String> = foreign
        .iter()
        .filter_map(|package| {
            let reason = refused(&package.name, package.license.as_deref(), EXCEPTIONS)?;
            Some(format!("{} {}: {reason}", package.name, package.version))
        })
        .collect();
    let names: Vec<&str> = foreign.iter().map(|package| package.name.as_str()).collect();
    findings.extend(stale(&names, EXCEPTIONS));
    for exception in EXCEPTIONS {
        if !workspace.root().join(exception.decision).is_file() {
            findings.push(format!("the exception for {} names no decision: {}", exception.name, exception.decision));
        }
    }
    outcome(findings)?;
    Ok(foreign.len())
}

/// Why a crate may not be used.
fn refused(name: &str, license: Option<&str>, exceptions: &[Exception]) -> Option<String> {
    let Some(license) = license else {
        return Some("it states no licence".to_owned());
    };
    let expression = match Expression::parse(license) {
        Ok(expression) => expression,
        Err(error) => return Some(format!("cannot read its licence `{license}`: {error}")),
    };
    let allowed =
        |licence: &str| ALLOWED.contains(&licence) || exceptions.iter().any(|e| e.name == name && e.licence == licence);
    (!expression.satisfied(&allowed)).then(|| format!("its licence `{license}` is not on the list"))
}

/// Exceptions for crates that are gone: the list may only shrink.
fn stale(names: &[&str], exceptions: &[Exception]) -> Vec<String> {
    let gone = exceptions.iter().filter(|exception| !names.contains(&exception.name));
    gone.map(|gone| format!("the exception for {} ({}) is no longer needed", gone.name, gone.reason)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[Exception] =
        &[Exception { name: "dictionary", licence: "MPL-2.0", reason: "test", decision: "docs/decisions/none.md" }];

    #[test]
    fn the_list_and_its_exceptions_decide() {
        assert_eq!(refused("a", Some("MIT OR Apache-2.0"), ONE), None);
        assert_eq!(refused("dictionary", Some("MPL-2.0"), ONE), None);
        assert_eq!(refused("a", Some("MPL-2.0"), ONE).unwrap(), "its licence `MPL-2.0` is not on the list");
        assert_eq!(refused("a", None, ONE).unwrap(), "it states no licence");
        assert!(refused("a", Some("MIT OR"), ONE).unwrap().starts_with("cannot read"));
    }

    #[test]
    fn an_exception_for_a_crate_that_is_gone_is_reported() {
        assert!(stale(&["dictionary"], ONE).is_empty());
        assert_eq!(stale(&[], ONE), ["the exception for dictionary (test) is no longer needed"]);
    }
}
