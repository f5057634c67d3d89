//! What is promised to planned moves.

use codexion::prelude::{Answer, Body, Created, Inject, NoContent, PathId, Tx, Work};
use codexion::web::Once;

use super::view::ReservedView;
use crate::policy::ReadStock;
use crate::service::{Reserve, Stock};
use crate::store::Move;

/// Promises free goods to a planned move, as far as there are some.
pub(super) async fn reserve(
    work: Work,
    stock: Inject<Stock>,
    once: Once,
    body: Body<Reserve>,
) -> Answer<Created<ReservedView>> {
    let reserve = move |tx: &mut Tx| Ok(ReservedView::from(stock.reserve(tx, &body)?));
    work.write(move |tx| once.run(tx, &reserve)).await.map(Created::new)
}

/// What is reserved for a planned move, and where.
pub(super) async fn reservation(work: Work, stock: Inject<Stock>, id: PathId<Move>) -> Answer<ReservedView> {
    work.read(move |tx| {
        tx.check::<ReadStock>(&())?;
        stock.reservation(tx, *id).map(ReservedView::from)
    })
    .await
}

/// Gives back what is left of a reservation.
pub(super) async fn unreserve(work: Work, stock: Inject<Stock>, id: PathId<Move>) -> Answer<NoContent> {
    work.write(move |tx| stock.unreserve(tx, *id)).await.map(|()| NoContent)
}
