//! What the catalogue refuses.

use codexion::prelude::{Kind, Refusal, Unit};

/// Why a product cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Orders and stock are counted in it.
    #[error("`{sku}` is counted in `{unit}`, which can't change")]
    UnitFixed {
        /// Of the product.
        sku: String,
        /// As it is.
        unit: Unit,
    },
}

impl Refusal for CatalogueError {
    fn kind(&self) -> Kind {
        Kind::Refused
    }

    fn code(&self) -> &'static str {
        "crm.product.unit_fixed"
    }

    fn help(&self) -> Option<String> {
        Some("add a new product with the other unit".to_owned())
    }
}
