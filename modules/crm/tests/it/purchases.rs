//! Purchase orders from draft to done.

use codexion::prelude::*;
use crm::{LineDraft, OrderState, Part, Progress, PurchaseDraft, PurchaseSheet, Taken};

use crate::shop::{Shop, day, each, eur, pieces};

const DAY: &str = "2026-03-02";

fn confirmed(shop: &Shop<'_>) -> PurchaseSheet {
    let lines = vec![LineDraft::of(shop.chair, pieces("100"))];
    let draft = PurchaseDraft::new(shop.supplier, day(DAY), Currency::EUR, lines);
    let purchases = shop.purchases.clone();
    shop.act(move |tx| {
        let id = purchases.draft(tx, &draft)?;
        purchases.confirm(tx, id, day(DAY))
    })
}

#[test]
fn goods_arrive_then_the_bill_then_it_is_paid() {
    each(|shop| {
        let sheet = confirmed(shop);
        assert_eq!((sheet.order.number.as_deref(), sheet.order.net), (Some("PO-000001"), eur("625.00")));
        assert!(sheet.to_invoice().unwrap().is_empty());
        let (id, line) = (sheet.order.id, sheet.lines[0].id);
        let part = move |quantity| [Part { line, quantity: pieces(quantity), document_line: Id::new() }];
        let purchases = shop.purchases.clone();
        let sheet = shop.act(move |tx| {
            purchases.receive(tx, id, &Taken { document: Id::new(), date: day(DAY), parts: &part("60") })
        });
        assert_eq!(sheet.order.received, Progress::Partly);
        assert_eq!(sheet.to_invoice().unwrap()[0].1, pieces("60"));
        let (purchases, bill) = (shop.purchases.clone(), Id::new());
        let sheet = shop.act(move |tx| {
            purchases.receive(tx, id, &Taken { document: Id::new(), date: day(DAY), parts: &part("40") })?;
            purchases.bill(tx, id, &Taken { document: bill, date: day(DAY), parts: &part("100") })?;
            purchases.settle(tx, id, bill)
        });
        assert_eq!((sheet.order.state, sheet.order.paid), (OrderState::Done, Progress::Whole));
        assert_eq!(sheet.links().unwrap().len(), 2);
    });
}

#[test]
fn a_purchase_is_made_from_a_supplier_and_may_be_given_up() {
    each(|shop| {
        let lines = vec![LineDraft::of(shop.chair, pieces("1"))];
        let wrong = PurchaseDraft::new(shop.customer, day(DAY), Currency::EUR, lines);
        let purchases = shop.purchases.clone();
        let error = shop.try_act(move |tx| purchases.draft(tx, &wrong)).unwrap_err();
        assert_eq!(error.message(), "`C-1` is not a supplier");
        let id = confirmed(shop).order.id;
        let purchases = shop.purchases.clone();
        assert_eq!(shop.act(move |tx| purchases.cancel(tx, id)).order.state, OrderState::Cancelled);
    });
}
