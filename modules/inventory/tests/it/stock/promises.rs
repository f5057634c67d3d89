//! Reservations: never more than there is, and kept from others.

use codexion::prelude::*;
use inventory::store::StockReservation;
use inventory::{Issue, Level, Move, Reserve, Reserved, Transfer};

use super::yard::{Yard, each};
use crate::memory::{day, eur, pcs};

fn reserve(yard: &Yard<'_>, quantity: &str) -> Result<Reserved> {
    let (within, quantity) = (yard.places.root, pcs(quantity));
    let wanted = Reserve { item: yard.item.id, within, quantity, date: day(9), origin: Some("order 1".to_owned()) };
    yard.work.write_blocking(|tx| yard.stock.reserve(tx, &wanted))
}

fn levels(yard: &Yard<'_>) -> Vec<Level> {
    yard.work.read_blocking(|tx| yard.stock.levels(tx, &[yard.item.id])).unwrap()
}

fn promised(yard: &Yard<'_>) -> Quantity {
    Quantity::sum(levels(yard).iter().map(|level| level.reserved), Unit::PIECE).unwrap()
}

#[test]
fn no_more_is_promised_than_is_free() {
    each(|yard| {
        yard.receive(1, "10", "5.00");
        let first = reserve(&yard, "6").unwrap();
        assert_eq!((first.assigned, first.missing), (pcs("6"), pcs("0")));
        let second = reserve(&yard, "6").unwrap();
        assert_eq!((second.assigned, second.missing), (pcs("4"), pcs("2")));
        let third = reserve(&yard, "1").unwrap();
        assert_eq!((third.assigned, third.picks.len()), (pcs("0"), 0));
        assert_eq!(promised(&yard), pcs("10"));
        yard.work.write_blocking(|tx| yard.stock.unreserve(tx, first.movement)).unwrap();
        assert_eq!(promised(&yard), pcs("4"));
        assert!(yard.work.read_blocking(|tx| Move::find(tx, first.movement)).unwrap().is_none());
        let again = yard.work.write_blocking(|tx| yard.stock.unreserve(tx, first.movement));
        assert_eq!(again.unwrap_err().code(), "inventory.nothing_reserved");
        assert_eq!(reserve(&yard, "0").unwrap_err().code(), "inventory.reservation_not_positive");
        let seen = yard.work.read_blocking(|tx| yard.stock.reservation(tx, second.movement)).unwrap();
        assert_eq!(seen, second);
    });
}

#[test]
fn promised_goods_leave_only_for_whom_they_were_promised_to() {
    each(|yard| {
        yard.receive(1, "10", "5.00");
        let held = reserve(&yard, "8").unwrap();
        let error = yard.try_issue(&yard.issue_of(2, "3")).unwrap_err();
        assert_eq!(error.code(), "inventory.reserved_for_others");
        assert_eq!(error.message(), "3 pcs are wanted, but only 2 pcs are not reserved for others");
        yard.issue(2, "2");
        let part = Issue { reserved: Some(held.movement), ..yard.issue_of(3, "5") };
        assert_eq!(yard.try_issue(&part).unwrap().cost().unwrap(), eur("25.00"));
        assert_eq!(promised(&yard), pcs("3"));
        let rest = Issue { reserved: Some(held.movement), ..yard.issue_of(4, "3") };
        yard.try_issue(&rest).unwrap();
        yard.check("0", "0.00");
        assert_eq!(promised(&yard), pcs("0"));
        assert!(yard.work.read_blocking(|tx| StockReservation::list(tx, &Filter::All)).unwrap().is_empty());
        assert!(yard.work.read_blocking(|tx| Move::find(tx, held.movement)).unwrap().is_none(), "the plan is done");
        assert_eq!(yard.try_issue(&rest).unwrap_err().code(), "inventory.nothing_reserved");
    });
}

#[test]
fn the_oldest_goods_are_promised_first_wherever_they_lie() {
    each(|yard| {
        yard.receive(1, "2", "5.00");
        yard.receive(2, "5", "5.00");
        let shelf = yard.place("MAIN/SHELF", yard.places.stock);
        let transfer = |number, quantity: &str| Transfer {
            item: yard.item.id,
            from: yard.places.stock,
            to: shelf,
            quantity: pcs(quantity),
            date: day(number),
            origin: None,
        };
        yard.work.write_blocking(|tx| yard.stock.transfer(tx, &transfer(3, "3"))).unwrap();
        let held = reserve(&yard, "5").unwrap();
        let picks: Vec<_> = held.picks.iter().map(|pick| (pick.key, pick.quantity)).collect();
        assert_eq!(picks, [(yard.places.stock, pcs("4")), (shelf, pcs("1"))]);
        let error = yard.work.write_blocking(|tx| yard.stock.transfer(tx, &transfer(4, "1"))).unwrap_err();
        assert_eq!(error.code(), "inventory.reserved_for_others");
    });
}
