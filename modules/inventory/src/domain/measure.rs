//! Units of measure and what they are of each other.

use codexion::core::{Decimal, Price, Quantity, Rate, Rounding, Unit};

use crate::MeasureError;

/// A unit and how many of its reference unit one of it is: a dozen is 12 pieces, a gram 0.001 kilograms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    unit: Unit,
    reference: Unit,
    factor: Rate,
    digits: u32,
}

impl Measure {
    /// `unit` is `factor` times `reference` and counted with `digits` fraction digits.
    ///
    /// # Errors
    /// [`MeasureError::Factor`] unless the factor is above zero, [`MeasureError::Digits`] for more than six.
    pub fn new(unit: Unit, reference: Unit, factor: Rate, digits: u32) -> Result<Self, MeasureError> {
        if factor.scaled() <= 0 {
            return Err(MeasureError::Factor(unit));
        }
        if digits > Quantity::DIGITS {
            return Err(MeasureError::Digits { digits });
        }
        Ok(Self { unit, reference, factor, digits })
    }

    /// The unit.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// The unit that all of its kind are measured by.
    #[must_use]
    pub const fn reference(&self) -> Unit {
        self.reference
    }

    /// A quantity of this unit in another one, rounded once to that unit's digits.
    ///
    /// # Errors
    /// [`MeasureError::Different`], [`MeasureError::Overflow`].
    pub fn convert(&self, quantity: Quantity, to: &Self, rounding: Rounding) -> Result<Quantity, MeasureError> {
        self.same_kind(to)?;
        if quantity.unit() != self.unit {
            return Err(MeasureError::Different { from: quantity.unit(), to: self.unit });
        }
        let coarse = 10_i128.pow(Quantity::DIGITS - to.digits);
        let divisor = i128::from(to.factor.scaled()).checked_mul(coarse).ok_or(MeasureError::Overflow)?;
        let steps = ratio(quantity.scaled(), self.factor.scaled(), divisor, rounding)?;
        let scaled = steps.checked_mul(coarse).and_then(|scaled| i64::try_from(scaled).ok());
        scaled.map(|scaled| Quantity::from_scaled(scaled, to.unit)).ok_or(MeasureError::Overflow)
    }

    /// What one of another unit costs when one of this unit costs `price`, rounded to a price's six digits.
    ///
    /// # Errors
    /// [`MeasureError::Different`], [`MeasureError::Overflow`].
    pub fn convert_price(&self, price: Price, to: &Self, rounding: Rounding) -> Result<Price, MeasureError> {
        self.same_kind(to)?;
        let scaled = ratio(price.scaled(), to.factor.scaled(), i128::from(self.factor.scaled()), rounding)?;
        let scaled = i64::try_from(scaled).map_err(|_| MeasureError::Overflow)?;
        Ok(Price::from_scaled(scaled, price.currency()))
    }

    fn same_kind(&self, other: &Self) -> Result<(), MeasureError> {
        if self.reference == other.reference {
            return Ok(());
        }
        Err(MeasureError::Different { from: self.unit, to: other.unit })
    }
}

/// `value * factor / divisor` rounded to a whole number, exactly under every rule: a stand-in fraction that lies
/// on the same side of the half as the remainder is rounded in its place.
fn ratio(value: i64, factor: i64, divisor: i128, rounding: Rounding) -> Result<i128, MeasureError> {
    let product = i128::from(value) * i128::from(factor);
    let (whole, rest) = (product.div_euclid(divisor), product.rem_euclid(divisor));
    let quarters = match rest.cmp(&(divisor - rest)) {
        _ if rest == 0 => 0,
        std::cmp::Ordering::Less => 25,
        std::cmp::Ordering::Equal => 50,
        std::cmp::Ordering::Greater => 75,
    };
    let hundredths = whole.checked_mul(100).and_then(|whole| whole.checked_add(quarters));
    let stand_in = hundredths.and_then(|hundredths| Decimal::try_from_i128_with_scale(hundredths, 2).ok());
    let rounded = rounding.round(stand_in.ok_or(MeasureError::Overflow)?, 0);
    Ok(rounded.trunc().mantissa())
}
