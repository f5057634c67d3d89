//! Integer arithmetic under the value types: products and shares without a lost digit.

use rust_decimal::Decimal;

use crate::Rounding;

/// Divisors stay under this bound so that a remainder and one more byte of the factor fit 128 bits.
const DIVISOR_LIMIT: u128 = 1 << 119;

/// Why a decimal has no scaled integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It has more fraction digits than are kept.
    TooPrecise,
    /// It is too large.
    Overflow,
}

/// Ten to the power of `digits`, which is at most the 28 digits of a decimal.
pub(crate) const fn pow10(digits: u32) -> i128 {
    10_i128.pow(digits)
}

/// `decimal` as an integer of 10^-`digits`, exactly.
pub(crate) fn to_scaled(decimal: Decimal, digits: u32) -> Result<i64, Unfit> {
    let decimal = decimal.normalize();
    let missing = digits.checked_sub(decimal.scale()).ok_or(Unfit::TooPrecise)?;
    let scaled = decimal.mantissa().checked_mul(pow10(missing)).ok_or(Unfit::Overflow)?;
    i64::try_from(scaled).map_err(|_| Unfit::Overflow)
}

/// A decimal as people and JSON strings write it: `-12.50`. No exponent, no plus sign, no grouping, at most 28 digits.
pub(crate) fn parse_decimal(text: &str) -> Option<Decimal> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let plain = match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    };
    if plain { Decimal::from_str_exact(text).ok() } else { None }
}

/// `value * factor / divisor`, rounded once; `None` when the result does not fit or the divisor is zero or too large.
pub(crate) fn mul_div(value: i64, factor: i128, divisor: i128, rounding: Rounding) -> Option<i64> {
    let negative = (value < 0) ^ (factor < 0) ^ (divisor < 0);
    let divisor = divisor.unsigned_abs();
    let (quotient, remainder) = long_division(value.unsigned_abs(), factor.unsigned_abs(), divisor)?;
    let rounded =
        if rounding.away(negative, quotient, remainder, divisor) { quotient.checked_add(1)? } else { quotient };
    signed(negative, rounded)
}

/// Parts of `value` in proportion to `weights`, by largest remainder, ties to the earlier part. The parts sum to
/// `value`; negative weights take their share with the opposite sign.
///
/// `None` when the weights sum to zero (`zero_sum`) or a part does not fit.
pub(crate) fn shares(value: i64, weights: &[i128], total: i128) -> Option<Vec<i64>> {
    let whole = value.unsigned_abs();
    let divisor = total.unsigned_abs();
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given: i128 = 0;
    for (index, weight) in weights.iter().enumerate() {
        let (quotient, remainder) = long_division(whole, weight.unsigned_abs(), divisor)?;
        let quotient = i128::try_from(quotient).ok()?;
        let (floor, remainder) = match ((*weight < 0) ^ (total < 0), remainder) {
            (false, _) => (quotient, remainder),
            (true, 0) => (quotient.checked_neg()?, 0),
            (true, _) => (quotient.checked_neg()?.checked_sub(1)?, divisor.checked_sub(remainder)?),
        };
        given = given.checked_add(floor)?;
        parts.push(floor);
        remainders.push((remainder, index));
    }
    // INVARIANT: every part was rounded down, so what is left is less than the number of parts with a remainder.
    let left = usize::try_from(i128::from(whole).checked_sub(given)?).ok()?;
    remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, index) in remainders.iter().take(left) {
        if let Some(part) = parts.get_mut(*index) {
            *part = part.checked_add(1)?;
        }
    }
    let sign = if value < 0 { -1 } else { 1 };
    parts.into_iter().map(|part| i64::try_from(part.checked_mul(sign)?).ok()).collect()
}

/// Quotient and remainder of `value * factor / divisor`, where the product may take 192 bits.
fn long_division(value: u64, factor: u128, divisor: u128) -> Option<(u128, u128)> {
    if divisor == 0 {
        return None;
    }
    if let Some(product) = u128::from(value).checked_mul(factor) {
        return Some((product / divisor, product % divisor));
    }
    if divisor >= DIVISOR_LIMIT {
        return None;
    }
    let whole = u128::from(value).checked_mul(factor / divisor)?;
    let factor = factor % divisor;
    let (mut quotient, mut remainder) = (0_u128, 0_u128);
    for byte in value.to_be_bytes() {
        let partial = remainder.checked_mul(256)?.checked_add(factor.checked_mul(u128::from(byte))?)?;
        quotient = quotient.checked_mul(256)?.checked_add(partial / divisor)?;
        remainder = partial % divisor;
    }
    Some((whole.checked_add(quotient)?, remainder))
}

fn signed(negative: bool, magnitude: u128) -> Option<i64> {
    let magnitude = i128::try_from(magnitude).ok()?;
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}
