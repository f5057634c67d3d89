//! Landed cost: a charge (freight, duty) that belongs to goods received, spread over their lines.
//!
//! A share becomes part of what its receipt cost: the receipt's entry is amended and the item valued again from
//! there.

use codexion::core::{Decimal, Money, MoneyError, Quantity};

use crate::LandedCostError;

/// By what a charge is spread.
#[derive(Debug, Clone, Copy)]
pub enum Basis<'a> {
    /// By what each line cost.
    Amount(&'a [Money]),
    /// By how much each line is; a return counts against.
    Quantity(&'a [Quantity]),
    /// By hand.
    Manual(&'a [Money]),
}

/// One share per line; they sum to the charge exactly.
///
/// # Errors
/// [`LandedCostError`].
pub fn split(charge: Money, basis: Basis<'_>) -> Result<Vec<Money>, LandedCostError> {
    match basis {
        Basis::Amount(amounts) => {
            let total =
                Money::sum(amounts.iter().copied(), amounts.first().map_or(charge.currency(), |m| m.currency()))?;
            if total.is_zero() {
                return Err(LandedCostError::ZeroBasis);
            }
            by_weight(charge, &amounts.iter().map(|amount| amount.to_decimal()).collect::<Vec<_>>())
        }
        Basis::Quantity(quantities) => {
            same_unit(quantities)?;
            by_weight(charge, &quantities.iter().map(|quantity| quantity.amount()).collect::<Vec<_>>())
        }
        Basis::Manual(shares) => by_hand(charge, shares),
    }
}

fn by_weight(charge: Money, weights: &[Decimal]) -> Result<Vec<Money>, LandedCostError> {
    match charge.split(weights) {
        Err(MoneyError::ZeroWeights) => Err(LandedCostError::ZeroBasis),
        shares => Ok(shares?),
    }
}

fn same_unit(quantities: &[Quantity]) -> Result<(), LandedCostError> {
    let Some(first) = quantities.first().map(|quantity| quantity.unit()) else { return Ok(()) };
    match quantities.iter().find(|quantity| quantity.unit() != first) {
        Some(other) => Err(LandedCostError::Units { first, second: other.unit() }),
        None => Ok(()),
    }
}

fn by_hand(charge: Money, shares: &[Money]) -> Result<Vec<Money>, LandedCostError> {
    let against = |share: &&Money| !share.is_zero() && share.is_negative() != charge.is_negative();
    if let Some(share) = shares.iter().find(against) {
        return Err(LandedCostError::Against(*share));
    }
    let total = Money::sum(shares.iter().copied(), charge.currency())?;
    if total != charge {
        return Err(LandedCostError::Sum { shares: total, charge });
    }
    Ok(shares.to_vec())
}
