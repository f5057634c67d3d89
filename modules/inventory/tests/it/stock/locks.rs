//! Who waits for whom.

use std::sync::mpsc::channel;
use std::time::Duration;

use codexion::prelude::*;
use inventory::{Issue, Receipt, Reserve, Setup, Stock};

use super::yard::{each, new_item};
use crate::memory::{day, pcs};

/// Longer than anything here takes: it only ends a test that would wait for ever.
const GIVE_UP: Duration = Duration::from_secs(20);

#[test]
fn goods_in_one_place_are_locked_without_those_in_another() {
    each(|yard| {
        if yard.app.kind() == "sqlite" {
            return; // One unit of work writes at a time.
        }
        let (here, there) = (yard.places.stock, yard.places.output);
        let other = new_item("B");
        yard.work.write_blocking(|tx| Setup::default().item(tx, &other)).unwrap();
        let receipts: Vec<Receipt> = [(yard.item.id, here), (yard.item.id, there), (other.id, here)]
            .map(|(item, to)| Receipt { item, to, ..yard.receipt(1, "10", "5.00") })
            .into();
        yard.work.write_blocking(|tx| yard.stock.receive_all(tx, &receipts)).unwrap();
        let wanted = |item, within| Reserve { item, within, quantity: pcs("4"), date: day(2), origin: None };
        let elsewhere = || {
            yard.work.write_blocking(|tx| {
                yard.stock.reserve(tx, &wanted(yard.item.id, there))?;
                yard.stock.issue(tx, &Issue { from: there, ..yard.issue_of(2, "1") })?;
                yard.stock.issue(tx, &Issue { item: other.id, ..yard.issue_of(2, "1") })
            })
        };
        std::thread::scope(|threads| {
            let result = yard.work.write_blocking(|tx| {
                // The goods here are locked until this unit of work ends.
                yard.stock.reserve(tx, &wanted(yard.item.id, here))?;
                let (done, is_done) = channel();
                threads.spawn(move || done.send(elsewhere().map(|_| ())));
                // When this gives up, this unit of work ends, and with it the wait of the other one.
                is_done.recv_timeout(GIVE_UP).map_err(|_| Error::refused("test", "the other unit of work waits"))?
            });
            result.unwrap();
        });
        let levels = yard.work.read_blocking(|tx| yard.stock.levels(tx, &[yard.item.id])).unwrap();
        assert!(levels.iter().all(|level| level.reserved == pcs("4")), "{levels:?}");
    });
}

#[test]
fn units_of_work_at_the_same_time_lose_nothing() {
    const THREADS: i16 = 6;
    const ROUNDS: i16 = 10;
    each(|yard| {
        yard.receive(0, "10", "1.00");
        let (work, stock): (&Work, &Stock) = (&yard.work, &yard.stock);
        std::thread::scope(|threads| {
            for thread in 0..THREADS {
                let yard = &yard;
                threads.spawn(move || {
                    for round in 0..ROUNDS {
                        let number = 1 + (thread + round) % 3;
                        work.write_blocking(|tx| {
                            stock.receive(tx, &yard.receipt(number, "3", "2.00"))?;
                            stock.issue(tx, &yard.issue_of(number, "1"))
                        })
                        .unwrap();
                        let held = work.write_blocking(|tx| {
                            let (item, within, quantity) = (yard.item.id, yard.places.root, pcs("2"));
                            stock.reserve(tx, &Reserve { item, within, quantity, date: day(9), origin: None })
                        });
                        let held = held.unwrap().movement;
                        work.write_blocking(|tx| stock.unreserve(tx, held)).unwrap();
                    }
                });
            }
        });
        let moves = i64::from(THREADS * ROUNDS);
        // 10 at 1.00 and 3 at 2.00 each round came; of those one each round left, the cheap ones first.
        let (quantity, value) = (10 + 2 * moves, 10 + 6 * moves - (10 + 2 * (moves - 10)));
        yard.check(&quantity.to_string(), &format!("{value}.00"));
        let levels = yard.work.read_blocking(|tx| stock.levels(tx, &[yard.item.id])).unwrap();
        assert!(levels.iter().all(|level| level.reserved.is_zero()));
    });
}
