//! `/quotes`: drafted, sent, accepted, declined.

use codexion::prelude::{Answer, Body, Created, Inject, PathId, Work};
use codexion::web::Once;

use super::view::{OnDay, OrderView, QuoteView};
use crate::policy::ReadQuote;
use crate::service::{QuoteDraft, Quotes};
use crate::store::{OrderSheet, Quote, QuoteSheet};

/// Drafts a quote.
pub(super) async fn draft(
    work: Work,
    quotes: Inject<Quotes>,
    once: Once,
    body: Body<QuoteDraft>,
) -> Answer<Created<QuoteView>> {
    let draft = move |tx: &mut _| {
        let id = quotes.draft(tx, &body)?;
        QuoteView::of(QuoteSheet::load(tx, id)?)
    };
    work.write(move |tx| once.run(tx, &draft)).await.map(Created::new)
}

/// A quote with its lines.
pub(super) async fn sheet(work: Work, id: PathId<Quote>) -> Answer<QuoteView> {
    work.read(move |tx| {
        let sheet = QuoteSheet::load(tx, *id)?;
        tx.check::<ReadQuote>(&sheet.quote)?;
        QuoteView::of(sheet)
    })
    .await
}

/// Notes that a quote was sent to the customer.
pub(super) async fn send(work: Work, quotes: Inject<Quotes>, id: PathId<Quote>) -> Answer<QuoteView> {
    work.write(move |tx| {
        quotes.send(tx, *id)?;
        QuoteView::of(QuoteSheet::load(tx, *id)?)
    })
    .await
}

/// Notes that the customer does not want it.
pub(super) async fn decline(work: Work, quotes: Inject<Quotes>, id: PathId<Quote>) -> Answer<QuoteView> {
    work.write(move |tx| {
        quotes.decline(tx, *id)?;
        QuoteView::of(QuoteSheet::load(tx, *id)?)
    })
    .await
}

/// Makes a draft order of a quote.
pub(super) async fn accept(
    work: Work,
    quotes: Inject<Quotes>,
    id: PathId<Quote>,
    body: Body<OnDay>,
) -> Answer<Created<OrderView>> {
    let order = work.write(move |tx| {
        let order = quotes.accept(tx, *id, body.date.unwrap_or(tx.today()))?;
        OrderView::of(OrderSheet::load(tx, order)?)
    });
    order.await.map(Created::new)
}
