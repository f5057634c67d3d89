//! A database value of any type: what entities, filters and history have in common.

use cortex_core::{Currency, Date, Decimal, Rate, Timestamp, Unit};
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use uuid::Uuid;

use crate::conn::MultiBackend as Db;
use crate::sqltype::{Day, Fine, Fixed, Guid, Instant, Json, Maybe};

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColumnType {
    /// `boolean`
    Bool,
    /// `integer`
    Int,
    /// `bigint`
    BigInt,
    /// `text` or `varchar(n)`
    Text,
    /// `uuid`
    Guid,
    /// `timestamptz`
    Instant,
    /// `date`
    Day,
    /// `numeric(19,6)`
    Fixed,
    /// `numeric(19,10)`
    Fine,
    /// `jsonb`
    Json,
}

impl ColumnType {
    /// The name of the type in migrations, valid on every database.
    #[must_use]
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Bool => "boolean",
            Self::Int => "integer",
            Self::BigInt => "bigint",
            Self::Text => "text",
            Self::Guid => "uuid",
            Self::Instant => "timestamptz",
            Self::Day => "date",
            Self::Fixed => "numeric(19,6)",
            Self::Fine => "numeric(19,10)",
            Self::Json => "jsonb",
        }
    }
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the column types")]
pub enum Value {
    Null(ColumnType),
    Bool(bool),
    Int(i32),
    BigInt(i64),
    Text(String),
    Guid(Uuid),
    Instant(Timestamp),
    Day(Date),
    Fixed(Decimal),
    Fine(Rate),
    Json(serde_json::Value),
}

impl Value {
    /// The type of the column that holds it.
    #[must_use]
    pub const fn column_type(&self) -> ColumnType {
        match self {
            Self::Null(of) => *of,
            Self::Bool(_) => ColumnType::Bool,
            Self::Int(_) => ColumnType::Int,
            Self::BigInt(_) => ColumnType::BigInt,
            Self::Text(_) => ColumnType::Text,
            Self::Guid(_) => ColumnType::Guid,
            Self::Instant(_) => ColumnType::Instant,
            Self::Day(_) => ColumnType::Day,
            Self::Fixed(_) => ColumnType::Fixed,
            Self::Fine(_) => ColumnType::Fine,
            Self::Json(_) => ColumnType::Json,
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }

    /// Binds the value as a parameter of a statement.
    pub(crate) fn bind<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
        match self {
            Self::Null(of) => bind_null(*of, out),
            Self::Bool(v) => out.push_bind_param::<Bool, _>(v),
            Self::Int(v) => out.push_bind_param::<Integer, _>(v),
            Self::BigInt(v) => out.push_bind_param::<BigInt, _>(v),
            Self::Text(v) => out.push_bind_param::<Text, _>(v),
            Self::Guid(v) => out.push_bind_param::<Guid, _>(v),
            Self::Instant(v) => out.push_bind_param::<Instant, _>(v),
            Self::Day(v) => out.push_bind_param::<Day, _>(v),
            Self::Fixed(v) => out.push_bind_param::<Fixed, _>(v),
            Self::Fine(v) => out.push_bind_param::<Fine, _>(v),
            Self::Json(v) => out.push_bind_param::<Json, _>(v),
        }
    }
}

fn bind_null<'b>(of: ColumnType, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
    match of {
        ColumnType::Bool => out.push_bind_param::<Maybe<Bool>, Option<bool>>(&None),
        ColumnType::Int => out.push_bind_param::<Maybe<Integer>, Option<i32>>(&None),
        ColumnType::BigInt => out.push_bind_param::<Maybe<BigInt>, Option<i64>>(&None),
        ColumnType::Text => out.push_bind_param::<Maybe<Text>, Option<String>>(&None),
        ColumnType::Guid => out.push_bind_param::<Maybe<Guid>, Option<Uuid>>(&None),
        ColumnType::Instant => out.push_bind_param::<Maybe<Instant>, Option<Timestamp>>(&None),
        ColumnType::Day => out.push_bind_param::<Maybe<Day>, Option<Date>>(&None),
        ColumnType::Fixed => out.push_bind_param::<Maybe<Fixed>, Option<Decimal>>(&None),
        ColumnType::Fine => out.push_bind_param::<Maybe<Fine>, Option<Rate>>(&None),
        ColumnType::Json => out.push_bind_param::<Maybe<Json>, Option<serde_json::Value>>(&None),
    }
}

macro_rules! into_value {
    ($($rust:ty => $variant:ident($from:expr)),* $(,)?) => {$(
        impl From<$rust> for Value {
            fn from(value: $rust) -> Self {
                let convert: fn($rust) -> _ = $from;
                Self::$variant(convert(value))
            }
        }
    )*};
}

into_value! {
    bool => Bool(|v| v),
    i32 => Int(|v| v),
    i64 => BigInt(|v| v),
    String => Text(|v| v),
    &str => Text(|v| v.to_owned()),
    Uuid => Guid(|v| v),
    Timestamp => Instant(|v| v),
    Date => Day(|v| v),
    Decimal => Fixed(|v| v),
    Rate => Fine(|v| v),
    Currency => Text(|v| v.code().to_owned()),
    Unit => Text(|v| v.code().to_owned()),
    serde_json::Value => Json(|v| v),
}

impl<T: ?Sized> From<cortex_core::Id<T>> for Value {
    fn from(id: cortex_core::Id<T>) -> Self {
        Self::Guid(id.uuid())
    }
}
