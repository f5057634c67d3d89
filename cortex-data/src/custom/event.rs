//! What happens to the custom fields of a tenant, as an event.

use cortex_core::{Choice, Event};
use serde::{Deserialize, Serialize};

/// What happened to a custom field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
#[choice(crate = crate)]
pub enum FieldChange {
    /// It was added.
    Defined,
    /// Its kind or its rules are others now.
    Changed,
    /// It was taken out of use.
    Archived,
    /// It was brought back.
    Restored,
}

/// The tenant defined, changed, archived or brought back a custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Event)]
#[event(name = "cortex.field_changed", version = 1, aggregate = "entity", crate = crate)]
pub struct FieldChanged {
    /// The table of the entity.
    pub entity: String,
    /// The field's name.
    pub name: String,
    /// What happened to it.
    pub change: FieldChange,
}
