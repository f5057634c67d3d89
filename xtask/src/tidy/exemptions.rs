//! The ceiling of a file's length, and the list of files above it, which may only shrink.

use crate::workspace::SourceFile;

/// Above this a file does more than one job.
const LINES_MAX: usize = 500;

/// Files that are longer than the ceiling, each with its length. Lower a number when the file shrinks; add none.
pub(super) const LONG_FILES: &[(&str, usize)] = &[];

/// Files that are too long, and exemptions that are too generous.
pub(super) fn findings(files: &[SourceFile], exempt: &[(&str, usize)]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let lines = file.text.lines().count();
        match exempt.iter().find(|(path, _)| *path == file.path) {
            None if lines > LINES_MAX => {
                findings.push(format!("{}: {lines} lines; split it, the ceiling is {LINES_MAX}", file.path));
            }
            Some((path, limit)) if lines > *limit => {
                findings.push(format!("{path}: {lines} lines; it may not grow above {limit}"));
            }
            Some((path, limit)) if lines < *limit => {
                let mend = if lines > LINES_MAX { "lower its exemption" } else { "remove its exemption" };
                findings
                    .push(format!("{path}: {lines} lines, fewer than {limit}: {mend} (xtask/src/tidy/exemptions.rs)"));
            }
            None | Some(_) => {}
        }
    }
    let gone = exempt.iter().filter(|(path, _)| !files.iter().any(|file| file.path == *path));
    findings
        .extend(gone.map(|(path, _)| format!("{path} is gone: remove its exemption (xtask/src/tidy/exemptions.rs)")));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: usize, exempt: &[(&str, usize)], expected: &[&str]) {
        let file = SourceFile { path: "a.rs".into(), text: "x\n".repeat(lines) };
        assert_eq!(findings(&[file], exempt), expected);
    }

    #[test]
    fn the_ceiling_holds() {
        check(500, &[], &[]);
        check(501, &[], &["a.rs: 501 lines; split it, the ceiling is 500"]);
    }

    #[test]
    fn an_exemption_only_shrinks() {
        check(600, &[("a.rs", 600)], &[]);
        check(601, &[("a.rs", 600)], &["a.rs: 601 lines; it may not grow above 600"]);
        let place = "(xtask/src/tidy/exemptions.rs)";
        check(550, &[("a.rs", 600)], &[&format!("a.rs: 550 lines, fewer than 600: lower its exemption {place}")]);
        check(400, &[("a.rs", 600)], &[&format!("a.rs: 400 lines, fewer than 600: remove its exemption {place}")]);
        check(1, &[("b.rs", 600)], &[&format!("b.rs is gone: remove its exemption {place}")]);
    }
}
