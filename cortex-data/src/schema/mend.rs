//! Writes the statements that bring a table to what its entity needs.

use super::compare::{Reference, Wanted, wanted_columns};
use super::create::{create_table_as, create_table_sql, name, names};
use super::found::Found;
use crate::database::Backend;
use crate::meta::Meta;
use crate::value::ColumnType;

/// Mends one table.
pub(super) struct Mend<'a> {
    pub(super) meta: &'a Meta,
    pub(super) found: Option<&'a Found>,
    pub(super) backend: Backend,
}

impl Mend<'_> {
    pub(super) fn create(&self) -> String {
        create_table_sql(self.meta)
    }

    pub(super) fn add_column(&self, wanted: &Wanted) -> String {
        let column = format!("ALTER TABLE {} ADD COLUMN {} {}", self.table(), name(wanted.name), wanted.sql_type());
        if wanted.nullable {
            return format!("{column};\n");
        }
        // Rows that exist need a value: this one is neutral, the right one is for the author to choose.
        format!("{column} NOT NULL DEFAULT {};\n", self.neutral(wanted.of))
    }

    pub(super) fn change_type(&self, wanted: &Wanted) -> String {
        self.alter(|table| {
            let (column, of) = (name(wanted.name), wanted.sql_type());
            format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {of} USING {column}::{of};\n")
        })
    }

    pub(super) fn change_nullable(&self, wanted: &Wanted) -> String {
        self.alter(|table| {
            let verb = if wanted.nullable { "DROP" } else { "SET" };
            format!("ALTER TABLE {table} ALTER COLUMN {} {verb} NOT NULL;\n", name(wanted.name))
        })
    }

    pub(super) fn drop_column(&self, column: &str) -> String {
        format!("ALTER TABLE {} DROP COLUMN {};\n", self.table(), name(column))
    }

    pub(super) fn primary_key(&self) -> String {
        self.alter(|table| {
            let old = self.found.and_then(|found| found.primary_key_name.as_deref());
            let drop = old.map(|old| format!("DROP CONSTRAINT {}, ", name(old))).unwrap_or_default();
            let columns = names(&super::compare::primary_key(self.meta));
            format!("ALTER TABLE {table} {drop}ADD PRIMARY KEY ({columns});\n")
        })
    }

    pub(super) fn unique(&self, columns: &[&str]) -> String {
        let last = columns.last().copied().unwrap_or_default();
        let index = format!("{}_{last}_unique", self.meta.table);
        format!("CREATE UNIQUE INDEX {index} ON {} ({});\n", self.table(), names(columns))
    }

    pub(super) fn foreign_key(&self, reference: &Reference) -> String {
        self.alter(|table| {
            let (from, to) = (names(&reference.columns), names(&reference.to));
            format!("ALTER TABLE {table} ADD FOREIGN KEY ({from}) REFERENCES {} ({to});\n", name(reference.table))
        })
    }

    fn table(&self) -> std::borrow::Cow<'static, str> {
        name(self.meta.table)
    }

    /// On PostgreSQL the statement; SQLite can't change columns and constraints, so there the table is rebuilt.
    fn alter(&self, statement: impl FnOnce(&str) -> String) -> String {
        match self.backend {
            Backend::Postgres => statement(&self.table()),
            Backend::Sqlite => self.rebuild(),
        }
    }

    fn rebuild(&self) -> String {
        let (table, new) = (self.table(), format!("{}_new", self.meta.table));
        let both: Vec<_> = wanted_columns(self.meta)
            .iter()
            .filter(|wanted| self.found.is_some_and(|found| found.column(wanted.name).is_some()))
            .map(|wanted| wanted.name)
            .collect();
        let columns = names(&both);
        format!(
            "{}INSERT INTO {new} ({columns}) SELECT {columns} FROM {table};\nDROP TABLE {table};\n\
             ALTER TABLE {new} RENAME TO {table};\n-- create the indexes and triggers of {table} again\n",
            create_table_as(self.meta, &new)
        )
    }

    /// A literal that means nothing yet.
    fn neutral(&self, of: ColumnType) -> &'static str {
        match (of, self.backend) {
            (ColumnType::Bool, _) => "false",
            (ColumnType::Int | ColumnType::BigInt | ColumnType::Fixed | ColumnType::Fine, _) => "0",
            (ColumnType::Text, _) => "''",
            (ColumnType::Guid, Backend::Sqlite) => "x'00000000000000000000000000000000'",
            (ColumnType::Guid, Backend::Postgres) => "'00000000-0000-0000-0000-000000000000'",
            (ColumnType::Instant, Backend::Sqlite) => "0",
            (ColumnType::Instant, Backend::Postgres) => "'epoch'",
            (ColumnType::Day, _) => "'1970-01-01'",
            (ColumnType::Json, _) => "'null'",
        }
    }
}
