//! Goods in, goods out, and what they cost.

use codexion::prelude::*;
use inventory::{Flow, InventorySettings, Reason, Returned, Setup, Transfer};

use super::yard::{each, each_with};
use crate::memory::{day, eur, pcs};

#[test]
fn what_leaves_costs_what_the_oldest_goods_cost() {
    each(|yard| {
        yard.receive(1, "10", "5.00");
        yard.receive(2, "10", "6.00");
        let moved = yard.issue(3, "15");
        assert_eq!(moved.cost().unwrap(), eur("80.00"));
        assert!(!moved.pending);
        yard.check("5", "30.00");
        assert_eq!([1, 2, 3].map(|n| yard.value_on(n)), ["50.00", "110.00", "30.00"].map(eur));
        assert_eq!(yard.value_on(0), eur("0.00"));
    });
}

#[test]
fn every_change_of_value_is_told_once() {
    each(|yard| {
        yard.receive(1, "10", "5.00");
        yard.issue(2, "4");
        let told = yard.told();
        let seen: Vec<_> = told.iter().map(|v| (v.reason, v.flow, v.date, v.value, v.origin.as_deref())).collect();
        assert_eq!(
            seen,
            [
                (Reason::Receipt, Flow::Supply, day(1), eur("50.00"), Some("purchase 1")),
                (Reason::Issue, Flow::Delivery, day(2), eur("-20.00"), Some("sale 2")),
            ]
        );
        // A transfer changes no value and is told to nobody.
        let transfer = Transfer {
            item: yard.item.id,
            from: yard.places.stock,
            to: yard.places.output,
            quantity: pcs("3"),
            date: day(2),
            origin: None,
        };
        yard.work.write_blocking(|tx| yard.stock.transfer(tx, &transfer)).unwrap();
        assert_eq!(yard.told(), []);
        yard.check("6", "30.00");
        let at = |place| yard.work.read_blocking(|tx| yard.stock.on_hand_at(tx, yard.item.id, place)).unwrap();
        assert_eq!((at(yard.places.stock), at(yard.places.output)), (pcs("3"), pcs("3")));
    });
}

#[test]
fn quantities_and_costs_are_converted_to_the_items_unit() {
    each(|yard| {
        yard.receive(1, "2 dozen", "10.00");
        yard.check("24", "20.00");
        assert_eq!(yard.issue(2, "1 dozen").cost().unwrap(), eur("10.00"));
        let error = yard.try_issue(&yard.issue_of(2, "1 kg")).unwrap_err();
        assert_eq!((error.code(), error.message()), ("inventory.units_differ", "`kg` cannot be converted to `pcs`"));
        let error = yard.try_issue(&yard.issue_of(2, "1 crate")).unwrap_err();
        assert_eq!((error.code(), error.message()), ("inventory.no_unit", "there is no unit `crate`"));
        yard.check("12", "10.00");
    });
}

#[test]
fn more_than_there_is_does_not_leave_unless_it_may() {
    each(|yard| {
        yard.receive(1, "10", "5.00");
        yard.receive(9, "10", "5.00");
        let error = yard.try_issue(&yard.issue_of(5, "11")).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Refused, "inventory.negative_stock"));
        assert_eq!(error.message(), "the stock would be -1 pcs on 2026-01-06");
        // Enough on that day, but then too little for what left later.
        yard.issue(12, "15");
        let error = yard.try_issue(&yard.issue_of(5, "6")).unwrap_err();
        assert_eq!(error.message(), "the stock would be -1 pcs on 2026-01-13");
        yard.check("5", "25.00");
    });
    let settings = InventorySettings { negative_stock: true, ..InventorySettings::default() };
    each_with(&settings, |yard| {
        yard.receive(1, "1", "5.00");
        assert_eq!(yard.issue(2, "3").cost().unwrap(), eur("15.00"), "at the last cost");
        yard.check("-2", "-10.00");
        yard.told();
        yard.receive(3, "2", "7.00");
        yard.check("0", "0.00");
        let told: Vec<_> = yard.told().into_iter().map(|v| (v.reason, v.flow, v.date, v.value)).collect();
        assert_eq!(
            told,
            [
                (Reason::Receipt, Flow::Supply, day(3), eur("14.00")),
                (Reason::Revaluation, Flow::Delivery, day(3), eur("-4.00")),
            ]
        );
    });
}

