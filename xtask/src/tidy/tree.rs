//! Rules about how the files of a crate hang together.

use crate::source::{Token, tokens};
use crate::workspace::SourceFile;

/// Files at the wrong place, and files that no other file declares and that are therefore never compiled.
pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let sources: Vec<&SourceFile> = files.iter().filter(|file| file.path.ends_with(".rs")).collect();
    sources.iter().filter_map(|file| finding(file, &sources)).collect()
}

fn finding(file: &SourceFile, sources: &[&SourceFile]) -> Option<String> {
    let path = file.path.as_str();
    let (folder, name) = path.rsplit_once('/')?;
    if name == "mod.rs" {
        return Some(format!("{path}: name it after its folder, `{folder}.rs`, and keep it beside the folder"));
    }
    if folder.ends_with("/tests") || folder == "tests" {
        return Some(format!("{path}: one test binary per crate: move it to `{folder}/it/` and list it in main.rs"));
    }
    let root = ["/src/", "/tests/it/"].iter().find_map(|root| path.find(root).map(|at| at + root.len()))?;
    let below = path.get(root..)?;
    if matches!(below, "lib.rs" | "main.rs") || below.starts_with("bin/") {
        return None;
    }
    let parents: Vec<String> = if below.contains('/') {
        vec![format!("{folder}.rs")]
    } else {
        vec![format!("{folder}/lib.rs"), format!("{folder}/main.rs")]
    };
    let module = name.strip_suffix(".rs")?;
    let declared = sources.iter().filter(|file| parents.contains(&file.path)).any(|file| declares(&file.text, module));
    (!declared).then(|| format!("{path}: nothing compiles it: declare `mod {module};` in {}", parents.join(" or ")))
}

/// Whether `mod name;` stands in the file.
fn declares(source: &str, name: &str) -> bool {
    let wanted = [Token::Word("mod"), Token::Word(name), Token::Sign(';')];
    tokens(source).windows(wanted.len()).any(|window| window.iter().map(|spanned| spanned.token).eq(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<_> =
            files.iter().map(|(path, text)| SourceFile { path: (*path).into(), text: (*text).into() }).collect();
        assert_eq!(findings(&files), expected);
    }

    #[test]
    fn a_folder_has_its_file_beside_it() {
        check(
            &[("a/src/lib.rs", "mod foo;"), ("a/src/foo/mod.rs", "")],
            &["a/src/foo/mod.rs: name it after its folder, `a/src/foo.rs`, and keep it beside the folder"],
        );
    }

    #[test]
    fn every_file_is_declared_by_its_parent() {
        let lib = ("a/src/lib.rs", "pub mod foo; // mod bar;");
        check(&[lib, ("a/src/foo.rs", "mod inner;"), ("a/src/foo/inner.rs", "")], &[]);
        check(
            &[lib, ("a/src/bar.rs", "")],
            &["a/src/bar.rs: nothing compiles it: declare `mod bar;` in a/src/lib.rs or a/src/main.rs"],
        );
        check(
            &[lib, ("a/src/foo.rs", ""), ("a/src/foo/inner.rs", "")],
            &["a/src/foo/inner.rs: nothing compiles it: declare `mod inner;` in a/src/foo.rs"],
        );
    }

    #[test]
    fn every_test_file_is_listed() {
        let main = ("a/tests/it/main.rs", "mod posting;");
        check(&[main, ("a/tests/it/posting.rs", "")], &[]);
        check(
            &[main, ("a/tests/it/lost.rs", "")],
            &[
                "a/tests/it/lost.rs: nothing compiles it: declare `mod lost;` in a/tests/it/lib.rs or a/tests/it/main.rs",
            ],
        );
    }

    #[test]
    fn a_crate_has_one_test_binary() {
        check(
            &[("a/tests/second.rs", "")],
            &["a/tests/second.rs: one test binary per crate: move it to `a/tests/it/` and list it in main.rs"],
        );
        check(&[("a/tests/ui/wrong.rs", ""), ("a/build.rs", ""), ("a/src/main.rs", ""), ("a/src/bin/b.rs", "")], &[]);
    }
}
