//! Looks in SQL for tables of tenants whose rows are not held to one tenant, and for those of companies in the same way.
//!
//! Every mention of such a table needs a predicate of its own: `tenant_id` equal to a value, or to the `tenant_id` of
//! a mention that is held itself. It must be in force for every row: one side of an `OR` is not enough, and what
//! stands after `ON` of an outer join holds the joined side only. An `INSERT` names the column instead.
#![expect(clippy::indexing_slicing, reason = "places are found in the tokens that they are places of")]

mod from;
mod predicate;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeSet;
use std::fmt;

use from::{Mention, Scope};
use token::{Token, read};

/// The column that says whose a row is.
pub(crate) const TENANT: &str = "tenant_id";
/// The column that says which company keeps it.
pub(crate) const COMPANY: &str = "company_id";

/// Diesel prints what is bound to a statement after this.
const BINDS: &str = " -- binds: ";

/// What ends the part of a statement that one reads tables or a condition from.
const ENDS: &[&str] = &["where", "group", "having", "order", "limit", "offset", "fetch", "window", "for", "returning"];

/// A mention of a table that is not held to a tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leak {
    table: String,
    alias: Option<String>,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.alias {
            None => write!(f, "`{}`", self.table),
            Some(alias) => write!(f, "`{}` (as `{alias}`)", self.table),
        }
    }
}

/// The statement without the values that are bound to it.
pub(crate) fn text(statement: &str) -> &str {
    statement.split(BINDS).next().unwrap_or(statement)
}

/// The mentions of `tables` in `sql` that are not held to one value of `column`.
pub(crate) fn leaks(sql: &str, column: &'static str, tables: &BTreeSet<String>) -> Vec<Leak> {
    let tokens = read(text(sql));
    let mut scan = Scan { column, tables, parts: BTreeSet::new(), leaks: BTreeSet::new() };
    for statement in tokens.split(|token| token.is_sign(";")) {
        // What follows in the same batch may be the body of a trigger.
        if statement.first().is_some_and(|token| token.is_word("create")) {
            break;
        }
        scan.query(statement);
    }
    scan.leaks.into_iter().collect()
}

struct Scan<'a> {
    column: &'static str,
    tables: &'a BTreeSet<String>,
    /// Names that `WITH` gives; what they hold is looked at where it is defined.
    parts: BTreeSet<String>,
    leaks: BTreeSet<Leak>,
}

