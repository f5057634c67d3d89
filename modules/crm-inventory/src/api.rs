//! What clients ask of shipping over HTTP, under `/api/v1/crm_inventory`.

use codexion::prelude::*;
use codexion::web::Once;
use crm::{PurchaseOrder, SalesOrder};
use inventory::{Location, Move};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::service::{Dispatch, Piece, Shipped, Shipping};
use crate::store::{GoodsReceipt, Shipment};

pub(crate) fn routes(m: &mut Registrar) {
    m.browse::<Shipment>("/shipments").post("/shipments/{id}/ship", ship);
    m.post("/sales-orders/{id}/ship", ship_order);
    m.browse::<GoodsReceipt>("/receipts").post("/purchase-orders/{id}/receive", receive);
}

/// When, where and what; today, at the usual place, everything that is open where it is not given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DispatchRequest {
    #[serde(default)]
    date: Option<Date>,
    #[serde(default)]
    place: Option<Id<Location>>,
    #[serde(default)]
    parts: Vec<PieceRequest>,
}

/// A part of an order line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PieceRequest {
    line: Id<()>,
    quantity: Quantity,
}

/// What was shipped.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct ShippedView {
    shipment: Id<Shipment>,
    number: String,
    /// The stock moves.
    moves: Vec<Id<Move>>,
    /// What is planned for the rest.
    back_order: Option<Id<Shipment>>,
}

/// What arrived.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct ReceivedView {
    receipt: Id<GoodsReceipt>,
    number: String,
}

impl DispatchRequest {
    fn at<L>(&self, today: Date) -> Dispatch<L> {
        let piece = |part: &PieceRequest| Piece { line: Id::from_uuid(part.line.uuid()), quantity: part.quantity };
        let parts = self.parts.iter().map(piece).collect();
        Dispatch { date: self.date.unwrap_or(today), place: self.place, parts }
    }
}

impl From<Shipped> for ShippedView {
    fn from(shipped: Shipped) -> Self {
        Self {
            shipment: shipped.sheet.shipment.id,
            number: shipped.sheet.shipment.number,
            moves: shipped.sheet.lines.iter().filter_map(|line| line.movement).collect(),
            back_order: shipped.back_order,
        }
    }
}

/// Ships a planned shipment.
async fn ship(
    work: Work,
    shipping: Inject<Shipping>,
    once: Once,
    id: PathId<Shipment>,
    body: Body<DispatchRequest>,
) -> Answer<ShippedView> {
    let ship = move |tx: &mut Tx| shipping.ship(tx, *id, &body.at(tx.today())).map(ShippedView::from);
    work.write(move |tx| Once::run(&once, tx, &ship)).await
}

/// Ships what is planned of a sales order.
async fn ship_order(
    work: Work,
    shipping: Inject<Shipping>,
    once: Once,
    id: PathId<SalesOrder>,
    body: Body<DispatchRequest>,
) -> Answer<ShippedView> {
    let ship = move |tx: &mut Tx| shipping.ship_order(tx, *id, &body.at(tx.today())).map(ShippedView::from);
    work.write(move |tx| Once::run(&once, tx, &ship)).await
}

/// Enters goods of a purchase order that arrived.
async fn receive(
    work: Work,
    shipping: Inject<Shipping>,
    once: Once,
    id: PathId<PurchaseOrder>,
    body: Body<DispatchRequest>,
) -> Answer<ReceivedView> {
    let receive = move |tx: &mut Tx| {
        let receipt = shipping.receive(tx, *id, &body.at(tx.today()))?;
        Ok(ReceivedView { receipt: receipt.id, number: receipt.number })
    };
    work.write(move |tx| Once::run(&once, tx, &receive)).await
}
