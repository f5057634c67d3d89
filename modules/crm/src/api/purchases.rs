//! `/purchase-orders`: drafted, confirmed, cancelled.

use codexion::prelude::{Answer, Body, Created, Inject, PathId, Work};
use codexion::web::Once;

use super::view::{OnDay, PurchaseView};
use crate::policy::ReadPurchase;
use crate::service::{PurchaseDraft, Purchases};
use crate::store::{PurchaseOrder, PurchaseSheet};

/// Drafts a purchase order.
pub(super) async fn draft(
    work: Work,
    purchases: Inject<Purchases>,
    once: Once,
    body: Body<PurchaseDraft>,
) -> Answer<Created<PurchaseView>> {
    let draft = move |tx: &mut _| {
        let id = purchases.draft(tx, &body)?;
        PurchaseView::of(PurchaseSheet::load(tx, id)?)
    };
    work.write(move |tx| once.run(tx, &draft)).await.map(Created::new)
}

/// A purchase order with its lines.
pub(super) async fn sheet(work: Work, id: PathId<PurchaseOrder>) -> Answer<PurchaseView> {
    work.read(move |tx| {
        let sheet = PurchaseSheet::load(tx, *id)?;
        tx.check::<ReadPurchase>(&sheet.order)?;
        PurchaseView::of(sheet)
    })
    .await
}

/// Confirms a purchase order.
pub(super) async fn confirm(
    work: Work,
    purchases: Inject<Purchases>,
    id: PathId<PurchaseOrder>,
    body: Body<OnDay>,
) -> Answer<PurchaseView> {
    work.write(move |tx| PurchaseView::of(purchases.confirm(tx, *id, body.date.unwrap_or(tx.today()))?)).await
}

/// Gives a purchase order up.
pub(super) async fn cancel(
    work: Work,
    purchases: Inject<Purchases>,
    id: PathId<PurchaseOrder>,
) -> Answer<PurchaseView> {
    work.write(move |tx| PurchaseView::of(purchases.cancel(tx, *id)?)).await
}
