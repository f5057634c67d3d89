//! What one condition means for the columns of its field.

use cortex_core::{Currency, Decimal, Money, Price, Quantity};

use super::{Filter, FilterError, Op, Target};
use crate::json::value_from_text;
use crate::meta::FieldKind;
use crate::value::Value;

/// The left side of a condition.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) at: usize,
    pub(super) target: Target,
}

/// The right side of a condition.
pub(super) struct Literal {
    pub(super) at: usize,
    pub(super) text: String,
    pub(super) quoted: bool,
}

impl Literal {
    pub(super) fn is_null(&self) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case("null")
    }
}

pub(super) fn refused(at: usize, problem: String, help: impl Into<String>) -> FilterError {
    FilterError::Value { at, problem, help: Some(help.into()) }
}

/// `<field> = <value>` and the like.
pub(super) fn compare(field: &Field, op: Op, literal: &Literal) -> Result<Filter, FilterError> {
    let name = &field.name;
    if let Some((custom, part)) = &field.target.custom {
        return super::custom::compare(field, custom, *part, op, literal);
    }
    if literal.is_null() {
        return is_null(field, op, literal);
    }
    if matches!(field.target.kind, FieldKind::Json) {
        return Err(only_null(field));
    }
    if op.orders() && !is_ordered(field.target.kind) {
        let problem = format!("`{name}` has no smaller and larger values");
        return Err(refused(field.at, problem, format!("compare `{name}` by `=`, `!=` or `in`")));
    }
    Ok(match (field.target.columns, value(field, literal)?) {
        ([column], (value, None)) => Filter::Compare { column, op, value },
        ([amount, code], (value, Some(unit))) => {
            let amount = Filter::Compare { column: amount, op, value };
            match op {
                Op::Ne => Filter::Or(vec![Filter::Compare { column: code, op, value: unit }, amount]),
                _ => Filter::And(vec![Filter::eq(code, unit), amount]),
            }
        }
        // A kind has as many columns as its values have parts.
        _ => Filter::Or(Vec::new()),
    })
}

fn is_null(field: &Field, op: Op, literal: &Literal) -> Result<Filter, FilterError> {
    let absent = field.target.columns.first().map(|column| Filter::IsNull { column }).unwrap_or(Filter::All);
    match op {
        Op::Eq => Ok(absent),
        Op::Ne => Ok(Filter::Not(Box::new(absent))),
        _ => {
            let help = format!("write `{0} = null` or `{0} != null`", field.name);
            Err(refused(literal.at, "nothing is smaller or larger than `null`".to_owned(), help))
        }
    }
}

/// `<field> ~ <pattern>`
pub(super) fn like(field: &Field, literal: &Literal) -> Result<Filter, FilterError> {
    if let Some((custom, _)) = &field.target.custom {
        return super::custom::like(field, custom, literal);
    }
    match (field.target.kind, field.target.columns) {
        (FieldKind::Text, [column]) if literal.quoted => Ok(Filter::Like { column, pattern: literal.text.clone() }),
        (FieldKind::Text, _) => Err(unquoted(literal)),
        _ => {
            let problem = format!("`~` compares texts, and `{}` is none", field.name);
            Err(refused(field.at, problem, "compare it by another operator, such as `=`"))
        }
    }
}

/// `<field> in (<value>, ...)`
pub(super) fn any_of(field: &Field, literals: &[Literal]) -> Result<Filter, FilterError> {
    if let Some(null) = literals.iter().find(|l| l.is_null()) {
        let help = format!("write `{} = null or ...`", field.name);
        return Err(refused(null.at, "a list has no `null`".to_owned(), help));
    }
    if let Some((custom, part)) = &field.target.custom {
        return super::custom::any_of(field, custom, *part, literals);
    }
    match field.target.columns {
        [column] if !matches!(field.target.kind, FieldKind::Json) => {
            let values = literals.iter().map(|l| value(field, l).map(|(value, _)| value)).collect::<Result<_, _>>()?;
            Ok(Filter::In { column, values })
        }
        _ => literals.iter().map(|l| compare(field, Op::Eq, l)).collect::<Result<_, _>>().map(Filter::Or),
    }
}

fn is_ordered(kind: FieldKind) -> bool {
    !matches!(
        kind,
        FieldKind::Bool
            | FieldKind::Id
            | FieldKind::Choice(_)
            | FieldKind::Currency
            | FieldKind::Unit
            | FieldKind::Json
            | FieldKind::Extra
    )
}

fn only_null(field: &Field) -> FilterError {
    let name = &field.name;
    refused(
        field.at,
        format!("`{name}` can't be compared with a value"),
        format!("write `{name} = null` or `{name} != null`"),
    )
}

pub(super) fn unquoted(literal: &Literal) -> FilterError {
    let text = &literal.text;
    refused(literal.at, format!("the text `{text}` needs quotes"), format!("write `\"{text}\"`"))
}

/// The column value of a literal, and the one of the second column for kinds that have two.
fn value(field: &Field, literal: &Literal) -> Result<(Value, Option<Value>), FilterError> {
    let text = literal.text.as_str();
    let wrong = |problem: String| FilterError::Value { at: literal.at, problem, help: None };
    match field.target.kind {
        FieldKind::Text if !literal.quoted => Err(unquoted(literal)),
        FieldKind::Money => {
            amount(field, literal, "currency", "100 EUR")?;
            let money: Money = text.parse().map_err(|e: cortex_core::MoneyError| wrong(e.to_string()))?;
            Ok((Value::BigInt(money.minor()), Some(money.currency().into())))
        }
        FieldKind::Price => {
            let (amount, code) = amount(field, literal, "currency", "1.25 EUR")?;
            let amount =
                Decimal::from_str_exact(amount).map_err(|_| wrong(format!("`{amount}` is not a decimal number")))?;
            let currency = Currency::parse(code).map_err(|e| wrong(e.to_string()))?;
            let price = Price::new(amount, currency).map_err(|e| wrong(e.to_string()))?;
            Ok((Value::Fixed(price.amount()), Some(currency.into())))
        }
        FieldKind::Quantity => {
            amount(field, literal, "unit", "3 pcs")?;
            let quantity: Quantity = text.parse().map_err(|e: cortex_core::QuantityError| wrong(e.to_string()))?;
            Ok((Value::Fixed(quantity.amount()), Some(quantity.unit().into())))
        }
        kind => value_from_text(kind, text).map(|value| (value, None)).map_err(wrong),
    }
}

/// The two parts of `100 EUR`.
fn amount<'a>(
    field: &Field,
    literal: &'a Literal,
    second: &str,
    example: &str,
) -> Result<(&'a str, &'a str), FilterError> {
    literal.text.split_once(' ').ok_or_else(|| {
        let name = &field.name;
        let problem = format!("`{}` has no {second}", literal.text);
        refused(literal.at, problem, format!("write `{name} = \"{example}\"`, or compare `{name}.{second}`"))
    })
}
