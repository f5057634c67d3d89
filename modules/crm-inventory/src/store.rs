//! Shipments and receipts as they are stored.

mod receipt;
mod shipment;

pub use receipt::{GoodsReceipt, GoodsReceiptLine};
pub(crate) use shipment::take_off_lines;
pub use shipment::{Shipment, ShipmentLine, ShipmentSheet, ShipmentState};
