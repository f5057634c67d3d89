//! What billing and shipping refuse, each in its own words.

use codexion::prelude::*;
use crm_finance::Charge;
use crm_inventory::{Dispatch, ShipmentSheet, ShipmentState};
use inventory::Item;

use crate::company::{each, pieces, rate, today};

#[test]
fn two_drafts_of_one_order_do_not_hold_the_same() {
    each(|company| {
        let order = company.order(|_| ()).order.id;
        let draft = |tx: &mut Tx| company.billing.draft(tx, order, &Charge::all(today()));
        let id = company.act(draft);
        let error = company.try_act(draft).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Refused, "crm_finance.draft_open"));
        company.act(|tx| company.invoices.cancel(tx, id));
        company.act(draft);
    });
}

#[test]
fn a_tax_that_the_books_do_not_know_is_named() {
    each(|company| {
        let order = company.order(|draft| {
            draft.lines = vec![draft.lines[0].clone().taxed("X20", rate("0.2"))];
        });
        let charge = |tx: &mut Tx| company.billing.invoice(tx, order.order.id, &Charge::all(today()));
        assert_eq!(company.try_act(charge).unwrap_err().message(), "the books have no tax `X20`");
    });
}

#[test]
fn more_than_is_in_stock_does_not_leave_and_nothing_is_noted() {
    each(|company| {
        let order = company.order(|draft| draft.lines[0].quantity = pieces("98")).order.id;
        let ship = |tx: &mut Tx| company.shipping.ship_order(tx, order, &Dispatch::all(today()));
        assert_eq!(company.try_act(ship).unwrap_err().kind(), Kind::Refused);
        assert!(company.sheet(order).steps.is_empty());
        let planned = company.see(|tx| ShipmentSheet::of_order(tx, order));
        assert_eq!(planned[0].shipment.state, ShipmentState::Planned);
        let much = Dispatch::all(today()).only([(planned[0].lines[1].line, pieces("4"))]);
        let error = company.try_act(|tx| company.shipping.ship_order(tx, order, &much)).unwrap_err();
        assert_eq!(error.message(), "4 pcs is more than the 3 pcs of the shipment");
    });
}

#[test]
fn a_cancelled_order_leaves_no_planned_shipment() {
    each(|company| {
        let order = company.order(|_| ()).order.id;
        company.act(|tx| company.orders.cancel(tx, order));
        let shipments = company.see(|tx| ShipmentSheet::of_order(tx, order));
        assert_eq!(shipments[0].shipment.state, ShipmentState::Cancelled);
        let id = shipments[0].shipment.id;
        let error = company.try_act(|tx| company.shipping.ship(tx, id, &Dispatch::all(today()))).unwrap_err();
        assert_eq!(error.message(), "cannot ship: the shipment is cancelled");
        let charge = |tx: &mut Tx| company.billing.invoice(tx, order, &Charge::all(today()));
        assert_eq!(company.try_act(charge).unwrap_err().code(), "crm_finance.nothing_open");
    });
}

#[test]
fn goods_are_items_under_the_same_id_and_services_are_not() {
    each(|company| {
        let items = company.see(|tx| Item::list(tx, &Filter::All));
        let found: Vec<_> = items.iter().map(|item| (item.id.uuid(), item.code.as_str())).collect();
        assert_eq!(found, [(company.chair.uuid(), "CHAIR")]);
    });
}
