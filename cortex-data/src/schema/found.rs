//! A table as the database has it, told in the same words for every database.

#[cfg(any(feature = "postgres", feature = "postgres-system"))]
mod postgres;
mod sqlite;

use std::fmt;

use cortex_core::Result;

use crate::conn::Conn;
use crate::value::ColumnType;

/// A table.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) columns: Vec<Column>,
    /// It is no table of its own.
    pub(crate) is_view: bool,
    pub(crate) primary_key: Vec<String>,
    /// The name of that constraint, where it has one.
    pub(crate) primary_key_name: Option<String>,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
}

impl Found {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A column.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// The type as the database tells it, in the words of migrations.
    pub(crate) declared: String,
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
    pub(crate) has_default: bool,
}

/// What a declared type means to us.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain(ColumnType),
    /// `varchar(n)`
    Chars(u32),
    /// `char(n)`
    FixedChars(u32),
    Other(String),
}

/// A unique index or constraint.
#[derive(Debug)]
pub(crate) struct Unique {
    pub(crate) columns: Vec<String>,
    /// It leaves rows out by a condition.
    pub(crate) partial: bool,
}

/// A foreign key; without target columns it is the primary key of the other table.
#[derive(Debug)]
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<String>,
    pub(crate) table: String,
    pub(crate) to: Vec<String>,
}

impl fmt::Display for ForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FOREIGN KEY ({}) REFERENCES {}", self.columns.join(", "), self.table)?;
        if self.to.is_empty() { Ok(()) } else { write!(f, " ({})", self.to.join(", ")) }
    }
}

/// Reads a table; `None` when there is none of this name.
pub(crate) fn table(conn: &mut Conn, name: &str) -> Result<Option<Found>> {
    let found = match conn {
        Conn::Sqlite(_) => sqlite::table(conn, name)?,
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(_) => postgres::table(conn, name)?,
    };
    Ok((!found.columns.is_empty()).then_some(found))
}

/// Reads a declared type: `VARCHAR (20)`, `int8`, `numeric(19, 6)`.
pub(crate) fn kind(declared: &str) -> Kind {
    let lower: String = declared.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let (word, arguments) = match lower.split_once('(') {
        Some((word, rest)) => (word.trim(), rest.trim_end_matches(')').replace(' ', "")),
        None => (lower.as_str(), String::new()),
    };
    let of = match (word, arguments.as_str()) {
        ("boolean" | "bool", "") => ColumnType::Bool,
        ("integer" | "int" | "int4", "") => ColumnType::Int,
        ("bigint" | "int8", "") => ColumnType::BigInt,
        ("text" | "varchar" | "character varying", "") => ColumnType::Text,
        ("uuid", "") => ColumnType::Guid,
        ("timestamptz" | "timestamp with time zone", "") => ColumnType::Instant,
        ("date", "") => ColumnType::Day,
        ("numeric" | "decimal", "19,6") => ColumnType::Fixed,
        ("numeric" | "decimal", "19,10") => ColumnType::Fine,
        ("jsonb", "") => ColumnType::Json,
        ("varchar" | "character varying", chars) => return chars.parse().map_or(Kind::Other(lower), Kind::Chars),
        ("char" | "character" | "bpchar", chars) => return chars.parse().map_or(Kind::Other(lower), Kind::FixedChars),
        _ => return Kind::Other(lower),
    };
    Kind::Plain(of)
}

/// Puts rows with the same key together, in the order in which they come.
fn grouped<K: PartialEq, V>(rows: impl IntoIterator<Item = (K, V)>) -> Vec<(K, Vec<V>)> {
    let mut groups: Vec<(K, Vec<V>)> = Vec::new();
    for (key, value) in rows {
        match groups.last_mut() {
            Some((last, values)) if *last == key => values.push(value),
            _ => groups.push((key, vec![value])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_types_are_read_however_they_are_written() {
        assert_eq!(kind("NUMERIC (19, 6)"), Kind::Plain(ColumnType::Fixed));
        assert_eq!(kind("character varying(20)"), Kind::Chars(20));
        assert_eq!(kind("VarChar(8)"), Kind::Chars(8));
        assert_eq!(kind("timestamp  with time zone"), Kind::Plain(ColumnType::Instant));
        assert_eq!(kind("char(3)"), Kind::FixedChars(3));
        assert_eq!(kind("numeric(10,2)"), Kind::Other("numeric(10,2)".to_owned()));
        assert_eq!(kind("varchar(x)"), Kind::Other("varchar(x)".to_owned()));
    }
}
