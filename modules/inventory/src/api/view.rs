//! What clients send and get, where it differs from what the verbs take and answer.

use codexion::data::{GivenExtra, ShownExtra};
use codexion::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::service::{Moved, Reserved, WarehousePlaces};
use crate::store::{Costing, Item, Level, Location, LocationKind, MeasureUnit, Move, Warehouse};

/// Moves that are done together, or not at all.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Lines<T> {
    /// Each move.
    pub(super) lines: Vec<T>,
}

/// What the moves did, in their order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct Done {
    /// Each move.
    pub(super) moves: Vec<Moved>,
}

/// A charge on a receipt.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Charge {
    /// How much is added to what the receipt cost.
    pub(super) charge: Money,
}

/// A unit of measure: one of `code` is `factor` of `reference`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitView {
    /// The unit.
    code: Unit,
    /// What people call it.
    name: String,
    /// The unit that all of its kind are measured by.
    reference: Unit,
    /// How many of the reference unit one is.
    factor: Rate,
    /// Fraction digits it is counted with, up to six.
    digits: i32,
}

impl UnitView {
    pub(super) fn to_unit(&self, tx: &mut Tx) -> MeasureUnit {
        let Self { code, name, reference, factor, digits } = self.clone();
        MeasureUnit { id: tx.new_id(), code, name, reference, factor, digits }
    }
}

/// An item as clients write it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewItem {
    /// What it is called on paper.
    code: String,
    /// What people call it.
    name: String,
    /// What it is counted in.
    unit: Unit,
    /// What it is valued in.
    currency: Currency,
    /// Which goods leave first, as far as their value goes; `fifo` where it is not given.
    removal: Option<Costing>,
    /// Custom fields; those that are not given stay as they are.
    #[serde(default)]
    extra: GivenExtra<Item>,
}

impl NewItem {
    /// The item, with the custom fields of the one that it changes.
    pub(super) fn to_item(&self, tx: &mut ReadTx, id: Id<Item>) -> Result<Item> {
        let Self { code, name, unit, currency, removal, extra } = self.clone();
        let before = Item::find(tx, id)?.map(|item| item.extra).unwrap_or_default();
        let extra = extra.read(tx, &before)?;
        Ok(Item { id, code, name, unit, currency, removal: removal.unwrap_or_default(), extra })
    }
}

/// An item.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct ItemView {
    /// The record.
    id: Id<Item>,
    /// What it is called on paper.
    code: String,
    /// What people call it.
    name: String,
    /// What it is counted in.
    unit: Unit,
    /// What it is valued in.
    currency: Currency,
    /// Which goods leave first, as far as their value goes.
    removal: Costing,
    /// Custom fields.
    extra: ShownExtra<Item>,
}

impl ItemView {
    /// The item as it was stored.
    pub(super) fn of(tx: &mut ReadTx, id: Id<Item>) -> Result<Self> {
        let Item { id, code, name, unit, currency, removal, extra } = Item::get(tx, id)?;
        let extra = ShownExtra::of(tx, &extra)?;
        Ok(Self { id, code, name, unit, currency, removal, extra })
    }
}

/// A warehouse as clients write it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWarehouse {
    /// What it is called on paper; its places begin with it.
    pub(super) code: String,
    /// What people call it.
    pub(super) name: String,
}

/// A warehouse with the places that it starts with.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct WarehouseView {
    /// The record.
    id: Id<Warehouse>,
    /// What it is called on paper.
    code: String,
    /// What people call it.
    name: String,
    /// All of it: the place that the others are within.
    root: Id<Location>,
    /// Where goods arrive.
    input: Id<Location>,
    /// Where they are kept.
    stock: Id<Location>,
    /// Where they wait to leave.
    output: Id<Location>,
}

impl From<WarehousePlaces> for WarehouseView {
    fn from(places: WarehousePlaces) -> Self {
        let WarehousePlaces { warehouse: Warehouse { id, code, name }, root, input, stock, output } = places;
        Self { id, code, name, root, input, stock, output }
    }
}

/// A place as clients write it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLocation {
    /// What it is called on paper.
    code: String,
    /// What people call it.
    name: String,
    /// Whose goods are there.
    kind: LocationKind,
    /// The place it is part of.
    parent: Option<Id<Location>>,
    /// The warehouse it belongs to.
    warehouse: Option<Id<Warehouse>>,
}

impl NewLocation {
    pub(super) fn to_location(&self, tx: &mut Tx) -> Location {
        let Self { code, name, kind, parent, warehouse } = self.clone();
        Location { id: tx.new_id(), code, name, kind, parent, warehouse }
    }
}

/// A place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct LocationView {
    /// The record.
    id: Id<Location>,
    /// What it is called on paper.
    code: String,
}

impl From<Location> for LocationView {
    fn from(location: Location) -> Self {
        Self { id: location.id, code: location.code }
    }
}

/// What is reserved.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct ReservedView {
    /// The planned move that holds the reservation.
    movement: Id<Move>,
    /// From where to take how much, the oldest goods first.
    picks: Vec<PickView>,
    /// All picks together.
    assigned: Quantity,
    /// What is wanted and not there.
    missing: Quantity,
}

/// From where to take how much.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct PickView {
    /// The place.
    location: Id<Location>,
    /// How much.
    quantity: Quantity,
}

impl From<Reserved> for ReservedView {
    fn from(reserved: Reserved) -> Self {
        let Reserved { movement, picks, assigned, missing } = reserved;
        let picks = picks.into_iter().map(|pick| PickView { location: pick.key, quantity: pick.quantity });
        Self { movement, picks: picks.collect(), assigned, missing }
    }
}

/// What there is of an item.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct StockView {
    /// In all places of ours together.
    pub(super) on_hand: Quantity,
    /// What it is worth.
    pub(super) value: Money,
    /// In each place.
    pub(super) levels: Vec<LevelView>,
}

/// What there is of an item in one place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct LevelView {
    /// The place.
    location: Id<Location>,
    /// What there is.
    on_hand: Quantity,
    /// What of it is promised.
    reserved: Quantity,
}

impl From<Level> for LevelView {
    fn from(level: Level) -> Self {
        Self { location: level.location, on_hand: level.on_hand, reserved: level.reserved }
    }
}

/// Of which day.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AsOf {
    /// The end of this day; today where it is not given.
    pub(super) as_of: Option<Date>,
}

/// What the stock is worth at the end of a day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct StockValueView {
    /// The day.
    pub(super) as_of: Date,
    /// Per currency, everything together.
    pub(super) totals: Vec<Money>,
    /// Per item; items that never moved are left out.
    pub(super) items: Vec<crate::ItemValue>,
}