#[test]
fn returns_come_and_go_at_what_they_cost() {
    each(|yard| {
        let receipt = yard.receive(1, "10", "5.00");
        yard.receive(2, "10", "6.00");
        let issue = yard.issue(3, "12");
        let returned = |movement, quantity: &str| Returned {
            movement,
            place: yard.places.stock,
            quantity: pcs(quantity),
            date: day(4),
            origin: None,
        };
        let take_back = |returned| yard.work.write_blocking(|tx| yard.stock.take_back(tx, &returned));
        assert_eq!(take_back(returned(issue.movement, "6")).unwrap().value, eur("31.00"));
        let error = take_back(returned(issue.movement, "7")).unwrap_err();
        assert_eq!(error.message(), "7 pcs come back, but only 6 pcs of that issue are still out");
        assert_eq!(take_back(returned(receipt.movement, "1")).unwrap_err().code(), "inventory.not_returnable");
        yard.check("14", "79.00");
        let send_back = |returned| yard.work.write_blocking(|tx| yard.stock.send_back(tx, &returned));
        assert_eq!(send_back(returned(receipt.movement, "2")).unwrap().quantity, pcs("2"));
        let error = send_back(returned(receipt.movement, "9")).unwrap_err();
        assert_eq!(error.code(), "inventory.supplier_return_too_large");
    });
}

#[test]
fn what_does_not_fit_is_refused_and_leaves_nothing() {
    each(|yard| {
        let suppliers = yard
            .work
            .read_blocking(|tx| inventory::Location::list(tx, &Filter::eq("code", "suppliers")))
            .unwrap()
            .remove(0)
            .id;
        let mut wrong = yard.receipt(1, "1", "5.00");
        wrong.to = suppliers;
        wrong.from = Some(yard.places.input);
        assert_eq!(yard.try_receive(&wrong).unwrap_err().code(), "inventory.place_ours");
        wrong.from = None;
        assert_eq!(yard.try_receive(&wrong).unwrap_err().message(), "the place `suppliers` is not ours");
        assert_eq!(yard.try_receive(&yard.receipt(1, "0", "5.00")).unwrap_err().code(), "inventory.not_positive");
        assert_eq!(yard.try_receive(&yard.receipt(1, "1", "-5.00")).unwrap_err().code(), "inventory.cost_negative");
        let mut wrong = yard.receipt(1, "1", "5.00");
        wrong.item = Id::new();
        assert_eq!(yard.try_receive(&wrong).unwrap_err().kind(), Kind::NotFound);
        let mut wrong = yard.receipt(1, "1", "5.00");
        wrong.unit_cost = Price::new("5".parse().unwrap(), Currency::USD).unwrap();
        assert_eq!(yard.try_receive(&wrong).unwrap_err().code(), "inventory.currency");
        yard.check("0", "0.00");
        assert_eq!(yard.told(), []);
        // Once something moved, an item keeps its unit.
        yard.receive(1, "1", "5.00");
        let mut changed = yard.item.clone();
        changed.name = "Renamed".to_owned();
        yard.work.write_blocking(|tx| Setup::default().item(tx, &changed)).unwrap();
        changed.currency = Currency::USD;
        let error = yard.work.write_blocking(|tx| Setup::default().item(tx, &changed)).unwrap_err();
        assert_eq!(error.code(), "inventory.item_in_use");
        // Another tenant sees nothing of all this.
        let other = yard.app.work_of(Id::new());
        assert_eq!(other.read_blocking(|tx| yard.stock.on_hand(tx, yard.item.id)).unwrap_err().kind(), Kind::NotFound);
        assert!(other.read_blocking(|tx| yard.stock.stock_value(tx, day(9))).unwrap().items.is_empty());
    });
}
