//! Rules that look at one file alone.

use crate::source::{Token, tokens};
use crate::workspace::SourceFile;

/// `lib.rs` holds no logic: doc, modules, named re-exports.
const LIB_LINES_MAX: usize = 120;

/// Words of one developer's machine, or of where a build fetched from. They are joined here so that this file
/// passes its own check.
const FOREIGN: &[(&str, &str)] = &[
    (concat!("/wo", "rk/"), "a path of somebody's machine"),
    (concat!("/ro", "ot/"), "a path of somebody's machine"),
    (concat!("/ho", "me/"), "a path of somebody's machine"),
    (concat!("/tmp/", "target"), "a path of somebody's machine"),
    (concat!("artif", "actory"), "a registry's host"),
    (concat!("index.", "crates.io"), "a registry's host"),
    (concat!("static.", "crates.io"), "a registry's host"),
    (concat!("registry.", "npmjs.org"), "a registry's host"),
    (concat!("files.", "pythonhosted.org"), "a registry's host"),
];

/// Marks of a debt; each needs a number.
const DEBTS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Everything wrong with one file.
pub(super) fn findings(file: &SourceFile) -> Vec<String> {
    let mut findings = foreign_words(file);
    if file.path.ends_with(".rs") {
        findings.extend(opening(file));
        findings.extend(lib_length(file));
        findings.extend(ignored_tests(file));
        findings.extend(debts(file));
    }
    findings
}

fn numbered(file: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    file.text.lines().enumerate().map(|(n, line)| (n + 1, line))
}

fn foreign_words(file: &SourceFile) -> Vec<String> {
    let mut findings = Vec::new();
    for (n, line) in numbered(file) {
        for (word, what) in FOREIGN.iter().filter(|(word, _)| line.contains(word)) {
            findings.push(format!("{}:{n}: `{word}` is {what}", file.path));
        }
    }
    findings
}

/// The first line says what the file is for. What a macro expands to is kept as it is printed.
fn opening(file: &SourceFile) -> Option<String> {
    let first = file.text.lines().next().unwrap_or_default();
    let says = first.strip_prefix("//! ").is_some_and(|text| !text.trim().is_empty());
    let printed = file.path.ends_with(".expanded.rs");
    // Programs that must not compile are named by their files, and their messages by their lines.
    let refused = file.path.contains("/tests/ui/");
    (!says && !printed && !refused)
        .then(|| format!("{}:1: open the file with a `//!` sentence that names its job", file.path))
}

fn lib_length(file: &SourceFile) -> Option<String> {
    let lines = file.text.lines().count();
    let long = file.path.ends_with("src/lib.rs") && lines >= LIB_LINES_MAX;
    long.then(|| format!("{}: {lines} lines; a lib.rs holds no logic and stays under {LIB_LINES_MAX}", file.path))
}

/// A test that never runs proves nothing.
fn ignored_tests(file: &SourceFile) -> Vec<String> {
    let tokens = tokens(&file.text);
    let attribute = [Token::Sign('#'), Token::Sign('['), Token::Word("ignore")];
    let places = tokens.windows(attribute.len()).filter(|window| window.iter().map(|s| s.token).eq(attribute));
    let lines = places.filter_map(|window| window.first().map(|first| first.line));
    lines.map(|line| format!("{}:{line}: a test is run or removed, never ignored", file.path)).collect()
}

fn debts(file: &SourceFile) -> Vec<String> {
    let mut findings = Vec::new();
    for (n, line) in numbered(file) {
        for debt in DEBTS {
            let mut parts = line.split(debt).skip(1);
            if parts.any(|after| !has_number(after)) {
                findings.push(format!("{}:{n}: write `{debt}(#number):`, or do it now", file.path));
            }
        }
    }
    findings
}

/// Whether `(#12)` follows at once.
fn has_number(after: &str) -> bool {
    let number = after.strip_prefix("(#").and_then(|rest| rest.split_once(')')).map(|(number, _)| number);
    number.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let found = findings(&SourceFile { path: path.into(), text: text.into() });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_opens_with_its_job() {
        check("a.rs", "//! Does one thing.\n", &[]);
        let expected = "a.rs:1: open the file with a `//!` sentence that names its job";
        check("a.rs", "use std::fmt;\n", &[expected]);
        check("a.rs", "//!\n", &[expected]);
        check("a.rs", "", &[expected]);
        check("a.md", "Any text.\n", &[]);
        check("vehicle.expanded.rs", "use std::fmt;\n", &[]);
    }

    #[test]
    fn a_debt_has_a_number() {
        let debt = DEBTS[0];
        check("a.rs", &format!("//! A file.\n// {debt}(#12): later\n"), &[]);
        let expected = format!("a.rs:2: write `{debt}(#number):`, or do it now");
        check("a.rs", &format!("//! A file.\n// {debt}: later\n"), &[&expected]);
        check("a.rs", &format!("//! A file.\n// {debt}(#): later\n"), &[&expected]);
    }

    #[test]
    fn a_test_is_never_ignored() {
        check(
            "a.rs",
            "//! A file.\n#[test]\n#[ignore = \"slow\"]\nfn a() {}",
            &["a.rs:3: a test is run or removed, never ignored"],
        );
        check("a.rs", "//! A file.\n// No #[ignore] here.\n", &[]);
    }

    #[test]
    fn a_lib_stays_short() {
        let text = |lines: usize| format!("//! A crate.\n{}", "\n".repeat(lines - 1));
        check("a/src/lib.rs", &text(119), &[]);
        check("a/src/lib.rs", &text(120), &["a/src/lib.rs: 120 lines; a lib.rs holds no logic and stays under 120"]);
        check("a/src/other.rs", &text(400), &[]);
    }

    #[test]
    fn no_file_names_a_machine() {
        for (word, what) in FOREIGN {
            check("docs/a.md", &format!("See\n{word} there"), &[&format!("docs/a.md:2: `{word}` is {what}")]);
        }
    }
}
