//! Stock over HTTP, at `/api/v1/inventory`.

mod moves;
mod places;
mod reservations;
mod stock;
mod view;

use codexion::prelude::{Registrar, WebRegistrar};

use crate::store::{Item, Level, Location, MeasureUnit, Move, ValueEntry, Warehouse};

/// Lists come from the entities; whatever changes something is a verb of its own.
pub(crate) fn register(m: &mut Registrar) {
    m.browse::<MeasureUnit>("/units").post("/units", places::unit);
    m.browse::<Item>("/items").post("/items", places::new_item).put("/items/{id}", places::item);
    m.browse::<Warehouse>("/warehouses").post("/warehouses", places::warehouse);
    m.browse::<Location>("/locations").post("/locations", places::location);
    m.browse::<Move>("/moves").browse::<Level>("/levels").browse::<ValueEntry>("/value-entries");
    m.post("/receipts", moves::receive).post("/receipts/{id}/charges", moves::charge);
    m.post("/issues", moves::issue).post("/transfers", moves::transfer).post("/counts", moves::count);
    m.post("/customer-returns", moves::take_back).post("/supplier-returns", moves::send_back);
    m.post("/reservations", reservations::reserve);
    m.get("/reservations/{id}", reservations::reservation).delete("/reservations/{id}", reservations::unreserve);
    m.get("/items/{id}/stock", stock::on_hand).get("/stock-value", stock::value);
}