impl Scan<'_> {
    /// A statement, or what stands in parentheses and reads like one.
    fn query(&mut self, tokens: &[Token]) {
        let tokens = skip_explain(tokens);
        let tokens = self.with(tokens);
        match tokens.first().and_then(Token::word) {
            Some("insert" | "replace") => self.insert(tokens),
            Some("update") => self.update(tokens),
            Some("delete") => self.delete(tokens),
            _ => tokens
                .split(|token| ["union", "intersect", "except"].iter().any(|word| token.is_word(word)))
                .for_each(|part| self.select(part)),
        }
    }

    /// `WITH name AS (..), ..`; answers what follows.
    fn with<'t>(&mut self, tokens: &'t [Token]) -> &'t [Token] {
        let Some((first, mut rest)) = tokens.split_first() else { return tokens };
        if !first.is_word("with") {
            return tokens;
        }
        if let [recursive, after @ ..] = rest
            && recursive.is_word("recursive")
        {
            rest = after;
        }
        while let Some((name, after)) = rest.split_first() {
            self.parts.extend(name.name().map(str::to_owned));
            let Some(body) = after.iter().position(|token| token.group().is_some_and(starts_query)) else { break };
            let (before, after) = after.split_at(body + 1);
            self.groups(before);
            match after.split_first() {
                Some((comma, next)) if comma.is_sign(",") => rest = next,
                _ => return after,
            }
        }
        &[]
    }

    fn select(&mut self, tokens: &[Token]) {
        if let Some(from) = from_at(tokens) {
            let tail = tokens.get(from + 1..).unwrap_or_default();
            let mut scope = Scope::of(self.column);
            scope.read(until(tail, ENDS), self);
            self.judge(scope, tail);
        }
        self.groups(tokens);
    }

    /// `UPDATE table SET .. FROM .. WHERE ..`
    fn update(&mut self, tokens: &[Token]) {
        let mut scope = Scope::of(self.column);
        let target = after_or(tokens.get(1..).unwrap_or_default());
        scope.read(until(target, &["set"]), self);
        let tail = tokens.iter().position(|token| token.is_word("set")).map_or(&[][..], |set| &tokens[set..]);
        if let Some(from) = from_at(tail) {
            scope.read(until(tail.get(from + 1..).unwrap_or_default(), ENDS), self);
        }
        self.judge(scope, tail);
        self.groups(tokens);
    }

    /// `DELETE FROM table USING .. WHERE ..`
    fn delete(&mut self, tokens: &[Token]) {
        let mut scope = Scope::of(self.column);
        let target = tokens.get(2..).unwrap_or_default();
        let mut ends = ENDS.to_vec();
        ends.push("using");
        scope.read(until(target, &ends), self);
        if let Some(using) = target.iter().position(|token| token.is_word("using")) {
            scope.read(until(target.get(using + 1..).unwrap_or_default(), ENDS), self);
        }
        self.judge(scope, target);
        self.groups(tokens);
    }

    /// `INSERT INTO table (columns) VALUES ..`, or a query.
    fn insert(&mut self, tokens: &[Token]) {
        let Some(into) = tokens.iter().position(|token| token.is_word("into")) else { return };
        let target = tokens.get(into + 1..).unwrap_or_default();
        let source = |token: &Token| ["values", "select", "with", "default"].iter().any(|word| token.is_word(word));
        let (head, source) = target.split_at(target.iter().position(source).unwrap_or(target.len()));
        let mut scope = Scope::of(self.column);
        // A list of columns is no function's arguments.
        let (columns, names): (Vec<_>, Vec<_>) = head.iter().cloned().partition(|token| token.group().is_some());
        scope.read(&names, self);
        let column = self.column;
        let named = |token: &Token| token.group().is_some_and(|group| group.iter().any(|t| t.name() == Some(column)));
        if !columns.iter().any(named) {
            self.leaks.extend(scope.tenants().map(Mention::leak));
        }
        let conflict = |pair: &[Token]| pair.iter().map(Token::word).eq([Some("on"), Some("conflict")]);
        let (source, conflict) = source.split_at(source.windows(2).position(conflict).unwrap_or(source.len()));
        self.query(source);
        self.groups(conflict);
    }

    /// Notes the mentions of `scope` that neither its joins nor the condition in `tail` hold to a tenant.
    fn judge<'t>(&mut self, mut scope: Scope<'t>, tail: &'t [Token]) {
        if let Some(at) = tail.iter().position(|token| token.is_word("where")) {
            scope.condition(until(tail.get(at + 1..).unwrap_or_default(), ENDS));
        }
        self.leaks.extend(scope.free().into_iter().map(Mention::leak));
    }

    /// Queries inside of parentheses, wherever they stand.
    fn groups(&mut self, tokens: &[Token]) {
        for group in tokens.iter().filter_map(Token::group) {
            if starts_query(group) { self.query(group) } else { self.groups(group) }
        }
    }
}

/// Whether the inside of parentheses is a query and no expression.
fn starts_query(group: &[Token]) -> bool {
    let words = ["select", "with", "values", "insert", "update", "delete"];
    group.first().is_some_and(|first| words.iter().any(|word| first.is_word(word)))
}

/// The tokens before the first of `words`.
fn until<'t>(tokens: &'t [Token], words: &[&str]) -> &'t [Token] {
    let end = tokens.iter().position(|token| words.iter().any(|word| token.is_word(word)));
    end.map_or(tokens, |end| &tokens[..end])
}

/// Where `FROM` stands; that of `IS DISTINCT FROM` is another word.
fn from_at(tokens: &[Token]) -> Option<usize> {
    let distinct =
        |at: usize| at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|t| t.is_word("distinct"));
    tokens.iter().enumerate().position(|(at, token)| token.is_word("from") && !distinct(at))
}

/// Behind `OR REPLACE` and the like.
fn after_or(tokens: &[Token]) -> &[Token] {
    match tokens {
        [or, _, rest @ ..] if or.is_word("or") => rest,
        all => all,
    }
}

/// Behind `EXPLAIN QUERY PLAN`, `EXPLAIN (ANALYZE)` and the like.
fn skip_explain(tokens: &[Token]) -> &[Token] {
    if !tokens.first().is_some_and(|token| token.is_word("explain")) {
        return tokens;
    }
    let begins =
        |token: &Token| ["select", "with", "insert", "update", "delete"].iter().any(|word| token.is_word(word));
    tokens.iter().position(begins).map_or(&[], |at| &tokens[at..])
}
