//! Writes the `CREATE TABLE` of an entity, in the SQL that every database accepts.

use std::borrow::Cow;
use std::fmt::Write;

use super::compare::{self, Wanted};
use crate::meta::Meta;

/// The statement that creates the table of an entity: for scaffolding, and for programs of one file.
#[must_use]
pub fn create_table_sql(meta: &Meta) -> String {
    create_table_as(meta, meta.table)
}

/// The same under another name, for rebuilding.
pub(super) fn create_table_as(meta: &Meta, table: &str) -> String {
    let mut lines: Vec<String> = compare::wanted_columns(meta).iter().map(column).collect();
    lines.push(format!("PRIMARY KEY ({})", names(&compare::primary_key(meta))));
    lines.extend(compare::uniques(meta).iter().map(|columns| format!("UNIQUE ({})", names(columns))));
    for reference in compare::references(meta) {
        let mut line = format!("FOREIGN KEY ({}) ", names(&reference.columns));
        let _ = write!(line, "REFERENCES {} ({})", name(reference.table), names(&reference.to));
        lines.push(line);
    }
    format!("CREATE TABLE {} (\n    {}\n);\n", name(table), lines.join(",\n    "))
}

fn column(wanted: &Wanted) -> String {
    let null = if wanted.nullable { "" } else { " NOT NULL" };
    format!("{} {}{null}", name(wanted.name), wanted.sql_type())
}

/// Column names separated by commas.
pub(super) fn names<S: AsRef<str>>(columns: &[S]) -> String {
    columns.iter().map(|column| name(column.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The name, quoted where the word has a meaning in SQL.
pub(super) fn name(identifier: &str) -> Cow<'_, str> {
    if RESERVED.contains(&identifier) { format!("\"{identifier}\"").into() } else { identifier.into() }
}

/// Words that can't be names of columns or tables without quotes on PostgreSQL 16 or SQLite 3.
const RESERVED: [&str; 86] = [
    "add",
    "all",
    "alter",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "commit",
    "constraint",
    "create",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "delete",
    "desc",
    "distinct",
    "do",
    "drop",
    "else",
    "end",
    "escape",
    "except",
    "exists",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "index",
    "initially",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "trailing",
    "true",
    "union",
    "unique",
    "update",
    "user",
    "using",
    "values",
];
