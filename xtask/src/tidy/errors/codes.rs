//! The error codes that sources make, found by the forms in which the project makes them.

use std::collections::BTreeMap;

use crate::source::{Spanned, Token, tokens};
use crate::workspace::SourceFile;

/// Constructors of an error whose first argument is the code.
const CONSTRUCTORS: &[&str] =
    &["config", "conflict", "forbidden", "internal", "invalid", "not_found", "refused", "unavailable"];

/// A code and where it is made.
pub(super) struct Code<'a> {
    pub(super) path: &'a str,
    pub(super) line: usize,
    pub(super) text: &'a str,
}

/// All codes, in the order of the files; one that is made at several places is there several times.
pub(super) fn of<'a>(sources: &[&'a SourceFile]) -> Vec<Code<'a>> {
    let files: Vec<(&'a str, Vec<Spanned<'a>>)> =
        sources.iter().map(|file| (file.path.as_str(), without_tests(tokens(&file.text)))).collect();
    let mut constants: BTreeMap<(&str, &str), &'a str> = BTreeMap::new();
    for (path, tokens) in &files {
        constants.extend(constants_of(tokens).map(|(name, text)| ((super::crate_of(path), name), text)));
    }
    let mut codes = Vec::new();
    for (path, tokens) in &files {
        let found = (0..tokens.len()).flat_map(|at| made_at(tokens.get(at..).unwrap_or_default()));
        codes.extend(found.filter_map(|Spanned { line, token }| {
            let text = match token {
                Token::Text(text) => text,
                Token::Word(name) => constants.get(&(super::crate_of(path), name))?,
                Token::Sign(_) => return None,
            };
            Some(Code { path, line, text })
        }));
    }
    codes
}

/// What stands before the tests of a file, which come last: `cfg(test)] mod tests {`.
fn without_tests(mut tokens: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let begins = |window: &[Spanned<'_>]| {
        let words: Vec<Token<'_>> = window.iter().map(|spanned| spanned.token).collect();
        matches!(
            words.as_slice(),
            [
                Token::Word("cfg"),
                Token::Sign('('),
                Token::Word("test"),
                Token::Sign(')'),
                Token::Sign(']'),
                Token::Word("mod"),
                Token::Word(_),
                Token::Sign('{'),
            ]
        )
    };
    let end = tokens.windows(8).position(begins);
    tokens.truncate(end.unwrap_or(tokens.len()));
    tokens
}

/// `const NAME: &str = "text"`
fn constants_of<'a>(tokens: &[Spanned<'a>]) -> impl Iterator<Item = (&'a str, &'a str)> {
    tokens.windows(7).filter_map(|window| {
        let words: Vec<Token<'a>> = window.iter().map(|spanned| spanned.token).collect();
        match words.as_slice() {
            [
                Token::Word("const"),
                Token::Word(name),
                Token::Sign(':'),
                Token::Sign('&'),
                Token::Word("str"),
                Token::Sign('='),
                Token::Text(text),
            ] => Some((*name, *text)),
            _ => None,
        }
    })
}

/// The codes, or the names of constants, of the form that begins with these tokens.
fn made_at<'a>(tokens: &[Spanned<'a>]) -> Vec<Spanned<'a>> {
    let words: Vec<Token<'a>> = tokens.iter().take(6).map(|spanned| spanned.token).collect();
    match words.as_slice() {
        // `Error::refused("code", ..)`; `Error::new(Kind::Refused, "code", ..)` is found by its kind.
        [
            Token::Word("Error" | "Self"),
            Token::Sign(':'),
            Token::Sign(':'),
            Token::Word(name),
            Token::Sign('('),
            ..,
        ] if CONSTRUCTORS.contains(name) => {
            tokens.get(5).filter(|spanned| is_code(spanned.token)).copied().into_iter().collect()
        }
        // `Error::new(error.kind(), "code", ..)`
        [
            Token::Word("Error" | "Self"),
            Token::Sign(':'),
            Token::Sign(':'),
            Token::Word("new"),
            Token::Sign('('),
            kind,
        ] if *kind != Token::Word("Kind") => second_argument(tokens.get(5..).unwrap_or_default()).into_iter().collect(),
        // `Kind::Refused, "code"`: of a constructor, or of a tuple.
        [Token::Word("Kind"), Token::Sign(':'), Token::Sign(':'), Token::Word(_), Token::Sign(','), code]
            if is_code(*code) =>
        {
            tokens.get(5).copied().into_iter().collect()
        }
        // `("database is locked", BUSY)`: what a driver says, and its code.
        [Token::Sign('('), Token::Text(_), Token::Sign(','), Token::Word(name), Token::Sign(')'), ..]
            if is_code(Token::Word(name)) =>
        {
            tokens.get(3).copied().into_iter().collect()
        }
        // `fn code(&self) -> &'static str { .. }`
        [Token::Word("fn"), Token::Word("code"), ..] => body(tokens),
        _ => Vec::new(),
    }
}

