//! Compares the dependencies between our crates with the arrow table.

use std::collections::BTreeMap;

use super::table::{ABSENT, Absent, PEERS, ROWS, Row};
use crate::workspace::Metadata;

/// One crate of ours depends on another.
#[derive(Debug, PartialEq, Eq)]
struct Arrow<'a> {
    from: &'a str,
    to: &'a str,
    only_for_tests: bool,
}

/// Every arrow that is not in the table, and everything linked that must stay absent.
pub(super) fn findings(metadata: &Metadata) -> Vec<String> {
    let members: Vec<&str> = metadata.members().map(|member| member.name.as_str()).collect();
    let mut arrows = Vec::new();
    for member in metadata.members() {
        for dependency in member.dependencies.iter().filter(|dep| members.contains(&dep.name.as_str())) {
            let only_for_tests = dependency.kind.as_deref() == Some("dev");
            arrows.push(Arrow { from: &member.name, to: &dependency.name, only_for_tests });
        }
    }
    let mut findings = unknown(&members, ROWS);
    findings.extend(not_allowed(&arrows, ROWS));
    findings.extend(between_peers(&arrows, PEERS));
    for rule in ABSENT {
        findings.extend(present(rule, &metadata.linked(rule.from)));
    }
    findings
}

fn unknown(members: &[&str], table: &[Row]) -> Vec<String> {
    let missing = members.iter().filter(|name| !table.iter().any(|row| row.from == **name));
    missing.map(|name| format!("`{name}` has no row in the arrow table (xtask/src/layers/table.rs)")).collect()
}

fn not_allowed(arrows: &[Arrow<'_>], table: &[Row]) -> Vec<String> {
    let mut findings = Vec::new();
    for arrow in arrows.iter().filter(|arrow| !arrow.only_for_tests) {
        // A crate without a row was reported already.
        let Some(row) = table.iter().find(|row| row.from == arrow.from) else { continue };
        if !row.to.contains(&arrow.to) {
            let allowed = if row.to.is_empty() { "nothing of ours".to_owned() } else { row.to.join(", ") };
            findings.push(format!("arrow not allowed: {} -> {} (it may depend on {allowed})", arrow.from, arrow.to));
        }
    }
    findings
}

fn between_peers(arrows: &[Arrow<'_>], peers: &[&str]) -> Vec<String> {
    let meeting = arrows.iter().filter(|arrow| arrow.only_for_tests);
    let meeting = meeting.filter(|arrow| peers.contains(&arrow.from) && peers.contains(&arrow.to));
    meeting
        .map(|arrow| format!("arrow not allowed: {} -> {} in tests (let them meet in a bridge)", arrow.from, arrow.to))
        .collect()
}

fn present(rule: &Absent, linked: &BTreeMap<String, String>) -> Vec<String> {
    let found = rule.never.iter().filter_map(|name| linked.get(*name).map(|path| (name, path)));
    found.map(|(name, path)| format!("`{name}` must stay out of {}: {path}", rule.from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Row] = &[Row { from: "core", to: &[] }, Row { from: "data", to: &["core"] }];

    fn arrow<'a>(from: &'a str, to: &'a str, only_for_tests: bool) -> Arrow<'a> {
        Arrow { from, to, only_for_tests }
    }

    #[test]
    fn arrows_in_the_table_pass() {
        assert!(not_allowed(&[arrow("data", "core", false)], TABLE).is_empty());
        assert!(not_allowed(&[arrow("core", "data", true)], TABLE).is_empty());
    }

    #[test]
    fn an_arrow_that_points_up_is_named() {
        let found = not_allowed(&[arrow("core", "data", false), arrow("data", "web", false)], TABLE);
        assert_eq!(
            found,
            [
                "arrow not allowed: core -> data (it may depend on nothing of ours)",
                "arrow not allowed: data -> web (it may depend on core)",
            ]
        );
    }

    #[test]
    fn a_crate_without_a_row_is_named() {
        assert_eq!(unknown(&["core", "extra"], TABLE).len(), 1);
    }

    #[test]
    fn peers_do_not_meet_in_tests_either() {
        let found = between_peers(&[arrow("crm", "finance", true), arrow("crm", "testing", true)], &["crm", "finance"]);
        assert_eq!(found, ["arrow not allowed: crm -> finance in tests (let them meet in a bridge)"]);
    }

    #[test]
    fn what_must_stay_absent_is_shown_with_its_path() {
        let linked = BTreeMap::from([("hyper".to_owned(), "core -> reqwest -> hyper".to_owned())]);
        let found = present(&Absent { from: "core", never: &["diesel", "hyper"] }, &linked);
        assert_eq!(found, ["`hyper` must stay out of core: core -> reqwest -> hyper"]);
    }

    #[test]
    fn the_table_points_down_only() {
        // A row may name only rows above it, so there can be no cycle.
        for (n, row) in ROWS.iter().enumerate() {
            let above: Vec<&str> = ROWS.iter().take(n).map(|row| row.from).collect();
            for to in row.to {
                assert!(above.contains(to), "{} -> {to}", row.from);
            }
        }
    }
}
