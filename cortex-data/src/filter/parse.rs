//! Reads a filter as clients write it:
//! `price >= "100 EUR" and (plate ~ "AB*" or driver = null) and state not in (open, done)`.

use super::name::Names;
use super::term::{self, Literal};
use super::token::{Token, TokenKind, tokens};
use super::{Filter, FilterError};
use crate::custom::FieldSet;
use crate::meta::Meta;

/// Most characters of a filter: it travels in a URL.
pub const FILTER_LENGTH_MAX: usize = 4_000;
/// Deepest nesting of parentheses and `not`.
pub const FILTER_DEPTH_MAX: usize = 16;
/// Most conditions in one filter: databases plan long chains badly.
pub const FILTER_TERMS_MAX: usize = 100;
/// Most values in one list.
pub const FILTER_ITEMS_MAX: usize = 200;

/// Words that are no values unless they stand in quotes.
const KEYWORDS: [&str; 4] = ["and", "or", "not", "in"];

impl Filter {
    /// Reads a filter on the fields of an entity.
    ///
    /// Operators are `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` (a text like a pattern in which `*` stands for any text),
    /// `in (...)`, `not in (...)`; `and` binds stronger than `or`, `not` stronger than both. Texts stand in single
    /// or double quotes, in which `\` escapes quotes and itself; numbers, dates, times, ids, choices, `true`,
    /// `false` and `null` need none. Money, prices and quantities are compared with an amount and its currency or
    /// unit (`price >= "100 EUR"`), which matches that currency only; `price.currency = EUR` asks for it alone. A
    /// text without content is satisfied by every record.
    ///
    /// ```
    /// use cortex_core::{Id, Money};
    /// use cortex_data::{FieldMeta, Filter, Meta};
    ///
    /// static META: Meta = Meta {
    ///     name: "Vehicle",
    ///     table: "fleet_vehicles",
    ///     fields: &[
    ///         FieldMeta::of::<Id<()>>("id", &["id"]),
    ///         FieldMeta::of::<String>("plate", &["plate"]),
    ///         FieldMeta::of::<Option<Money>>("price", &["price", "price_currency"]),
    ///     ],
    ///     tenant: true,
    ///     company: false,
    ///     versioned: true,
    ///     audited: false,
    ///     soft_delete: false,
    ///     external: None,
    /// };
    ///
    /// Filter::parse(&META, r#"price >= "100 EUR" and (plate ~ "AB*" or not version = 1)"#)?;
    ///
    /// let error = Filter::parse(&META, "plate ~ 'AB*' and prize = null").unwrap_err();
    /// assert_eq!(error.to_string(), "at position 19: `prize` is not a field of this list");
    /// # Ok::<(), cortex_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first thing that can't be understood, with its position, what was expected and what is accepted. Fields
    /// that clients can't read are refused like unknown ones.
    pub fn parse(meta: &'static Meta, text: &str) -> Result<Self, FilterError> {
        Self::parse_visible(meta, &[], None, text)
    }

    /// The same for a client that may not read the fields in `hidden`, since a filter on them would tell their values;
    /// with the custom fields of its tenant, which it names `extra.color`.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_visible(
        meta: &'static Meta,
        hidden: &[&str],
        custom: Option<&FieldSet>,
        text: &str,
    ) -> Result<Self, FilterError> {
        let length = text.chars().count();
        if length > FILTER_LENGTH_MAX {
            return Err(FilterError::TooLong { length });
        }
        let end = Token { at: length + 1, kind: TokenKind::End };
        let mut parser =
            Parser { names: Names { meta, hidden, custom }, tokens: tokens(text)?, end, at: 0, depth: 0, terms: 0 };
        if parser.peek().kind == TokenKind::End {
            return Ok(Self::All);
        }
        let filter = parser.any()?;
        match &parser.peek().kind {
            TokenKind::End => Ok(filter),
            _ => Err(parser.expected("`and`, `or` or the end")),
        }
    }
}