/// The code behind the first comma that stands within no brackets of its own.
fn second_argument<'a>(tokens: &[Spanned<'a>]) -> Option<Spanned<'a>> {
    let mut depth = 0_usize;
    for (at, spanned) in tokens.iter().enumerate() {
        match spanned.token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => depth = depth.checked_sub(1)?,
            Token::Sign(',') if depth == 0 => return tokens.get(at + 1).filter(|code| is_code(code.token)).copied(),
            _ => {}
        }
    }
    None
}

/// A text, or the name of a constant.
fn is_code(token: Token<'_>) -> bool {
    match token {
        Token::Text(_) => true,
        Token::Word(name) => name.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
        Token::Sign(_) => false,
    }
}

/// The texts and constants in the body of a function that answers a `&'static str`.
fn body<'a>(tokens: &[Spanned<'a>]) -> Vec<Spanned<'a>> {
    let open = tokens.iter().position(|spanned| spanned.token == Token::Sign('{')).unwrap_or(tokens.len());
    let answers = [Token::Sign('>'), Token::Sign('&'), Token::Word("static"), Token::Word("str")];
    let head = tokens.get(..open).unwrap_or_default();
    if !head.windows(answers.len()).any(|window| window.iter().map(|spanned| spanned.token).eq(answers)) {
        return Vec::new();
    }
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for spanned in tokens.iter().skip(open) {
        match spanned.token {
            Token::Sign('{') => depth += 1,
            Token::Sign('}') => depth = depth.saturating_sub(1),
            token if is_code(token) => found.push(*spanned),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[(usize, &str)]) {
        let file = SourceFile { path: "a/src/a.rs".into(), text: source.into() };
        let found: Vec<_> = of(&[&file]).iter().map(|code| (code.line, code.text)).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn constructors_make_codes() {
        check("Error::conflict(\"a.b\", format!(\"x {y}\"))", &[(1, "a.b")]);
        check("Error::new(\n  Kind::Timeout,\n  \"a.b\", \"x\")", &[(3, "a.b")]);
        check("Error::new(of(error, 1).kind(), \"a.b\", \"x\")", &[(1, "a.b")]);
        check("Error::new(kind, code, \"x\"); Error::new(\"x\")", &[]);
        check("Self::invalid(\"a\", message); Error::invalid(code, message)", &[(1, "a")]);
        check("ImportError::new(\"no.code\", 1); map.invalid(\"no.code\")", &[]);
    }

    #[test]
    fn functions_choose_codes() {
        let source = "fn code(&self) -> &'static str { match self { Self::A => \"a.b\", Self::B { .. } => \"a.c\", \
                      Self::C(e) => e.code() } } fn help() { \"no.code\" }";
        check(source, &[(1, "a.b"), (1, "a.c")]);
        check("fn code(b: bool) -> &'static str { if b { \"a\" } else { B } }", &[(1, "a")]);
        check("fn code(a: &str) -> String { format!(\"no.code\") }", &[]);
        check("fn place_code(&self) -> &'static str { \"no_code\" }", &[]);
    }

    #[test]
    fn constants_are_looked_up() {
        let source = "const LOST: &str = \"a.lost\";\nfn f() { (Kind::Unavailable, LOST, text) }";
        check(source, &[(2, "a.lost")]);
        check("const LOST: &str = \"a.lost\"; fn f() { LOST }", &[]);
        check("fn f() { (Kind::Unavailable, ELSEWHERE, text) }", &[]);
        check("const BUSY: &str = \"a.busy\";\nconst ALL: [(&str, &str); 1] = [(\"locked\", BUSY)];", &[(2, "a.busy")]);
    }

    #[test]
    fn tests_make_none() {
        check("#[cfg(test)]\nmod tests { fn f() { Error::refused(\"a.b\", \"\") } }", &[]);
        check("#[cfg(test)]\nuse a::b;\nfn f() { Error::refused(\"a.b\", \"\") }", &[(3, "a.b")]);
    }
}
