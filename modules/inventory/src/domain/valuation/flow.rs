//! How goods pass through the layers: arriving, leaving, coming back.

use codexion::core::{Money, Quantity};

use super::{Effect, Portion, Position, Removal, Valuation, Worth};
use crate::ValuationError;
use crate::domain::portion::{Piece, pro_rata};

impl Valuation {
    /// Fills shortages, oldest first; the rest becomes the newest layer.
    pub(super) fn arrive(&mut self, position: Position, piece: Piece) -> Result<Vec<Effect>, ValuationError> {
        let mut effects = vec![self.effect(position, position, piece)?];
        let mut layer = Portion::new(position, piece.quantity_micro, piece.value_minor);
        while let Some(shortage) = self.shortages.front_mut() {
            let cost = layer.take(shortage.left_micro())?;
            let owed = shortage.take(cost.quantity_micro)?;
            let issue = shortage.source;
            if shortage.left_micro() == 0 {
                self.shortages.pop_front();
            }
            if owed.value_minor != cost.value_minor {
                let value_minor = add(owed.value_minor, -cost.value_minor)?;
                effects.push(self.effect(issue, position, Piece { quantity_micro: 0, value_minor })?);
            }
            if layer.left_micro() == 0 {
                return Ok(effects);
            }
        }
        self.layers.push_back(layer);
        Ok(effects)
    }

    /// Takes what `taken` leaves of `quantity_micro` from the layers in turn; what they lack becomes a shortage.
    pub(super) fn leave(
        &mut self,
        position: Position,
        quantity_micro: i64,
        taken: Piece,
    ) -> Result<Vec<Effect>, ValuationError> {
        let mut wanted = quantity_micro - taken.quantity_micro;
        let mut value_minor = taken.value_minor;
        while wanted > 0 {
            let layer = match self.removal {
                Removal::Fifo => self.layers.front_mut(),
                Removal::Lifo => self.layers.back_mut(),
            };
            let Some(layer) = layer else { break };
            let piece = layer.take(wanted)?;
            if layer.left_micro() == 0 {
                match self.removal {
                    Removal::Fifo => self.layers.pop_front(),
                    Removal::Lifo => self.layers.pop_back(),
                };
            }
            wanted -= piece.quantity_micro;
            value_minor = add(value_minor, piece.value_minor)?;
        }
        if wanted > 0 {
            let owed = self.at_last_cost(wanted)?;
            self.shortages.push_back(Portion::new(position, wanted, owed));
            value_minor = add(value_minor, owed)?;
        }
        let piece = Piece { quantity_micro: -quantity_micro, value_minor: -value_minor };
        Ok(vec![self.effect(position, position, piece)?])
    }

    /// Takes up to `wanted` from the layer of one receipt, if it is still open.
    pub(super) fn take_from(&mut self, receipt: Position, wanted: i64) -> Result<Piece, ValuationError> {
        let Ok(index) = self.layers.binary_search_by_key(&receipt, |layer| layer.source) else {
            return Ok(Piece::default());
        };
        let Some(layer) = self.layers.get_mut(index) else { return Ok(Piece::default()) };
        let piece = layer.take(wanted)?;
        if layer.left_micro() == 0 {
            self.layers.remove(index);
        }
        Ok(piece)
    }

    /// What a customer brings back: its share of what is left of the issue, the last piece takes the rest.
    pub(super) fn come_back(&self, quantity: Quantity, returned: Option<Worth>) -> Result<Piece, ValuationError> {
        let quantity_micro = self.positive(quantity)?;
        let issued = returned.ok_or(ValuationError::NotIssued)?;
        if issued.quantity.unit() != self.unit || issued.quantity.scaled() < quantity_micro {
            return Err(ValuationError::ReturnTooLarge { returned: quantity, left: issued.quantity });
        }
        let value_minor = pro_rata(self.minor(issued.value)?, quantity_micro, issued.quantity.scaled())?;
        Ok(Piece { quantity_micro, value_minor })
    }

    /// `quantity_micro` at the cost of the latest receipt.
    pub(super) fn at_last_cost(&self, quantity_micro: i64) -> Result<i64, ValuationError> {
        let Some(last) = self.last_cost else { return Ok(0) };
        pro_rata(last.value_minor, quantity_micro, last.quantity_micro)
    }

    /// The scaled quantity, if it is more than nothing and in the item's unit.
    pub(super) fn positive(&self, quantity: Quantity) -> Result<i64, ValuationError> {
        if quantity.unit() != self.unit {
            return Err(ValuationError::Unit { expected: self.unit, found: quantity.unit() });
        }
        if !quantity.is_positive() {
            return Err(ValuationError::NotPositive(quantity));
        }
        Ok(quantity.scaled())
    }

    /// The minor units, if they are of the currency the stock is valued in.
    pub(super) fn minor(&self, value: Money) -> Result<i64, ValuationError> {
        if value.currency() != self.currency {
            return Err(ValuationError::Currency { expected: self.currency, found: value.currency() });
        }
        Ok(value.minor())
    }

    /// Books a change and says so.
    fn effect(&mut self, of: Position, cause: Position, piece: Piece) -> Result<Effect, ValuationError> {
        self.quantity_micro = add(self.quantity_micro, piece.quantity_micro)?;
        self.value_minor = add(self.value_minor, piece.value_minor)?;
        let quantity = Quantity::from_scaled(piece.quantity_micro, self.unit);
        Ok(Effect { of, cause, quantity, value: Money::from_minor(piece.value_minor, self.currency) })
    }
}

/// The sum, or a typed refusal.
pub(super) fn add(a: i64, b: i64) -> Result<i64, ValuationError> {
    a.checked_add(b).ok_or(ValuationError::Overflow)
}
