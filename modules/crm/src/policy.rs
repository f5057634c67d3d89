//! Who may do what: one policy for each act that a client can ask for.

use codexion::prelude::Policy;

use crate::store::{Party, Product, PurchaseOrder, Quote, SalesOrder};

macro_rules! policies {
    ($(#[doc = $about:literal] $name:ident: $action:literal on $resource:literal, $of:ty;)*) => {$(
        #[doc = $about]
        #[derive(Debug)]
        pub struct $name;

        impl Policy for $name {
            type Resource = $of;
            const RESOURCE: &'static str = $resource;
            const ACTION: &'static str = $action;
            const ABOUT: &'static str = $about.trim_ascii();
        }
    )*};
}

policies! {
    /// Adding and changing parties and their contacts.
    KeepParty: "keep" on "crm.party", Party;
    /// Adding and changing products and their prices.
    KeepProduct: "keep" on "crm.product", Product;
    /// Reading a quote.
    ReadQuote: "read" on "crm.quote", Quote;
    /// Reading a sales order.
    ReadOrder: "read" on "crm.sales_order", SalesOrder;
    /// Reading a purchase order.
    ReadPurchase: "read" on "crm.purchase_order", PurchaseOrder;
    /// Drafting a quote.
    DraftQuote: "draft" on "crm.quote", Quote;
    /// Sending a quote, accepting and declining it for the customer.
    AnswerQuote: "answer" on "crm.quote", Quote;
    /// Drafting a sales order.
    DraftOrder: "draft" on "crm.sales_order", SalesOrder;
    /// Confirming a sales order.
    ConfirmOrder: "confirm" on "crm.sales_order", SalesOrder;
    /// Cancelling a sales order.
    CancelOrder: "cancel" on "crm.sales_order", SalesOrder;
    /// Shipping a sales order.
    ShipOrder: "ship" on "crm.sales_order", SalesOrder;
    /// Invoicing a sales order.
    InvoiceOrder: "invoice" on "crm.sales_order", SalesOrder;
    /// Noting that a sales order is paid.
    SettleOrder: "settle" on "crm.sales_order", SalesOrder;
    /// Drafting a purchase order.
    DraftPurchase: "draft" on "crm.purchase_order", PurchaseOrder;
    /// Confirming a purchase order.
    ConfirmPurchase: "confirm" on "crm.purchase_order", PurchaseOrder;
    /// Cancelling a purchase order.
    CancelPurchase: "cancel" on "crm.purchase_order", PurchaseOrder;
    /// Receiving the goods of a purchase order.
    ReceivePurchase: "receive" on "crm.purchase_order", PurchaseOrder;
    /// Entering the bill of a purchase order.
    BillPurchase: "bill" on "crm.purchase_order", PurchaseOrder;
    /// Noting that a purchase order is paid.
    SettlePurchase: "settle" on "crm.purchase_order", PurchaseOrder;
}
