//! What an installation decides about its stock.

use codexion::prelude::*;

use crate::domain::{NegativeStock, Pace};

/// Stock.
#[derive(Debug, Clone, Config)]
#[config(key = "inventory")]
pub struct InventorySettings {
    /// Whether more may leave a place than is there.
    #[config(default = false)]
    pub negative_stock: bool,
    /// Later moves that are valued again together with a move of the past; a job values the rest.
    #[config(default = 20_000)]
    pub revalue_moves_max: u32,
}

impl InventorySettings {
    pub(crate) const fn negative(&self) -> NegativeStock {
        if self.negative_stock { NegativeStock::Allow } else { NegativeStock::Refuse }
    }

    pub(crate) fn pace(&self) -> Pace {
        Pace { entries_max: usize::try_from(self.revalue_moves_max).unwrap_or(usize::MAX).max(1), ..Pace::default() }
    }
}
