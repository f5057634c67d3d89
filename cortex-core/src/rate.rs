//! Exact rates: percentages, shares and exchange rates.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::exact::{self, Unfit};
use crate::value_serde::Text;
use crate::{Currency, Kind, Money, MoneyError, Refusal, Rounding};

/// A factor with up to ten fraction digits: `0.2` is twenty per cent.
///
/// ```
/// use cortex_core::{Currency, Decimal, Money, Rate, Rounding};
///
/// let vat = Rate::percent(Decimal::from(20))?;
/// let tax = vat.apply(Money::from_minor(100_00, Currency::EUR), Rounding::HalfUp)?;
/// assert_eq!(tax.to_string(), "20.00 EUR");
/// # Ok::<(), cortex_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(i64);

impl Rate {
    /// Fraction digits kept.
    pub const DIGITS: u32 = 10;
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(10_000_000_000);

    /// A factor.
    ///
    /// # Errors
    /// [`RateError::TooPrecise`] beyond ten fraction digits, [`RateError::Overflow`] beyond 922,337,203.6854775807.
    pub fn new(factor: Decimal) -> Result<Self, RateError> {
        match exact::to_scaled(factor, Self::DIGITS) {
            Ok(scaled) => Ok(Self(scaled)),
            Err(Unfit::TooPrecise) => Err(RateError::TooPrecise(factor)),
            Err(Unfit::Overflow) => Err(RateError::Overflow),
        }
    }

    /// So many per cent, with up to eight fraction digits.
    ///
    /// # Errors
    /// As [`Rate::new`].
    pub fn percent(percent: Decimal) -> Result<Self, RateError> {
        match exact::to_scaled(percent, Self::DIGITS - 2) {
            Ok(scaled) => Ok(Self(scaled)),
            Err(Unfit::TooPrecise) => Err(RateError::TooPrecise(percent)),
            Err(Unfit::Overflow) => Err(RateError::Overflow),
        }
    }

    /// A rate as stored: units of 10^-10.
    #[must_use]
    pub const fn from_scaled(scaled: i64) -> Self {
        Self(scaled)
    }

    /// Units of 10^-10, for storage.
    #[must_use]
    pub const fn scaled(self) -> i64 {
        self.0
    }

    /// The factor, without trailing zeros.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, Self::DIGITS).normalize()
    }

    /// Nothing at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// This rate of `amount`, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn apply(self, amount: Money, rounding: Rounding) -> Result<Money, MoneyError> {
        self.convert(amount, amount.currency(), rounding)
    }

    /// `amount` in another currency, where this is what one major unit of it is worth; rounded once.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn convert(self, amount: Money, to: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let divisor = exact::pow10(Self::DIGITS + amount.currency().minor_units() - to.minor_units());
        let minor = exact::mul_div(amount.minor(), i128::from(self.0), divisor, rounding);
        minor.map(|minor| Money::from_minor(minor, to)).ok_or(MoneyError::Overflow)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        Self::new(exact::parse_decimal(text).ok_or_else(|| RateError::Malformed(text.to_owned()))?)
    }
}

/// `"0.2"`.
impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Text(self.to_decimal()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Text::deserialize(deserializer)?.0).map_err(serde::de::Error::custom)
    }
}

/// What can go wrong with rates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// The result is outside the range of rates.
    #[error("the rate is too large")]
    Overflow,
    /// The rate can only be kept rounded.
    #[error("`{0}` has more fraction digits than a rate can keep")]
    TooPrecise(Decimal),
    /// The text is not a rate.
    #[error("`{0}` is not a rate")]
    Malformed(String),
}

impl Refusal for RateError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Overflow => "rate.overflow",
            Self::TooPrecise(_) => "rate.too_precise",
            Self::Malformed(_) => "rate.malformed",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::TooPrecise(_) => Some("round it to ten fraction digits, a percentage to eight".to_owned()),
            Self::Malformed(_) => Some("write it like `0.2`".to_owned()),
            Self::Overflow => None,
        }
    }
}
