//! Where other modules take part, inside the transaction.

use codexion::prelude::HookPoint;

use crate::store::{OrderSheet, Product, PurchaseSheet};

macro_rules! points {
    ($($(#[$about:meta])* $name:ident($subject:ty) = $id:literal;)*) => {$(
        $(#[$about])*
        #[derive(Debug)]
        pub struct $name;

        impl HookPoint for $name {
            type Subject = $subject;
            const NAME: &'static str = $id;
        }
    )*};
}

points! {
    /// A product was added or changed.
    AfterProductSaved(Product) = "crm.product.after_save";
    /// A sales order is about to be confirmed: it may be refused (no credit, no stock). Changes to the sheet are
    /// not kept.
    BeforeOrderConfirmed(OrderSheet) = "crm.sales_order.before_confirm";
    /// A sales order was confirmed.
    AfterOrderConfirmed(OrderSheet) = "crm.sales_order.after_confirm";
    /// A sales order was cancelled.
    AfterOrderCancelled(OrderSheet) = "crm.sales_order.after_cancel";
    /// A payment for a sales order came in.
    AfterOrderPaid(OrderSheet) = "crm.sales_order.after_pay";
    /// A purchase order was confirmed.
    AfterPurchaseConfirmed(PurchaseSheet) = "crm.purchase_order.after_confirm";
    /// A purchase order was cancelled.
    AfterPurchaseCancelled(PurchaseSheet) = "crm.purchase_order.after_cancel";
}
