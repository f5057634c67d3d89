//! The primitives that `#[derive(Repository)]` writes for an entity; everything else is built on them.

mod key;

pub use key::{Key, RefersTo};

use cortex_core::Result;
use diesel::deserialize::FromSqlRow;
use diesel::expression::{Expression, Selectable};

use crate::conn::MultiBackend as Db;
use crate::field::Values;
use crate::meta::Meta;
use crate::source::Source;
use crate::value::Value;

/// The SQL types of an entity's columns, in order.
pub trait Columns {
    /// A tuple of SQL types.
    type Sql;
}

impl<E: Selectable<Db>> Columns for E {
    type Sql = <E::SelectExpression as Expression>::SqlType;
}

/// A type that is stored in a table of its own. Derive it with `#[derive(Repository)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "this is not stored in a table",
    note = "add `#[derive(Repository)]` and `#[repository(table = \"...\")]` to the struct"
)]
pub trait Entity: Columns + FromSqlRow<<Self as Columns>::Sql, Db> + Clone + Send + Sync + Sized + 'static {
    /// What tells its records apart: `Id<Self>`, or the key of a table that others made.
    type Key: Key;

    /// Table, fields and rules.
    const META: &'static Meta;

    /// The key of this record.
    fn key(&self) -> Self::Key;

    /// Appends the column values, in the order of [`Meta::columns`].
    fn put(&self, out: &mut Vec<Value>);

    /// Takes the record, the reverse of [`put`](Self::put).
    ///
    /// # Errors
    /// A column is of another type than its field.
    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error>;

    /// The column values, in the order of [`Meta::columns`].
    fn values(&self) -> Vec<Value> {
        // Money, prices and quantities have two columns.
        let mut out = Vec::with_capacity(Self::META.fields.len() + 4);
        self.put(&mut out);
        out
    }

    /// The record of these values, the reverse of [`values`](Self::values).
    ///
    /// # Errors
    /// A value is of another type than its field.
    fn from_values(values: &mut Values) -> Result<Self> {
        Self::take(values)
    }
}

/// An entity whose records may be created, changed and deleted; the derive says so of all but `read_only` ones.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity that may be written",
    label = "this is not stored in a table, or only read from one",
    note = "add `#[derive(Repository)]` and `#[repository(table = \"...\")]` to the struct; what is `read_only` is offered \
            by `m.browse` and not by `m.rest`"
)]
pub trait Writable: Entity {}

/// Stops the build where a record that all companies of a tenant share would refer to one that only one of them sees.
#[doc(hidden)]
pub const fn shared_target<E: Entity>() {
    assert!(
        !E::META.company,
        "only a record of a company can refer to one: add `company` to the entity that refers to it"
    );
}
