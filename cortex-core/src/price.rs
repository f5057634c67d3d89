//! Unit prices: an amount for one unit, with more digits than the currency's coins.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::exact::{self, Unfit};
use crate::{Currency, Money, MoneyError, Quantity, Rounding, value_serde};

/// What one unit costs: a decimal with up to six fraction digits, in a currency.
///
/// ```
/// use cortex_core::{Currency, Decimal, Price, Quantity, Rounding, Unit};
///
/// let price = Price::new(Decimal::new(1_005, 3), Currency::EUR)?;
/// let ten = Quantity::new(Decimal::TEN, Unit::PIECE)?;
/// assert_eq!(price.times(ten, Rounding::HalfUp)?.to_string(), "10.05 EUR");
/// # Ok::<(), cortex_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Price {
    scaled: i64,
    currency: Currency,
}

impl Price {
    /// Fraction digits kept.
    pub const DIGITS: u32 = 6;

    /// A price of `amount` major units for one unit.
    ///
    /// # Errors
    /// [`MoneyError::TooPrecise`] beyond six fraction digits, [`MoneyError::Overflow`] beyond
    /// 9,223,372,036,854.775807.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        match exact::to_scaled(amount, Self::DIGITS) {
            Ok(scaled) => Ok(Self { scaled, currency }),
            Err(Unfit::TooPrecise) => Err(MoneyError::TooPrecise { amount, currency }),
            Err(Unfit::Overflow) => Err(MoneyError::Overflow),
        }
    }

    /// The price of one unit when `quantity` units cost `amount`, rounded to six digits.
    ///
    /// # Errors
    /// [`MoneyError::ZeroQuantity`], [`MoneyError::Overflow`].
    pub fn per_unit(amount: Money, quantity: Quantity, rounding: Rounding) -> Result<Self, MoneyError> {
        if quantity.is_zero() {
            return Err(MoneyError::ZeroQuantity);
        }
        let currency = amount.currency();
        let factor = exact::pow10(Self::DIGITS + Quantity::DIGITS - currency.minor_units());
        let scaled = exact::mul_div(amount.minor(), factor, i128::from(quantity.scaled()), rounding);
        scaled.map(|scaled| Self { scaled, currency }).ok_or(MoneyError::Overflow)
    }

    /// A price as stored: millionths of the major unit.
    #[must_use]
    pub const fn from_scaled(scaled: i64, currency: Currency) -> Self {
        Self { scaled, currency }
    }

    /// Millionths of the major unit, for storage.
    #[must_use]
    pub const fn scaled(self) -> i64 {
        self.scaled
    }

    /// Major units for one unit, without trailing zeros.
    #[must_use]
    pub fn amount(self) -> Decimal {
        Decimal::new(self.scaled, Self::DIGITS).normalize()
    }

    /// In which currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// No price at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.scaled == 0
    }

    /// Less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.scaled < 0
    }

    /// What `quantity` units cost, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn times(self, quantity: Quantity, rounding: Rounding) -> Result<Money, MoneyError> {
        let divisor = exact::pow10(Self::DIGITS + Quantity::DIGITS - self.currency.minor_units());
        let minor = exact::mul_div(self.scaled, i128::from(quantity.scaled()), divisor, rounding);
        minor.map(|minor| Money::from_minor(minor, self.currency)).ok_or(MoneyError::Overflow)
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.amount(), self.currency))
    }
}

impl fmt::Debug for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `{"amount":"1.005","currency":"EUR"}`.
impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        value_serde::write(serializer, "Price", self.amount(), "currency", self.currency.code())
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = value_serde::InCurrency::deserialize(deserializer)?;
        Self::new(read.amount.0, read.currency).map_err(serde::de::Error::custom)
    }
}
