//! Counts: what they correct, and what they stop.

use inventory::{Flow, Reason};

use super::yard::each;
use crate::memory::{day, eur, pcs};

#[test]
fn a_count_corrects_the_stock_and_its_value() {
    each(|yard| {
        yard.receive(1, "10", "5.00");
        yard.told();
        let moved = yard.count(2, "8");
        assert_eq!((moved.quantity, moved.value), (pcs("-2"), eur("-10.00")));
        let moved = yard.count(3, "9");
        assert_eq!((moved.quantity, moved.value), (pcs("1"), eur("5.00")));
        assert_eq!(yard.count(4, "9").quantity, pcs("0"));
        yard.check("9", "45.00");
        let told: Vec<_> = yard.told().into_iter().map(|v| (v.reason, v.flow, v.value)).collect();
        let adjustment = |value| (Reason::Adjustment, Flow::Adjustment, eur(value));
        assert_eq!(told, [adjustment("-10.00"), adjustment("5.00")]);
        assert_eq!(yard.try_count(5, "-1").unwrap_err().code(), "inventory.count_negative");
        assert_eq!(yard.count(5, "0").quantity, pcs("-9"));
        yard.check("0", "0.00");
    });
}

#[test]
fn a_count_stops_what_becomes_known_later_of_earlier_days() {
    each(|yard| {
        yard.receive(1, "10", "5.00");
        yard.count(5, "10");
        yard.issue(6, "1");
        yard.told();
        // Four more came on day 3; the count of day 5 did not find them.
        yard.receive(3, "4", "7.00");
        yard.check("9", "53.00");
        let told: Vec<_> = yard.told().into_iter().map(|v| (v.reason, v.flow, v.date, v.value)).collect();
        assert_eq!(
            told,
            [
                (Reason::Receipt, Flow::Supply, day(3), eur("28.00")),
                (Reason::Adjustment, Flow::Adjustment, day(5), eur("-20.00")),
            ]
        );
    });
}

#[test]
fn what_left_before_a_count_may_be_less_than_nothing_only_where_it_was() {
    each(|yard| {
        yard.receive(1, "10", "5.00");
        yard.count(5, "10");
        // Before the count ten can leave, whatever left after it.
        yard.issue(6, "10");
        yard.issue(3, "10");
        yard.check("0", "0.00");
        let error = yard.try_issue(&yard.issue_of(3, "1")).unwrap_err();
        assert_eq!(error.message(), "the stock would be -1 pcs on 2026-01-04");
    });
}
