//! Amounts of money: whole minor units of one currency, never a float.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::exact::{self, Unfit};
use crate::{Currency, Kind, Refusal, Rounding};

/// An exact amount in whole minor units (cents) of a currency.
///
/// There are no `+` and `-`: amounts of two currencies don't add up and a sum can overflow, so adding can fail.
///
/// ```
/// use cortex_core::{Currency, Money};
///
/// let net = Money::from_minor(100_00, Currency::EUR);
/// let tax: Money = "19.00 EUR".parse()?;
/// assert_eq!(net.checked_add(tax)?.to_string(), "119.00 EUR");
/// # Ok::<(), cortex_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// So many minor units.
    #[must_use]
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// `amount` in major units, rounded to the currency's smallest coin.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn from_decimal(amount: Decimal, currency: Currency, rounding: Rounding) -> Result<Self, MoneyError> {
        Self::exact(rounding.round(amount, currency.minor_units()), currency)
    }

    /// `amount` in major units, which must not need rounding.
    ///
    /// # Errors
    /// [`MoneyError::TooPrecise`] when it has more digits than the currency, [`MoneyError::Overflow`].
    pub fn exact(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        match exact::to_scaled(amount, currency.minor_units()) {
            Ok(minor) => Ok(Self { minor, currency }),
            Err(Unfit::TooPrecise) => Err(MoneyError::TooPrecise { amount, currency }),
            Err(Unfit::Overflow) => Err(MoneyError::Overflow),
        }
    }

    /// Minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// Of which currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in major units, with as many fraction digits as the currency has.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.minor_units())
    }

    /// Nothing at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// More than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Without the sign.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for the one amount whose opposite does not fit.
    pub fn abs(self) -> Result<Self, MoneyError> {
        if self.minor < 0 { self.checked_neg() } else { Ok(self) }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with_minor(self.minor.checked_add(other.minor))
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with_minor(self.minor.checked_sub(other.minor))
    }

    /// The opposite amount.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for the one amount whose opposite does not fit.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.with_minor(self.minor.checked_neg())
    }

    /// Which amount is larger.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn checked_cmp(self, other: Self) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// The sum of amounts that are all in `currency`; nothing adds up to zero.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`] of the result; what lies between may be larger.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        let zero = Self::zero(currency);
        let mut total: i128 = 0;
        for amount in amounts {
            zero.same_currency(amount)?;
            total = total.checked_add(i128::from(amount.minor)).ok_or(MoneyError::Overflow)?;
        }
        zero.with_minor(i64::try_from(total).ok())
    }

    /// The amount times a factor, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn times(self, factor: Decimal, rounding: Rounding) -> Result<Self, MoneyError> {
        self.with_minor(exact::mul_div(self.minor, factor.mantissa(), exact::pow10(factor.scale()), rounding))
    }

    /// Parts in proportion to `weights` that sum to exactly this amount: by largest remainder, and of equal
    /// remainders the earlier part gets the coin. A zero weight gets nothing; a negative one (a return among
    /// receipts) gets the opposite sign. The parts of the opposite amount are the opposite parts.
    ///
    /// ```
    /// use cortex_core::{Currency, Decimal, Money};
    ///
    /// let parts = Money::from_minor(100, Currency::EUR).split(&[Decimal::ONE; 3])?;
    /// assert_eq!(parts.iter().map(|p| p.minor()).collect::<Vec<_>>(), [34, 33, 33]);
    /// # Ok::<(), cortex_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`MoneyError::ZeroWeights`] when there are no weights or they sum to zero, [`MoneyError::Overflow`].
    pub fn split(self, weights: &[Decimal]) -> Result<Vec<Self>, MoneyError> {
        let weights: Vec<Decimal> = weights.iter().map(Decimal::normalize).collect();
        let digits = weights.iter().map(Decimal::scale).max().unwrap_or(0);
        let whole = |weight: &Decimal| weight.mantissa().checked_mul(exact::pow10(digits - weight.scale()));
        let weights = weights.iter().map(whole).collect::<Option<Vec<_>>>().ok_or(MoneyError::Overflow)?;
        let total = weights.iter().try_fold(0_i128, |sum, w| sum.checked_add(*w)).ok_or(MoneyError::Overflow)?;
        if total == 0 {
            return Err(MoneyError::ZeroWeights);
        }
        let parts = exact::shares(self.minor, &weights, total).ok_or(MoneyError::Overflow)?;
        Ok(parts.into_iter().map(|minor| Self::from_minor(minor, self.currency)).collect())
    }

    pub(crate) fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { expected: self.currency, found: other.currency })
    }

    fn with_minor(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        minor.map(|minor| Self { minor, ..self }).ok_or(MoneyError::Overflow)
    }
}

