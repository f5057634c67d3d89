//! Why a verb is refused before it touches the stock.

use codexion::core::{Kind, Refusal, Unit};

/// Why a move cannot be done as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoveError {
    /// Goods of ours must come from, or go to, a place of ours.
    #[error("the place `{0}` is not ours")]
    NotOurs(String),
    /// The other side of a receipt or an issue must not be ours.
    #[error("the place `{0}` is ours: moving goods there is a transfer")]
    Ours(String),
    /// Goods that stay where they are do not move.
    #[error("goods cannot move from `{0}` to itself")]
    SamePlace(String),
    /// The places that come with every tenant were removed.
    #[error("there is no place `{0}`")]
    NoPlace(&'static str),
    /// The item does not exist.
    #[error("there is no item `{0}`")]
    NoItem(uuid::Uuid),
    /// The place does not exist.
    #[error("there is no location `{0}`")]
    NoLocation(uuid::Uuid),
    /// The move does not exist.
    #[error("there is no move `{0}`")]
    NoMove(uuid::Uuid),
    /// The unit is not known.
    #[error("there is no unit `{0}`")]
    NoUnit(Unit),
    /// Only issues and receipts that are done can be returned.
    #[error("only the goods of an issue or a receipt that was done can be returned")]
    NotReturnable,
    /// More goes back than arrived.
    #[error("more goes back than arrived with that receipt")]
    ReturnTooLarge,
    /// Charges belong to receipts.
    #[error("charges can only be added to a receipt that was done")]
    NotChargeable,
    /// The move holds no reservation, or one of another item.
    #[error("nothing of this item is reserved by the move `{0}`")]
    NothingReserved(uuid::Uuid),
    /// A cost below nothing.
    #[error("a unit cost cannot be below zero")]
    CostNegative,
    /// Too many at once.
    #[error("{count} moves are more than the {max} of one call")]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        max: usize,
    },
    /// Nothing may be changed that past figures depend on.
    #[error("unit, currency and costing of `{0}` can't change: something moved already")]
    ItemInUse(String),
}

impl Refusal for MoveError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoItem(_) | Self::NoLocation(_) | Self::NoMove(_) => Kind::NotFound,
            Self::NotReturnable | Self::NotChargeable | Self::ItemInUse(_) | Self::ReturnTooLarge => Kind::Refused,
            Self::TooMany { .. } => Kind::TooLarge,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotOurs(_) => "inventory.place_not_ours",
            Self::Ours(_) => "inventory.place_ours",
            Self::SamePlace(_) => "inventory.same_place",
            Self::NoPlace(_) => "inventory.no_place",
            Self::NoItem(_) => "inventory.no_item",
            Self::NoLocation(_) => "inventory.no_location",
            Self::NoMove(_) => "inventory.no_move",
            Self::NoUnit(_) => "inventory.no_unit",
            Self::NotReturnable => "inventory.not_returnable",
            Self::ReturnTooLarge => "inventory.supplier_return_too_large",
            Self::NotChargeable => "inventory.not_chargeable",
            Self::NothingReserved(_) => "inventory.nothing_reserved",
            Self::CostNegative => "inventory.cost_negative",
            Self::TooMany { .. } => "inventory.too_many_moves",
            Self::ItemInUse(_) => "inventory.item_in_use",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NotOurs(_) => Some("use a place of kind `internal` or `transit`".to_owned()),
            Self::NoPlace(code) => Some(format!("create a location with the code `{code}`, or name another place")),
            Self::NoUnit(_) => Some("create the unit first, with its factor to a reference unit".to_owned()),
            Self::ItemInUse(_) => Some("create another item".to_owned()),
            Self::TooMany { .. } => Some("use several calls".to_owned()),
            _ => None,
        }
    }
}
