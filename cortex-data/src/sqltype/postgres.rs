//! How our values travel to and from PostgreSQL, in its binary format.

use std::io::Write;

use cortex_core::{Date, Decimal, Id, Rate, Timestamp};
use diesel::data_types::{PgDate, PgNumeric, PgTimestamp};
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

/// Decimal digits in one digit of PostgreSQL's numbers, which count in ten thousands.
const GROUP: u32 = 4;
/// The base of those digits.
const BASE: i128 = 10_000;

/// A decimal in the form of the server's wire format.
fn to_numeric(value: Decimal) -> PgNumeric {
    let (scale, negative) = (value.scale(), value.is_sign_negative() && !value.is_zero());
    let fraction = scale.div_ceil(GROUP);
    let mut rest = value.mantissa().abs() * 10_i128.pow(fraction * GROUP - scale);
    let mut digits: Vec<i16> = Vec::new();
    while rest > 0 {
        digits.push(i16::try_from(rest % BASE).unwrap_or(0));
        rest /= BASE;
    }
    digits.reverse();
    let length = i16::try_from(digits.len()).unwrap_or(i16::MAX);
    let weight = length - i16::try_from(fraction).unwrap_or(0) - 1;
    let scale = u16::try_from(scale).unwrap_or(0);
    if negative { PgNumeric::Negative { weight, scale, digits } } else { PgNumeric::Positive { weight, scale, digits } }
}

/// The reverse of [`to_numeric`].
fn from_numeric(value: &PgNumeric) -> deserialize::Result<Decimal> {
    let (weight, digits, sign) = match value {
        PgNumeric::Positive { weight, digits, .. } => (*weight, digits, 1),
        PgNumeric::Negative { weight, digits, .. } => (*weight, digits, -1),
        PgNumeric::NaN => return Err("the stored number is not a number".into()),
    };
    let too_large = || "the stored number has more digits than a decimal".to_owned();
    let mut mantissa: i128 = 0;
    for digit in digits {
        mantissa = mantissa.checked_mul(BASE).and_then(|m| m.checked_add(i128::from(*digit))).ok_or_else(too_large)?;
    }
    // Digits after the point, counted in groups; below zero, groups of zeros are left out at the end.
    let fraction = i32::try_from(digits.len())? - i32::from(weight) - 1;
    let scale = u32::try_from(fraction.max(0))? * GROUP;
    let zeros = u32::try_from((-fraction).max(0))? * GROUP;
    let shift = 10_i128.checked_pow(zeros).ok_or_else(too_large)?;
    let mut mantissa = mantissa.checked_mul(shift * sign).ok_or_else(too_large)?;
    let mut scale = scale;
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Ok(Decimal::try_from_i128_with_scale(mantissa, scale)?)
}

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
        ToSql::<Numeric, Pg>::to_sql(&to_numeric(*self), &mut out.reborrow())
    }
}

impl FromSql<Fixed, Pg> for Decimal {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        from_numeric(&FromSql::<Numeric, Pg>::from_sql(value)?)
    }
}

impl ToSql<Fine, Pg> for Rate {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Numeric, Pg>::to_sql(&to_numeric(self.to_decimal()), &mut out.reborrow())
    }
}

impl FromSql<Fine, Pg> for Rate {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::new(from_numeric(&FromSql::<Numeric, Pg>::from_sql(value)?)?)?)
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

#[cfg(test)]
mod tests {
    use super::{from_numeric, to_numeric};

    #[test]
    fn decimals_survive_the_wire_format() {
        for text in [
            "0",
            "1",
            "-1",
            "0.000001",
            "-0.000001",
            "9999",
            "10000",
            "10001",
            "100000000",
            "12.5",
            "-9223372036854.775807",
            "9223372036854.775807",
            "0.0000000001",
            "922337203.6854775807",
            "10000.0001",
            "0.1",
        ] {
            let decimal: cortex_core::Decimal = text.parse().unwrap();
            assert_eq!(
                from_numeric(&to_numeric(decimal)).unwrap().to_string(),
                decimal.normalize().to_string(),
                "{text}"
            );
        }
    }
}
