//! Where the fields of an entity are taken from: column values, or a row of the database.

use cortex_core::{Date, Decimal, Error, Rate, Timestamp};
use diesel::deserialize::{self, FromStaticSqlRow};
use diesel::row::{Field as _, Row};
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use uuid::Uuid;

use crate::conn::{MultiBackend as Db, MultiRow};
use crate::entity::Entity;
use crate::field::{Field, Values};
use crate::selection::for_each_tuple;
use crate::sqltype::{Day, Fine, Fixed, Guid, Instant, Json};
use crate::value::Value;

/// A type that one column holds.
pub trait ColumnValue: FromStaticSqlRow<Self::Sql, Db> {
    /// The column's SQL type.
    type Sql;

    /// What the value holds; `None` where it is of another type.
    fn from_value(value: Value) -> Option<Self>;
}

/// Columns being taken one after the other, in the order of [`Meta::columns`](crate::Meta::columns).
pub trait Source {
    /// What it fails with.
    type Error: From<Error>;

    /// The next column.
    ///
    /// # Errors
    /// There is none left, or it holds something else.
    fn column<C: ColumnValue>(&mut self) -> Result<C, Self::Error>;

    /// Whether the next `columns` are all absent; if so they are skipped.
    fn skip_absent(&mut self, columns: usize) -> bool;
}

impl Source for Values {
    type Error = Error;

    fn column<C: ColumnValue>(&mut self) -> Result<C, Error> {
        let value = self.next_value()?;
        C::from_value(value).ok_or_else(|| Error::internal("data.mismatch", "a value is not of the type of its field"))
    }

    fn skip_absent(&mut self, columns: usize) -> bool {
        self.skip_nulls(columns)
    }
}

/// A row of the database, read from left to right.
struct Cells<'r, R> {
    row: &'r R,
    at: usize,
}

impl<'a, R: Row<'a, Db>> Source for Cells<'_, R> {
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn column<C: ColumnValue>(&mut self) -> deserialize::Result<C> {
        let at = self.at;
        self.at += 1;
        C::build_from_row(&self.row.partial_row(at..at + 1))
    }

    fn skip_absent(&mut self, columns: usize) -> bool {
        let end = self.at + columns;
        let absent = (self.at..end).all(|at| self.row.get(at).is_some_and(|field| field.is_null()));
        if absent {
            self.at = end;
        }
        absent
    }
}

/// Reads the first column of a row.
pub(crate) fn field_of_row<F: Field>(row: &MultiRow<'_, '_>) -> deserialize::Result<F> {
    F::take(&mut Cells { row, at: 0 })
}

/// A row of the database as the entity that it holds; the derive reads through it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Loaded<E>(pub E);

macro_rules! loaded {
    ($($column:ident)*) => {
        // For tuples alone: of another SQL type, somebody else's crate might say how it is read.
        impl<E: Entity, $($column),*> FromStaticSqlRow<($($column,)*), Db> for Loaded<E> {
            fn build_from_row<'a>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
                E::take(&mut Cells { row, at: 0 }).map(Self)
            }
        }
    };
}

for_each_tuple!(loaded);

macro_rules! columns {
    ($($rust:ty: $sql:ty, $variant:ident);* $(;)?) => {$(
        impl ColumnValue for $rust {
            type Sql = $sql;

            fn from_value(value: Value) -> Option<Self> {
                if let Value::$variant(value) = value { Some(value) } else { None }
            }
        }
    )*};
}

columns! {
    bool: Bool, Bool;
    i32: Integer, Int;
    i64: BigInt, BigInt;
    String: Text, Text;
    Uuid: Guid, Guid;
    Timestamp: Instant, Instant;
    Date: Day, Day;
    Decimal: Fixed, Fixed;
    Rate: Fine, Fine;
    serde_json::Value: Json, Json;
}
