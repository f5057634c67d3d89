//! Where selling and buying meet stock.
//!
//! Products that are kept in stock become items under the same id. A shipment is planned when a sales order is
//! confirmed (or paid, where that was agreed); [`Shipping::ship`] takes its goods out of stock and tells the order,
//! and what stayed behind is planned as a back-order. [`Shipping::receive`] puts the goods of purchase orders in.

#![warn(clippy::float_arithmetic)]

mod api;
mod error;
mod policy;
mod service;
mod settings;
mod store;

use codexion::prelude::*;
use crm::{AfterOrderCancelled, AfterOrderConfirmed, AfterOrderPaid, AfterProductSaved, OrderSheet, Product};

pub use error::ShippingError;
pub use policy::{ReceiveGoods, ShipGoods};
pub use service::{Dispatch, Piece, Shipped, Shipping};
pub use settings::ShippingSettings;
pub use store::{GoodsReceipt, GoodsReceiptLine, Shipment, ShipmentLine, ShipmentSheet, ShipmentState};

/// Shipments of sales orders, receipts of purchase orders.
#[derive(Debug, Default, Module)]
#[module(name = "crm_inventory", needs = ["crm", "inventory"], migrations = "migrations")]
pub struct CrmInventory;

impl Registers for CrmInventory {
    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../docs/errors.md"));
        m.config::<ShippingSettings>().provide::<Shipping>();
        m.repository::<Shipment>().repository::<ShipmentLine>();
        m.repository::<GoodsReceipt>().repository::<GoodsReceiptLine>();
        m.policy::<ShipGoods>().policy::<ReceiveGoods>();
        m.hook_after::<AfterProductSaved, _>(0, keep_item);
        m.hook_after::<AfterOrderConfirmed, _>(0, plan).hook_after::<AfterOrderPaid, _>(0, plan);
        m.hook_after::<AfterOrderCancelled, _>(0, cancel);
        api::routes(m);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what is injected is handed over")]
fn keep_item(tx: &mut Tx, product: &Product, shipping: Inject<Shipping>) -> Result<()> {
    shipping.keep_item(tx, product)
}

#[expect(clippy::needless_pass_by_value, reason = "what is injected is handed over")]
fn plan(tx: &mut Tx, order: &OrderSheet, shipping: Inject<Shipping>) -> Result<()> {
    shipping.plan(tx, order).map(|_| ())
}

#[expect(clippy::needless_pass_by_value, reason = "what is injected is handed over")]
fn cancel(tx: &mut Tx, order: &OrderSheet, shipping: Inject<Shipping>) -> Result<()> {
    shipping.cancel_planned(tx, order.order.id)
}
