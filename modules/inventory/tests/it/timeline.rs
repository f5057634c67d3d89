//! Quantities by date: counts stop what comes from the past, and no balance may be made negative.

use inventory::StockError;
use inventory::domain::{Happening, NegativeStock, Position, Shift, Timeline};

use crate::memory::{at, day, pcs};

/// Day 10 is "today"; earlier days are written as in `d - 3`.
const D: i16 = 10;

fn empty() -> Timeline {
    Timeline::new(pcs("0"))
}

fn moved(quantity: &str) -> Happening {
    Happening::Move(pcs(quantity))
}

fn counted(quantity: &str) -> Happening {
    Happening::Count(pcs(quantity))
}

#[track_caller]
fn put(timeline: &mut Timeline, position: Position, happening: Happening) -> Vec<Shift> {
    timeline.insert(position, happening, NegativeStock::Refuse).unwrap()
}

#[track_caller]
fn check(timeline: &Timeline, balances: &[(i16, &str)]) {
    for (number, balance) in balances {
        assert_eq!(timeline.balance_on(day(*number)).unwrap(), pcs(balance), "on day {number}");
    }
}

#[test]
fn counts_stop_what_comes_from_the_past() {
    let mut timeline = empty();
    put(&mut timeline, at(D - 3, 1), moved("10"));
    put(&mut timeline, at(D - 2, 2), moved("1"));
    put(&mut timeline, at(D, 3), moved("1"));
    check(&timeline, &[(D - 3, "10"), (D - 2, "11"), (D, "12")]);

    put(&mut timeline, at(D - 1, 4), counted("6"));
    check(&timeline, &[(D - 1, "6"), (D, "7")]);

    let shifts = put(&mut timeline, at(D - 4, 5), counted("8"));
    check(&timeline, &[(D - 4, "8"), (D - 3, "18"), (D - 2, "19"), (D - 1, "6"), (D, "7")]);
    let expected = [Shift { of: at(D - 4, 5), by: pcs("8") }, Shift { of: at(D - 1, 4), by: pcs("-8") }];
    assert_eq!(shifts, expected);

    let shifts = put(&mut timeline, at(D - 5, 6), moved("10"));
    check(&timeline, &[(D - 5, "10"), (D - 4, "8"), (D - 3, "18"), (D - 1, "6"), (D, "7")]);
    let expected = [Shift { of: at(D - 5, 6), by: pcs("10") }, Shift { of: at(D - 4, 5), by: pcs("-10") }];
    assert_eq!(shifts, expected, "the second count is not touched");

    timeline.remove(at(D - 4, 5), NegativeStock::Refuse).unwrap();
    check(&timeline, &[(D - 4, "10"), (D - 3, "20"), (D - 2, "21"), (D - 1, "6"), (D, "7")]);
}

#[test]
fn no_later_balance_may_become_negative() {
    let mut timeline = empty();
    put(&mut timeline, at(D - 2, 1), moved("10"));
    put(&mut timeline, at(D, 2), moved("-2"));
    let before = timeline.clone();
    let refused = timeline.insert(at(D - 1, 3), counted("1"), NegativeStock::Refuse);
    assert_eq!(refused, Err(StockError::Negative { date: day(D), balance: pcs("-1") }));
    let refused = timeline.insert(at(D - 1, 3), moved("-9"), NegativeStock::Refuse);
    assert_eq!(refused, Err(StockError::Negative { date: day(D), balance: pcs("-1") }));
    let refused = timeline.remove(at(D - 2, 1), NegativeStock::Refuse);
    assert_eq!(refused, Err(StockError::Negative { date: day(D), balance: pcs("-2") }));
    assert_eq!(timeline, before);

    timeline.insert(at(D - 1, 3), counted("1"), NegativeStock::Allow).unwrap();
    check(&timeline, &[(D - 1, "1"), (D, "-1")]);
    // What makes it better is always welcome, even if it is not enough.
    put(&mut timeline, at(D - 1, 4), moved("0.5"));
    check(&timeline, &[(D, "-0.5")]);
    // Behind a count nothing from before it matters.
    put(&mut timeline, at(D, 9), counted("4"));
    timeline.insert(at(D - 2, 5), moved("-3"), NegativeStock::Refuse).unwrap();
}

#[test]
fn balances_by_date_are_the_same_before_and_after_closing() {
    let mut timeline = empty();
    put(&mut timeline, at(D - 5, 1), moved("10"));
    put(&mut timeline, at(D - 4, 2), moved("15"));
    put(&mut timeline, at(D - 3, 3), moved("-5"));
    put(&mut timeline, at(D + 1, 4), moved("3"));
    let days = (D - 6)..=(D + 1);
    let read = |timeline: &Timeline| days.clone().map(|n| timeline.balance_on(day(n)).unwrap()).collect::<Vec<_>>();
    let expected: Vec<_> = ["0", "10", "25", "20", "20", "20", "20", "23"].iter().map(|text| pcs(text)).collect();
    assert_eq!(read(&timeline), expected);
    for through in [D - 5, D - 3] {
        timeline.close(day(through)).unwrap();
        assert_eq!(read(&timeline), expected);
    }
    let refused = timeline.insert(at(D - 3, 9), moved("1"), NegativeStock::Refuse);
    assert_eq!(refused, Err(StockError::Closed { through: day(D - 3) }));
    assert!(matches!(timeline.remove(at(D - 5, 1), NegativeStock::Allow), Err(StockError::Closed { .. })));
    put(&mut timeline, at(D - 2, 5), moved("1"));
    check(&timeline, &[(D - 3, "20"), (D - 2, "21")]);
    let listed = timeline.balances(day(D - 3), day(D)).unwrap();
    assert_eq!(listed, [(at(D - 3, 3), pcs("20")), (at(D - 2, 5), pcs("21"))]);
}

#[test]
fn mistakes_are_refused() {
    let mut timeline = empty();
    put(&mut timeline, at(1, 1), moved("1"));
    let mut insert = |position, happening| timeline.insert(position, happening, NegativeStock::Allow).unwrap_err();
    assert_eq!(insert(at(1, 1), moved("2")), StockError::Known);
    assert_eq!(insert(at(1, 2), counted("-2")), StockError::CountNegative(pcs("-2")));
    assert!(matches!(insert(at(1, 2), Happening::Move("1 kg".parse().unwrap())), StockError::Quantity(_)));
    assert!(matches!(insert(at(1, 2), Happening::Count("1 kg".parse().unwrap())), StockError::Quantity(_)));
    assert_eq!(timeline.remove(at(2, 1), NegativeStock::Allow), Err(StockError::Unknown));
}
