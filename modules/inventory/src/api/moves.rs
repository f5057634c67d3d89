//! Goods that arrive, leave, change places, are counted, come back and go back.

use codexion::prelude::{Answer, Body, Created, Inject, NoContent, PathId, Tx, Work};
use codexion::web::Once;

use super::view::{Charge, Done, Lines};
use crate::service::{Count, Issue, Receipt, Returned, Stock, Transfer};
use crate::store::Move;

/// Takes goods in.
pub(super) async fn receive(
    work: Work,
    stock: Inject<Stock>,
    once: Once,
    body: Body<Lines<Receipt>>,
) -> Answer<Created<Done>> {
    let receive = move |tx: &mut Tx| Ok(Done { moves: stock.receive_all(tx, &body.lines)? });
    work.write(move |tx| once.run(tx, &receive)).await.map(Created::new)
}

/// Adds a charge such as freight to what a receipt cost.
pub(super) async fn charge(
    work: Work,
    stock: Inject<Stock>,
    once: Once,
    id: PathId<Move>,
    body: Body<Charge>,
) -> Answer<NoContent> {
    let charge = move |tx: &mut Tx| stock.charge(tx, *id, body.charge);
    work.write(move |tx| once.run(tx, &charge)).await.map(|()| NoContent)
}

/// Takes goods out.
pub(super) async fn issue(
    work: Work,
    stock: Inject<Stock>,
    once: Once,
    body: Body<Lines<Issue>>,
) -> Answer<Created<Done>> {
    let issue = move |tx: &mut Tx| Ok(Done { moves: stock.issue_all(tx, &body.lines)? });
    work.write(move |tx| once.run(tx, &issue)).await.map(Created::new)
}

/// Moves goods between places.
pub(super) async fn transfer(
    work: Work,
    stock: Inject<Stock>,
    once: Once,
    body: Body<Lines<Transfer>>,
) -> Answer<Created<Done>> {
    let transfer = move |tx: &mut Tx| Ok(Done { moves: stock.transfer_all(tx, &body.lines)? });
    work.write(move |tx| once.run(tx, &transfer)).await.map(Created::new)
}

/// Corrects what there is to what was counted.
pub(super) async fn count(
    work: Work,
    stock: Inject<Stock>,
    once: Once,
    body: Body<Lines<Count>>,
) -> Answer<Created<Done>> {
    let count = move |tx: &mut Tx| Ok(Done { moves: stock.adjust_all(tx, &body.lines)? });
    work.write(move |tx| once.run(tx, &count)).await.map(Created::new)
}

/// Takes goods of an issue back in.
pub(super) async fn take_back(
    work: Work,
    stock: Inject<Stock>,
    once: Once,
    body: Body<Returned>,
) -> Answer<Created<Done>> {
    let take_back = move |tx: &mut Tx| Ok(Done { moves: vec![stock.take_back(tx, &body)?] });
    work.write(move |tx| once.run(tx, &take_back)).await.map(Created::new)
}

/// Sends goods of a receipt back.
pub(super) async fn send_back(
    work: Work,
    stock: Inject<Stock>,
    once: Once,
    body: Body<Returned>,
) -> Answer<Created<Done>> {
    let send_back = move |tx: &mut Tx| Ok(Done { moves: vec![stock.send_back(tx, &body)?] });
    work.write(move |tx| once.run(tx, &send_back)).await.map(Created::new)
}
