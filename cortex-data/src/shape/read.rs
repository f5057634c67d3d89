//! A record as clients get it.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Select;
use crate::entity::Entity;
use crate::json::FieldJson;
use crate::meta::FieldKind;
use crate::record::Record;

/// A record as JSON: its chosen fields, then its version and stamps where the entity has them.
#[derive(Debug, Clone)]
pub struct Read<E> {
    record: Record<E>,
    select: Select<E>,
}

impl<E: Entity> Read<E> {
    /// The chosen fields of `record`.
    #[must_use]
    pub fn new(record: Record<E>, select: Select<E>) -> Self {
        Self { record, select }
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> &Record<E> {
        &self.record
    }
}

impl<E: Entity> Serialize for Read<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let values = self.record.entity.values();
        let mut rest = values.as_slice();
        for (i, field) in E::META.fields.iter().enumerate() {
            let (own, after) = rest.split_at_checked(field.columns.len()).unwrap_or((rest, &[]));
            rest = after;
            if matches!(field.kind, FieldKind::Extra) {
                // Without the tenant's fields nobody knows what a value means, or who may see it.
                if let (true, Some(shown), [value]) = (self.select.has_field(i), self.select.custom(), own) {
                    map.serialize_entry(field.name, &shown.of(value))?;
                }
            } else if self.select.has_field(i) {
                map.serialize_entry(field.name, &FieldJson { kind: field.kind, values: own })?;
            }
        }
        let system = &self.record.system;
        self.entry(&mut map, "version", system.version)?;
        self.entry(&mut map, "created_at", system.created.map(|(at, _)| at))?;
        self.entry(&mut map, "created_by", system.created.map(|(_, by)| by))?;
        self.entry(&mut map, "updated_at", system.updated.map(|(at, _)| at))?;
        self.entry(&mut map, "updated_by", system.updated.map(|(_, by)| by))?;
        self.entry(&mut map, "deleted_at", system.deleted_at)?;
        map.end()
    }
}

impl<E: Entity> Read<E> {
    fn entry<M: SerializeMap>(
        &self,
        map: &mut M,
        name: &'static str,
        value: Option<impl Serialize>,
    ) -> Result<(), M::Error> {
        match value {
            Some(value) if self.select.has_system(name) => map.serialize_entry(name, &value),
            _ => Ok(()),
        }
    }
}
