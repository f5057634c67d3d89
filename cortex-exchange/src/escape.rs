//! Texts that a spreadsheet would take for formulas get an apostrophe before them, and lose it when they come back.
//!
//! A spreadsheet that opens a file evaluates what begins with `=`, `+`, `-` or `@`, also after a tab or line break, and
//! in their full-width forms (OWASP, CSV Injection). Only texts are marked: numbers stay numbers.

use std::borrow::Cow;

/// What a spreadsheet may take for the beginning of a formula.
const TRIGGERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text as a spreadsheet may see it. The empty text gets a mark too, since an empty cell is no value at all.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let marked = text.is_empty() || text.starts_with(TRIGGERS) || matches!(unescape(text), Cow::Owned(_));
    if marked { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that was meant. An apostrophe before anything else belongs to the text: `'t Hooft`.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    match text.strip_prefix('\'') {
        Some(rest) if rest.is_empty() || rest.starts_with('\'') || rest.starts_with(TRIGGERS) => {
            Cow::Owned(rest.to_owned())
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{TRIGGERS, escape, unescape};

    #[track_caller]
    fn check(text: &str, shown: &str) {
        assert_eq!(escape(text), shown);
        assert_eq!(unescape(shown), text);
    }

    #[test]
    fn formulas_are_marked_and_come_back() {
        check("=1+1", "'=1+1");
        check("-5", "'-5");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("", "'");
        check("plain", "plain");
        check("'t Hooft", "'t Hooft");
        check("'", "''");
        check("''", "'''");
        check("'=1", "''=1");
    }

    #[test]
    fn every_short_text_comes_back() {
        let letters: Vec<char> = TRIGGERS.into_iter().chain(['\'', 'a', ' ']).collect();
        let mut texts = vec![String::new()];
        for _ in 0..3 {
            let longer = texts.iter().flat_map(|text| letters.iter().map(move |c| format!("{text}{c}")));
            texts = longer.collect();
            for text in &texts {
                let shown = escape(text);
                assert_eq!(unescape(&shown), text.as_str());
                assert!(!shown.starts_with(TRIGGERS), "{shown:?}");
            }
        }
    }
}
