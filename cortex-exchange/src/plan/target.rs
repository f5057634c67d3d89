//! Where a column goes: a field, a part of one, a record that another field names, a custom field.

use cortex_core::Result;
use cortex_core::config::suggest;
use cortex_data::{FieldKind, FieldMeta, KnownEntity, Meta, ReadTx};
use serde_json::Value as Json;

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
    name: String,
}

impl Custom {
    /// `extra.color`
    pub(crate) fn path(&self) -> String {
        format!("extra.{}", self.name)
    }

    pub(crate) fn is_amount(&self) -> bool {
        false
    }

    pub(crate) fn is_second(&self) -> bool {
        false
    }

    pub(crate) fn to_json(&self, cell: &Cell) -> Result<Json, String> {
        Ok(match cell {
            Cell::Json(json) => json.clone(),
            Cell::Text(text) if text.is_empty() => Json::Null,
            Cell::Text(text) | Cell::Raw(text) => Json::from(text.as_str()),
        })
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
    hidden: Vec<&'static str>,
    columns: Vec<String>,
}

impl Finder {
    pub(crate) fn new(tx: &mut ReadTx, entity: &KnownEntity) -> Result<Self> {
        let meta = entity.meta();
        let database = tx.database().clone();
        let registry = database.registry();
        let others = meta.fields.iter().filter_map(|field| {
            let other = field.rules.references?();
            Some((field.name, registry.entity_of(other)?.clone()))
        });
        let hidden = registry.guard().mask(tx.cx(), meta);
        Ok(Self { meta, others: others.collect(), hidden, columns: Vec::new() })
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
        if field.name == "id" && part.is_none() {
            return Ok(Target::Id);
        }
        if self.hidden.contains(&field.name) {
            return Err(format!("you may not change `{name}`"));
        }
        if field.rules.read_only {
            return Ok(Target::Ignored);
        }
        let Some(part) = part else { return Ok(Target::Field(field)) };
        if second(field.kind) == Some(part) {
            return Ok(Target::Second(field));
        }
        if name == "extra" {
            return Ok(Target::Custom(Custom { name: part.to_owned() }));
        }
        self.lookup(field, part).ok_or_else(|| self.unknown(path))
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
        let wrong = if path.len() > SUGGEST_LENGTH_MAX { "" } else { path };
        format!("there is no field `{path}`: {}", suggest(wrong, &known, "fields"))
    }
}
