//! Many moves cost as many statements as one.

use codexion::prelude::*;
use inventory::{Issue, Receipt, Setup};

use super::yard::{each, new_item};
use crate::memory::eur;

/// Statements of a move behind all others.
const BUDGET: usize = 12;

#[test]
fn ten_lines_cost_as_many_statements_as_one() {
    each(|yard| {
        let mut items = vec![yard.item.clone()];
        items.extend((0..9).map(|n| new_item(&format!("B{n}"))));
        yard.work.write_blocking(|tx| items.iter().try_for_each(|item| Setup::default().item(tx, item))).unwrap();
        let receipt = yard.receipt(1, "10", "5.00");
        let receipts: Vec<_> = items.iter().map(|item| Receipt { item: item.id, ..receipt.clone() }).collect();
        yard.work.write_blocking(|tx| yard.stock.receive_all(tx, &receipts)).unwrap();
        let issues: Vec<_> = items.iter().map(|item| Issue { item: item.id, ..yard.issue_of(2, "3") }).collect();
        let moved = yard.app.budget(BUDGET, || yard.work.write_blocking(|tx| yard.stock.issue_all(tx, &issues)));
        assert!(moved.unwrap().iter().all(|moved| moved.value == eur("-15.00")));
        yard.app.budget(BUDGET, || yard.issue(3, "1"));
        yard.app.budget(BUDGET, || yard.receive(3, "1", "5.00"));
        yard.app.budget(3, || yard.work.read_blocking(|tx| yard.stock.on_hand(tx, yard.item.id))).unwrap();
        yard.app.budget(1, || yard.value_on(9));
    });
}

#[test]
fn an_append_costs_the_same_after_hundreds_of_moves() {
    each(|yard| {
        let receipts: Vec<_> = (0..300).map(|_| yard.receipt(1, "1", "5.00")).collect();
        yard.work.write_blocking(|tx| yard.stock.receive_all(tx, &receipts)).unwrap();
        for _ in 0..8 {
            // What has many open layers keeps its head every few entries only, and reads those in between.
            yard.app.budget(BUDGET + 3, || yard.issue(2, "1"));
        }
        yard.check("292", "1460.00");
    });
}

#[test]
fn a_move_of_the_past_reads_the_rest_in_batches() {
    each(|yard| {
        yard.receive(1, "200", "5.00");
        let issues: Vec<_> = (0..100).map(|_| yard.issue_of(3, "1")).collect();
        yard.work.write_blocking(|tx| yard.stock.issue_all(tx, &issues)).unwrap();
        yard.app.budget(BUDGET + 12, || yard.receive(0, "50", "1.00"));
        yard.check("150", "750.00");
    });
}

#[test]
fn the_moves_of_one_call_are_done_in_their_order() {
    each(|yard| {
        yard.work
            .write_blocking(|tx| {
                for round in 0..5 {
                    yard.stock.receive(tx, &yard.receipt(1, "1", &format!("{round}.00")))?;
                    yard.stock.issue(tx, &yard.issue_of(1, "1"))?;
                }
                Ok(())
            })
            .unwrap();
        yard.check("0", "0.00");
        let receipts: Vec<_> = (1..=20).map(|n| yard.receipt(1, "1", &format!("{n}.00"))).collect();
        yard.work.write_blocking(|tx| yard.stock.receive_all(tx, &receipts)).unwrap();
        let left: Vec<Money> = (1..=20).map(|_| yard.issue(1, "1").cost().unwrap()).collect();
        assert_eq!(left, (1..=20).map(|n| eur(&format!("{n}.00"))).collect::<Vec<_>>());
    });
}
