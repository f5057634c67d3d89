//! Filters on the fields of an entity, as data: from query parameters, policies and code.

use crate::statement::Statement;
use crate::value::Value;

/// A condition on one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every record.
    All,
    /// Every one of these.
    And(Vec<Filter>),
    /// At least one of these.
    Or(Vec<Filter>),
    /// Not this. A comparison with an absent value is not satisfied, and neither is its opposite.
    Not(Box<Filter>),
    /// A column against a value.
    Compare {
        /// The column's name, taken from the entity's meta data and never from a client.
        column: &'static str,
        /// How.
        op: Op,
        /// Against what.
        value: Value,
    },
    /// A column against a list.
    In {
        /// The column's name.
        column: &'static str,
        /// The accepted values.
        values: Vec<Value>,
    },
    /// A column without a value.
    IsNull {
        /// The column's name.
        column: &'static str,
    },
    /// A text that contains, starts or ends with another; case matters.
    Like {
        /// The column's name.
        column: &'static str,
        /// A pattern in which `*` stands for any text and everything else for itself.
        pattern: String,
    },
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Op {
    fn sql(self) -> &'static str {
        match self {
            Self::Eq => " = ",
            Self::Ne => " <> ",
            Self::Lt => " < ",
            Self::Le => " <= ",
            Self::Gt => " > ",
            Self::Ge => " >= ",
        }
    }
}

impl Filter {
    /// The records whose `column` equals `value`: for code; clients' filters are parsed.
    pub fn eq(column: &'static str, value: impl Into<Value>) -> Self {
        Self::Compare { column, op: Op::Eq, value: value.into() }
    }

    /// Both conditions.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, one) | (one, Self::All) => one,
            (Self::And(mut all), one) => {
                all.push(one);
                Self::And(all)
            }
            (one, other) => Self::And(vec![one, other]),
        }
    }

    /// Appends the condition as SQL, with every value bound.
    pub(crate) fn push_to(&self, sql: &mut Statement) {
        match self {
            Self::All => {
                sql.push("1 = 1");
            }
            Self::And(all) => push_joined(all, " AND ", "1 = 1", sql),
            Self::Or(any) => push_joined(any, " OR ", "1 = 0", sql),
            Self::Not(inner) => {
                sql.push("NOT (");
                inner.push_to(sql);
                sql.push(")");
            }
            Self::Compare { column, op, value } => {
                sql.name(column).push(op.sql()).bind(value.clone());
            }
            Self::In { values, .. } if values.is_empty() => {
                sql.push("1 = 0");
            }
            Self::In { column, values } => {
                sql.name(column).push(" IN (");
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        sql.push(", ");
                    }
                    sql.bind(value.clone());
                }
                sql.push(")");
            }
            Self::IsNull { column } => {
                sql.name(column).push(" IS NULL");
            }
            Self::Like { column, pattern } => push_like(column, pattern, sql),
        }
    }
}

fn push_joined(parts: &[Filter], between: &str, empty: &str, sql: &mut Statement) {
    if parts.is_empty() {
        sql.push(empty);
    }
    for (i, part) in parts.iter().enumerate() {
        sql.push(if i == 0 { "(" } else { between });
        part.push_to(sql);
    }
    if !parts.is_empty() {
        sql.push(")");
    }
}

fn push_like(column: &str, pattern: &str, sql: &mut Statement) {
    let mut like = String::with_capacity(pattern.len() + 4);
    for c in pattern.chars() {
        match c {
            '*' => like.push('%'),
            '%' | '_' | '\\' => like.extend(['\\', c]),
            c => like.push(c),
        }
    }
    sql.name(column).push(" LIKE ").bind(like).push(" ESCAPE '\\'");
}
