//! Where a column goes: a field, a part of one, a record that another field names, a custom field.

use std::sync::Arc;

use cortex_core::Result;
use cortex_core::config::suggest;
use cortex_data::{CustomField, CustomKind, EXTRA, FieldKind, FieldMeta, FieldSet, KnownEntity, Meta, ReadTx};
use serde_json::Value as Json;

use super::cell::boolean;
use crate::escape::unescape;
use crate::options::Mapping;
use crate::read::Cell;

/// Names that the framework keeps beside every record.
const SYSTEM: [&str; 6] = ["version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"];
/// Longest name for which the nearest known one is looked for.
const SUGGEST_LENGTH_MAX: usize = 64;

/// Where a column goes.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// The id of the record.
    Id,
    /// A field, or the amount of one.
    Field(&'static FieldMeta),
    /// The currency or unit of a field.
    Second(&'static FieldMeta),
    /// The record that has this value in another field.
    Lookup(Lookup),
    /// A custom field, or a part of one.
    Custom(Custom),
    /// Nowhere.
    Ignored,
}

impl Target {
    pub(crate) fn is_ignored(&self) -> bool {
        matches!(self, Self::Ignored)
    }

    /// The field as errors name it.
    pub(crate) fn path(&self) -> Option<String> {
        match self {
            Self::Id => Some("id".to_owned()),
            Self::Field(field) => Some(field.name.to_owned()),
            Self::Second(field) => Some(format!("{}.{}", field.name, second(field.kind).unwrap_or_default())),
            Self::Lookup(lookup) => Some(format!("{}.{}", lookup.field.name, lookup.by.name)),
            Self::Custom(custom) if custom.is_second() => Some(format!("{}.currency", custom.path())),
            Self::Custom(custom) => Some(custom.path()),
            Self::Ignored => None,
        }
    }
}

/// A reference by another field of the record that is meant.
#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    /// The field that refers.
    pub(crate) field: &'static FieldMeta,
    /// What it refers to.
    pub(crate) other: KnownEntity,
    /// The field by which the record is found.
    pub(crate) by: &'static FieldMeta,
}

/// A custom field as a target.
#[derive(Debug, Clone)]
pub(crate) struct Custom {
    field: Arc<CustomField>,
    /// Whether it is the currency of it.
    second: bool,
}

impl Custom {
    /// `extra.color`
    pub(crate) fn path(&self) -> String {
        self.field.path().to_owned()
    }

    pub(crate) fn is_amount(&self) -> bool {
        self.field.definition().kind == CustomKind::Money
    }

    pub(crate) fn is_second(&self) -> bool {
        self.second
    }

    /// What a client would send for it.
    pub(crate) fn to_json(&self, cell: &Cell) -> Result<Json, String> {
        let (text, marked) = match cell {
            Cell::Json(json) => return Ok(json.clone()),
            Cell::Text(text) if text.is_empty() => return Ok(Json::Null),
            Cell::Text(text) => (text, true),
            Cell::Raw(text) => (text, false),
        };
        let plain = || if marked { unescape(text).into_owned() } else { text.clone() };
        match self.field.definition().kind {
            CustomKind::Text | CustomKind::Choice => Ok(Json::String(plain())),
            CustomKind::Boolean => boolean(text),
            CustomKind::Json => serde_json::from_str(text).map_err(|_| format!("`{text}` is not JSON")),
            // A list as exports write it, or as people do.
            CustomKind::MultiChoice => Ok(serde_json::from_str::<Vec<String>>(text).map_or_else(
                |_| plain().split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
                Json::from,
            )),
            _ => Ok(Json::from(text.trim())),
        }
    }
}

/// The name of the second part of a kind: its currency or unit.
pub(crate) fn second(kind: FieldKind) -> Option<&'static str> {
    match kind {
        FieldKind::Money | FieldKind::Price => Some("currency"),
        FieldKind::Quantity => Some("unit"),
        _ => None,
    }
}

/// Finds targets by their names.
#[derive(Debug)]
pub(crate) struct Finder {
    meta: &'static Meta,
    others: Vec<(&'static str, KnownEntity)>,
    hidden: Vec<String>,
    custom: Arc<FieldSet>,
    columns: Vec<String>,
}

impl Finder {
    pub(crate) fn new(tx: &mut ReadTx, entity: &KnownEntity) -> Result<Self> {
        let meta = entity.meta();
        let database = tx.database().clone();
        let registry = database.registry();
        let ids = meta.fields.iter().filter(|field| matches!(field.kind, FieldKind::Id));
        let others = ids.filter_map(|field| {
            let other = field.rules.references?();
            Some((field.name, registry.entity_of(other)?.clone()))
        });
        let others = others.collect();
        let (hidden, custom) = (tx.hidden_fields(meta)?, tx.custom_fields(meta)?);
        Ok(Self { meta, others, hidden, custom, columns: Vec::new() })
    }

