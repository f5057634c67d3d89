//! Where goods are.

use codexion::prelude::*;

/// A building or a yard; its places are [`Location`]s.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_warehouses", tenant, versioned, audited, soft_delete)]
pub struct Warehouse {
    /// The record.
    pub id: Id<Warehouse>,
    /// What it is called on paper.
    #[field(unique, max_len = 20)]
    pub code: String,
    /// What people call it.
    #[field(max_len = 120)]
    pub name: String,
}

/// Whose goods those in a place are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum LocationKind {
    /// Where goods come from.
    Supplier,
    /// Where goods go to.
    Customer,
    /// Where goods appear from and vanish to when a count finds a difference.
    Loss,
    /// Ours, in a warehouse.
    Internal,
    /// Ours, under way.
    Transit,
}

impl LocationKind {
    /// Whether goods there are ours: counted, and worth something.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::Internal | Self::Transit)
    }
}

/// A place in the tree of places. Goods in `internal` and `transit` places are ours and have a value.
///
/// Its kind stays as it is once something moved there.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "inventory_locations", tenant, versioned, audited, soft_delete)]
pub struct Location {
    /// The record.
    pub id: Id<Location>,
    /// What it is called on paper: `MAIN/STOCK`.
    #[field(unique, max_len = 40)]
    pub code: String,
    /// What people call it.
    #[field(max_len = 120)]
    pub name: String,
    /// Whose goods are there.
    pub kind: LocationKind,
    /// The place it is part of.
    #[field(references = Location)]
    pub parent: Option<Id<Location>>,
    /// The warehouse it belongs to.
    #[field(references = Warehouse)]
    pub warehouse: Option<Id<Warehouse>>,
}
