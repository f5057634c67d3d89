//! The tables that one part of a statement reads, and the conditions that they are joined under.

use std::ops::Range;

use super::predicate::holds;
use super::token::Token;
use super::{Leak, Scan, starts_query};

/// Words that end the name of a table and are no alias of it.
const NO_ALIAS: &[&str] = &[
    "on",
    "using",
    "join",
    "inner",
    "left",
    "right",
    "full",
    "cross",
    "natural",
    "set",
    "indexed",
    "not",
    "tablesample",
    "values",
    "select",
    "with",
    "default",
    "returning",
];

/// What a query reads from.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// By which columns name it.
    pub(super) name: String,
    table: String,
    kind: Source,
}

/// What a mention is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A table of tenants.
    Tenants,
    /// Another table.
    Table,
    /// A query or a function: its rows are of one tenant where its own tables are.
    Query,
}

impl Mention {
    pub(super) fn leak(&self) -> Leak {
        Leak { table: self.table.clone(), alias: (self.name != self.table).then(|| self.name.clone()) }
    }
}

/// A condition, and the mentions whose rows it holds; that of an outer join leaves one side as it is.
struct Condition<'t> {
    tokens: &'t [Token],
    holds: Range<usize>,
}

/// What one part of a statement reads, and under which conditions.
pub(super) struct Scope<'t> {
    /// The column that its mentions are held by.
    column: &'static str,
    mentions: Vec<Mention>,
    conditions: Vec<Condition<'t>>,
    /// Mentions that share their `tenant_id` by `USING` or `NATURAL`.
    shared: Vec<(usize, usize)>,
}

/// How a table is joined.
#[derive(Clone, Copy)]
enum Join {
    Inner,
    Left,
    Right,
    Full,
}

impl<'t> Scope<'t> {
    /// Nothing yet, of which mentions are held by `column`.
    pub(super) fn of(column: &'static str) -> Self {
        Self { column, mentions: Vec::new(), conditions: Vec::new(), shared: Vec::new() }
    }

