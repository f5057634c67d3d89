//! What the table of others must be for its entity, and in what it differs: it is checked, and never changed.

use super::SchemaProblem;
use super::compare::{Wanted, same_columns, uniques, wanted_columns};
use super::found::{Column, Found, Kind};
use crate::database::Backend;
use crate::meta::{External, Meta};
use crate::value::ColumnType;

const NO_MEND: &str = "-- the table belongs to others: change the entity, or map a view that shows what it expects\n";

/// Everything in which the table does not serve `meta`.
pub(super) fn compare(meta: &Meta, external: External, found: Option<&Found>, backend: Backend) -> Vec<SchemaProblem> {
    let mut report = Report { meta, external, backend, problems: Vec::new() };
    let Some(found) = found else {
        report.add(None, "a table or a view".to_owned(), "none".to_owned());
        return report.problems;
    };
    let wanted = wanted_columns(meta);
    wanted.iter().for_each(|column| report.column(column, found));
    if found.is_view && !external.read_only {
        report.add(None, "a table, or `read_only`".to_owned(), "a view".to_owned());
    }
    if !found.is_view {
        report.uniques(found);
    }
    if !external.read_only {
        report.strangers(&wanted, found);
    }
    report.problems
}

struct Report<'a> {
    meta: &'a Meta,
    external: External,
    backend: Backend,
    problems: Vec<SchemaProblem>,
}

impl Report<'_> {
    fn add(&mut self, column: Option<&str>, expected: String, found: String) {
        let (table, column) = (self.meta.table.to_owned(), column.map(str::to_owned));
        self.problems.push(SchemaProblem { table, column, expected, found, mend: NO_MEND.to_owned() });
    }

    fn column(&mut self, wanted: &Wanted, found: &Found) {
        let Some(column) = found.column(wanted.name) else {
            let expected = format!("a column of type {}", wanted.types());
            return self.add(Some(wanted.name), expected, "none".to_owned());
        };
        // SQLite tells no types of a view's expressions.
        let told = !(found.is_view && self.backend == Backend::Sqlite);
        if told && !self.is_held(wanted, &column.kind) {
            self.add(Some(wanted.name), wanted.types(), format!("`{}`", column.declared));
        }
        let may_be_null = column.nullable && !found.primary_key.contains(&column.name);
        if !found.is_view && may_be_null && !wanted.nullable {
            self.add(Some(wanted.name), "`NOT NULL`, or an optional field".to_owned(), "nullable".to_owned());
        } else if !self.external.read_only && !may_be_null && wanted.nullable {
            self.add(
                Some(wanted.name),
                "nullable, or a field that is not optional".to_owned(),
                "`NOT NULL`".to_owned(),
            );
        }
    }

    /// As of tables of our own; what is only read needs to be read without loss, and no more.
    fn is_held(&self, wanted: &Wanted, kind: &Kind) -> bool {
        if wanted.is_held_by(kind) {
            return true;
        }
        match (wanted.of, kind, self.backend) {
            (ColumnType::Text, Kind::Chars(_), _) => self.external.read_only,
            // Any number of SQLite's is as long as it has to be.
            (ColumnType::BigInt, Kind::Plain(ColumnType::Int), Backend::Sqlite) => true,
            (ColumnType::Fixed, Kind::Other(declared), Backend::Postgres) => {
                self.external.read_only && digits(declared).is_some_and(|(all, after)| after <= 6 && all - after <= 13)
            }
            _ => false,
        }
    }

    /// Columns that no field fills: every insert would fail.
    fn strangers(&mut self, wanted: &[Wanted], found: &Found) {
        let stranger = |column: &&Column| !wanted.iter().any(|wanted| wanted.name == column.name);
        let required = found.columns.iter().filter(stranger).filter(|column| !column.nullable && !column.has_default);
        for column in required {
            let expected = "a field, a default, nullable, or `read_only`".to_owned();
            self.add(Some(&column.name), expected, "`NOT NULL` without either".to_owned());
        }
    }

    fn uniques(&mut self, found: &Found) {
        let key = vec![self.meta.key_column()];
        for columns in std::iter::once(key).chain(uniques(self.meta)) {
            let whole = found.uniques.iter().filter(|unique| !unique.partial).map(|unique| &unique.columns);
            let mut all = whole.chain([&found.primary_key]);
            if !all.any(|unique| same_columns(unique, &columns)) {
                let expected = format!("`UNIQUE ({})`", columns.join(", "));
                self.add(columns.last().copied(), expected, "none".to_owned());
            }
        }
    }
}

/// Digits of `numeric(12,2)`: all, and those after the point.
fn digits(declared: &str) -> Option<(i32, i32)> {
    let inside = declared.strip_prefix("numeric(")?.strip_suffix(')')?;
    let (all, after) = inside.split_once(',')?;
    Some((all.trim().parse().ok()?, after.trim().parse().ok()?))
}
