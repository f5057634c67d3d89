//! Rounding a list of amounts so that it adds up to a total that was rounded on its own.

use codexion::core::{Decimal, Money, MoneyError, Rounding};

/// `total` in parts that follow the unrounded amounts: each is rounded down, and the coins that are missing go to the
/// parts that lost most, then to the earlier. The opposite amounts give the opposite parts, so that a credit note
/// mirrors its invoice.
///
/// # Errors
/// [`MoneyError::Overflow`]; [`MoneyError::ZeroWeights`] when there are no amounts.
pub fn apportion(exact: &[Decimal], total: Money) -> Result<Vec<Money>, MoneyError> {
    let currency = total.currency();
    let sum = exact.iter().try_fold(Decimal::ZERO, |sum, x| sum.checked_add(*x)).ok_or(MoneyError::Overflow)?;
    // Amounts that cancel out take the sign of the first, so that even they have a mirror image.
    let decisive = if sum.is_zero() { exact.iter().copied().find(|x| !x.is_zero()).unwrap_or(sum) } else { sum };
    let mirrored = decisive < Decimal::ZERO;
    let whole = if mirrored { total.checked_neg()? } else { total };
    let mut parts = Vec::with_capacity(exact.len());
    let mut lost = Vec::with_capacity(exact.len());
    for (index, amount) in exact.iter().enumerate() {
        let amount = if mirrored { -*amount } else { *amount };
        let part = Money::from_decimal(amount, currency, Rounding::Floor)?;
        lost.push((amount - part.to_decimal(), index));
        parts.push(part.minor());
    }
    let floor = Money::sum(parts.iter().map(|minor| Money::from_minor(*minor, currency)), currency)?;
    let missing = whole.checked_sub(floor)?.minor();
    let count = i64::try_from(parts.len()).map_err(|_| MoneyError::Overflow)?;
    // Two roundings that went apart can leave less than nothing to give; then everybody gives, and most get it back.
    let each = missing.checked_div_euclid(count).ok_or(MoneyError::ZeroWeights)?;
    let coins = usize::try_from(missing - each * count).map_err(|_| MoneyError::Overflow)?;
    lost.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (place, (_, index)) in lost.iter().enumerate() {
        if let Some(part) = parts.get_mut(*index) {
            let coin = i64::from(place < coins);
            *part = part.checked_add(each + coin).ok_or(MoneyError::Overflow)?;
        }
    }
    let sign = if mirrored { -1 } else { 1 };
    let signed = |minor: i64| minor.checked_mul(sign).ok_or(MoneyError::Overflow);
    parts.into_iter().map(|minor| Ok(Money::from_minor(signed(minor)?, currency))).collect()
}
