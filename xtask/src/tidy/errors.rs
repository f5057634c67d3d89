//! Every error code has a page that says what to do, and every page a code.

mod codes;
mod pages;

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::SourceFile;
use codes::Code;
use pages::Page;

/// Whose codes no user meets, or are explained where they stand.
const WITHOUT_PAGES: &[(&str, &str)] = &[
    ("benches/", "measures"),
    ("cortex-macros/", "speaks to the compiler"),
    ("cortex-testing/", "speaks to tests"),
    ("examples/quickstart/", "is one file to copy"),
    ("xtask/", "is no part of an application"),
];

/// Codes without a page, pages without a code, and pages that nobody gives to the server.
pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let sources: Vec<&SourceFile> = files.iter().filter(|file| is_source(&file.path)).collect();
    let made = codes::of(&sources);
    let named = pages::named(&sources);
    let documents = files.iter().filter(|file| named.contains(&file.path));
    let (pages, mut findings) = pages::of(documents);
    findings.extend(without_page(&made, &pages));
    findings.extend(without_code(&made, &pages));
    findings.extend(twice(&pages));
    findings.extend(unnamed(files, &named));
    findings
}

fn is_source(path: &str) -> bool {
    let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
    let is_exempt = WITHOUT_PAGES.iter().any(|(folder, _)| path.starts_with(folder));
    path.ends_with(".rs") && path.contains("/src/") && !is_test && !is_exempt
}

/// The folder of a crate.
fn crate_of(path: &str) -> &str {
    path.split_once("/src/").map_or(path, |(folder, _)| folder)
}

fn without_page(made: &[Code<'_>], pages: &[Page<'_>]) -> Vec<String> {
    let explained: BTreeSet<&str> = pages.iter().map(|page| page.code).collect();
    let mut seen = BTreeSet::new();
    let missing = made.iter().filter(|code| !explained.contains(code.text) && seen.insert(code.text));
    let finding = |code: &Code<'_>| {
        let document = format!("{}/docs/errors.md", crate_of(code.path));
        format!(
            "{}:{}: `{}` is explained nowhere: add `## {}` to {document}",
            code.path, code.line, code.text, code.text
        )
    };
    missing.map(finding).collect()
}

fn without_code(made: &[Code<'_>], pages: &[Page<'_>]) -> Vec<String> {
    let made: BTreeSet<&str> = made.iter().map(|code| code.text).collect();
    let stale = pages.iter().filter(|page| !made.contains(page.code));
    stale
        .map(|page| format!("{}:{}: nothing fails with `{}`: remove its page", page.path, page.line, page.code))
        .collect()
}

fn twice(pages: &[Page<'_>]) -> Vec<String> {
    let mut known: BTreeMap<&str, &Page<'_>> = BTreeMap::new();
    let mut findings = Vec::new();
    for page in pages {
        if let Some(first) = known.insert(page.code, page) {
            let (path, line) = (first.path, first.line);
            findings.push(format!("{}:{}: `{}` is explained at {path}:{line} too", page.path, page.line, page.code));
        }
    }
    findings
}

/// Documents that lie where pages do, and that no module names.
fn unnamed(files: &[SourceFile], named: &BTreeSet<String>) -> Vec<String> {
    let documents = files.iter().filter(|file| file.path.ends_with("/docs/errors.md") && !named.contains(&file.path));
    let how = "`m.errors(include_str!(\"../docs/errors.md\"))`";
    documents
        .map(|file| format!("{}: no page of it is served: name it where the module registers: {how}", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &str = "fn register(m: &mut Registrar) { m.errors(include_str!(\"../docs/errors.md\")); }";
    const PAGE: &str = "## a.b\n\nStatus: 409\n\nIt is so.\n\nDo this.\n";

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<_> =
            files.iter().map(|(path, text)| SourceFile { path: (*path).into(), text: (*text).into() }).collect();
        assert_eq!(findings(&files), expected);
    }

    #[test]
    fn a_code_has_a_page_and_a_page_a_code() {
        let (lib, page) = (("a/src/lib.rs", NAMES), ("a/docs/errors.md", PAGE));
        let fails = ("a/src/fail.rs", "fn f() { Error::refused(\"a.b\", \"no\") }");
        check(&[lib, page, fails], &[]);
        check(&[lib, page], &["a/docs/errors.md:1: nothing fails with `a.b`: remove its page"]);
        let other = ("a/src/other.rs", "\nfn f() { Error::refused(\"a.c\", \"no\") }");
        check(
            &[lib, page, fails, other],
            &["a/src/other.rs:2: `a.c` is explained nowhere: add `## a.c` to a/docs/errors.md"],
        );
        check(&[("xtask/src/a.rs", other.1), ("a/tests/it/a.rs", other.1)], &[]);
    }

    #[test]
    fn a_document_is_served() {
        let fails = ("a/src/fail.rs", "fn f() { Error::refused(\"a.b\", \"no\") }");
        check(
            &[("a/docs/errors.md", PAGE), fails],
            &[
                "a/src/fail.rs:1: `a.b` is explained nowhere: add `## a.b` to a/docs/errors.md",
                "a/docs/errors.md: no page of it is served: name it where the module registers: \
                 `m.errors(include_str!(\"../docs/errors.md\"))`",
            ],
        );
    }

    #[test]
    fn a_code_has_one_page() {
        let fails = ("a/src/fail.rs", "fn f() { Error::refused(\"a.b\", \"no\") }");
        let files = [
            ("a/src/lib.rs", NAMES),
            ("b/src/lib.rs", NAMES),
            ("a/docs/errors.md", PAGE),
            ("b/docs/errors.md", PAGE),
            fails,
        ];
        check(&files, &["b/docs/errors.md:1: `a.b` is explained at a/docs/errors.md:1 too"]);
    }
}
