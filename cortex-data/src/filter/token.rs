//! Cuts the text of a filter into words, texts and signs.

use std::iter::Peekable;
use std::str::Chars;

use super::{FilterError, Op};

/// A piece of a filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// Its first character, counted from 1.
    pub(super) at: usize,
    pub(super) kind: TokenKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A name, number, date, id, choice or keyword.
    Word(String),
    /// A text in quotes.
    Text(String),
    Op(Op),
    Like,
    Open,
    Close,
    Comma,
    End,
}

impl TokenKind {
    /// Whether it is this keyword, in any case.
    pub(super) fn is_word(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// The piece for people.
    pub(super) fn shown(&self) -> String {
        let sign = match self {
            Self::Word(text) | Self::Text(text) if text.chars().count() > 40 => {
                return format!("`{}...`", text.chars().take(40).collect::<String>());
            }
            Self::Word(text) | Self::Text(text) => text,
            Self::Op(op) => op.sql().trim(),
            Self::Like => "~",
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::End => return "the end".to_owned(),
        };
        format!("`{sign}`")
    }
}

/// The pieces of `text`; the last one is [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut scanner = Scanner { rest: text.chars().peekable(), at: 1 };
    let mut all = Vec::new();
    loop {
        while scanner.rest.next_if(|c| c.is_whitespace()).is_some() {
            scanner.at += 1;
        }
        let at = scanner.at;
        let kind = scanner.token()?;
        let end = kind == TokenKind::End;
        all.push(Token { at, kind });
        if end {
            return Ok(all);
        }
    }
}

struct Scanner<'a> {
    rest: Peekable<Chars<'a>>,
    at: usize,
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.at += 1;
        Some(c)
    }

    /// Whether `c` comes next; it is taken then.
    fn eat(&mut self, c: char) -> bool {
        let eaten = self.rest.next_if_eq(&c).is_some();
        self.at += usize::from(eaten);
        eaten
    }

    fn token(&mut self) -> Result<TokenKind, FilterError> {
        let at = self.at;
        let Some(c) = self.next() else { return Ok(TokenKind::End) };
        Ok(match c {
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            ',' => TokenKind::Comma,
            '~' => TokenKind::Like,
            '=' => TokenKind::Op(Op::Eq),
            '!' if self.eat('=') => TokenKind::Op(Op::Ne),
            '<' => TokenKind::Op(if self.eat('=') { Op::Le } else { Op::Lt }),
            '>' => TokenKind::Op(if self.eat('=') { Op::Ge } else { Op::Gt }),
            '"' | '\'' => TokenKind::Text(self.text(c, at)?),
            c if in_word(c) => {
                let mut word = String::from(c);
                while let Some(c) = self.rest.next_if(|c| in_word(*c)) {
                    self.at += 1;
                    word.push(c);
                }
                TokenKind::Word(word)
            }
            c => {
                let expected = "a field, an operator, a value, `(` or `)`".to_owned();
                return Err(FilterError::Expected { at, expected, found: format!("`{c}`") });
            }
        })
    }

    fn text(&mut self, quote: char, start: usize) -> Result<String, FilterError> {
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.next() {
                None => return Err(FilterError::Text { at: start, problem: "the text that starts here has no end" }),
                // No database keeps it in a text.
                Some('\0') => return Err(FilterError::Text { at, problem: "a text has no character U+0000" }),
                Some(c) if c == quote => return Ok(text),
                Some('\\') => match self.next() {
                    Some(c @ ('"' | '\'' | '\\')) => text.push(c),
                    _ => return Err(FilterError::Text { at, problem: "there is no such escape" }),
                },
                Some(c) => text.push(c),
            }
        }
    }
}

/// What names, numbers, dates, times and ids consist of.
fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '+' | '-')
}
