//! Whether a condition holds the rows of a table to one tenant.

use super::from::Names;
use super::starts_query;
use super::token::Token;

/// Whether every row that satisfies the condition is of one tenant, in the mention that `names` looks at.
pub(super) fn holds(condition: &[Token], names: &Names<'_>) -> bool {
    if let [Token::Group(inner)] = condition {
        return !starts_query(inner) && holds(inner, names);
    }
    let either = split(condition, "or");
    if either.len() > 1 {
        return either.into_iter().all(|part| holds(part, names));
    }
    let all = split(condition, "and");
    if all.len() > 1 {
        return all.into_iter().any(|part| holds(part, names));
    }
    comparison(condition, names)
}

/// The parts between `word`, where it stands in no `CASE` and does not belong to `BETWEEN`.
fn split<'t>(tokens: &'t [Token], word: &str) -> Vec<&'t [Token]> {
    let (mut parts, mut start, mut cases, mut between) = (Vec::new(), 0, 0_usize, false);
    for (at, token) in tokens.iter().enumerate() {
        match token.word() {
            Some("case") => cases += 1,
            Some("end") => cases = cases.saturating_sub(1),
            Some("between") => between = true,
            Some("and") if between => between = false,
            Some(found) if found == word && cases == 0 => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// `left = right` or `left IN (..)`; any other comparison holds nothing.
fn comparison(tokens: &[Token], names: &Names<'_>) -> bool {
    let is_operator = |token: &Token| token.is_sign("=") || token.is_sign("==") || token.is_word("in");
    let Some(at) = tokens.iter().position(is_operator) else { return false };
    let (left, right) = (&tokens[..at], &tokens[at + 1..]);
    let negated = [left.first(), left.last()].into_iter().flatten().any(|token| token.is_word("not"));
    if negated || right.iter().any(is_operator) {
        return false;
    }
    match (left, right) {
        // A list of values, or of rows of them.
        (left, [list @ Token::Group(_)]) if tokens[at].is_word("in") => {
            let columns = match left {
                [Token::Group(row)] => row.split(|token| token.is_sign(",")).collect(),
                column => vec![column],
            };
            columns.into_iter().any(|column| is_own(column, names)) && is_one(std::slice::from_ref(list), names)
        }
        ([Token::Group(left)], [Token::Group(right)]) if !starts_query(right) => {
            let comma = |token: &Token| token.is_sign(",");
            left.split(comma).zip(right.split(comma)).any(|(left, right)| equal(left, right, names))
        }
        _ => equal(left, right, names),
    }
}

fn equal(left: &[Token], right: &[Token], names: &Names<'_>) -> bool {
    (is_own(left, names) && is_one(right, names)) || (is_own(right, names) && is_one(left, names))
}

/// Whether this is the tenant's column of the mention looked at.
fn is_own(tokens: &[Token], names: &Names<'_>) -> bool {
    match tokens {
        [column] => column.name() == Some(names.column()) && names.is_own(None),
        [.., table, dot, column] => {
            dot.is_sign(".")
                && column.name() == Some(names.column())
                && table.name().is_some_and(|name| names.is_own(Some(name)))
        }
        _ => false,
    }
}

/// Whether this is a value of one tenant: bound, of a query, or a column of rows that are held themselves.
fn is_one(tokens: &[Token], names: &Names<'_>) -> bool {
    for (at, token) in tokens.iter().enumerate() {
        let dotted = |at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|token| token.is_sign("."));
        let (before, after) = (dotted(at.checked_sub(1)), dotted(Some(at + 1)));
        let fine = match token {
            Token::Group(inner) => starts_query(inner) || is_one(inner, names),
            Token::Word(name) | Token::Name(name) if after && !before => names.is_held(name),
            // A column without its table is one of the tables read here.
            Token::Word(name) | Token::Name(name) if !before => {
                name != names.column() && (tokens.len() > 1 || is_constant(name))
            }
            _ => true,
        };
        if !fine {
            return false;
        }
    }
    true
}

fn is_constant(word: &str) -> bool {
    matches!(word, "true" | "false" | "null")
}