/// `1,234.50 EUR`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.to_decimal().to_string();
        let (sign, unsigned) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, r)| (w, Some(r)));
        let mut text = String::from(sign);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if let Some(fraction) = fraction {
            text.push('.');
            text.push_str(fraction);
        }
        text.push(' ');
        text.push_str(self.currency.code());
        f.pad(&text)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `12.50 EUR` and what [`Display`](fmt::Display) writes, `1,234.50 EUR`.
impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let malformed = || MoneyError::Malformed(text.to_owned());
        let (amount, code) = text.split_once(' ').ok_or_else(malformed)?;
        let currency = Currency::parse(code).map_err(|_| malformed())?;
        let plain = without_grouping(amount).ok_or_else(malformed)?;
        Self::exact(exact::parse_decimal(&plain).ok_or_else(malformed)?, currency)
    }
}

/// Takes the commas out of `-1,234.50`, if they stand where they belong.
fn without_grouping(amount: &str) -> Option<String> {
    let unsigned = amount.strip_prefix('-').unwrap_or(amount);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut grouped = groups.peekable();
    let well_placed = grouped.peek().is_none() || ((1..=3).contains(&first.len()) && grouped.all(|g| g.len() == 3));
    (well_placed && !fraction.contains(',')).then(|| amount.replace(',', ""))
}

/// `{"amount":"12.50","currency":"EUR"}`; reading a number instead of text is refused, because it went through a float.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::value_serde::write(serializer, "Money", self.to_decimal(), "currency", self.currency.code())
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = crate::value_serde::InCurrency::deserialize(deserializer)?;
        Self::exact(read.amount.0, read.currency).map_err(serde::de::Error::custom)
    }
}

/// What can go wrong with amounts and prices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies in one sum or comparison.
    #[error("the amount is in {found}, but {expected} is needed")]
    CurrencyMismatch {
        /// The currency of the sum.
        expected: Currency,
        /// The currency of the amount that does not belong.
        found: Currency,
    },
    /// The result is outside the range of amounts.
    #[error("the amount is too large")]
    Overflow,
    /// The amount can only be kept rounded.
    #[error("`{amount}` has more digits than an amount in {currency} can keep")]
    TooPrecise {
        /// In major units.
        amount: Decimal,
        /// Which has fewer digits.
        currency: Currency,
    },
    /// The text is not an amount.
    #[error("`{0}` is not an amount of money")]
    Malformed(String),
    /// There is nothing to split in proportion to.
    #[error("the weights of the split sum to zero")]
    ZeroWeights,
    /// A price per nothing.
    #[error("an amount for a quantity of zero has no unit price")]
    ZeroQuantity,
}

impl Refusal for MoneyError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::CurrencyMismatch { .. } => "money.currency_mismatch",
            Self::Overflow => "money.overflow",
            Self::TooPrecise { .. } => "money.too_precise",
            Self::Malformed(_) => "money.malformed",
            Self::ZeroWeights => "money.zero_weights",
            Self::ZeroQuantity => "money.zero_quantity",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::CurrencyMismatch { expected, .. } => Some(format!("convert it to {expected} with a rate first")),
            Self::TooPrecise { currency, .. } => Some(format!("round it to {} digits", currency.minor_units())),
            Self::Malformed(_) => Some("write it like `12.50 EUR`".to_owned()),
            Self::Overflow | Self::ZeroWeights | Self::ZeroQuantity => None,
        }
    }
}
