//! Named rounding rules, one meaning each everywhere.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::{Kind, Refusal};

/// How a digit that is not kept changes the last one that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest, halves away from zero: 2.5 to 3, -2.5 to -3. What invoices use.
    #[default]
    HalfUp,
    /// To the nearest, halves to the even neighbour: 2.5 to 2, 3.5 to 4.
    HalfEven,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// Towards negative infinity.
    Floor,
    /// Towards positive infinity.
    Ceiling,
}

impl Rounding {
    /// Every rule.
    pub const ALL: [Self; 6] = [Self::HalfUp, Self::HalfEven, Self::Down, Self::Up, Self::Floor, Self::Ceiling];

    /// `value` with at most `digits` fraction digits.
    ///
    /// ```
    /// use cortex_core::{Decimal, Rounding};
    ///
    /// assert_eq!(Rounding::HalfUp.round(Decimal::new(-25, 1), 0), Decimal::from(-3));
    /// assert_eq!(Rounding::HalfEven.round(Decimal::new(-25, 1), 0), Decimal::from(-2));
    /// ```
    #[must_use]
    pub fn round(self, value: Decimal, digits: u32) -> Decimal {
        let strategy = match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::Down => RoundingStrategy::ToZero,
            Self::Up => RoundingStrategy::AwayFromZero,
            Self::Floor => RoundingStrategy::ToNegativeInfinity,
            Self::Ceiling => RoundingStrategy::ToPositiveInfinity,
        };
        let rounded = value.round_dp_with_strategy(digits, strategy);
        // A decimal can be minus zero, which prints a sign nobody wants to see.
        if rounded.is_zero() { Decimal::new(0, rounded.scale()) } else { rounded }
    }

    /// The name in configuration, JSON and storage: `half_up`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::HalfEven => "half_even",
            Self::Down => "down",
            Self::Up => "up",
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
        }
    }

    /// Whether a quotient with this remainder moves one step away from zero.
    pub(crate) fn away(self, negative: bool, quotient: u128, remainder: u128, divisor: u128) -> bool {
        if remainder == 0 {
            return false;
        }
        let half = remainder.cmp(&divisor.abs_diff(remainder));
        match self {
            Self::HalfUp => half.is_ge(),
            Self::HalfEven => half.is_gt() || (half.is_eq() && quotient % 2 == 1),
            Self::Down => false,
            Self::Up => true,
            Self::Floor => negative,
            Self::Ceiling => !negative,
        }
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Rounding {
    type Err = RoundingError;

    fn from_str(text: &str) -> Result<Self, RoundingError> {
        Self::ALL.into_iter().find(|r| r.name() == text).ok_or_else(|| RoundingError(text.to_owned()))
    }
}

/// The text names no rounding rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a rounding rule")]
pub struct RoundingError(String);

impl Refusal for RoundingError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "rounding"
    }

    fn help(&self) -> Option<String> {
        Some(format!("write one of {}", Rounding::ALL.map(|r| format!("`{r}`")).join(", ")))
    }
}
