//! What inventory refuses, one closed family per kind of operation.

mod verb;

use codexion::core::{Currency, Date, Kind, Money, MoneyError, Quantity, QuantityError, Refusal, Unit};

pub use verb::MoveError;

/// Why a move cannot be valued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValuationError {
    /// A move of nothing, or of less.
    #[error("a move needs a quantity above zero, not {0}")]
    NotPositive(Quantity),
    /// The quantity is not in the item's unit.
    #[error("the item is counted in `{expected}`, not in `{found}`")]
    Unit {
        /// The item's unit.
        expected: Unit,
        /// The move's.
        found: Unit,
    },
    /// The value is not in the currency of the books.
    #[error("the stock is valued in {expected}, not in {found}")]
    Currency {
        /// The currency of the books.
        expected: Currency,
        /// The move's.
        found: Currency,
    },
    /// A return of something that did not leave before.
    #[error("the goods that come back did not leave before that day")]
    NotIssued,
    /// More comes back than has left.
    #[error("{returned} come back, but only {left} of that issue are still out")]
    ReturnTooLarge {
        /// What comes back.
        returned: Quantity,
        /// What is out.
        left: Quantity,
    },
    /// A figure is larger than the ledger can hold.
    #[error("the value of the stock is too large")]
    Overflow,
    /// The stored layers contradict each other.
    #[error("the stored layers of the item contradict each other")]
    Damaged,
    /// A price could not be applied.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Refusal for ValuationError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotPositive(_) | Self::Unit { .. } | Self::Currency { .. } | Self::Overflow => Kind::Invalid,
            Self::NotIssued | Self::ReturnTooLarge { .. } => Kind::Refused,
            Self::Damaged => Kind::Internal,
            Self::Money(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotPositive(_) => "inventory.not_positive",
            Self::Unit { .. } => "inventory.unit",
            Self::Currency { .. } => "inventory.currency",
            Self::NotIssued => "inventory.not_issued",
            Self::ReturnTooLarge { .. } => "inventory.return_too_large",
            Self::Overflow => "inventory.overflow",
            Self::Damaged => "inventory.layers_damaged",
            Self::Money(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Unit { expected, .. } => Some(format!("convert the quantity to `{expected}` first")),
            Self::Currency { expected, .. } => Some(format!("convert the cost to {expected} first")),
            Self::NotIssued => Some("give the return a day on or after the issue".to_owned()),
            Self::Damaged => Some("value the item again from its first move".to_owned()),
            Self::Money(error) => error.help(),
            Self::NotPositive(_) | Self::ReturnTooLarge { .. } | Self::Overflow => None,
        }
    }
}

/// Why a change of quantities is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// A balance would fall below zero on that day.
    #[error("the stock would be {balance} on {date}")]
    Negative {
        /// The first day below zero.
        date: Date,
        /// What there would be.
        balance: Quantity,
    },
    /// The quantities of that day are final.
    #[error("the stock is closed through {through}")]
    Closed {
        /// The last closed day.
        through: Date,
    },
    /// There is a move at that position already.
    #[error("this move is in the history already")]
    Known,
    /// There is no move at that position.
    #[error("this move is not in the history")]
    Unknown,
    /// A count of less than nothing.
    #[error("a count cannot find {0}")]
    CountNegative(Quantity),
    /// Quantities that don't add up.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
}

