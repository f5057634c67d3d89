//! Units, items, warehouses and places.

use codexion::prelude::{Answer, Body, Created, Inject, PathId, Tx, Work};
use codexion::web::Once;

use super::view::{ItemView, LocationView, NewItem, NewLocation, NewWarehouse, UnitView, WarehouseView};
use crate::service::Setup;
use crate::store::Item;

/// Creates a unit of measure.
pub(super) async fn unit(
    work: Work,
    setup: Inject<Setup>,
    once: Once,
    body: Body<UnitView>,
) -> Answer<Created<UnitView>> {
    let create = move |tx: &mut Tx| {
        let unit = body.to_unit(tx);
        setup.unit(tx, &unit)?;
        Ok(UnitView::clone(&body))
    };
    work.write(move |tx| once.run(tx, &create)).await.map(Created::new)
}

/// Creates an item.
pub(super) async fn new_item(
    work: Work,
    setup: Inject<Setup>,
    once: Once,
    body: Body<NewItem>,
) -> Answer<Created<ItemView>> {
    let create = move |tx: &mut Tx| {
        let id = tx.new_id();
        let item = body.to_item(tx, id)?;
        setup.item(tx, &item)?;
        ItemView::of(tx, id)
    };
    work.write(move |tx| once.run(tx, &create)).await.map(Created::new)
}

/// Creates or changes the item with an id; unit, currency and removal stay as they are once something moved.
pub(super) async fn item(work: Work, setup: Inject<Setup>, id: PathId<Item>, body: Body<NewItem>) -> Answer<ItemView> {
    work.write(move |tx| {
        let item = body.to_item(tx, *id)?;
        setup.item(tx, &item)?;
        ItemView::of(tx, *id)
    })
    .await
}

/// Creates a warehouse with its tree of places.
pub(super) async fn warehouse(
    work: Work,
    setup: Inject<Setup>,
    once: Once,
    body: Body<NewWarehouse>,
) -> Answer<Created<WarehouseView>> {
    let create = move |tx: &mut Tx| Ok(WarehouseView::from(setup.warehouse(tx, &body.code, &body.name)?));
    work.write(move |tx| once.run(tx, &create)).await.map(Created::new)
}

/// Creates a place.
pub(super) async fn location(
    work: Work,
    setup: Inject<Setup>,
    once: Once,
    body: Body<NewLocation>,
) -> Answer<Created<LocationView>> {
    let create = move |tx: &mut Tx| {
        let location = body.to_location(tx);
        setup.location(tx, &location)?;
        Ok(LocationView::from(location))
    };
    work.write(move |tx| once.run(tx, &create)).await.map(Created::new)
}
