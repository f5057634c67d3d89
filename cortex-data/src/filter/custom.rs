//! What one condition means for a custom field, and its SQL.

use serde_json::Value as Json;

use super::term::{Field, Literal, refused, unquoted};
use super::{Filter, FilterError, Op, push_like};
use crate::custom::{CustomColumn, CustomField, CustomKind, Part, from_text, is_ordered};
use crate::database::Backend;
use crate::statement::Statement;
use crate::value::Value;

/// What is asked of a custom field.
#[derive(Debug, Clone, PartialEq)]
pub enum CustomTest {
    /// Its value against another.
    Compare(Op, Value),
    /// Its value against a list.
    In(Vec<Value>),
    /// No value.
    IsNull,
    /// A text like a pattern in which `*` stands for any text.
    Like(String),
    /// A list that has this name.
    Has(String),
}

/// `<extra.field> = <value>` and the like.
pub(super) fn compare(
    field: &Field,
    custom: &CustomField,
    part: Part,
    op: Op,
    literal: &Literal,
) -> Result<Filter, FilterError> {
    let name = &field.name;
    let kind = custom.definition().kind;
    if literal.is_null() {
        return null(field, custom, part, op, literal);
    }
    if kind == CustomKind::Json {
        let help = format!("write `{name} = null` or `{name} != null`");
        return Err(refused(field.at, format!("`{name}` can't be compared with a value"), help));
    }
    if op.orders() && (!is_ordered(kind) || part == Part::Currency) {
        let problem = format!("`{name}` has no smaller and larger values");
        return Err(refused(field.at, problem, format!("compare `{name}` by `=`, `!=` or `in`")));
    }
    let stored = stored(field, custom, part, literal)?;
    let test = |part: Part, stored: &Json| one(custom, part, op, stored);
    Ok(match (kind, part, &stored) {
        (CustomKind::MultiChoice, _, Json::String(name)) => {
            let has = Filter::Custom { column: column(custom, part), test: CustomTest::Has(name.clone()) };
            if op == Op::Eq { has } else { Filter::Not(Box::new(has)) }
        }
        (CustomKind::Money, Part::Value, stored) => {
            let of = |member: &str| stored.get(member).cloned().unwrap_or(Json::Null);
            let (amount, code) = (test(Part::Value, &of("amount")), of("currency"));
            match op {
                Op::Ne => Filter::Or(vec![test(Part::Currency, &code), amount]),
                _ => Filter::And(vec![one(custom, Part::Currency, Op::Eq, &code), amount]),
            }
        }
        (_, part, stored) => test(part, stored),
    })
}

fn one(custom: &CustomField, part: Part, op: Op, stored: &Json) -> Filter {
    let column = column(custom, part);
    let value = column.bound(stored);
    Filter::Custom { column, test: CustomTest::Compare(op, value) }
}

fn column(custom: &CustomField, part: Part) -> CustomColumn {
    custom.column_or_value(part)
}

fn null(field: &Field, custom: &CustomField, part: Part, op: Op, literal: &Literal) -> Result<Filter, FilterError> {
    let absent = Filter::Custom { column: column(custom, part), test: CustomTest::IsNull };
    match op {
        Op::Eq => Ok(absent),
        Op::Ne => Ok(Filter::Not(Box::new(absent))),
        _ => {
            let help = format!("write `{0} = null` or `{0} != null`", field.name);
            Err(refused(literal.at, "nothing is smaller or larger than `null`".to_owned(), help))
        }
    }
}

/// The stored form of a literal.
fn stored(field: &Field, custom: &CustomField, part: Part, literal: &Literal) -> Result<Json, FilterError> {
    let definition = custom.definition();
    let wrong = |problem: String| FilterError::Value { at: literal.at, problem, help: None };
    let text = literal.text.as_str();
    match (definition.kind, part) {
        (CustomKind::Money, Part::Currency) => {
            let currency = cortex_core::Currency::parse(text).map_err(|e| wrong(e.to_string()))?;
            Ok(Json::from(currency.code()))
        }
        (CustomKind::Money, Part::Value) if !text.contains(' ') => {
            let help = format!("write `{0} = \"100 EUR\"`, or compare `{0}.currency`", field.name);
            Err(refused(literal.at, format!("`{text}` has no currency"), help))
        }
        (CustomKind::Text, _) if !literal.quoted => Err(unquoted(literal)),
        _ => from_text(definition, text).map_err(wrong),
    }
}

/// `<extra.field> ~ <pattern>`
pub(super) fn like(field: &Field, custom: &CustomField, literal: &Literal) -> Result<Filter, FilterError> {
    match custom.definition().kind {
        CustomKind::Text if literal.quoted => {
            let test = CustomTest::Like(literal.text.clone());
            Ok(Filter::Custom { column: column(custom, Part::Value), test })
        }
        CustomKind::Text => Err(unquoted(literal)),
        _ => {
            let problem = format!("`~` compares texts, and `{}` is none", field.name);
            Err(refused(field.at, problem, "compare it by another operator, such as `=`"))
        }
    }
}

/// `<extra.field> in (<value>, ...)`
pub(super) fn any_of(
    field: &Field,
    custom: &CustomField,
    part: Part,
    literals: &[Literal],
) -> Result<Filter, FilterError> {
    let kind = custom.definition().kind;
    if matches!(kind, CustomKind::MultiChoice | CustomKind::Json) || (kind, part) == (CustomKind::Money, Part::Value) {
        let all = literals.iter().map(|literal| compare(field, custom, part, Op::Eq, literal));
        return all.collect::<Result<_, _>>().map(Filter::Or);
    }
    let column = column(custom, part);
    let values = literals.iter().map(|literal| Ok(column.bound(&stored(field, custom, part, literal)?)));
    let test = CustomTest::In(values.collect::<Result<_, FilterError>>()?);
    Ok(Filter::Custom { column, test })
}

/// Appends the condition as SQL.
pub(super) fn push(column: &CustomColumn, test: &CustomTest, backend: Backend, sql: &mut Statement) {
    let expression = column.sql(backend);
    match test {
        CustomTest::Compare(op, value) => {
            sql.push(&expression).push(op.sql()).bind(value.clone());
        }
        CustomTest::In(values) if values.is_empty() => {
            sql.push("1 = 0");
        }
        CustomTest::In(values) => {
            sql.push(&expression).push(" IN (");
            for (i, value) in values.iter().enumerate() {
                sql.push(if i == 0 { "" } else { ", " }).bind(value.clone());
            }
            sql.push(")");
        }
        CustomTest::IsNull => {
            sql.push(&expression).push(" IS NULL");
        }
        CustomTest::Like(pattern) => push_like(&expression, pattern, backend, sql),
        CustomTest::Has(name) => {
            let field = column.field();
            match backend {
                Backend::Sqlite => {
                    sql.push(&format!(
                        "CASE WHEN {expression} IS NOT NULL THEN \
                         EXISTS (SELECT 1 FROM json_each(\"extra\", '$.{field}') WHERE value = "
                    ));
                    sql.bind(name.as_str()).push(") END");
                }
                Backend::Postgres => {
                    let one = Json::Array(vec![Json::from(name.as_str())]);
                    sql.push(&format!("((\"extra\" -> '{field}') @> ")).bind(one).push(")");
                }
            }
        }
    }
}
