//! Who may do what.

use codexion::prelude::Policy;

use crate::store::{GoodsReceipt, Shipment};

/// Shipping what is planned.
#[derive(Debug)]
pub struct ShipGoods;

impl Policy for ShipGoods {
    type Resource = Shipment;
    const RESOURCE: &'static str = "crm_inventory.shipment";
    const ACTION: &'static str = "ship";
    const ABOUT: &'static str = "ship goods to customers";
}

/// Entering goods that arrived.
#[derive(Debug)]
pub struct ReceiveGoods;

impl Policy for ReceiveGoods {
    type Resource = GoodsReceipt;
    const RESOURCE: &'static str = "crm_inventory.goods_receipt";
    const ACTION: &'static str = "receive";
    const ABOUT: &'static str = "receive goods of suppliers";
}
