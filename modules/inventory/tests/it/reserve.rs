//! Reservations: never more than is free, the older lot first.

use codexion::core::Quantity;
use inventory::ReservationError;
use inventory::domain::{Bin, free, reserve};

use crate::memory::{UNIT, day, pcs};

/// Bins of quantity and reserved quantity, each a day younger than the one before.
fn bins(stock: &[(&str, &str)]) -> Vec<Bin<usize>> {
    let bin = |(key, (on_hand, reserved)): (usize, &(&str, &str))| Bin {
        key,
        since: day(i16::try_from(key).unwrap()),
        on_hand: pcs(on_hand),
        reserved: pcs(reserved),
    };
    stock.iter().enumerate().map(bin).collect()
}

#[track_caller]
fn check(bins: &mut [Bin<usize>], wanted: &str, picks: &[(usize, &str)], missing: &str) {
    let reservation = reserve(bins, pcs(wanted)).unwrap();
    let found: Vec<_> = reservation.picks.iter().map(|pick| (pick.key, pick.quantity)).collect();
    assert_eq!(found, picks.iter().map(|(key, text)| (*key, pcs(text))).collect::<Vec<_>>());
    assert_eq!(reservation.missing, pcs(missing));
    assert_eq!(reservation.assigned.checked_add(reservation.missing).unwrap(), pcs(wanted));
}

#[test]
fn what_is_promised_is_not_free() {
    let mut bins = bins(&[("5", "2"), ("10", "12"), ("8", "3"), ("35", "12")]);
    let total =
        |field: fn(&Bin<usize>) -> Quantity, bins: &[Bin<usize>]| Quantity::sum(bins.iter().map(field), UNIT).unwrap();
    assert_eq!(total(|bin| bin.on_hand, &bins), pcs("58"));
    assert_eq!(total(|bin| bin.reserved, &bins), pcs("29"));
    assert_eq!(free(&bins, UNIT).unwrap(), pcs("29"));
    check(&mut bins, "10", &[(0, "3"), (2, "5"), (3, "2")], "0");
    assert_eq!(free(&bins, UNIT).unwrap(), pcs("19"));
    // 21 lie unpromised in the last bin, but two of them are owed to the second.
    check(&mut bins, "30", &[(3, "19")], "11");
    assert_eq!(free(&bins, UNIT).unwrap(), pcs("0"));
}

#[test]
fn a_line_is_split_into_what_there_is_and_what_waits() {
    check(&mut bins(&[("10", "0")]), "2", &[(0, "2")], "0");
    check(&mut bins(&[("5", "0")]), "10", &[(0, "5")], "5");
    check(&mut bins(&[("0", "0")]), "3", &[], "3");
    check(&mut bins(&[]), "3", &[], "3");
    let mut stock = bins(&[("6.8", "0")]);
    for wanted in ["2.1", "1.7", "1.2", "1.8"] {
        check(&mut stock, wanted, &[(0, wanted)], "0");
    }
    check(&mut stock, "0.000001", &[], "0.000001");
}

#[test]
fn the_older_lot_is_taken_first() {
    let mut stock = bins(&[("5", "0"), ("5", "0")]);
    stock.reverse();
    check(&mut stock, "7", &[(0, "5"), (1, "2")], "0");
}

#[test]
fn reserved_stock_is_not_taken_by_others() {
    let mut bin = bins(&[("10", "6")]).remove(0);
    let refused = bin.take(pcs("5"), pcs("0")).unwrap_err();
    assert_eq!(refused, ReservationError::ReservedForOthers { wanted: pcs("5"), free: pcs("4") });
    bin.take(pcs("4"), pcs("0")).unwrap();
    assert_eq!((bin.on_hand, bin.reserved), (pcs("6"), pcs("6")));
    bin.take(pcs("2"), pcs("2")).unwrap();
    assert_eq!((bin.on_hand, bin.reserved), (pcs("4"), pcs("4")));
    assert!(matches!(bin.take(pcs("9"), pcs("5")), Err(ReservationError::NotReserved { .. })));
    assert!(matches!(bin.take(pcs("1"), pcs("2")), Err(ReservationError::NotReserved { .. })));
}

#[test]
fn mistakes_are_refused() {
    assert!(matches!(reserve(&mut bins(&[]), pcs("0")), Err(ReservationError::NotPositive(_))));
    let kilos = "1 kg".parse().unwrap();
    assert!(matches!(reserve(&mut bins(&[("1", "0")]), kilos), Err(ReservationError::Quantity(_))));
}
