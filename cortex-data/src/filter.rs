//! Filters on the fields of an entity, as data: from query parameters, policies and code.
//!
//! A comparison with an absent value is neither satisfied nor not satisfied, as in SQL: `plate != "X"` and
//! `not (plate = "X")` both leave out the records without a plate. Ask for those by `plate = null`.

mod custom;
mod error;
mod name;
mod parse;
mod term;
mod token;

pub use custom::CustomTest;
pub use error::FilterError;
pub use parse::{FILTER_DEPTH_MAX, FILTER_ITEMS_MAX, FILTER_LENGTH_MAX, FILTER_TERMS_MAX};

pub(crate) use name::{Names, Target, nearest};

use crate::custom::CustomColumn;
use crate::database::Backend;
use crate::statement::Statement;
use crate::value::{ColumnType, Value};

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
    /// Something of a custom field.
    Custom {
        /// What of it.
        column: CustomColumn,
        /// What is asked.
        test: CustomTest,
    },
}

/// How two values are compared. Texts are ordered by their bytes in UTF-8, on every database.
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

    /// Whether it asks which value is larger.
    pub(crate) fn orders(self) -> bool {
        !matches!(self, Self::Eq | Self::Ne)
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

    /// Names of the custom fields that it asks about.
    pub(crate) fn custom_fields<'a>(&'a self, out: &mut Vec<&'a str>) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.custom_fields(out)),
            Self::Not(inner) => inner.custom_fields(out),
            Self::Custom { column, .. } => out.push(column.field()),
            _ => {}
        }
    }

    /// Appends the condition as SQL, with every value bound.
    pub(crate) fn push_to(&self, backend: Backend, sql: &mut Statement) {
        match self {
            Self::All => {
                sql.push("1 = 1");
            }
            Self::And(all) => push_joined(all, " AND ", "1 = 1", backend, sql),
            Self::Or(any) => push_joined(any, " OR ", "1 = 0", backend, sql),
            Self::Not(inner) => {
                sql.push("NOT (");
                inner.push_to(backend, sql);
                sql.push(")");
            }
            Self::Compare { column, op, value } if op.orders() => {
                push_ordered(column, value.column_type(), backend, sql);
                sql.push(op.sql()).bind(value.clone());
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
            Self::Like { column, pattern } => push_like(&format!("\"{column}\""), pattern, backend, sql),
            Self::Custom { column, test } => custom::push(column, test, backend, sql),
        }
    }
}

/// The column as something to order by. PostgreSQL would order texts by the server's locale, which differs from
/// SQLite and from server to server; an index that is to serve such an order names the collation too.
pub(crate) fn push_ordered(column: &str, of: ColumnType, backend: Backend, sql: &mut Statement) {
    sql.name(column);
    if of == ColumnType::Text && backend == Backend::Postgres {
        sql.push(" COLLATE \"C\"");
    }
}

fn push_joined(parts: &[Filter], between: &str, empty: &str, backend: Backend, sql: &mut Statement) {
    if parts.is_empty() {
        sql.push(empty);
    }
    for (i, part) in parts.iter().enumerate() {
        sql.push(if i == 0 { "(" } else { between });
        part.push_to(backend, sql);
    }
    if !parts.is_empty() {
        sql.push(")");
    }
}

/// SQLite's LIKE ignores the case of ASCII letters, PostgreSQL's does not; SQLite's GLOB does not either.
fn push_like(expression: &str, pattern: &str, backend: Backend, sql: &mut Statement) {
    let mut like = String::with_capacity(pattern.len() + 4);
    match backend {
        Backend::Sqlite => {
            for c in pattern.chars() {
                match c {
                    '?' | '[' => like.extend(['[', c, ']']),
                    c => like.push(c),
                }
            }
            sql.push(expression).push(" GLOB ").bind(like);
        }
        Backend::Postgres => {
            for c in pattern.chars() {
                match c {
                    '*' => like.push('%'),
                    '%' | '_' | '\\' => like.extend(['\\', c]),
                    c => like.push(c),
                }
            }
            sql.push(expression).push(" LIKE ").bind(like).push(" ESCAPE '\\'");
        }
    }
}
