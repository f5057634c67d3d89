//! Quantities: how much of something, in a unit.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::exact::{self, Unfit};
use crate::{Kind, Refusal, Rounding, value_serde};

/// What is counted: a short code such as `pcs`, `kg` or a code of UN/ECE recommendation 20.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit([u8; Unit::MAX_LEN]);

impl Unit {
    /// Longest code.
    pub const MAX_LEN: usize = 8;
    /// Pieces: `pcs`.
    pub const PIECE: Self = Self([b'p', b'c', b's', 0, 0, 0, 0, 0]);

    /// The unit with this code: up to eight ASCII letters, digits or one of `_ - . / %`; capitals matter.
    ///
    /// # Errors
    /// [`QuantityError::Unit`].
    pub fn parse(code: &str) -> Result<Self, QuantityError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_-./%".contains(&b);
        let mut bytes = [0; Self::MAX_LEN];
        match bytes.get_mut(..code.len()) {
            Some(start) if !code.is_empty() && code.bytes().all(allowed) => start.copy_from_slice(code.as_bytes()),
            _ => return Err(QuantityError::Unit(code.to_owned())),
        }
        Ok(Self(bytes))
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        // INVARIANT: only ASCII gets in, so the text is never lost here.
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end_matches('\0')
    }
}

/// How much of something: a decimal with up to six fraction digits, in a unit.
///
/// ```
/// use cortex_core::{Decimal, Quantity, Unit};
///
/// let three = Quantity::new(Decimal::from(3), Unit::PIECE)?;
/// assert_eq!(three.checked_add(three)?.to_string(), "6 pcs");
/// assert!(three.checked_add("1 kg".parse()?).is_err());
/// # Ok::<(), cortex_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    scaled: i64,
    unit: Unit,
}

impl Quantity {
    /// Fraction digits kept.
    pub const DIGITS: u32 = 6;

    /// So much in a unit.
    ///
    /// # Errors
    /// [`QuantityError::TooPrecise`] beyond six fraction digits, [`QuantityError::Overflow`] beyond
    /// 9,223,372,036,854.775807.
    pub fn new(amount: Decimal, unit: Unit) -> Result<Self, QuantityError> {
        match exact::to_scaled(amount, Self::DIGITS) {
            Ok(scaled) => Ok(Self { scaled, unit }),
            Err(Unfit::TooPrecise) => Err(QuantityError::TooPrecise(amount)),
            Err(Unfit::Overflow) => Err(QuantityError::Overflow),
        }
    }

    /// Nothing, in a unit.
    #[must_use]
    pub const fn zero(unit: Unit) -> Self {
        Self::from_scaled(0, unit)
    }

    /// A quantity as stored: millionths of the unit.
    #[must_use]
    pub const fn from_scaled(scaled: i64, unit: Unit) -> Self {
        Self { scaled, unit }
    }

    /// Millionths of the unit, for storage.
    #[must_use]
    pub const fn scaled(self) -> i64 {
        self.scaled
    }

    /// How much, without trailing zeros.
    #[must_use]
    pub fn amount(self) -> Decimal {
        Decimal::new(self.scaled, Self::DIGITS).normalize()
    }

