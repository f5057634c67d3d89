//! Custom fields: typed values in one JSON column of an entity, described per tenant and by code.
//!
//! An entity opts in by a field `extra: Extra`. Which fields it holds is said by modules in code
//! ([`TypedFields`]) and by each tenant at run time ([`FieldCatalogue`]); both make up the [`FieldSet`] by which
//! records are validated, shown, filtered, sorted and grouped. To clients a custom field is a member of `extra`, and
//! its name elsewhere is `extra.color`.

mod cache;
mod catalogue;
mod check;
mod column;
mod definition;
mod event;
mod extra;
mod field;
mod given;
mod index;
mod kind;
mod report;
mod schema;
mod set;
mod shape;
mod unique;
mod value;

pub(crate) use cache::{CodeFields, Fields, Local, load, reload};
pub use catalogue::{FieldCatalogue, ManageFields};
pub(crate) use catalogue::{StoredField, wish_indexes};
pub(crate) use check::{changes, complete};
pub use column::{Column, CustomColumn, Part};
pub use definition::{DefinitionError, FieldDefinition};
pub use event::{FieldChange, FieldChanged};
pub use extra::{Extra, ExtraValue};
pub use field::{CustomField, IndexState};
pub(crate) use given::{give, read_given, refuse_given};
pub(crate) use index::BuildIndex;
pub use index::INDEXES_MAX;
pub use kind::CustomKind;
pub use report::{BrokenRecord, ChangeReport, REPORTED_MAX};
pub use schema::FieldsFor;
pub use set::{CustomFields, FieldSet, TypedFields};
pub(crate) use shape::{Ready, Shown};
pub(crate) use unique::claim;
pub(crate) use value::{from_text, is_ordered};

/// The field, and the column, of an entity that holds its custom fields.
pub const EXTRA: &str = "extra";
/// Longest name of a custom field.
pub const CUSTOM_NAME_MAX: usize = 63;
/// Most characters of a custom text that says no length of its own.
pub const CUSTOM_TEXT_MAX: u32 = 10_000;
/// Most characters of a text in an index: PostgreSQL's entries have at most 2,704 bytes.
pub const INDEXED_TEXT_MAX: u32 = 500;
/// Most fields that a tenant adds to one entity.
pub const CUSTOM_FIELDS_MAX: usize = 2_000;
/// Most choices of one field.
pub const CHOICES_MAX: usize = 500;
/// Most characters of a choice, a label, a group or a permission.
pub const CHOICE_LENGTH_MAX: usize = 100;
