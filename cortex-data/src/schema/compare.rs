//! What a table must be for its entity, and in what it differs from that.

use std::borrow::Cow;

use super::found::{Column, Found, Kind};
use super::mend::Mend;
use super::{COLUMNS_MAX, SchemaProblem};
use crate::database::Backend;
use crate::meta::{COMPANY, FieldKind, FieldMeta, Meta, TENANT};
use crate::value::ColumnType;

/// A column as the entity needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) name: &'static str,
    pub(super) of: ColumnType,
    pub(super) nullable: bool,
    /// Most characters of a text, where that is known.
    pub(super) chars_max: Option<u32>,
    /// Exactly that many characters, always.
    fixed: bool,
}

impl Wanted {
    /// Its type in migrations.
    pub(super) fn sql_type(&self) -> Cow<'static, str> {
        match (self.of, self.chars_max) {
            (ColumnType::Text, Some(chars)) => format!("varchar({chars})").into(),
            (of, _) => of.sql().into(),
        }
    }

    /// The types that can hold it, in words.
    pub(super) fn types(&self) -> String {
        match (self.of, self.chars_max) {
            (ColumnType::Text, Some(chars)) => format!("`text` or `varchar({chars})`"),
            (of, _) => format!("`{}`", of.sql()),
        }
    }

    pub(super) fn is_held_by(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Plain(of) => *of == self.of,
            Kind::Chars(chars) => self.of == ColumnType::Text && self.chars_max.is_some_and(|max| max <= *chars),
            // Blanks that fill up a fixed length would come back as part of the text.
            Kind::FixedChars(chars) => self.of == ColumnType::Text && self.fixed && self.chars_max == Some(*chars),
            Kind::Other(_) => false,
        }
    }
}

/// A foreign key as the entity needs it.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) column: &'static str,
    pub(super) columns: Vec<&'static str>,
    pub(super) table: &'static str,
    pub(super) to: Vec<&'static str>,
}

/// All columns: tenant, company and id first, then the fields, then what the framework keeps beside them.
pub(super) fn wanted_columns(meta: &Meta) -> Vec<Wanted> {
    let system = meta.system_columns();
    let plain = |(name, of, nullable)| Wanted { name, of, nullable, chars_max: None, fixed: false };
    let (scope, rest): (Vec<_>, Vec<_>) =
        system.map(plain).partition(|column| [TENANT, COMPANY].contains(&column.name));
    scope.into_iter().chain(meta.fields.iter().flat_map(field_columns)).chain(rest).collect()
}

const ID: &str = "id";

fn field_columns(field: &FieldMeta) -> impl Iterator<Item = Wanted> + '_ {
    field.typed_columns().enumerate().map(|(place, (name, of))| {
        let (chars_max, fixed) = match (of, field.kind, place) {
            (ColumnType::Text, FieldKind::Currency, _) | (ColumnType::Text, FieldKind::Money | FieldKind::Price, 1) => {
                (Some(3), true)
            }
            (ColumnType::Text, FieldKind::Unit, _) | (ColumnType::Text, FieldKind::Quantity, 1) => (Some(8), false),
            (ColumnType::Text, FieldKind::Choice(names), _) => (longest(names), false),
            (ColumnType::Text, _, _) => (field.rules.max_len.or(longest(field.rules.one_of)), false),
            _ => (None, false),
        };
        Wanted { name, of, nullable: field.nullable, chars_max, fixed }
    })
}

fn longest(names: &[&str]) -> Option<u32> {
    names.iter().filter_map(|name| u32::try_from(name.chars().count()).ok()).max()
}

pub(super) fn primary_key(meta: &Meta) -> Vec<&'static str> {
    if !meta.tenant {
        return vec![meta.key_column()];
    }
    scope(meta, meta).chain([ID]).collect()
}

/// The columns of tenant and company that `meta` and `other` both have.
fn scope(meta: &Meta, other: &Meta) -> impl Iterator<Item = &'static str> + use<> {
    let tenant = (meta.tenant && other.tenant).then_some(TENANT);
    tenant.into_iter().chain((meta.company && other.company).then_some(COMPANY))
}

pub(super) fn uniques(meta: &Meta) -> Vec<Vec<&'static str>> {
    let unique = meta.fields.iter().filter(|field| field.rules.unique);
    unique.map(|field| scope(meta, meta).chain(field.columns.iter().copied()).collect()).collect()
}

pub(super) fn references(meta: &Meta) -> Vec<Reference> {
    let mut all = Vec::new();
    for field in meta.fields {
        let (Some(target), Some(column)) = (field.rules.references, field.columns.first().copied()) else { continue };
        let target = target();
        // A tenant's record may refer to one that all tenants share, a company's to one that all its companies share.
        let columns = scope(meta, target).chain([column]).collect();
        all.push(Reference { column, columns, table: target.table, to: primary_key(target) });
    }
    all
}