    pub(crate) fn name_columns(&mut self, columns: &[String]) {
        if self.columns.len() < columns.len() {
            self.columns = columns.to_vec();
        }
    }

    /// The column of the file; a lookup names the field where a constant takes its place.
    pub(crate) fn column_name(&self, index: usize, _: &Mapping, _: &str) -> Option<String> {
        self.columns.get(index).cloned()
    }

    /// Whether values of the field are never repeated.
    pub(crate) fn is_secret(&self, path: &str) -> bool {
        let name = path.split('.').next().unwrap_or(path);
        self.meta.field(name).is_some_and(|field| field.rules.write_only)
    }

    /// What `path` stands for.
    pub(crate) fn find(&self, path: &str) -> Result<Target, String> {
        let (name, part) = path.split_once('.').map_or((path, None), |(name, part)| (name, Some(part)));
        let Some(field) = self.meta.fields.iter().find(|field| field.name == name) else {
            return if SYSTEM.contains(&path) { Ok(Target::Ignored) } else { Err(self.unknown(path)) };
        };
        if self.meta.is_key(field) && part.is_none() && !self.meta.takes_keys() {
            return Ok(if self.meta.has_ids() { Target::Id } else { Target::Ignored });
        }
        if self.hidden.iter().any(|hidden| hidden == field.name) {
            return Err(format!("you may not change `{name}`"));
        }
        if field.rules.read_only {
            return Ok(Target::Ignored);
        }
        let Some(part) = part else { return Ok(Target::Field(field)) };
        if second(field.kind) == Some(part) {
            return Ok(Target::Second(field));
        }
        if name == EXTRA {
            let hidden = self.hides(part.strip_suffix(".currency").unwrap_or(part)) || self.hides(part);
            if hidden {
                return Err(format!("you may not change `{path}`"));
            }
            return self.custom(part).ok_or_else(|| self.unknown(path));
        }
        self.lookup(field, part).ok_or_else(|| self.unknown(path))
    }

    /// Whether the actor may not see a custom field, so that it would not know what it overwrites.
    pub(crate) fn hides(&self, custom: &str) -> bool {
        let path = |hidden: &String| hidden.strip_prefix(EXTRA).and_then(|rest| rest.strip_prefix('.')) == Some(custom);
        self.hidden.iter().any(path)
    }

    fn custom(&self, part: &str) -> Option<Target> {
        if let Some(field) = self.custom.get(part) {
            return Some(Target::Custom(Custom { field: Arc::clone(field), second: false }));
        }
        let field = self.custom.get(part.strip_suffix(".currency")?)?;
        let target = Custom { field: Arc::clone(field), second: true };
        target.is_amount().then_some(Target::Custom(target))
    }

    fn lookup(&self, field: &'static FieldMeta, by: &str) -> Option<Target> {
        let (_, other) = self.others.iter().find(|(name, _)| *name == field.name)?;
        let by = other.meta().fields.iter().find(|f| f.name == by)?;
        let usable = by.columns.len() == 1 && !by.rules.write_only && !matches!(by.kind, FieldKind::Json);
        usable.then(|| Target::Lookup(Lookup { field, other: other.clone(), by }))
    }

    fn unknown(&self, path: &str) -> String {
        let mut known = Vec::new();
        for field in self.meta.fields.iter().filter(|field| !field.rules.read_only) {
            known.push(field.name.to_owned());
            known.extend(second(field.kind).map(|part| format!("{}.{part}", field.name)));
            let other = self.others.iter().find(|(name, _)| *name == field.name).map(|(_, other)| other.meta());
            let unique = other.into_iter().flat_map(|meta| meta.fields).filter(|by| by.rules.unique);
            known.extend(unique.map(|by| format!("{}.{}", field.name, by.name)));
        }
        known.extend(self.custom.iter().map(|field| field.path().to_owned()));
        let wrong = if path.len() > SUGGEST_LENGTH_MAX { "" } else { path };
        format!("there is no field `{path}`: {}", suggest(wrong, &known, "fields"))
    }
}
