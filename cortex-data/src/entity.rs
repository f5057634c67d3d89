//! The primitives that `#[derive(Repository)]` writes for an entity; everything else is built on them.

use cortex_core::{Id, Result};
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
    /// Table, fields and rules.
    const META: &'static Meta;

    /// The id of this record.
    fn id(&self) -> Id<Self>;

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
