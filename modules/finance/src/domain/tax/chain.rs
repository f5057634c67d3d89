//! The taxes of one line as a chain: forward from the net amount, backward from the price with tax.

use codexion::core::{Currency, Date, Decimal};

use super::{Tax, TaxId, TaxRule, leaves, same_currency};
use crate::TaxError;

/// Taxes in force, in the order in which they are charged.
///
/// Every tax of a chain is linear in the net amount and the quantity, which is why a price with tax can be taken
/// apart again, and why a sum of lines has the sum of their taxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    links: Vec<Link>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    tax: TaxId,
    /// On each unit of currency of the base.
    rate: Decimal,
    /// On each unit of quantity.
    per_unit: Decimal,
    raises_base: bool,
}

/// One tax on one base, not rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxShare {
    /// Which tax.
    pub tax: TaxId,
    /// What it is charged on.
    pub base: Decimal,
    /// How much it is.
    pub amount: Decimal,
}

impl Chain {
    /// The taxes that are in force on `date`; those that are not, and groups that are not, are skipped.
    ///
    /// # Errors
    /// [`TaxError::Money`] for an amount per unit in another currency, [`TaxError::TooDeep`].
    pub fn new(taxes: &[Tax], currency: Currency, date: Date) -> Result<Self, TaxError> {
        let mut found = Vec::new();
        leaves(taxes, date, 0, &mut found)?;
        let mut links = Vec::with_capacity(found.len());
        for tax in found {
            let (rate, per_unit) = match &tax.rule {
                TaxRule::Share(rate) => (rate.to_decimal(), Decimal::ZERO),
                TaxRule::PerUnit(amount) => {
                    same_currency(*amount, currency)?;
                    (Decimal::ZERO, amount.to_decimal())
                }
                TaxRule::Group(_) => continue,
            };
            links.push(Link { tax: tax.id, rate, per_unit, raises_base: tax.raises_base });
        }
        Ok(Self { links })
    }

    /// The taxes on a net amount for so many units.
    ///
    /// # Errors
    /// [`TaxError::Overflow`].
    pub fn forward(&self, net: Decimal, quantity: Decimal) -> Result<Vec<TaxShare>, TaxError> {
        let mut base = net;
        let mut shares = Vec::with_capacity(self.links.len());
        for link in &self.links {
            let amount = link.amount(base, quantity).ok_or(TaxError::Overflow)?;
            shares.push(TaxShare { tax: link.tax, base, amount });
            if link.raises_base {
                base = base.checked_add(amount).ok_or(TaxError::Overflow)?;
            }
        }
        Ok(shares)
    }

    /// The net amount in an amount that includes the taxes for so many units.
    ///
    /// # Errors
    /// [`TaxError::NotInvertible`] when the taxes leave nothing of the net amount, [`TaxError::Overflow`].
    pub fn backward(&self, gross: Decimal, quantity: Decimal) -> Result<Decimal, TaxError> {
        // With net = 0 only the fixed part is left; with quantity = 0 and net = 1 only the factor.
        let fixed = self.gross(Decimal::ZERO, quantity)?;
        let factor = self.gross(Decimal::ONE, Decimal::ZERO)?;
        if factor.is_zero() {
            return Err(TaxError::NotInvertible);
        }
        gross.checked_sub(fixed).and_then(|rest| rest.checked_div(factor)).ok_or(TaxError::Overflow)
    }

    fn gross(&self, net: Decimal, quantity: Decimal) -> Result<Decimal, TaxError> {
        let add = |sum: Decimal, share: TaxShare| sum.checked_add(share.amount).ok_or(TaxError::Overflow);
        self.forward(net, quantity)?.into_iter().try_fold(net, add)
    }
}

impl Link {
    fn amount(&self, base: Decimal, quantity: Decimal) -> Option<Decimal> {
        self.rate.checked_mul(base)?.checked_add(self.per_unit.checked_mul(quantity)?)
    }
}
