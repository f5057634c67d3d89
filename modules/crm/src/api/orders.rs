//! `/sales-orders`: drafted, confirmed, cancelled.

use codexion::prelude::{Answer, Body, Created, Inject, PathId, Work};
use codexion::web::Once;

use super::view::{OnDay, OrderView};
use crate::policy::ReadOrder;
use crate::service::{OrderDraft, Orders};
use crate::store::{OrderSheet, SalesOrder};

/// Drafts a sales order.
pub(super) async fn draft(
    work: Work,
    orders: Inject<Orders>,
    once: Once,
    body: Body<OrderDraft>,
) -> Answer<Created<OrderView>> {
    let draft = move |tx: &mut _| {
        let id = orders.draft(tx, &body)?;
        OrderView::of(OrderSheet::load(tx, id)?)
    };
    work.write(move |tx| once.run(tx, &draft)).await.map(Created::new)
}

/// A sales order with its lines.
pub(super) async fn sheet(work: Work, id: PathId<SalesOrder>) -> Answer<OrderView> {
    work.read(move |tx| {
        let sheet = OrderSheet::load(tx, *id)?;
        tx.check::<ReadOrder>(&sheet.order)?;
        OrderView::of(sheet)
    })
    .await
}

/// Confirms a sales order.
pub(super) async fn confirm(
    work: Work,
    orders: Inject<Orders>,
    id: PathId<SalesOrder>,
    body: Body<OnDay>,
) -> Answer<OrderView> {
    work.write(move |tx| OrderView::of(orders.confirm(tx, *id, body.date.unwrap_or(tx.today()))?)).await
}

/// Gives a sales order up.
pub(super) async fn cancel(work: Work, orders: Inject<Orders>, id: PathId<SalesOrder>) -> Answer<OrderView> {
    work.write(move |tx| OrderView::of(orders.cancel(tx, *id)?)).await
}
