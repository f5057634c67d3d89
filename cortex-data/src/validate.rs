//! Checks the values of a record against the rules of its fields, and reports all that is wrong at once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use cortex_core::{Decimal, Error, FieldError, Result};
use regex_lite::Regex;

use crate::custom;
use crate::json::{has_nul, quoted};
use crate::meta::{FieldMeta, Meta};
use crate::tx::ReadTx;
use crate::value::Value;

/// Most characters of a wrong text that its message repeats.
const SHOWN_MAX: usize = 80;

/// Checks a whole record, and adds the defaults of its custom fields. `before` is what is stored of it.
///
/// # Errors
/// [`Kind::Invalid`](cortex_core::Kind::Invalid) with every field that breaks a rule.
pub(crate) fn validate(
    tx: &mut ReadTx,
    meta: &'static Meta,
    before: Option<&[Value]>,
    values: &mut [Value],
) -> Result<()> {
    let mut problems = Vec::new();
    let mut at = 0;
    for field in meta.fields {
        let width = field.columns.len();
        check_field(field, values.get(at..at + width).unwrap_or_default(), &mut problems);
        at += width;
    }
    custom::complete(tx, meta, before, values, &mut problems)?;
    if problems.is_empty() { Ok(()) } else { Err(Error::fields_invalid(problems)) }
}

/// Checks one field.
pub(crate) fn check_field(field: &FieldMeta, values: &[Value], problems: &mut Vec<FieldError>) {
    let mut problem =
        |code: &'static str, message: String| problems.push(FieldError { path: field.name.to_owned(), code, message });
    let Some(value) = values.first().filter(|v| !v.is_null()) else {
        if !field.nullable {
            problem("required", "is required".to_owned());
        }
        return;
    };
    let rules = &field.rules;
    if matches!(value, Value::Json(json) if has_nul(json)) {
        problem("nul", "has the character U+0000, which can't be stored".to_owned());
    }
    if let Value::Text(text) = value {
        if text.contains('\0') {
            problem("nul", "has the character U+0000, which can't be stored".to_owned());
        }
        if let Some(max) = rules.max_len {
            let length = text.chars().count();
            if length > max as usize {
                problem("max_len", format!("has {length} characters, at most {max} are allowed"));
            }
        }
        if !rules.one_of.is_empty() && !rules.one_of.contains(&text.as_str()) {
            problem("one_of", format!("{} is none of {}", shown(field, text), quoted(rules.one_of)));
        }
        if let Some(pattern) = rules.pattern {
            match matches_whole(pattern, text) {
                Ok(true) => {}
                Ok(false) => problem("pattern", format!("{} does not match `{pattern}`", shown(field, text))),
                Err(e) => {
                    problem("pattern", format!("the rule's pattern `{pattern}` is not a regular expression: {e}"))
                }
            }
        }
    }
    if let Some(number) = number(field, value, values.get(1)) {
        if let Some(min) = rules.min.and_then(parse)
            && number < min
        {
            problem("min", format!("is {number}, at least {min} is required"));
        }
        if let Some(max) = rules.max.and_then(parse)
            && number > max
        {
            problem("max", format!("is {number}, at most {max} is allowed"));
        }
    }
}

/// The text for people: short, and not at all where it is a secret.
fn shown(field: &FieldMeta, text: &str) -> String {
    if field.rules.write_only {
        return "the text".to_owned();
    }
    match text.char_indices().nth(SHOWN_MAX).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("`{start}...`"),
        None => format!("`{text}`"),
    }
}

fn parse(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok()
}

fn number(field: &FieldMeta, value: &Value, second: Option<&Value>) -> Option<Decimal> {
    match (value, second) {
        // Bounds of money are in major units, as people write them.
        (Value::BigInt(minor), Some(Value::Text(code))) if matches!(field.kind, crate::FieldKind::Money) => {
            let currency = cortex_core::Currency::parse(code).ok()?;
            Some(cortex_core::Money::from_minor(*minor, currency).to_decimal())
        }
        (Value::Int(n), _) => Some(Decimal::from(*n)),
        (Value::BigInt(n), _) => Some(Decimal::from(*n)),
        (Value::Fixed(n), _) => Some(*n),
        (Value::Fine(n), _) => Some(n.to_decimal()),
        _ => None,
    }
}

/// Whether `pattern` matches the whole of `text`. The expression engine runs in linear time, whatever the pattern.
fn matches_whole(pattern: &'static str, text: &str) -> Result<bool, String> {
    match compiled(pattern).as_ref() {
        Ok(whole) => Ok(whole.is_match(text)),
        Err(problem) => Err(problem.clone()),
    }
}

type Compiled = Arc<Result<Regex, String>>;

/// The expression of a rule, compiled once: rules are constants, so that there are only so many.
fn compiled(pattern: &'static str) -> Compiled {
    static ALL: LazyLock<RwLock<HashMap<&'static str, Compiled>>> = LazyLock::new(RwLock::default);
    if let Some(known) = ALL.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return known.clone();
    }
    let new = Arc::new(Regex::new(&format!("^(?:{pattern})$")).map_err(|e| e.to_string()));
    ALL.write().unwrap_or_else(PoisonError::into_inner).insert(pattern, Arc::clone(&new));
    new
}
