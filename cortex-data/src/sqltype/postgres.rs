//! How our values travel to and from PostgreSQL, in its binary format.

use std::io::Write;

use cortex_core::{Date, Decimal, Id, Rate, Timestamp};
use diesel::data_types::{PgDate, PgTimestamp};
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{self, Numeric};
use jiff::civil::date;
use uuid::Uuid;

use super::sqlite::out_of_range;
use super::{Day, FIXED_SCALE, Fine, Fixed, Guid, Instant, Json, scaled};

/// Microseconds from 1970 to 2000, where PostgreSQL counts from.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// The day from which PostgreSQL counts days.
const EPOCH_DAY: Date = date(2000, 1, 1);
/// `jsonb` in binary starts with its version.
const JSONB_VERSION: u8 = 1;

impl ToSql<Guid, Pg> for Uuid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<Guid, Pg> for Uuid {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_slice(value.as_bytes())?)
    }
}

impl<T: ?Sized + 'static> ToSql<Guid, Pg> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.uuid().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl<T: ?Sized> FromSql<Guid, Pg> for Id<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_uuid(Uuid::from_slice(value.as_bytes())?))
    }
}

impl ToSql<Instant, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = PgTimestamp(self.as_microsecond() - EPOCH_MICROS);
        ToSql::<sql_types::Timestamptz, Pg>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Instant, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(micros) = FromSql::<sql_types::Timestamptz, Pg>::from_sql(value)?;
        Ok(Self::from_microsecond(micros.saturating_add(EPOCH_MICROS))?)
    }
}

impl ToSql<Day, Pg> for Date {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let days = EPOCH_DAY.until(*self)?.get_days();
        ToSql::<sql_types::Date, Pg>::to_sql(&PgDate(days), &mut out.reborrow())
    }
}

impl FromSql<Day, Pg> for Date {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgDate(days) = FromSql::<sql_types::Date, Pg>::from_sql(value)?;
        Ok(EPOCH_DAY.checked_add(jiff::Span::new().try_days(i64::from(days))?)?)
    }
}

impl ToSql<Fixed, Pg> for Decimal {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        // The same range on both databases: what SQLite would refuse, PostgreSQL doesn't get.
        if scaled(*self, FIXED_SCALE).is_none() {
            return Err(out_of_range(*self, FIXED_SCALE).into());
        }
        ToSql::<Numeric, Pg>::to_sql(self, &mut out.reborrow())
    }
}

impl FromSql<Fixed, Pg> for Decimal {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(<Self as FromSql<Numeric, Pg>>::from_sql(value)?.normalize())
    }
}

impl ToSql<Fine, Pg> for Rate {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Numeric, Pg>::to_sql(&self.to_decimal(), &mut out.reborrow())
    }
}

impl FromSql<Fine, Pg> for Rate {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <Decimal as FromSql<Numeric, Pg>>::from_sql(value)?;
        Ok(Self::new(value.normalize())?)
    }
}

impl ToSql<Json, Pg> for serde_json::Value {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[JSONB_VERSION])?;
        serde_json::to_writer(out, self)?;
        Ok(IsNull::No)
    }
}

impl FromSql<Json, Pg> for serde_json::Value {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes() {
            [JSONB_VERSION, text @ ..] => Ok(serde_json::from_slice(text)?),
            _ => Err("the server sent jsonb in a version that is not 1".into()),
        }
    }
}
