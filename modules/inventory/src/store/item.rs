//! What is kept in stock, and the units it is counted in.

use codexion::prelude::*;

use crate::MeasureError;
use crate::domain::{Measure, Removal};

/// A unit of measure: one of `code` is `factor` of `reference`.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_units", tenant, versioned, audited)]
pub struct MeasureUnit {
    /// The record.
    pub id: Id<MeasureUnit>,
    /// The unit.
    #[field(unique)]
    pub code: Unit,
    /// What people call it.
    #[field(max_len = 80)]
    pub name: String,
    /// The unit that all of its kind are measured by.
    pub reference: Unit,
    /// How many of the reference unit one is.
    pub factor: Rate,
    /// Fraction digits it is counted with.
    #[field(min = 0, max = 6)]
    pub digits: i32,
}

impl MeasureUnit {
    /// The unit as the rules know it.
    ///
    /// # Errors
    /// [`MeasureError`] when factor or digits are out of range.
    pub fn measure(&self) -> Result<Measure, MeasureError> {
        let digits = u32::try_from(self.digits).unwrap_or(u32::MAX);
        Measure::new(self.code, self.reference, self.factor, digits)
    }
}

/// Which layer of an item's stock goods are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Choice)]
pub enum Costing {
    /// The oldest first.
    #[default]
    Fifo,
    /// The newest first.
    Lifo,
}

impl From<Costing> for Removal {
    fn from(costing: Costing) -> Self {
        match costing {
            Costing::Fifo => Self::Fifo,
            Costing::Lifo => Self::Lifo,
        }
    }
}

/// What is kept in stock: counted in one unit, valued in one currency.
///
/// Unit, currency and costing stay as they are once something moved.
#[derive(Debug, Clone, PartialEq, Repository, CustomFields)]
#[repository(table = "inventory_items", tenant, versioned, audited, soft_delete)]
pub struct Item {
    /// The record.
    pub id: Id<Item>,
    /// What it is called on paper.
    #[field(unique, max_len = 40)]
    pub code: String,
    /// What people call it.
    #[field(max_len = 200)]
    pub name: String,
    /// What it is counted in.
    pub unit: Unit,
    /// What it is valued in.
    pub currency: Currency,
    /// Which goods leave first, as far as their value goes.
    pub removal: Costing,
    /// What tenants and other modules keep of it.
    pub extra: Extra,
}
