//! What may be allowed or not.

use codexion::prelude::*;

use crate::store::{Item, Location, MeasureUnit, Move, Warehouse};

macro_rules! policies {
    ($($(#[$doc:meta])* $name:ident: $resource:ty = $kind:literal . $action:literal, $about:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl Policy for $name {
            type Resource = $resource;
            const RESOURCE: &'static str = $kind;
            const ACTION: &'static str = $action;
            const ABOUT: &'static str = $about;
        }
    )*};
}

policies! {
    /// Receiving goods.
    ReceiveStock: Move = "inventory.move"."receive", "receive goods, or send them back";
    /// Issuing goods.
    IssueStock: Move = "inventory.move"."issue", "issue goods, or take them back";
    /// Moving goods between places.
    TransferStock: Move = "inventory.move"."transfer", "move goods between places";
    /// Correcting the stock by a count.
    CountStock: Move = "inventory.move"."count", "correct the stock by a count";
    /// Adding a charge to a receipt.
    ChargeStock: Move = "inventory.move"."charge", "add charges such as freight to a receipt";
    /// Reserving goods, and giving reservations back.
    ReserveStock: Move = "inventory.move"."reserve", "reserve goods, or give reservations back";
    /// Valuing an item again.
    RevalueStock: Item = "inventory.item"."revalue", "value an item again";
    /// Writing items.
    SaveItem: Item = "inventory.item"."save", "create and change items";
    /// Writing units of measure.
    SaveUnit: MeasureUnit = "inventory.unit"."save", "create units of measure";
    /// Writing warehouses.
    SaveWarehouse: Warehouse = "inventory.warehouse"."save", "create warehouses with their places";
    /// Writing places.
    SaveLocation: Location = "inventory.location"."save", "create places";
    /// Reading quantities and values.
    ReadStock: () = "inventory.stock"."read", "read what is in stock and what it is worth";
}
