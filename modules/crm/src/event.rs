//! What is told to others after the commit.

use codexion::prelude::{Event, Id, Money};
use serde::{Deserialize, Serialize};

use crate::domain::progress::Document;
use crate::store::{Party, PurchaseOrder, SalesOrder};

/// A sales order was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Event)]
#[event(name = "crm.order_confirmed", version = 1, aggregate = "order")]
pub struct OrderConfirmed {
    /// Which one.
    pub order: Id<SalesOrder>,
    /// Its number.
    pub number: String,
    /// Who ordered.
    pub customer: Id<Party>,
    /// What it comes to without tax.
    pub net: Money,
}

/// A sales order was cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Event)]
#[event(name = "crm.order_cancelled", version = 1, aggregate = "order")]
pub struct OrderCancelled {
    /// Which one.
    pub order: Id<SalesOrder>,
}

/// A sales order, or a part of it, was shipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Event)]
#[event(name = "crm.order_shipped", version = 1, aggregate = "order")]
pub struct OrderShipped {
    /// Which one.
    pub order: Id<SalesOrder>,
    /// By which shipment.
    pub shipment: Id<Document>,
    /// Whether nothing is left to ship.
    pub whole: bool,
}

/// A purchase order was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Event)]
#[event(name = "crm.purchase_confirmed", version = 1, aggregate = "order")]
pub struct PurchaseConfirmed {
    /// Which one.
    pub order: Id<PurchaseOrder>,
    /// Its number.
    pub number: String,
    /// From whom.
    pub supplier: Id<Party>,
    /// What it comes to without tax.
    pub net: Money,
}

/// The goods of a purchase order, or a part of them, arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Event)]
#[event(name = "crm.purchase_received", version = 1, aggregate = "order")]
pub struct PurchaseReceived {
    /// Which one.
    pub order: Id<PurchaseOrder>,
    /// By which receipt.
    pub receipt: Id<Document>,
    /// Whether nothing is left to arrive.
    pub whole: bool,
}
