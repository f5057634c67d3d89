//! The names by which clients filter, sort and select: which exist, and which of them a client may use.

use std::sync::Arc;

use cortex_core::config::suggest;

use crate::custom::{CustomField, CustomKind, FieldSet, Part};
use crate::meta::{FieldKind, FieldMeta, Meta};

/// Longest name for which the nearest known one is looked for.
const SUGGEST_LENGTH_MAX: usize = 64;

/// The names of an entity, without those that a client may not see.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) meta: &'static Meta,
    /// Fields hidden from this client.
    pub(crate) hidden: &'a [&'a str],
    /// The custom fields of the tenant.
    pub(crate) custom: Option<&'a FieldSet>,
}

/// What a name stands for: a field, a part of one (`price.currency`) or a system column.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) columns: &'static [&'static str],
    pub(crate) kind: FieldKind,
    /// The custom field, and what of it; it has no columns.
    pub(crate) custom: Option<(Arc<CustomField>, Part)>,
}

impl Target {
    fn own(columns: &'static [&'static str], kind: FieldKind) -> Self {
        Self { columns, kind, custom: None }
    }

    /// Whether a value is an amount with its currency or unit.
    pub(crate) fn is_pair(&self) -> bool {
        match &self.custom {
            Some((field, part)) => *part == Part::Value && field.definition().kind == CustomKind::Money,
            None => self.columns.len() == 2,
        }
    }
}

impl Names<'_> {
    /// What `name` stands for.
    pub(crate) fn target(&self, name: &str) -> Option<Target> {
        let (field, part) = name.split_once('.').map_or((name, None), |(field, part)| (field, Some(part)));
        let Some(field) = self.fields().find(|f| f.name == field) else { return system(self.meta, name) };
        match part {
            part if matches!(field.kind, FieldKind::Extra) => self.custom_target(part?),
            None => Some(Target::own(field.columns, field.kind)),
            Some(part) => {
                let (named, kind) = second(field.kind)?;
                let columns = field.columns.get(1..)?;
                (part == named).then_some(Target::own(columns, kind))
            }
        }
    }

    /// The name of the currency or unit of an amount: `price.currency`.
    pub(crate) fn second(&self, name: &str) -> Option<String> {
        let target = self.target(name).filter(Target::is_pair)?;
        let part = if target.custom.is_some() { "currency" } else { second(target.kind)?.0 };
        Some(format!("{name}.{part}"))
    }

    /// What `color` or `price.currency` stands for, after `extra.`.
    fn custom_target(&self, name: &str) -> Option<Target> {
        let (name, part) = match name.split_once('.') {
            None => (name, Part::Value),
            Some((name, "currency")) => (name, Part::Currency),
            Some(_) => return None,
        };
        let field = self.custom?.get(name).filter(|field| !self.hidden.contains(&field.path()))?;
        field.column(part)?;
        Some(Target { columns: &[], kind: FieldKind::Extra, custom: Some((Arc::clone(field), part)) })
    }

    /// Whether a client may see the field.
    pub(crate) fn sees(&self, field: &FieldMeta) -> bool {
        !field.rules.write_only && !self.hidden.contains(&field.name)
    }

    fn fields(&self) -> impl Iterator<Item = &'static FieldMeta> + '_ {
        self.meta.fields.iter().filter(|f| self.sees(f))
    }

    /// The nearest of the accepted names, and all of them.
    pub(crate) fn help(&self, wrong: &str) -> String {
        let mut known = Vec::new();
        for field in self.fields() {
            if matches!(field.kind, FieldKind::Extra) {
                let visible = self.custom.into_iter().flat_map(FieldSet::iter);
                let visible = visible.map(|field| field.path().to_owned());
                known.extend(visible.filter(|path| !self.hidden.contains(&path.as_str())));
                continue;
            }
            known.push(field.name.to_owned());
            if let Some((part, _)) = second(field.kind) {
                known.push(format!("{}.{part}", field.name));
            }
        }
        known.extend(SYSTEM.iter().filter(|name| system(self.meta, name).is_some()).map(|name| (*name).to_owned()));
        nearest(wrong, &known, "accepted names")
    }
}

/// As [`suggest`], for names of any length.
pub(crate) fn nearest(wrong: &str, known: &[String], what: &str) -> String {
    // The search takes time in proportion to the length, and nobody mistypes a name of 1,000 letters.
    suggest(if wrong.len() > SUGGEST_LENGTH_MAX { "" } else { wrong }, known, what)
}

/// The second column of a kind: its name after the dot, and what it holds.
fn second(kind: FieldKind) -> Option<(&'static str, FieldKind)> {
    match kind {
        FieldKind::Money | FieldKind::Price => Some(("currency", FieldKind::Currency)),
        FieldKind::Quantity => Some(("unit", FieldKind::Unit)),
        _ => None,
    }
}

/// System columns that clients may name. Whether a record is deleted is not among them: deleted ones are left out.
const SYSTEM: [&str; 5] = ["version", "created_at", "created_by", "updated_at", "updated_by"];

fn system(meta: &Meta, name: &str) -> Option<Target> {
    let (columns, kind, kept): (&'static [&'static str], _, _) = match name {
        "version" => (&["version"], FieldKind::BigInt, meta.versioned),
        "created_at" => (&["created_at"], FieldKind::Instant, meta.audited),
        "created_by" => (&["created_by"], FieldKind::Id, meta.audited),
        "updated_at" => (&["updated_at"], FieldKind::Instant, meta.audited),
        "updated_by" => (&["updated_by"], FieldKind::Id, meta.audited),
        _ => return None,
    };
    kept.then_some(Target::own(columns, kind))
}