struct Parser<'a> {
    names: Names<'a>,
    tokens: Vec<Token>,
    end: Token,
    at: usize,
    depth: usize,
    terms: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).unwrap_or(&self.end)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn eat(&mut self, kind: &TokenKind) -> bool {
        let eaten = self.peek().kind == *kind;
        self.at += usize::from(eaten);
        eaten
    }

    fn eat_word(&mut self, keyword: &str) -> bool {
        let eaten = self.peek().kind.is_word(keyword);
        self.at += usize::from(eaten);
        eaten
    }

    fn expected(&self, expected: &str) -> FilterError {
        let found = self.peek();
        FilterError::Expected { at: found.at, expected: expected.to_owned(), found: found.kind.shown() }
    }

    /// `<all> or <all> ...`
    fn any(&mut self) -> Result<Filter, FilterError> {
        let mut parts = vec![self.all()?];
        while self.eat_word("or") {
            parts.push(self.all()?);
        }
        Ok(alone(parts).unwrap_or_else(Filter::Or))
    }

    /// `<part> and <part> ...`
    fn all(&mut self) -> Result<Filter, FilterError> {
        let mut parts = vec![self.part()?];
        while self.eat_word("and") {
            parts.push(self.part()?);
        }
        Ok(alone(parts).unwrap_or_else(Filter::And))
    }

    /// `not <part>`, `(<any>)` or a condition on one field.
    fn part(&mut self) -> Result<Filter, FilterError> {
        if self.eat_word("not") {
            self.deeper()?;
            let inner = self.part()?;
            self.depth -= 1;
            return Ok(Filter::Not(Box::new(inner)));
        }
        if !self.eat(&TokenKind::Open) {
            return self.term();
        }
        self.deeper()?;
        let inner = self.any()?;
        if !self.eat(&TokenKind::Close) {
            return Err(self.expected("`and`, `or` or `)`"));
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn deeper(&mut self) -> Result<(), FilterError> {
        self.depth += 1;
        if self.depth <= FILTER_DEPTH_MAX {
            return Ok(());
        }
        Err(FilterError::TooMany { at: self.peek().at, what: "levels of `(` and `not`", max: FILTER_DEPTH_MAX })
    }

    /// `<field> <operator> <value>` or `<field> [not] in (<value>, ...)`
    fn term(&mut self) -> Result<Filter, FilterError> {
        const OPERATOR: &str = "`=`, `!=`, `<`, `<=`, `>`, `>=`, `~` or `in`";
        let name = match &self.peek().kind {
            TokenKind::Word(word) if !is_keyword(word) => word.clone(),
            _ => return Err(self.expected("a field, `not` or `(`")),
        };
        let Token { at, .. } = self.next();
        self.terms += 1;
        if self.terms > FILTER_TERMS_MAX {
            return Err(FilterError::TooMany { at, what: "conditions", max: FILTER_TERMS_MAX });
        }
        let Some(target) = self.names.target(&name) else {
            let help = self.names.help(&name);
            return Err(FilterError::UnknownField { at, name, help });
        };
        let field = term::Field { name, at, target };
        if let TokenKind::Op(op) = self.peek().kind {
            self.next();
            return term::compare(&field, op, &self.literal(&field)?);
        }
        if self.eat(&TokenKind::Like) {
            return term::like(&field, &self.literal(&field)?);
        }
        let not = self.peek_at(1).kind.is_word("in") && self.eat_word("not");
        if !self.eat_word("in") {
            return Err(self.expected(OPERATOR));
        }
        let any = term::any_of(&field, &self.list(&field)?)?;
        Ok(if not { Filter::Not(Box::new(any)) } else { any })
    }

    fn list(&mut self, field: &term::Field) -> Result<Vec<Literal>, FilterError> {
        if !self.eat(&TokenKind::Open) {
            return Err(self.expected("`(` and a list of values"));
        }
        let mut items = vec![self.literal(field)?];
        while self.eat(&TokenKind::Comma) {
            if items.len() == FILTER_ITEMS_MAX {
                return Err(FilterError::TooMany {
                    at: self.peek().at,
                    what: "values in a list",
                    max: FILTER_ITEMS_MAX,
                });
            }
            items.push(self.literal(field)?);
        }
        if self.eat(&TokenKind::Close) { Ok(items) } else { Err(self.expected("`,` or `)`")) }
    }

    fn literal(&mut self, field: &term::Field) -> Result<Literal, FilterError> {
        let (text, quoted) = match &self.peek().kind {
            TokenKind::Text(text) => (text.clone(), true),
            TokenKind::Word(word) if !is_keyword(word) => (word.clone(), false),
            _ => return Err(self.expected("a value")),
        };
        let mut literal = Literal { at: self.next().at, text, quoted };
        // `100 EUR` without quotes: no value can follow another.
        if let TokenKind::Word(unit) = &self.peek().kind
            && !quoted
            && field.target.is_pair()
            && !is_keyword(unit)
        {
            literal.text = format!("{} {unit}", literal.text);
            self.next();
        }
        Ok(literal)
    }
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|k| word.eq_ignore_ascii_case(k))
}

/// The only part, or all of them.
fn alone(mut parts: Vec<Filter>) -> Result<Filter, Vec<Filter>> {
    match (parts.pop(), parts.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(last), false) => {
            parts.push(last);
            Err(parts)
        }
        (None, _) => Err(parts),
    }
}
