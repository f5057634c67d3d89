//! What tells the records of an entity apart: an id, or the key of a table that others made.

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use cortex_core::Id;
use uuid::Uuid;

use crate::entity::Entity;
use crate::field::Field;
use crate::value::Value;

/// A type that keys can have: [`Id`], and for tables of others also `i32`, `i64` and `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the key of an entity",
    label = "records are not told apart by this",
    note = "the first field of an external entity is its key: `Id<T>`, `i32`, `i64` or `String`"
)]
pub trait Key: Field + Into<Value> + Clone + Ord + Hash + Debug + Display + FromStr + Send + Sync + 'static {
    /// The key that is this id; `None` where keys are none: then clients or the database give them.
    fn from_uuid(_: Uuid) -> Option<Self> {
        None
    }
}

impl<T: ?Sized + 'static> Key for Id<T> {
    fn from_uuid(id: Uuid) -> Option<Self> {
        Some(Self::from_uuid(id))
    }
}

impl Key for i32 {}
impl Key for i64 {}
impl Key for String {}

/// A type of fields that hold keys of `E`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no keys of `{E}`",
    label = "the key of `{E}` is of another type",
    note = "a field that refers to an entity is of the type of its key, such as `Id<{E}>`, or an `Option` of it"
)]
pub trait RefersTo<E> {}

impl<K: Key, E: Entity<Key = K>> RefersTo<E> for K {}
impl<K: Key, E: Entity<Key = K>> RefersTo<E> for Option<K> {}
