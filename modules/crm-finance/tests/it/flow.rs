//! Orders that are shipped, invoiced and paid in every order that can be agreed.

use codexion::prelude::*;
use crm::{InvoiceOn, LineDraft, OrderState, Progress, ShipOn};
use crm_finance::Charge;
use crm_inventory::{Dispatch, ShipmentSheet, ShipmentState};
use finance::{InvoiceState, NewPayment};

use crate::company::{each, eur, pieces, today};

#[test]
fn an_order_comes_to_fifty_five_is_shipped_once_and_invoiced_once() {
    each(|company| {
        let order = company.order(|_| ()).order.id;
        let planned = company.see(|tx| ShipmentSheet::of_order(tx, order));
        assert_eq!((planned.len(), planned[0].shipment.state), (1, ShipmentState::Planned));
        let shipped = company.act(|tx| company.shipping.ship_order(tx, order, &Dispatch::all(today())));
        assert_eq!((shipped.sheet.lines.len(), shipped.back_order), (2, None));
        assert_eq!(company.on_hand(), pieces("95"));
        let id = company.act(|tx| company.billing.invoice(tx, order, &Charge::all(today())));
        let (invoice, lines) = company.invoice(id);
        assert_eq!([invoice.net, invoice.tax, invoice.total], ["50.00", "5.00", "55.00"].map(eur));
        assert_eq!(invoice.due.to_string(), "2026-04-01");

        // Each invoice line is linked to its move.
        let links = company.sheet(order).links().unwrap();
        let expected: Vec<_> = lines
            .iter()
            .zip(&shipped.sheet.lines)
            .map(|(line, sent)| (line.id.uuid(), sent.movement.unwrap().uuid(), sent.quantity))
            .collect();
        let found: Vec<_> =
            links.iter().map(|link| (link.invoice_line.uuid(), link.movement.uuid(), link.quantity)).collect();
        assert_eq!(found, expected);

        company.act(|tx| company.billing.pay_in_full(tx, id, today()));
        let sheet = company.sheet(order);
        assert_eq!((sheet.order.state, sheet.order.paid), (OrderState::Done, Progress::Whole));
        assert_eq!(company.invoice(id).0.state, InvoiceState::Paid);
        assert_eq!(company.see(|tx| ShipmentSheet::of_order(tx, order)).len(), 1);
    });
}

#[test]
fn invoices_follow_shipments_where_it_was_agreed() {
    each(|company| {
        let sheet = company.order(|draft| draft.invoice_on = InvoiceOn::Shipment);
        let (order, [a, b]) = (sheet.order.id, [sheet.lines[0].id, sheet.lines[1].id]);
        let charge = |tx: &mut Tx| company.billing.invoice(tx, order, &Charge::all(today()));
        let error = company.try_act(charge).unwrap_err();
        assert_eq!(error.message(), "nothing of the order `SO-000001` is to be invoiced");
        // 1 + 1, and then the rest.
        let dispatch = Dispatch::all(today()).only([(a, pieces("1")), (b, pieces("1"))]);
        let shipped = company.act(|tx| company.shipping.ship_order(tx, order, &dispatch));
        let first = company.act(charge);
        assert_eq!(company.invoice(first).0.net, eur("20.00"));
        let rest = company.act(|tx| company.shipping.ship(tx, shipped.back_order.unwrap(), &Dispatch::all(today())));
        assert_eq!(rest.back_order, None);
        let second = company.act(charge);
        let quantity = [first, second].into_iter().flat_map(|id| company.invoice(id).1).map(|line| line.quantity);
        assert_eq!(Quantity::sum(quantity, Unit::PIECE).unwrap(), pieces("5"));
        assert_eq!(company.sheet(order).order.invoiced, Progress::Whole);
        assert_eq!(company.sheet(order).links().unwrap().len(), 4);
        assert!(company.try_act(charge).is_err());
    });
}

#[test]
fn a_second_invoice_takes_what_the_first_left() {
    each(|company| {
        let sheet = company.order(|draft| draft.freight = Some(eur("12.50")));
        let (order, [a, b]) = (sheet.order.id, [sheet.lines[0].id, sheet.lines[1].id]);
        let one_each = Charge::all(today()).only([(a, pieces("1")), (b, pieces("1"))]);
        let first = company.act(|tx| company.billing.invoice(tx, order, &one_each));
        let second = company.act(|tx| company.billing.invoice(tx, order, &Charge::all(today())));
        // Freight goes with the first, without tax.
        assert_eq!((company.invoice(first).0.net, company.invoice(first).0.tax), (eur("32.50"), eur("2.00")));
        let lines: Vec<_> = company.invoice(second).1.into_iter().map(|line| line.quantity).collect();
        assert_eq!(lines, [pieces("1"), pieces("2")]);
    });
}

