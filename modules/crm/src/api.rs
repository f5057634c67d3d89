//! What clients ask of selling and buying over HTTP, under `/api/v1/crm`.

mod orders;
mod products;
mod purchases;
mod quotes;
mod view;

use codexion::prelude::{Registrar, WebRegistrar};

use crate::store::{Contact, Party, Product, PurchaseOrder, Quote, SalesOrder};

/// Parties and contacts are changed field by field; everything else by verbs.
pub(crate) fn routes(m: &mut Registrar) {
    m.rest::<Party>("/parties").rest::<Contact>("/contacts");

    m.browse::<Product>("/products");
    m.post("/products", products::add).patch("/products/{id}", products::change);

    m.browse::<Quote>("/quotes");
    m.post("/quotes", quotes::draft).get("/quotes/{id}/sheet", quotes::sheet);
    m.post("/quotes/{id}/send", quotes::send).post("/quotes/{id}/decline", quotes::decline);
    m.post("/quotes/{id}/accept", quotes::accept);

    m.browse::<SalesOrder>("/sales-orders");
    m.post("/sales-orders", orders::draft).get("/sales-orders/{id}/sheet", orders::sheet);
    m.post("/sales-orders/{id}/confirm", orders::confirm).post("/sales-orders/{id}/cancel", orders::cancel);

    m.browse::<PurchaseOrder>("/purchase-orders");
    m.post("/purchase-orders", purchases::draft).get("/purchase-orders/{id}/sheet", purchases::sheet);
    m.post("/purchase-orders/{id}/confirm", purchases::confirm).post("/purchase-orders/{id}/cancel", purchases::cancel);
}
