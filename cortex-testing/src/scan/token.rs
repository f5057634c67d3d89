//! SQL as a tree of tokens: words, names, values, signs, and groups in parentheses.

/// A token; keywords and names are in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword or a name without quotes.
    Word(String),
    /// A name in quotes.
    Name(String),
    /// A literal or a placeholder.
    Value,
    /// Anything else.
    Sign(&'static str),
    /// What stands in parentheses.
    Group(Vec<Token>),
}

/// Signs that are told apart; any other is the empty one.
const SIGNS: &[&str] = &["->>", "::", "<=", ">=", "<>", "!=", "==", "||", "->", "=", "<", ">", ".", ",", ";", "*"];

impl Token {
    pub(super) fn is_word(&self, wanted: &str) -> bool {
        self.word() == Some(wanted)
    }

    pub(super) fn is_sign(&self, wanted: &str) -> bool {
        matches!(self, Self::Sign(sign) if *sign == wanted)
    }

    /// A word that is not in quotes.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A name, in quotes or not.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn group(&self) -> Option<&[Self]> {
        match self {
            Self::Group(tokens) => Some(tokens),
            _ => None,
        }
    }
}

/// Reads `sql`; what is broken is read as far as it goes, since the database is the one to refuse it.
pub(super) fn read(sql: &str) -> Vec<Token> {
    let mut open = vec![Vec::new()];
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let (token, length) = match c {
            '(' => {
                open.push(Vec::new());
                (None, 1)
            }
            ')' => (close(&mut open), 1),
            _ => one(rest, c),
        };
        if let (Some(token), Some(group)) = (token, open.last_mut()) {
            group.push(token);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    while let Some(group) = close(&mut open) {
        open.last_mut().into_iter().for_each(|outer| outer.push(group.clone()));
    }
    open.pop().unwrap_or_default()
}

fn close(open: &mut Vec<Vec<Token>>) -> Option<Token> {
    if open.len() == 1 { None } else { open.pop().map(Token::Group) }
}

/// The token at the start of `rest`, which begins with `c`, and its length.
fn one(rest: &str, c: char) -> (Option<Token>, usize) {
    match c {
        _ if rest.starts_with("--") => (None, rest.find('\n').unwrap_or(rest.len())),
        _ if rest.starts_with("/*") => (None, rest.find("*/").map_or(rest.len(), |end| end + 2)),
        '\'' => (Some(Token::Value), quoted(rest, c)),
        '"' | '`' => {
            let length = quoted(rest, c);
            let name = rest.get(1..length.saturating_sub(1)).unwrap_or_default();
            (Some(Token::Name(name.to_lowercase())), length)
        }
        '$' => (Some(Token::Value), dollar(rest)),
        '?' | '0'..='9' => (Some(Token::Value), 1 + span(&rest[1..], |c| c.is_ascii_alphanumeric() || c == '.')),
        _ if is_name(c) => {
            let length = span(rest, is_name);
            (Some(Token::Word(rest[..length].to_lowercase())), length)
        }
        _ if c.is_whitespace() => (None, c.len_utf8()),
        _ => {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign)).copied().unwrap_or_default();
            (Some(Token::Sign(sign)), sign.len().max(c.len_utf8()))
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How many bytes at the start satisfy `wanted`.
fn span(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

/// The length of what stands in quotes; a doubled quote does not end it.
fn quoted(rest: &str, quote: char) -> usize {
    let mut from = 1;
    while let Some(at) = rest.get(from..).and_then(|text| text.find(quote)) {
        from += at + 1;
        if !rest.get(from..).is_some_and(|text| text.starts_with(quote)) {
            return from;
        }
        from += 1;
    }
    rest.len()
}

/// The length of `$1`, or of a text between `$tag$` and `$tag$`.
fn dollar(rest: &str) -> usize {
    let tag = 1 + span(&rest[1..], is_name);
    if !rest[tag..].starts_with('$') {
        return tag;
    }
    let (mark, body) = rest.split_at(tag + 1);
    body.find(mark).map_or(rest.len(), |end| mark.len() + end + mark.len())
}
