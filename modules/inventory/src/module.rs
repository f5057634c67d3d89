//! What inventory registers.

use codexion::prelude::*;

use crate::service::{Setup, Stock, StockMoved, ValueItem};
use crate::settings::InventorySettings;
use crate::store::{
    Item, ItemValuation, Level, Location, MeasureUnit, Move, StockEntry, StockReservation, ValueCheckpoint, ValueEntry,
    Warehouse,
};
use crate::{api, policy};

/// Items, warehouses, stock moves, reservations and what the stock is worth.
#[derive(Debug, Default, Module)]
#[module(name = "inventory", migrations = "migrations")]
pub struct Inventory;

impl Registers for Inventory {
    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../docs/errors.md"));
        m.config::<InventorySettings>().provide::<Stock>().provide::<Setup>();
        m.repository::<MeasureUnit>().repository::<Item>().repository::<Warehouse>().repository::<Location>();
        m.repository::<Move>().repository::<StockEntry>().repository::<ValueEntry>().repository::<Level>();
        m.repository::<ItemValuation>().repository::<ValueCheckpoint>().repository::<StockReservation>();
        m.policy::<policy::ReceiveStock>().policy::<policy::IssueStock>().policy::<policy::TransferStock>();
        m.policy::<policy::CountStock>().policy::<policy::ChargeStock>().policy::<policy::ReserveStock>();
        m.policy::<policy::RevalueStock>().policy::<policy::SaveItem>().policy::<policy::SaveUnit>();
        m.policy::<policy::SaveWarehouse>().policy::<policy::SaveLocation>().policy::<policy::ReadStock>();
        m.event::<StockMoved>().job::<ValueItem>().seed("base", base);
        api::register(m);
    }
}

/// What every tenant starts with.
#[expect(clippy::needless_pass_by_value, reason = "what is injected is handed over")]
fn base(tx: &mut Tx, setup: Inject<Setup>) -> Result<()> {
    setup.base(tx)
}
