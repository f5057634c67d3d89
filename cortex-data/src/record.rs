//! A stored record: the entity with what the framework keeps beside it.

use std::ops::Deref;

use cortex_core::Timestamp;
use uuid::Uuid;

/// An entity as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<E> {
    /// The entity.
    pub entity: E,
    /// Version, creation and change.
    pub system: System,
}

impl<E> Deref for Record<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.entity
    }
}

/// What the framework keeps beside a record; a part is `None` where the entity does not ask for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct System {
    /// Counts changes, from 1: for optimistic locking.
    pub version: Option<i64>,
    /// When and by whom it was created.
    pub created: Option<(Timestamp, Uuid)>,
    /// When and by whom it was last changed.
    pub updated: Option<(Timestamp, Uuid)>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// Names under which clients get what the framework keeps beside a record.
pub(crate) const SYSTEM_FIELDS: [&str; 6] =
    ["version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"];
