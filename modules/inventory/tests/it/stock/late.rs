//! What becomes known late: it changes what it must, by additions only.

use codexion::prelude::*;
use inventory::store::ValueEntry;
use inventory::{Flow, InventorySettings, Reason, Returned};

use super::yard::{Yard, each, each_with};
use crate::memory::{day, eur, pcs};

fn rows(yard: &Yard<'_>) -> Vec<ValueEntry> {
    yard.work.read_blocking(|tx| ValueEntry::list(tx, &Filter::All)).unwrap()
}

#[test]
fn a_receipt_of_an_earlier_day_corrects_what_left_after_it() {
    each(|yard| {
        yard.receive(1, "1", "10.00");
        yard.receive(3, "9", "20.00");
        let issue = yard.issue(4, "2");
        assert_eq!(issue.cost().unwrap(), eur("30.00"));
        let before = rows(&yard);
        yard.told();
        yard.receive(2, "1", "5.00");
        yard.check("9", "180.00");
        let told: Vec<_> = yard
            .told()
            .into_iter()
            .map(|v| (v.movement == issue.movement, v.reason, v.flow, v.date, v.value))
            .collect();
        assert_eq!(
            told,
            [
                (false, Reason::Receipt, Flow::Supply, day(2), eur("5.00")),
                (true, Reason::Revaluation, Flow::Delivery, day(4), eur("15.00")),
            ]
        );
        let after = rows(&yard);
        assert!(before.iter().all(|row| after.contains(row)), "what is written stays as it is");
        assert_eq!(after.len(), before.len() + 2);
        assert_eq!([1, 2, 3, 4].map(|n| yard.value_on(n)), ["10.00", "15.00", "195.00", "180.00"].map(eur));
    });
}

#[test]
fn a_charge_on_an_old_receipt_reaches_what_left_of_it() {
    each(|yard| {
        let receipt = yard.receive(1, "10", "10.00");
        yard.issue(2, "4");
        yard.told();
        yard.work.write_blocking(|tx| yard.stock.charge(tx, receipt.movement, eur("5.00"))).unwrap();
        yard.check("6", "63.00");
        let told: Vec<_> = yard.told().into_iter().map(|v| (v.reason, v.flow, v.value)).collect();
        assert_eq!(
            told,
            [(Reason::Revaluation, Flow::Supply, eur("5.00")), (Reason::Revaluation, Flow::Delivery, eur("-2.00")),]
        );
        let wrong = yard.work.write_blocking(|tx| yard.stock.charge(tx, receipt.movement, "1.00 USD".parse().unwrap()));
        assert_eq!(wrong.unwrap_err().code(), "inventory.currency");
    });
}

#[test]
fn what_is_too_much_for_one_step_is_left_to_a_job() {
    let settings = InventorySettings { revalue_moves_max: 5, ..InventorySettings::default() };
    each_with(&settings, |yard| {
        yard.receive(1, "40", "1.00");
        for number in 3..33 {
            yard.issue(number, "1");
        }
        yard.check("10", "10.00");
        yard.told();
        assert!(yard.receive(2, "20", "9.00").pending);
        assert!(yard.receive(0, "20", "2.00").pending);
        let told = yard.told().len();
        assert!(told <= 2 + 5 + 5, "{told} changes in the first steps");
        let seen = yard.app.deliver();
        assert!(yard.told().len() >= 15, "the jobs told of the rest: {seen:?}");
        // 20 at 2.00 left first, then 10 at 1.00; 30 at 1.00 and 20 at 9.00 are there.
        yard.check("50", "210.00");
        assert_eq!(yard.value_on(32), eur("210.00"));
    });
}

#[test]
fn the_past_cannot_be_rewritten() {
    use diesel::connection::SimpleConnection;
    each(|yard| {
        yard.receive(1, "10", "5.00");
        yard.app.allow_unscoped("try to rewrite the past");
        for sql in [
            "UPDATE inventory_value_entries SET value = 1",
            "DELETE FROM inventory_value_entries",
            "UPDATE inventory_stock_entries SET quantity = 1",
            "DELETE FROM inventory_stock_entries",
            "UPDATE inventory_moves SET quantity = 1",
            "DELETE FROM inventory_moves",
        ] {
            let done = yard.work.write_blocking(|tx| {
                assert!(tx.unscoped("try to rewrite the past").batch_execute(sql).is_err(), "{sql}");
                Err::<(), _>(Error::refused("test", "roll back"))
            });
            assert_eq!(done.unwrap_err().code(), "test");
        }
        yard.check("10", "50.00");
    });
}

#[test]
fn a_return_before_others_is_refused_at_once_where_later_moves_are_valued_by_a_job() {
    let settings = InventorySettings { revalue_moves_max: 5, ..InventorySettings::default() };
    each_with(&settings, |yard| {
        yard.receive(1, "100", "5.00");
        let issue = yard.issue(2, "8");
        for number in 4..15 {
            yard.receive(number, "1", "5.00");
        }
        let take_back = |number, quantity: &str| {
            let (movement, place, quantity) = (issue.movement, yard.places.stock, pcs(quantity));
            let returned = Returned { movement, place, quantity, date: day(number), origin: None };
            yard.work.write_blocking(|tx| yard.stock.take_back(tx, &returned))
        };
        take_back(20, "7").unwrap();
        let error = take_back(3, "6").unwrap_err();
        assert_eq!(error.message(), "6 pcs come back, but only 1 pcs of that issue are still out");
        take_back(3, "1").unwrap();
        yard.app.deliver();
        yard.check("111", "555.00");
    });
}