#[test]
fn goods_that_wait_for_payment_leave_as_far_as_they_are_paid() {
    each(|company| {
        let sheet = company.order(|draft| {
            draft.ship_on = ShipOn::Payment;
            draft.lines = vec![LineDraft::of(company.chair, pieces("5"))];
        });
        let (order, line) = (sheet.order.id, sheet.lines[0].id);
        let ship = |tx: &mut Tx| company.shipping.ship_order(tx, order, &Dispatch::all(today()));
        assert_eq!(company.try_act(ship).unwrap_err().code(), "crm_inventory.nothing_open");
        // The invoice over 5 is reduced to 4, posted and paid.
        let invoice = company.act(|tx| company.billing.draft(tx, order, &Charge::all(today())));
        assert_eq!(company.invoice(invoice).1[0].quantity, pieces("5"));
        let four = Charge::all(today()).only([(line, pieces("4"))]);
        company.act(|tx| {
            company.billing.redraft(tx, invoice, &four)?;
            company.billing.post(tx, invoice)
        });
        assert!(company.try_act(ship).is_err());
        company.act(|tx| company.billing.pay_in_full(tx, invoice, today()));
        let planned = company.see(|tx| ShipmentSheet::of_order(tx, order));
        assert_eq!((planned.len(), planned[0].lines[0].quantity), (1, pieces("4")));
        // 3 leave, the fourth is a back-order.
        let three = Dispatch::all(today()).only([(line, pieces("3"))]);
        let shipped = company.act(|tx| company.shipping.ship(tx, planned[0].shipment.id, &three));
        let back = company.see(|tx| ShipmentSheet::load(tx, shipped.back_order.unwrap()));
        assert_eq!((back.lines[0].quantity, back.shipment.follows), (pieces("1"), Some(planned[0].shipment.id)));
        assert_eq!(back.shipment.number, "SO-000001/2");
        company.act(|tx| company.shipping.ship(tx, back.shipment.id, &Dispatch::all(today())));
        assert_eq!(company.on_hand(), pieces("96"));
        assert_eq!(company.sheet(order).order.shipped, Progress::Partly);
    });
}

#[test]
fn what_is_posted_and_paid_in_the_books_directly_reaches_the_order() {
    each(|company| {
        let order = company.order(|_| ()).order.id;
        let id = company.act(|tx| company.billing.draft(tx, order, &Charge::all(today())));
        company.act(|tx| company.invoices.post(tx, id));
        assert_eq!(company.sheet(order).order.invoiced, Progress::Open);
        company.app.deliver();
        assert_eq!(company.sheet(order).order.invoiced, Progress::Whole);
        let invoice = company.invoice(id).0;
        let payment = NewPayment::new(invoice.side, invoice.party, today(), eur("55.00")).settling(id);
        company.act(|tx| company.invoices.pay(tx, &payment));
        company.app.deliver();
        let sheet = company.sheet(order);
        assert_eq!(sheet.order.paid, Progress::Whole);
        // Telling twice changes nothing.
        company.act(|tx| company.billing.record(tx, id));
        assert_eq!(company.sheet(order), sheet);
    });
}

#[test]
fn a_part_payment_does_not_settle() {
    each(|company| {
        let order = company.order(|_| ()).order.id;
        let id = company.act(|tx| company.billing.invoice(tx, order, &Charge::all(today())));
        let invoice = company.invoice(id).0;
        let part = NewPayment::new(invoice.side, invoice.party, today(), eur("20.00")).settling(id);
        company.act(|tx| company.billing.pay(tx, &part));
        assert_eq!(company.sheet(order).order.paid, Progress::Open);
        company.act(|tx| company.billing.pay_in_full(tx, id, today()));
        assert_eq!(company.sheet(order).order.paid, Progress::Whole);
        let error = company.try_act(|tx| company.billing.pay_in_full(tx, id, today())).unwrap_err();
        assert_eq!(error.code(), "crm_finance.nothing_due");
    });
}
