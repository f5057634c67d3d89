//! A small lexer for Rust: words, strings and signs, with comments left out.
//!
//! The checks ask what the code of a file mentions, and a comment that names `diesel` is no use of it.
//! A full parser would have to be compiled before anything is tested, and would say no more.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// An identifier, keyword or number.
    Word(&'a str),
    /// What stands between the quotes of a string.
    Text(&'a str),
    /// Any other character.
    Sign(char),
}

/// A token and the line it starts on, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spanned<'a> {
    pub(crate) line: usize,
    pub(crate) token: Token<'a>,
}

/// All tokens of a source file.
pub(crate) fn tokens(source: &str) -> Vec<Spanned<'_>> {
    let mut lexer = Lexer { rest: source, line: 1, out: Vec::new() };
    while lexer.step() {}
    lexer.out
}

/// The words of a path at each place of the file: `diesel::sql_query` is found as such, spaces apart.
pub(crate) fn mentions<'a>(tokens: &'a [Spanned<'a>], path: &'a str) -> impl Iterator<Item = usize> + 'a {
    let wanted: Vec<Token<'a>> = path
        .split("::")
        .enumerate()
        .flat_map(|(n, word)| {
            let signs: &[Token<'_>] = if n == 0 { &[] } else { &[Token::Sign(':'), Token::Sign(':')] };
            let word = (!word.is_empty()).then_some(Token::Word(word));
            signs.iter().copied().chain(word)
        })
        .collect();
    let length = wanted.len().max(1);
    tokens.windows(length).filter_map(move |window| {
        let here = window.iter().map(|spanned| spanned.token).eq(wanted.iter().copied());
        here.then(|| window.first().map_or(0, |first| first.line))
    })
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    out: Vec<Spanned<'a>>,
}

impl<'a> Lexer<'a> {
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.take(end);
        } else if self.rest.starts_with("/*") {
            self.block_comment();
        } else if let Some((prefix, hashes)) = string_start(self.rest) {
            self.string(prefix, hashes);
        } else if first == '\'' {
            self.quote();
        } else if first.is_alphanumeric() || first == '_' {
            let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
            let line = self.line;
            let word = self.take(end);
            self.out.push(Spanned { line, token: Token::Word(word) });
        } else {
            if !first.is_whitespace() {
                self.out.push(Spanned { line: self.line, token: Token::Sign(first) });
            }
            self.take(first.len_utf8());
        }
        true
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth = depth.saturating_sub(1);
                self.take(2);
            } else {
                let Some(next) = self.rest.chars().next() else { return };
                self.take(next.len_utf8());
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self, prefix: usize, hashes: Option<usize>) {
        let line = self.line;
        self.take(prefix);
        let (end, closing) = match hashes {
            Some(count) => {
                let close = format!("\"{}", "#".repeat(count));
                (self.rest.find(&close).unwrap_or(self.rest.len()), close.len())
            }
            None => (closing_quote(self.rest), 1),
        };
        let text = self.take(end);
        self.take(closing);
        self.out.push(Spanned { line, token: Token::Text(text) });
    }

    /// A character is skipped, a lifetime's quote too; the word of a lifetime stays a word.
    fn quote(&mut self) {
        let mut chars = self.rest.chars().skip(1);
        let length = match (chars.next(), chars.next()) {
            (Some('\\'), _) => self.rest.get(3..).and_then(|rest| rest.find('\'')).map_or(1, |end| end + 4),
            (Some(inner), Some('\'')) => inner.len_utf8() + 2,
            _ => 1,
        };
        self.take(length);
    }
}

/// How long the opening of a string is, and how many `#` a raw one has.
fn string_start(rest: &str) -> Option<(usize, Option<usize>)> {
    let prefix = rest.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, after) = rest.split_at_checked(prefix)?;
    if !matches!(letters, "" | "b" | "c" | "r" | "br" | "cr") {
        return None;
    }
    if letters.ends_with('r') {
        let hashes = after.find(|c| c != '#')?;
        return after.get(hashes..)?.starts_with('"').then_some((prefix + hashes + 1, Some(hashes)));
    }
    after.starts_with('"').then_some((prefix + 1, None))
}

/// Where a string with escapes ends.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[(usize, Token<'_>)]) {
        let found: Vec<_> = tokens(source).iter().map(|spanned| (spanned.line, spanned.token)).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn comments_are_left_out() {
        check("a // b\n/* c /* d */ e */ f", &[(1, Token::Word("a")), (2, Token::Word("f"))]);
    }

    #[test]
    fn strings_are_one_token() {
        check(r#""a \" // b" c"#, &[(1, Token::Text(r#"a \" // b"#)), (1, Token::Word("c"))]);
        check("r#\"x \" y\"# br\"z\"", &[(1, Token::Text("x \" y")), (1, Token::Text("z"))]);
        check("\"one\ntwo\" three", &[(1, Token::Text("one\ntwo")), (2, Token::Word("three"))]);
    }

    #[test]
    fn characters_are_not_lifetimes() {
        check(r"'a' 'b '\'' '\u{41}' c", &[(1, Token::Word("b")), (1, Token::Word("c"))]);
        check("r#type", &[(1, Token::Word("r")), (1, Token::Sign('#')), (1, Token::Word("type"))]);
    }

    #[test]
    fn a_path_is_found_whatever_its_layout() {
        let found = tokens("use diesel :: sql_query;\n\nlet sql_query = my::diesel_like();");
        assert_eq!(mentions(&found, "diesel::sql_query").collect::<Vec<_>>(), [1]);
        assert_eq!(mentions(&found, "sql_query").collect::<Vec<_>>(), [1, 3]);
        assert_eq!(mentions(&found, "diesel::").collect::<Vec<_>>(), [1]);
    }
}
