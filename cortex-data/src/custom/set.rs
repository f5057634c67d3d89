//! The custom fields of one entity for one tenant, and how code declares its own.

use std::collections::HashMap;
use std::sync::Arc;

use cortex_core::Result;

use super::definition::FieldDefinition;
use super::extra::Extra;
use super::field::CustomField;
use crate::entity::Entity;

/// An entity that holds custom fields, in its field `extra`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no custom fields",
    label = "this is no entity with custom fields",
    note = "add `extra: Extra` to the entity, and `CustomFields` to what it derives"
)]
pub trait CustomFields: Entity {
    /// Their values.
    fn extra(&self) -> &Extra;

    /// Their values, to be changed.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// Custom fields that a module declares in code, as a struct: on an entity of its own or of another module.
///
/// Every tenant for which the module works has them, beside its own.
pub trait TypedFields: Sized + 'static {
    /// The entity that gets the fields.
    type Entity: CustomFields;

    /// What the fields are.
    fn definitions() -> Vec<FieldDefinition>;

    /// Reads them.
    ///
    /// # Errors
    /// A field has no value and can't be absent, or holds another kind of value.
    fn read(extra: &Extra) -> Result<Self>;

    /// Writes them.
    fn write(&self, extra: &mut Extra);

    /// The fields of a record.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn of(entity: &Self::Entity) -> Result<Self> {
        Self::read(entity.extra())
    }

    /// Sets the fields of a record, which still must be stored.
    fn put(&self, entity: &mut Self::Entity) {
        self.write(entity.extra_mut());
    }
}

/// The custom fields of one entity for one tenant: those of modules and its own, in the order in which they are shown.
#[derive(Debug, Default)]
pub struct FieldSet {
    fields: Vec<Arc<CustomField>>,
    by_name: HashMap<String, usize>,
    /// Fields that say something about records that say nothing: required ones and those with a default.
    eager: Vec<usize>,
    unique: Vec<usize>,
}

impl FieldSet {
    pub(super) fn new(mut fields: Vec<Arc<CustomField>>) -> Self {
        fields.sort_by(|a, b| {
            let key = |field: &CustomField| (field.definition.group.clone(), field.definition.position);
            key(a).cmp(&key(b)).then_with(|| a.definition.name.cmp(&b.definition.name))
        });
        let by_name = fields.iter().enumerate().map(|(i, field)| (field.definition.name.clone(), i)).collect();
        let is_eager =
            |field: &CustomField| !field.archived && (field.definition.required || field.default().is_some());
        let places = |wanted: &dyn Fn(&CustomField) -> bool| {
            fields.iter().enumerate().filter(|(_, field)| wanted(field)).map(|(i, _)| i).collect()
        };
        let (eager, unique) = (places(&is_eager), places(&|field| field.definition.unique));
        Self { fields, by_name, eager, unique }
    }

    /// The fields in use.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<CustomField>> {
        self.fields.iter().filter(|field| !field.archived)
    }

    /// All fields, with those that were archived.
    #[must_use]
    pub fn all(&self) -> &[Arc<CustomField>] {
        &self.fields
    }

    /// The field in use that is called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<CustomField>> {
        self.any(name).filter(|field| !field.archived)
    }

    /// The field called `name`, archived or not.
    pub(crate) fn any(&self, name: &str) -> Option<&Arc<CustomField>> {
        self.by_name.get(name).and_then(|i| self.fields.get(*i))
    }

    pub(super) fn eager(&self) -> impl Iterator<Item = &Arc<CustomField>> {
        self.eager.iter().filter_map(|i| self.fields.get(*i))
    }

    /// Unique fields, also archived ones: their values may come back.
    pub(super) fn unique(&self) -> impl Iterator<Item = &Arc<CustomField>> {
        self.unique.iter().filter_map(|i| self.fields.get(*i))
    }

    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}
