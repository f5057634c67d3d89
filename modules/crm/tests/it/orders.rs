//! Sales orders from draft to done.

use codexion::prelude::*;
use crm::{DocumentLine, InvoiceOn, LineDraft, OrderDraft, OrderSheet, OrderState, Part, Progress, SalesOrder};
use crm::{SalesOrderLine, ShipOn, Taken, TotalRule};

use crate::shop::{Shop, day, each, eur, pieces, price, rate};

const DAY: &str = "2026-03-02";

fn draft(shop: &Shop<'_>) -> OrderDraft {
    let lines = vec![LineDraft::of(shop.chair, pieces("2")), LineDraft::of(shop.chair, pieces("3"))];
    OrderDraft::new(shop.customer, day(DAY), Currency::EUR, lines)
}

fn confirmed(shop: &Shop<'_>, draft: OrderDraft) -> OrderSheet {
    let orders = shop.orders.clone();
    shop.act(move |tx| {
        let id = orders.draft(tx, &draft)?;
        orders.confirm(tx, id, day(DAY))
    })
}

fn parts(taken: &[(Id<SalesOrderLine>, &str)]) -> Vec<Part<SalesOrderLine>> {
    let part = |&(line, quantity): &(_, &str)| Part { line, quantity: pieces(quantity), document_line: Id::new() };
    taken.iter().map(part).collect()
}

#[test]
fn an_order_goes_from_draft_to_done() {
    each(|shop| {
        let sheet = confirmed(shop, draft(shop));
        let totals = sheet.totals(TotalRule::default()).unwrap();
        assert_eq!([totals.net, totals.tax, totals.total], ["50.00", "5.00", "55.00"].map(eur));
        assert_eq!((sheet.order.state, sheet.order.number.as_deref()), (OrderState::Confirmed, Some("SO-000001")));
        assert_eq!(sheet.order.net, eur("50.00"));
        let (id, [a, b]) = (sheet.order.id, [sheet.lines[0].id, sheet.lines[1].id]);

        let (orders, part) = (shop.orders.clone(), parts(&[(a, "2"), (b, "1")]));
        let moves: Vec<Id<DocumentLine>> = part.iter().map(|part| part.document_line).collect();
        let shipment = Id::new();
        let sheet =
            shop.act(move |tx| orders.ship(tx, id, &Taken { document: shipment, date: day(DAY), parts: &part }));
        assert_eq!((sheet.order.shipped, sheet.order.invoiced), (Progress::Partly, Progress::Open));
        let open: Vec<_> = sheet.to_move().unwrap().into_iter().map(|(line, open)| (line.id, open)).collect();
        assert_eq!(open, [(b, pieces("2"))]);

        let (orders, part, invoice) = (shop.orders.clone(), parts(&[(a, "2"), (b, "3")]), Id::new());
        let sheet =
            shop.act(move |tx| orders.invoice(tx, id, &Taken { document: invoice, date: day(DAY), parts: &part }));
        assert_eq!(sheet.order.invoiced, Progress::Whole);
        assert!(sheet.to_invoice().unwrap().is_empty());
        let links: Vec<_> = sheet.links().unwrap().into_iter().map(|link| (link.movement, link.quantity)).collect();
        assert_eq!(links, [(moves[0], pieces("2")), (moves[1], pieces("1"))]);

        let orders = shop.orders.clone();
        assert_eq!(shop.act(move |tx| orders.settle(tx, id, invoice)).order.paid, Progress::Whole);
        let (orders, part) = (shop.orders.clone(), parts(&[(b, "2")]));
        let taken =
            move |tx: &mut Tx| orders.ship(tx, id, &Taken { document: Id::new(), date: day(DAY), parts: &part });
        assert_eq!(shop.act(taken).order.state, OrderState::Done);
        let again = shop.see(move |tx| OrderSheet::load(tx, id));
        assert!(again.steps.iter().filter(|step| step.document == invoice).all(|step| step.paid));
    });
}

#[test]
fn more_than_ordered_is_neither_shipped_nor_invoiced() {
    each(|shop| {
        let sheet = confirmed(shop, draft(shop));
        let (id, line) = (sheet.order.id, sheet.lines[0].id);
        let check = |part: Vec<Part<SalesOrderLine>>, expected: &str| {
            let orders = shop.orders.clone();
            let taken =
                move |tx: &mut Tx| orders.ship(tx, id, &Taken { document: Id::new(), date: day(DAY), parts: &part });
            assert_eq!(shop.try_act(taken).unwrap_err().message(), expected);
        };
        check(parts(&[(line, "2.5")]), "2.5 pcs is more than the 2 pcs that are open");
        check(parts(&[(line, "1"), (line, "1.5")]), "1.5 pcs is more than the 1 pcs that are open");
        check(Vec::new(), "nothing was named that moves or is invoiced");
        let other = Id::new();
        check(parts(&[(other, "1")]), &format!("the order has no line `{other}`"));
        assert!(shop.see(move |tx| OrderSheet::load(tx, id)).steps.is_empty());
    });
}

#[test]
fn goods_wait_for_payment_and_invoices_for_goods_where_it_was_agreed() {
    each(|shop| {
        let mut new = draft(shop);
        (new.ship_on, new.invoice_on) = (ShipOn::Payment, InvoiceOn::Order);
        let sheet = confirmed(shop, new);
        assert!(sheet.to_move().unwrap().is_empty());
        assert_eq!(sheet.to_invoice().unwrap().len(), 2);
        let mut new = draft(shop);
        new.invoice_on = InvoiceOn::Shipment;
        new.lines.push(LineDraft::of(shop.advice, pieces("1")));
        let sheet = confirmed(shop, new);
        // The service doesn't wait, and isn't shipped.
        let open: Vec<_> = sheet.to_invoice().unwrap().into_iter().map(|(line, _)| line.position).collect();
        assert_eq!((open, sheet.to_move().unwrap().len()), (vec![3], 2));
    });
}