    /// Of what.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// Nothing at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.scaled == 0
    }

    /// Less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.scaled < 0
    }

    /// More than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.scaled > 0
    }

    /// Without the sign.
    ///
    /// # Errors
    /// [`QuantityError::Overflow`] for the one quantity whose opposite does not fit.
    pub fn abs(self) -> Result<Self, QuantityError> {
        if self.scaled < 0 { self.checked_neg() } else { Ok(self) }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`QuantityError::UnitMismatch`], [`QuantityError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, QuantityError> {
        self.same_unit(other)?;
        self.with_scaled(self.scaled.checked_add(other.scaled))
    }

    /// The difference.
    ///
    /// # Errors
    /// [`QuantityError::UnitMismatch`], [`QuantityError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, QuantityError> {
        self.same_unit(other)?;
        self.with_scaled(self.scaled.checked_sub(other.scaled))
    }

    /// The opposite quantity.
    ///
    /// # Errors
    /// [`QuantityError::Overflow`] for the one quantity whose opposite does not fit.
    pub fn checked_neg(self) -> Result<Self, QuantityError> {
        self.with_scaled(self.scaled.checked_neg())
    }

    /// Which quantity is larger.
    ///
    /// # Errors
    /// [`QuantityError::UnitMismatch`].
    pub fn checked_cmp(self, other: Self) -> Result<Ordering, QuantityError> {
        self.same_unit(other)?;
        Ok(self.scaled.cmp(&other.scaled))
    }

    /// The sum of quantities that are all in `unit`; nothing adds up to zero.
    ///
    /// # Errors
    /// [`QuantityError::UnitMismatch`], [`QuantityError::Overflow`] of the result; what lies between may be larger.
    pub fn sum(quantities: impl IntoIterator<Item = Self>, unit: Unit) -> Result<Self, QuantityError> {
        let zero = Self::zero(unit);
        let mut total: i128 = 0;
        for quantity in quantities {
            zero.same_unit(quantity)?;
            total = total.checked_add(i128::from(quantity.scaled)).ok_or(QuantityError::Overflow)?;
        }
        zero.with_scaled(i64::try_from(total).ok())
    }

    /// The quantity times a factor, rounded once to six digits.
    ///
    /// # Errors
    /// [`QuantityError::Overflow`].
    pub fn times(self, factor: Decimal, rounding: Rounding) -> Result<Self, QuantityError> {
        self.with_scaled(exact::mul_div(self.scaled, factor.mantissa(), exact::pow10(factor.scale()), rounding))
    }

    fn same_unit(self, other: Self) -> Result<(), QuantityError> {
        if self.unit == other.unit {
            return Ok(());
        }
        Err(QuantityError::UnitMismatch { expected: self.unit, found: other.unit })
    }

    fn with_scaled(self, scaled: Option<i64>) -> Result<Self, QuantityError> {
        scaled.map(|scaled| Self { scaled, ..self }).ok_or(QuantityError::Overflow)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Unit {
    type Err = QuantityError;

    fn from_str(code: &str) -> Result<Self, QuantityError> {
        Self::parse(code)
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

/// `2.5 kg`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.amount(), self.unit))
    }
}

impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let malformed = || QuantityError::Malformed(text.to_owned());
        let (amount, unit) = text.split_once(' ').ok_or_else(malformed)?;
        let unit = Unit::parse(unit).map_err(|_| malformed())?;
        Self::new(exact::parse_decimal(amount).ok_or_else(malformed)?, unit)
    }
}

/// `{"amount":"2.5","unit":"kg"}`.
impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        value_serde::write(serializer, "Quantity", self.amount(), "unit", self.unit.code())
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = value_serde::InUnit::deserialize(deserializer)?;
        Self::new(read.amount.0, read.unit).map_err(serde::de::Error::custom)
    }
}

/// What can go wrong with quantities and units.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Two units in one sum or comparison.
    #[error("the quantity is in `{found}`, but `{expected}` is needed")]
    UnitMismatch {
        /// The unit of the sum.
        expected: Unit,
        /// The unit of the quantity that does not belong.
        found: Unit,
    },
    /// The result is outside the range of quantities.
    #[error("the quantity is too large")]
    Overflow,
    /// The quantity can only be kept rounded.
    #[error("`{0}` has more than six fraction digits")]
    TooPrecise(Decimal),
    /// The text is not a quantity.
    #[error("`{0}` is not a quantity")]
    Malformed(String),
    /// The text is not a unit's code.
    #[error("`{0}` is not the code of a unit")]
    Unit(String),
}

impl Refusal for QuantityError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnitMismatch { .. } => "quantity.unit_mismatch",
            Self::Overflow => "quantity.overflow",
            Self::TooPrecise(_) => "quantity.too_precise",
            Self::Malformed(_) => "quantity.malformed",
            Self::Unit(_) => "quantity.unit",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::UnitMismatch { expected, .. } => Some(format!("convert it to `{expected}` first")),
            Self::Malformed(_) => Some("write it like `2.5 kg`".to_owned()),
            Self::Unit(_) => Some("write up to eight ASCII letters, digits or one of `_ - . / %`".to_owned()),
            Self::Overflow | Self::TooPrecise(_) => None,
        }
    }
}