/// Everything in which the table differs from what `meta` needs.
pub(super) fn compare(meta: &Meta, found: Option<&Found>, backend: Backend) -> Vec<SchemaProblem> {
    if let Some(external) = meta.external {
        return super::external::compare(meta, external, found, backend);
    }
    let report = Report { meta, mend: Mend { meta, found, backend } };
    let wanted = wanted_columns(meta);
    let mut problems = Vec::new();
    if wanted.len() > COLUMNS_MAX {
        let (expected, found) = (format!("at most {COLUMNS_MAX} columns"), format!("{} columns", wanted.len()));
        let mend = "-- move some of the fields to an entity of their own\n".to_owned();
        problems.push(report.problem(None, expected, found, mend));
    }
    let Some(found) = found else {
        problems.push(report.problem(None, "a table".to_owned(), "none".to_owned(), report.mend.create()));
        return problems;
    };
    for column in &wanted {
        problems.extend(report.column(column, found));
    }
    problems.extend(report.strangers(&wanted, found));
    problems.extend(report.keys(found));
    problems
}

struct Report<'a> {
    meta: &'a Meta,
    mend: Mend<'a>,
}

impl Report<'_> {
    fn problem(&self, column: Option<&str>, expected: String, found: String, mend: String) -> SchemaProblem {
        let (table, column) = (self.meta.table.to_owned(), column.map(str::to_owned));
        SchemaProblem { table, column, expected, found, mend }
    }

    fn column(&self, wanted: &Wanted, found: &Found) -> Vec<SchemaProblem> {
        let problem = |expected, found, mend| self.problem(Some(wanted.name), expected, found, mend);
        let Some(column) = found.column(wanted.name) else {
            let expected = format!("a column of type {}", wanted.types());
            return vec![problem(expected, "none".to_owned(), self.mend.add_column(wanted))];
        };
        let mut problems = Vec::new();
        if !wanted.is_held_by(&column.kind) {
            problems.push(problem(wanted.types(), format!("`{}`", column.declared), self.mend.change_type(wanted)));
        }
        if wanted.nullable != column.nullable {
            let words = |nullable| if nullable { "nullable" } else { "`NOT NULL`" };
            let (expected, found) = (words(wanted.nullable).to_owned(), words(column.nullable).to_owned());
            problems.push(problem(expected, found, self.mend.change_nullable(wanted)));
        }
        problems
    }

    /// Columns that no field fills: every insert would fail.
    fn strangers(&self, wanted: &[Wanted], found: &Found) -> Vec<SchemaProblem> {
        let stranger = |column: &&Column| !wanted.iter().any(|wanted| wanted.name == column.name);
        let required = found.columns.iter().filter(stranger).filter(|column| !column.nullable && !column.has_default);
        let problem = |column: &Column| {
            let expected = "a field, a default, or nullable".to_owned();
            let found = "`NOT NULL` without either".to_owned();
            self.problem(Some(&column.name), expected, found, self.mend.drop_column(&column.name))
        };
        required.map(problem).collect()
    }

    fn keys(&self, found: &Found) -> Vec<SchemaProblem> {
        let mut problems = Vec::new();
        let list = |columns: &[&str]| columns.join(", ");
        let primary = primary_key(self.meta);
        if found.primary_key != primary {
            let has = if found.primary_key.is_empty() {
                "none".to_owned()
            } else {
                format!("`({})`", found.primary_key.join(", "))
            };
            problems.push(self.problem(
                None,
                format!("`PRIMARY KEY ({})`", list(&primary)),
                has,
                self.mend.primary_key(),
            ));
        }
        for columns in uniques(self.meta) {
            // Where deleted records stay, a unique index may leave them out.
            let usable = |unique: &&super::found::Unique| !unique.partial || self.meta.soft_delete;
            let mut all = found.uniques.iter().filter(usable);
            if !all.any(|unique| same_columns(&unique.columns, &columns)) {
                let expected = format!("`UNIQUE ({})`", list(&columns));
                let mend = self.mend.unique(&columns);
                problems.push(self.problem(columns.last().copied(), expected, "none".to_owned(), mend));
            }
        }
        for reference in references(self.meta) {
            let fits = |key: &super::found::ForeignKey| {
                key.table == reference.table
                    && key.columns == reference.columns
                    && (key.to.is_empty() || key.to == reference.to)
            };
            if !found.foreign_keys.iter().any(fits) {
                let (from, to) = (list(&reference.columns), list(&reference.to));
                let expected = format!("`FOREIGN KEY ({from}) REFERENCES {} ({to})`", reference.table);
                let mut same =
                    found.foreign_keys.iter().filter(|key| key.columns.iter().any(|c| c == reference.column));
                let has = same.next().map_or_else(|| "none".to_owned(), |key| format!("`{key}`"));
                problems.push(self.problem(Some(reference.column), expected, has, self.mend.foreign_key(&reference)));
            }
        }
        problems
    }
}

pub(super) fn same_columns(found: &[String], wanted: &[&str]) -> bool {
    found.len() == wanted.len() && wanted.iter().all(|column| found.iter().any(|other| other == column))
}
