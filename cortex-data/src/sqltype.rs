//! SQL types that are exact on every database, and how our values travel in them.
//!
//! | type | PostgreSQL | SQLite |
//! |---|---|---|
//! | [`Guid`] | `uuid` | BLOB of 16 bytes |
//! | [`Instant`] | `timestamptz` | INTEGER, microseconds since 1970 |
//! | [`Day`] | `date` | TEXT, ISO 8601 |
//! | [`Fixed`] | `numeric(19,6)` | INTEGER, scaled by 10^6 |
//! | [`Fine`] | `numeric(19,10)` | INTEGER, scaled by 10^10 |
//! | [`Json`] | `jsonb` | TEXT |

#[cfg(any(feature = "postgres", feature = "postgres-system"))]
mod postgres;
mod sqlite;

use cortex_core::{Currency, Date, Decimal, Id, Rate, Timestamp, Unit};
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::internal::derives::as_expression::Bound;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, Nullable, SqlType, Text};
use uuid::Uuid;

use crate::conn::{MultiBackend as Db, MultiRawValue};
use crate::custom::Extra;

/// The SQL types of entities' columns, for the tables that the derive defines.
pub mod column_types {
    pub use super::{Day, Fine, Fixed, Guid, Instant, Json};
    pub use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
}

/// A UUID.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Guid;

/// A point in time with microseconds.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Instant;

/// A calendar day.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1082, array_oid = 1182))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Day;

/// An exact decimal with six fraction digits.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1700, array_oid = 1231))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Fixed;

/// An exact decimal with ten fraction digits.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1700, array_oid = 1231))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Fine;

/// A JSON document.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Json;

/// Fraction digits of [`Fixed`].
pub const FIXED_SCALE: u32 = 6;
/// Fraction digits of [`Fine`].
pub const FINE_SCALE: u32 = 10;

/// The decimal as an integer scaled by `10^scale`; `None` where it does not fit exactly.
pub(crate) fn scaled(value: Decimal, scale: u32) -> Option<i64> {
    let mut value = value.normalize();
    if value.scale() > scale {
        return None;
    }
    value.rescale(scale);
    if value.scale() != scale {
        return None;
    }
    i64::try_from(value.mantissa()).ok()
}

/// The reverse of [`scaled`].
pub(crate) fn unscaled(value: i64, scale: u32) -> Decimal {
    Decimal::new(value, scale).normalize()
}

/// Wires a Rust type to one of the SQL types above, on the multi backend.
macro_rules! sql_value {
    ($sql:ty: $rust:ty $(, $generic:ident)?) => {
        impl $(<$generic: ?Sized + 'static>)? ToSql<$sql, Db> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Db>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }

        impl $(<$generic: ?Sized>)? FromSql<$sql, Db> for $rust {
            fn from_sql(bytes: MultiRawValue<'_>) -> deserialize::Result<Self> {
                bytes.from_sql::<Self, $sql>()
            }
        }

        impl $(<$generic: ?Sized + 'static>)? Arg for $rust {
            type Sql = $sql;
        }
    };
}

sql_value!(Guid: Uuid);
sql_value!(Guid: Id<T>, T);
sql_value!(Instant: Timestamp);
sql_value!(Day: Date);
sql_value!(Fixed: Decimal);
sql_value!(Fine: Rate);
sql_value!(Json: serde_json::Value);

impl FromSql<Json, Db> for Extra {
    fn from_sql(bytes: MultiRawValue<'_>) -> deserialize::Result<Self> {
        let json = bytes.from_sql::<serde_json::Value, Json>()?;
        Self::from_stored(json).ok_or_else(|| "the custom fields of a record are no JSON object".into())
    }
}

macro_rules! sql_row {
    ($($sql:ty: $rust:ty $(, $generic:ident)?);* $(;)?) => {$(
        impl $(<$generic: ?Sized>)? Queryable<$sql, Db> for $rust {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    )*};
}

// With PostgreSQL, diesel brings the others.
sql_row! {
    Guid: Id<T>, T;
    Instant: Timestamp;
    Day: Date;
    Fixed: Decimal;
    Fine: Rate;
    Json: Extra;
}
#[cfg(not(any(feature = "postgres", feature = "postgres-system")))]
sql_row!(Guid: Uuid;);

/// A value that can stand in a diesel query.
pub trait Arg: Sized {
    /// Its SQL type.
    type Sql: SqlType;
}

/// Brings a value into a diesel query: `vehicles::branch.eq(arg(branch_id))`.
///
/// Texts, numbers, booleans and choices need no `arg`. Ids, times, dates and decimals do: their types belong to
/// crates that know nothing of diesel, and Rust lets no third crate connect the two without a call.
pub fn arg<T: Arg>(value: T) -> Bound<T::Sql, T> {
    Bound::new(value)
}

macro_rules! has_sql_type {
    ($($sql:ty),*) => {$(
        impl HasSqlType<$sql> for Db {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }
    )*};
}

has_sql_type!(Guid, Instant, Day, Fixed, Fine, Json);

/// Short codes travel as text.
macro_rules! text_value {
    ($rust:ty, $as_str:ident, $parse:path) => {
        impl ToSql<Text, Db> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Db>) -> serialize::Result {
                out.set_value((Text, self.$as_str()));
                Ok(IsNull::No)
            }
        }

        impl FromSql<Text, Db> for $rust {
            fn from_sql(bytes: MultiRawValue<'_>) -> deserialize::Result<Self> {
                let text = bytes.from_sql::<String, Text>()?;
                $parse(&text).map_err(Into::into)
            }
        }

        impl Queryable<Text, Db> for $rust {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

text_value!(Currency, code, Currency::parse);
text_value!(Unit, code, Unit::parse);

/// `nullable_column.eq(Some(id))` works by diesel's own rule for `Option`; this names the type of such a column.
pub type Maybe<ST> = Nullable<ST>;