impl Refusal for StockError {
    fn kind(&self) -> Kind {
        match self {
            Self::Negative { .. } | Self::Closed { .. } => Kind::Refused,
            Self::Known => Kind::Conflict,
            Self::Unknown => Kind::NotFound,
            Self::CountNegative(_) => Kind::Invalid,
            Self::Quantity(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Negative { .. } => "inventory.negative_stock",
            Self::Closed { .. } => "inventory.stock_closed",
            Self::Known => "inventory.move_known",
            Self::Unknown => "inventory.move_unknown",
            Self::CountNegative(_) => "inventory.count_negative",
            Self::Quantity(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Negative { .. } => {
                Some("receive the goods first, or allow negative stock in the settings".to_owned())
            }
            Self::Closed { .. } => Some("use a later day".to_owned()),
            Self::Quantity(error) => error.help(),
            Self::Known | Self::Unknown | Self::CountNegative(_) => None,
        }
    }
}

/// Why stock cannot be reserved or taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReservationError {
    /// A reservation of nothing, or of less.
    #[error("a reservation needs a quantity above zero, not {0}")]
    NotPositive(Quantity),
    /// What there is is promised to others.
    #[error("{wanted} are wanted, but only {free} are not reserved for others")]
    ReservedForOthers {
        /// What is wanted.
        wanted: Quantity,
        /// What may be taken.
        free: Quantity,
    },
    /// More is released or taken than was reserved.
    #[error("{released} are released, but only {reserved} are reserved")]
    NotReserved {
        /// What is released.
        released: Quantity,
        /// What is reserved.
        reserved: Quantity,
    },
    /// Quantities that don't add up.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
}

impl Refusal for ReservationError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotPositive(_) => Kind::Invalid,
            Self::ReservedForOthers { .. } | Self::NotReserved { .. } => Kind::Refused,
            Self::Quantity(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotPositive(_) => "inventory.reservation_not_positive",
            Self::ReservedForOthers { .. } => "inventory.reserved_for_others",
            Self::NotReserved { .. } => "inventory.not_reserved",
            Self::Quantity(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::ReservedForOthers { .. } => Some("release another reservation first, or take less".to_owned()),
            Self::Quantity(error) => error.help(),
            Self::NotPositive(_) | Self::NotReserved { .. } => None,
        }
    }
}

/// Why a quantity cannot be expressed in another unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeasureError {
    /// The units measure different things.
    #[error("`{from}` cannot be converted to `{to}`")]
    Different {
        /// The unit of the quantity.
        from: Unit,
        /// The unit that is wanted.
        to: Unit,
    },
    /// A unit of nothing.
    #[error("the factor of `{0}` must be above zero")]
    Factor(Unit),
    /// A unit that is finer than quantities are.
    #[error("quantities have at most {max} fraction digits, not {digits}", max = Quantity::DIGITS)]
    Digits {
        /// The digits that are wanted.
        digits: u32,
    },
    /// The result is outside the range.
    #[error("the quantity is too large")]
    Overflow,
}

impl Refusal for MeasureError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Different { .. } => "inventory.units_differ",
            Self::Factor(_) => "inventory.unit_factor",
            Self::Digits { .. } => "inventory.unit_digits",
            Self::Overflow => "inventory.quantity_overflow",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Different { .. } => Some("convert between units that have the same reference unit".to_owned()),
            Self::Factor(_) | Self::Digits { .. } | Self::Overflow => None,
        }
    }
}

/// Why a charge cannot be spread over receipts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LandedCostError {
    /// There is nothing to spread it in proportion to.
    #[error("the lines sum to zero, so the charge has no basis to be split by")]
    ZeroBasis,
    /// The shares given by hand are not the charge.
    #[error("the shares sum to {shares}, not to the charge of {charge}")]
    Sum {
        /// What the shares sum to.
        shares: Money,
        /// The charge.
        charge: Money,
    },
    /// A share given by hand goes against the charge.
    #[error("the share {0} goes against the charge")]
    Against(Money),
    /// Quantities in several units have no sum.
    #[error("the lines are counted in `{first}` and in `{second}`")]
    Units {
        /// The first line's unit.
        first: Unit,
        /// Another line's.
        second: Unit,
    },
    /// Amounts that don't add up.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Refusal for LandedCostError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::ZeroBasis => "inventory.charge_zero_basis",
            Self::Sum { .. } => "inventory.charge_sum",
            Self::Against(_) => "inventory.charge_against",
            Self::Units { .. } => "inventory.charge_units",
            Self::Money(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::ZeroBasis | Self::Units { .. } => Some("split it by amount or give the shares by hand".to_owned()),
            Self::Money(error) => error.help(),
            Self::Sum { .. } | Self::Against(_) => None,
        }
    }
}