#[test]
fn an_order_of_services_needs_no_shipment() {
    each(|shop| {
        let lines = vec![LineDraft::of(shop.advice, pieces("2"))];
        let sheet = confirmed(shop, OrderDraft::new(shop.customer, day(DAY), Currency::EUR, lines));
        assert_eq!(sheet.order.shipped, Progress::Whole);
        assert_eq!(sheet.order.state, OrderState::Confirmed);
    });
}

#[test]
fn an_order_is_given_up_until_something_came_of_it() {
    each(|shop| {
        let sheet = confirmed(shop, draft(shop));
        let (id, orders) = (sheet.order.id, shop.orders.clone());
        assert_eq!(shop.act(move |tx| orders.cancel(tx, id)).order.state, OrderState::Cancelled);
        let orders = shop.orders.clone();
        let error = shop.try_act(move |tx| orders.confirm(tx, id, day(DAY))).unwrap_err();
        assert_eq!(error.message(), "cannot confirm: the order is cancelled");

        let sheet = confirmed(shop, draft(shop));
        let (id, part) = (sheet.order.id, parts(&[(sheet.lines[0].id, "1")]));
        let orders = shop.orders.clone();
        shop.act(move |tx| orders.ship(tx, id, &Taken { document: Id::new(), date: day(DAY), parts: &part }));
        let orders = shop.orders.clone();
        assert_eq!(shop.try_act(move |tx| orders.cancel(tx, id)).unwrap_err().code(), "crm.order.begun");
    });
}

#[test]
fn a_reference_is_taken_once_and_is_the_number() {
    each(|shop| {
        let new = OrderDraft { reference: Some("10248".into()), ..draft(shop) };
        let sheet = confirmed(shop, new.clone());
        assert_eq!(sheet.order.number.as_deref(), Some("10248"));
        let orders = shop.orders.clone();
        let error = shop.try_act(move |tx| orders.draft(tx, &new)).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "crm.draft.reference_taken"));
        let orders = shop.orders.clone();
        let found = shop.see(move |tx| orders.by_reference(tx, "10248"));
        assert_eq!(found.map(|order| order.id), Some(sheet.order.id));
    });
}

#[test]
fn every_mistake_of_a_draft_names_its_line() {
    each(|shop| {
        let check = |line: LineDraft, expected: &str| {
            let mut new = draft(shop);
            new.lines.push(line);
            let orders = shop.orders.clone();
            let error = shop.try_act(move |tx| orders.draft(tx, &new)).unwrap_err();
            assert_eq!(error.message(), expected);
        };
        let unknown = Id::new();
        check(LineDraft::of(unknown, pieces("1")), &format!("line 3: there is no product `{unknown}`"));
        check(LineDraft::of(shop.chair, pieces("0")), "line 3: the quantity is not above zero");
        let kilogram = Quantity::new(Decimal::ONE, "kg".parse().unwrap()).unwrap();
        check(LineDraft::of(shop.chair, kilogram), "line 3: `CHAIR` is counted in `pcs`, not in `kg`");
        let dollars = Price::new(Decimal::ONE, Currency::USD).unwrap();
        let dear = LineDraft::of(shop.chair, pieces("1")).at(dollars);
        check(dear, "line 3: the price is in `USD`, the document in `EUR`");
        let much = LineDraft::of(shop.chair, pieces("1")).at(price("1")).less(rate("1.5"));
        check(much, "`discount`: is 1.5, at most 1 is allowed");

        let orders = shop.orders.clone();
        let empty = OrderDraft { lines: Vec::new(), ..draft(shop) };
        assert_eq!(shop.try_act(move |tx| orders.draft(tx, &empty)).unwrap_err().code(), "crm.draft.empty");
        let orders = shop.orders.clone();
        let wrong = OrderDraft { customer: shop.supplier, ..draft(shop) };
        let error = shop.try_act(move |tx| orders.draft(tx, &wrong)).unwrap_err();
        assert_eq!(error.message(), "`S-1` is not a customer");
    });
}

#[test]
fn statements_grow_with_neither_lines_nor_orders() {
    each(|shop| {
        let mut new = draft(shop);
        new.lines = vec![LineDraft::of(shop.chair, pieces("1")); 200];
        let drafts: Vec<OrderDraft> = vec![new; 4];
        let orders = shop.orders.clone();
        // Parties, products, orders, lines, and the history of each order.
        let ids = shop.app.budget(4 + 4, || shop.act(move |tx| orders.draft_many(tx, &drafts)));
        let load = ids.clone();
        let sheets = shop.app.budget(3, || shop.see(move |tx| OrderSheet::load_many(tx, &load)));
        assert_eq!(sheets.iter().map(|sheet| sheet.order.id).collect::<Vec<_>>(), ids);
        assert!(sheets.iter().all(|sheet| sheet.lines.len() == 200));
        let (orders, id): (_, Id<SalesOrder>) = (shop.orders.clone(), ids[0]);
        let confirm = move |tx: &mut Tx| orders.confirm(tx, id, day(DAY));
        // Order, lines, steps; number, which begins its series; order, history; event.
        let sheet = shop.app.budget(3 + 3 + 3 + 1, || shop.act(confirm));
        let all: Vec<_> = sheet.lines.iter().map(|line| (line.id, "1")).collect();
        let (orders, part) = (shop.orders.clone(), parts(&all));
        let ship = move |tx: &mut Tx| orders.ship(tx, id, &Taken { document: Id::new(), date: day(DAY), parts: &part });
        shop.app.budget(3 + 1 + 3 + 1, || shop.act(ship));
    });
}
