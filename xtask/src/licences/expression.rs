//! Reads SPDX licence expressions.

/// A licence expression: who uses the crate may choose at every `OR`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expression {
    Licence(String),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

impl Expression {
    /// Reads `MIT OR (Apache-2.0 WITH LLVM-exception AND ISC)`, and the older `MIT/Apache-2.0`. Operators are all upper
    /// case or all lower case (SPDX 2.3, annex D).
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let upper = |word| match word {
            "or" => "OR",
            "and" => "AND",
            "with" => "WITH",
            other => other,
        };
        let mut words: Vec<&str> = spaced.split_whitespace().rev().map(upper).collect();
        let expression = any(&mut words)?;
        match words.last() {
            None => Ok(expression),
            Some(word) => Err(format!("`{word}` is not expected here")),
        }
    }

    /// Whether there is a choice under which every licence that then applies is allowed.
    pub(super) fn satisfied(&self, allowed: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Licence(licence) => allowed(licence),
            Self::All(parts) => parts.iter().all(|part| part.satisfied(allowed)),
            Self::Any(parts) => parts.iter().any(|part| part.satisfied(allowed)),
        }
    }
}

fn any(words: &mut Vec<&str>) -> Result<Expression, String> {
    let mut parts = vec![all(words)?];
    while words.pop_if(|word| *word == "OR").is_some() {
        parts.push(all(words)?);
    }
    Ok(one_or(parts, Expression::Any))
}

fn all(words: &mut Vec<&str>) -> Result<Expression, String> {
    let mut parts = vec![single(words)?];
    while words.pop_if(|word| *word == "AND").is_some() {
        parts.push(single(words)?);
    }
    Ok(one_or(parts, Expression::All))
}

fn single(words: &mut Vec<&str>) -> Result<Expression, String> {
    match words.pop() {
        None => Err("it ends too early".to_owned()),
        Some("(") => {
            let inner = any(words)?;
            match words.pop() {
                Some(")") => Ok(inner),
                _ => Err("a parenthesis is not closed".to_owned()),
            }
        }
        Some(word @ (")" | "OR" | "AND" | "WITH")) => Err(format!("`{word}` is not expected here")),
        Some(licence) => {
            // An exception only adds permissions, so that the licence before it decides.
            if words.pop_if(|word| *word == "WITH").is_some() && words.pop().is_none() {
                return Err("`WITH` names no exception".to_owned());
            }
            Ok(Expression::Licence(licence.to_owned()))
        }
    }
}

fn one_or(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            many(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<bool, &str>) {
        let allowed = |licence: &str| matches!(licence, "MIT" | "Apache-2.0" | "Unicode-3.0");
        let found = Expression::parse(text).map(|expression| expression.satisfied(&allowed));
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn one_allowed_choice_is_enough() {
        check("MIT", Ok(true));
        check("GPL-3.0-only", Ok(false));
        check("Unlicense OR MIT", Ok(true));
        check("MIT/Apache-2.0", Ok(true));
        check("GPL-2.0-only or MIT", Ok(true));
        check("Zlib OR GPL-2.0-only", Ok(false));
    }

    #[test]
    fn everything_that_applies_must_be_allowed() {
        check("MIT AND Apache-2.0", Ok(true));
        check("MIT AND MPL-2.0", Ok(false));
        check("(MIT OR Apache-2.0) AND Unicode-3.0", Ok(true));
        check("MIT OR MPL-2.0 AND GPL-2.0-only", Ok(true)); // AND binds tighter
        check("(MIT OR MPL-2.0) AND GPL-2.0-only", Ok(false));
    }

    #[test]
    fn an_exception_adds_permissions() {
        check("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", Ok(true));
        check("GPL-2.0-only WITH Classpath-exception-2.0", Ok(false));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        check("", Err("it ends too early"));
        check("MIT OR", Err("it ends too early"));
        check("MIT Apache-2.0", Err("`Apache-2.0` is not expected here"));
        check("(MIT", Err("a parenthesis is not closed"));
        check("MIT WITH", Err("`WITH` names no exception"));
        check("MIT Or Apache-2.0", Err("`Or` is not expected here"));
    }
}
