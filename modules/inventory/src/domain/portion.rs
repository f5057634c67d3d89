//! A quantity that is worth something and is used up piece by piece, without losing a cent.

use super::Position;
use crate::ValuationError;

/// Goods with one cost: an open layer of stock, or the open rest of an issue without stock.
///
/// INVARIANT: `0 <= taken_micro <= quantity_micro` and `quantity_micro > 0`. The pieces taken sum to the value exactly, because
/// each piece is the difference of two rounded running totals; no piece is further than one minor unit from its share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portion {
    /// The move it comes from.
    pub source: Position,
    /// All of it, in millionths of the item's unit.
    pub quantity_micro: i64,
    /// What all of it is worth, in minor units of the currency.
    pub value_minor: i64,
    /// What is used up, in millionths of the item's unit.
    pub taken_micro: i64,
}

/// A piece of a portion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Piece {
    pub(super) quantity_micro: i64,
    pub(super) value_minor: i64,
}

impl Portion {
    pub(super) const fn new(source: Position, quantity_micro: i64, value_minor: i64) -> Self {
        Self { source, quantity_micro, value_minor, taken_micro: 0 }
    }

    /// What is not used up, in millionths of the item's unit.
    #[must_use]
    pub const fn left_micro(&self) -> i64 {
        self.quantity_micro - self.taken_micro
    }

    /// Takes up to `wanted_micro` off; the piece that empties the portion takes the rest of its value.
    pub(super) fn take(&mut self, wanted_micro: i64) -> Result<Piece, ValuationError> {
        let quantity_micro = wanted_micro.min(self.left_micro());
        let before = pro_rata(self.value_minor, self.taken_micro, self.quantity_micro)?;
        self.taken_micro += quantity_micro;
        let after = pro_rata(self.value_minor, self.taken_micro, self.quantity_micro)?;
        Ok(Piece { quantity_micro, value_minor: after - before })
    }
}

/// `value * part / whole`, rounded half away from zero.
pub(super) fn pro_rata(value: i64, part: i64, whole: i64) -> Result<i64, ValuationError> {
    let (product, whole) = (i128::from(value) * i128::from(part), i128::from(whole));
    let half = if (product < 0) == (whole < 0) { whole / 2 } else { -(whole / 2) };
    // INVARIANT: for an odd `whole` no product lies exactly at the half, so the truncated half decides alike.
    let rounded = product.checked_add(half).and_then(|sum| sum.checked_div(whole));
    rounded.and_then(|value| i64::try_from(value).ok()).ok_or(ValuationError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::pro_rata;

    #[test]
    fn halves_round_away_from_zero() {
        for (value, part, whole, rounded) in [
            (5, 1, 2, 3),
            (-5, 1, 2, -3),
            (5, 1, 3, 2),
            (4, 1, 3, 1),
            (-4, 1, 3, -1),
            (-5, 1, 3, -2),
            (7, 3, 7, 3),
            (0, 1, 9, 0),
        ] {
            assert_eq!(pro_rata(value, part, whole).unwrap(), rounded, "{value} * {part} / {whole}");
        }
        assert!(pro_rata(1, 1, 0).is_err());
        assert!(pro_rata(i64::MAX, 2, 1).is_err());
    }
}