    /// Reads tables as they stand after `FROM`.
    pub(super) fn read(&mut self, tokens: &'t [Token], scan: &Scan<'_>) {
        let (mut at, mut join, mut natural) = (0, Join::Inner, false);
        // Where the side begins that is joined, and the whole chain of joins.
        let (mut side, mut chain) = (self.mentions.len(), self.mentions.len());
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.word() {
                _ if token.is_sign(",") => (join, natural, chain) = (Join::Inner, false, self.mentions.len()),
                Some("inner" | "cross") => join = Join::Inner,
                Some("left") => join = Join::Left,
                Some("right") => join = Join::Right,
                Some("full") => join = Join::Full,
                Some("natural") => natural = true,
                Some("outer" | "join" | "lateral" | "only" | "as") => {}
                Some("on") => {
                    let length = tokens[at..].iter().position(ends_condition).unwrap_or(tokens.len() - at);
                    let holds = held(join, chain, side, self.mentions.len());
                    self.conditions.push(Condition { tokens: &tokens[at..at + length], holds });
                    (at, join) = (at + length, Join::Inner);
                }
                Some("using") => {
                    let columns = tokens.get(at).and_then(Token::group).unwrap_or_default();
                    if columns.iter().any(|column| column.name() == Some(self.column)) {
                        self.share(chain, side);
                    }
                    (at, join) = (at + 1, Join::Inner);
                }
                _ => {
                    side = self.mentions.len();
                    at = self.mention(tokens, at - 1, scan);
                    if std::mem::take(&mut natural) {
                        self.share(chain, side);
                    }
                }
            }
        }
    }

    /// One table, query, function or group of joins at `at`, with its alias; answers where it ends.
    fn mention(&mut self, tokens: &'t [Token], mut at: usize, scan: &Scan<'_>) -> usize {
        let first = self.mentions.len();
        match &tokens[at] {
            Token::Group(group) if !starts_query(group) => {
                self.read(group, scan);
                at += 1;
            }
            Token::Group(_) => {
                self.mentions.push(Mention { name: String::new(), table: String::new(), kind: Source::Query });
                at += 1;
            }
            token => {
                let mut name = token.name().unwrap_or_default();
                at += 1;
                while let [dot, part, ..] = &tokens[at..]
                    && dot.is_sign(".")
                {
                    name = part.name().unwrap_or_default();
                    at += 2;
                }
                let function = tokens.get(at).is_some_and(|token| token.group().is_some());
                at += usize::from(function);
                let kind = match () {
                    () if function || scan.parts.contains(name) => Source::Query,
                    () if scan.tables.contains(name) => Source::Tenants,
                    () => Source::Table,
                };
                self.mentions.push(Mention { name: name.to_owned(), table: name.to_owned(), kind });
            }
        }
        if tokens.get(at).is_some_and(|token| token.is_word("as")) {
            at += 1;
        }
        let alias = tokens.get(at).and_then(Token::name).filter(|word| !NO_ALIAS.contains(word));
        if let (Some(alias), [mention]) = (alias, &mut self.mentions[first..]) {
            mention.name = alias.to_owned();
            at += 1;
            // Names of its columns.
            at += usize::from(tokens.get(at).is_some_and(|token| token.group().is_some()));
        }
        at
    }

    fn share(&mut self, chain: usize, side: usize) {
        let right = side..self.mentions.len();
        self.shared.extend((chain..side).flat_map(|left| right.clone().map(move |right| (left, right))));
    }

    /// A condition for all rows: that of `WHERE`.
    pub(super) fn condition(&mut self, tokens: &'t [Token]) {
        self.conditions.push(Condition { tokens, holds: 0..self.mentions.len() });
    }

    /// Mentions of tables of tenants.
    pub(super) fn tenants(&self) -> impl Iterator<Item = &Mention> {
        self.mentions.iter().filter(|mention| mention.kind == Source::Tenants)
    }

    /// Mentions of tables of tenants that no condition holds to a tenant.
    pub(super) fn free(&self) -> Vec<&Mention> {
        let mut held: Vec<bool> = self.mentions.iter().map(|mention| mention.kind == Source::Query).collect();
        let only = self.tenants().count() == 1;
        // Each round holds at least one more, or is the last.
        while let Some(next) = (0..held.len()).find(|at| !held[*at] && self.is_held(*at, &held, only)) {
            held[next] = true;
        }
        let all = self.mentions.iter().zip(&held);
        all.filter(|(mention, held)| mention.kind == Source::Tenants && !**held).map(|(mention, _)| mention).collect()
    }

    fn is_held(&self, at: usize, held: &[bool], only: bool) -> bool {
        let names = Names { scope: self, at, held, only };
        let shares = self.shared.iter().any(|(a, b)| (*a == at && held[*b]) || (*b == at && held[*a]));
        shares || self.conditions.iter().any(|c| c.holds.contains(&at) && holds(c.tokens, &names))
    }
}

/// What the names in a condition mean while one mention is looked at.
pub(super) struct Names<'s> {
    scope: &'s Scope<'s>,
    at: usize,
    held: &'s [bool],
    only: bool,
}

impl Names<'_> {
    /// The column that mentions are held by.
    pub(super) fn column(&self) -> &'static str {
        self.scope.column
    }

    /// Whether `name.tenant_id` is the column of the mention looked at; without a name it is where no other has one.
    pub(super) fn is_own(&self, name: Option<&str>) -> bool {
        let mention = &self.scope.mentions[self.at];
        name.map_or(self.only && mention.kind == Source::Tenants, |name| mention.name == name)
    }

    /// Whether the columns of `name` are of one tenant. What is not read here is of an outer query, which is looked
    /// at itself, or the row that an insert brings.
    pub(super) fn is_held(&self, name: &str) -> bool {
        let place = self.scope.mentions.iter().position(|mention| mention.name == name);
        place.is_none_or(|place| place != self.at && self.held[place])
    }
}

/// Which mentions the condition of a join holds, whose joined side begins at `side`.
fn held(join: Join, chain: usize, side: usize, end: usize) -> Range<usize> {
    match join {
        Join::Inner => chain..end,
        Join::Left => side..end,
        Join::Right => chain..side,
        Join::Full => 0..0,
    }
}

fn ends_condition(token: &Token) -> bool {
    let words = ["join", "inner", "left", "right", "full", "cross", "natural", "on", "using"];
    token.is_sign(",") || words.iter().any(|word| token.is_word(word))
}
