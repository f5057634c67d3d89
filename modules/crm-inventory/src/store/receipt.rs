//! Goods that arrived for a purchase order.

use codexion::prelude::*;
use crm::{PurchaseOrder, PurchaseOrderLine};
use inventory::{Item, Location, Move};

/// Goods that arrived for a purchase order.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_inventory_receipts", tenant, versioned, audited)]
pub struct GoodsReceipt {
    /// Its id.
    pub id: Id<GoodsReceipt>,
    /// The order's number, and which of its receipts this is.
    #[field(unique, max_len = 60)]
    pub number: String,
    /// For which order.
    #[field(references = PurchaseOrder)]
    pub purchase_order: Id<PurchaseOrder>,
    /// The day on which they arrived.
    pub date: Date,
    /// Where they were put.
    #[field(references = Location)]
    pub place: Id<Location>,
}

/// What was in a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_inventory_receipt_lines", tenant)]
pub struct GoodsReceiptLine {
    /// Its id.
    pub id: Id<GoodsReceiptLine>,
    /// In which receipt.
    #[field(references = GoodsReceipt)]
    pub receipt: Id<GoodsReceipt>,
    /// For which line of the order.
    #[field(references = PurchaseOrderLine)]
    pub line: Id<PurchaseOrderLine>,
    /// Counts from 1.
    pub position: i32,
    /// Of what.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// How much.
    pub quantity: Quantity,
    /// The stock move.
    #[field(references = Move)]
    pub movement: Id<Move>,
}
