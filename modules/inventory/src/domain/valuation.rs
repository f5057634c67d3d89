//! What the stock of one item is worth: a queue of layers, and what is owed while there is none.

use std::collections::VecDeque;

use codexion::core::{Currency, Money, Price, Quantity, Rounding, Unit};

use super::portion::Piece;
use super::{Change, Effect, Entry, Portion, Position, Worth};
use crate::ValuationError;

mod flow;

/// Which layer goods are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Removal {
    /// The oldest first.
    #[default]
    Fifo,
    /// The newest first.
    Lifo,
}

/// The value of an item's stock after some entry of its history.
///
/// Entries are applied in the order of their positions. Goods that leave without stock leave at the last cost
/// and are a *shortage*; what arrives next fills it, and the difference of cost corrects the issue. What is
/// never filled stays at the last cost, which is nothing for an item that was never received.
///
/// INVARIANT: layers and shortages are never open at once, and when neither is, the value is exactly zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valuation {
    removal: Removal,
    unit: Unit,
    currency: Currency,
    /// In the order of their positions.
    layers: VecDeque<Portion>,
    /// In the order of their positions.
    shortages: VecDeque<Portion>,
    /// The latest receipt: what it cost, for how much.
    last_cost: Option<Piece>,
    quantity_micro: i64,
    value_minor: i64,
}

impl Valuation {
    /// No stock of an item that is counted in `unit` and valued in `currency`.
    #[must_use]
    pub const fn new(removal: Removal, unit: Unit, currency: Currency) -> Self {
        Self {
            removal,
            unit,
            currency,
            layers: VecDeque::new(),
            shortages: VecDeque::new(),
            last_cost: None,
            quantity_micro: 0,
            value_minor: 0,
        }
    }

    /// The stock as it was stored: its open layers and shortages, and the latest receipt's quantity and value.
    ///
    /// # Errors
    /// [`ValuationError::Damaged`] when the parts contradict each other.
    pub fn with_open(
        self,
        layers: Vec<Portion>,
        shortages: Vec<Portion>,
        last_cost: Option<(Quantity, Money)>,
    ) -> Result<Self, ValuationError> {
        let last_cost = match last_cost {
            Some((quantity, value)) => {
                Some(Piece { quantity_micro: self.positive(quantity)?, value_minor: self.minor(value)? })
            }
            None => None,
        };
        let ordered = |portions: &[Portion]| portions.is_sorted_by(|a, b| a.source < b.source);
        let open = |p: &Portion| p.taken_micro >= 0 && p.taken_micro < p.quantity_micro;
        let one_sided = layers.is_empty() || shortages.is_empty();
        if !(one_sided && ordered(&layers) && ordered(&shortages) && layers.iter().chain(&shortages).all(open)) {
            return Err(ValuationError::Damaged);
        }
        let (mut quantity, mut value) = (0_i64, 0_i64);
        for (portions, sign) in [(&layers, 1), (&shortages, -1)] {
            for portion in portions {
                let mut portion = *portion;
                let rest = portion.take(portion.left_micro())?;
                quantity = flow::add(quantity, sign * rest.quantity_micro)?;
                value = flow::add(value, sign * rest.value_minor)?;
            }
        }
        Ok(Self {
            layers: layers.into(),
            shortages: shortages.into(),
            last_cost,
            quantity_micro: quantity,
            value_minor: value,
            ..self
        })
    }

    /// How much there is; negative while more left than arrived.
    #[must_use]
    pub const fn quantity(&self) -> Quantity {
        Quantity::from_scaled(self.quantity_micro, self.unit)
    }

    /// What it is worth.
    #[must_use]
    pub const fn value(&self) -> Money {
        Money::from_minor(self.value_minor, self.currency)
    }

    /// Value by quantity, derived and rounded for display; nothing has no unit cost.
    #[must_use]
    pub fn unit_cost(&self) -> Option<Price> {
        Price::per_unit(self.value(), self.quantity(), Rounding::HalfUp).ok()
    }

    /// The open layers, oldest first.
    pub fn layers(&self) -> impl ExactSizeIterator<Item = &Portion> {
        self.layers.iter()
    }

    /// What left without stock and was not filled, oldest first.
    pub fn shortages(&self) -> impl ExactSizeIterator<Item = &Portion> {
        self.shortages.iter()
    }

    /// Quantity and value of the latest receipt.
    #[must_use]
    pub fn last_cost(&self) -> Option<(Quantity, Money)> {
        let price = self.last_cost?;
        let quantity = Quantity::from_scaled(price.quantity_micro, self.unit);
        Some((quantity, Money::from_minor(price.value_minor, self.currency)))
    }

    /// Applies the next entry and says what it did; a customer's return needs the worth of what it returns.
    ///
    /// # Errors
    /// [`ValuationError`]; the valuation must not be used any more after one.
    pub fn apply(&mut self, entry: &Entry, returned: Option<Worth>) -> Result<Vec<Effect>, ValuationError> {
        let position = entry.position;
        match entry.change {
            Change::Void => Ok(Vec::new()),
            Change::Receive { quantity, value } => {
                let piece = Piece { quantity_micro: self.positive(quantity)?, value_minor: self.minor(value)? };
                self.last_cost = Some(piece);
                self.arrive(position, piece)
            }
            Change::Find { quantity, price } => {
                let quantity_micro = self.positive(quantity)?;
                let value_minor = match price {
                    Some(price) => self.minor(price.times(quantity, Rounding::HalfUp)?)?,
                    None => self.at_last_cost(quantity_micro)?,
                };
                self.arrive(position, Piece { quantity_micro, value_minor })
            }
            Change::CustomerReturn { quantity, .. } => {
                let piece = self.come_back(quantity, returned)?;
                self.arrive(position, piece)
            }
            Change::Issue { quantity } => {
                let quantity_micro = self.positive(quantity)?;
                self.leave(position, quantity_micro, Piece::default())
            }
            Change::SupplierReturn { quantity, receipt } => {
                let quantity_micro = self.positive(quantity)?;
                let piece = self.take_from(receipt, quantity_micro)?;
                self.leave(position, quantity_micro, piece)
            }
        }
    }
}
