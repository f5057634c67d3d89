//! What shipping refuses.

use codexion::prelude::{Choice, Kind, Quantity, Refusal};

use crate::store::ShipmentState;

/// Why goods are not shipped or received.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShippingError {
    /// It left already, or never will.
    #[error("cannot ship: the shipment is {}", .state.as_str())]
    NotPlanned {
        /// Where it stands.
        state: ShipmentState,
    },
    /// Nothing of the order may move now.
    #[error("nothing of the order `{number}` is open")]
    NothingOpen {
        /// The order's.
        number: String,
    },
    /// The shipment does not hold as much.
    #[error("{quantity} is more than the {planned} of the shipment")]
    MoreThanPlanned {
        /// Asked for.
        quantity: Quantity,
        /// In the shipment.
        planned: Quantity,
    },
    /// The order line is not part of it.
    #[error("`{line}` is no line of it")]
    UnknownLine {
        /// Its id.
        line: String,
    },
}

impl Refusal for ShippingError {
    fn kind(&self) -> Kind {
        match self {
            Self::UnknownLine { .. } => Kind::Invalid,
            _ => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotPlanned { .. } => "crm_inventory.not_planned",
            Self::NothingOpen { .. } => "crm_inventory.nothing_open",
            Self::MoreThanPlanned { .. } => "crm_inventory.more_than_planned",
            Self::UnknownLine { .. } => "crm_inventory.unknown_line",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NothingOpen { .. } => {
                Some("confirm the order first; one that is shipped on payment waits for it".to_owned())
            }
            _ => None,
        }
    }
}
