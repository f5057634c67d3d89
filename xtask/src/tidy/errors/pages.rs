//! The documents that explain error codes, and what each of their pages must say.

use std::collections::BTreeSet;

use crate::source::{Token, tokens};
use crate::workspace::SourceFile;

/// One section of a document.
pub(super) struct Page<'a> {
    pub(super) path: &'a str,
    pub(super) line: usize,
    pub(super) code: &'a str,
}

/// The documents that sources give to `errors(..)` or `ErrorPage::all_of(..)`.
pub(super) fn named(sources: &[&SourceFile]) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for source in sources {
        let tokens = tokens(&source.text);
        for window in tokens.windows(6) {
            let words: Vec<Token<'_>> = window.iter().map(|spanned| spanned.token).collect();
            if let [
                Token::Word("errors" | "all_of"),
                Token::Sign('('),
                Token::Word("include_str"),
                Token::Sign('!'),
                Token::Sign('('),
                Token::Text(path),
            ] = words.as_slice()
            {
                named.insert(resolved(&source.path, path));
            }
        }
    }
    named
}

/// A path as seen from the folder of a file.
fn resolved(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// All pages, and those that do not say enough.
pub(super) fn of<'a>(documents: impl Iterator<Item = &'a SourceFile>) -> (Vec<Page<'a>>, Vec<String>) {
    let (mut pages, mut findings) = (Vec::new(), Vec::new());
    for document in documents {
        let mut lines = document.text.lines().enumerate().peekable();
        while let Some((at, line)) = lines.next() {
            let Some(code) = line.strip_prefix("## ") else { continue };
            let page = Page { path: &document.path, line: at + 1, code: code.trim() };
            let mut body = String::new();
            while let Some((_, line)) = lines.next_if(|(_, line)| !line.starts_with("## ")) {
                body.push_str(line);
                body.push('\n');
            }
            findings.extend(lack(&page, &body));
            pages.push(page);
        }
    }
    (pages, findings)
}

fn lack(page: &Page<'_>, body: &str) -> Option<String> {
    let blocks: Vec<&str> = body.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).collect();
    let what = match blocks.as_slice() {
        [status, ..] if !status.starts_with("Status: ") => "begin it with `Status: 409`, or where else it is met",
        [_, _, _, ..] => return None,
        _ => "say in a paragraph each what happened and what to do",
    };
    Some(format!("{}:{}: `{}`: {what}", page.path, page.line, page.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_their_file() {
        assert_eq!(resolved("a/b/src/lib.rs", "../docs/errors.md"), "a/b/docs/errors.md");
        assert_eq!(resolved("a/src/app/edge.rs", "../../docs/./errors.md"), "a/docs/errors.md");
    }

    #[test]
    fn a_page_says_what_happened_and_what_to_do() {
        let text = "# All\n\n## a\n\nStatus: 1\n\nOne.\n\nTwo.\n\n## b\n\nOne.\n\n## c\n\nStatus: 1\n\nOne.\n";
        let file = SourceFile { path: "e.md".into(), text: text.into() };
        let (pages, findings) = of([&file].into_iter());
        let found: Vec<_> = pages.iter().map(|page| (page.line, page.code)).collect();
        assert_eq!(found, [(3, "a"), (11, "b"), (15, "c")]);
        let expected = [
            "e.md:11: `b`: begin it with `Status: 409`, or where else it is met",
            "e.md:15: `c`: say in a paragraph each what happened and what to do",
        ];
        assert_eq!(findings, expected);
    }
}
