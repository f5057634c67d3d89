//! Scenario L8: numbers follow dates.

use codexion::core::Date;
use finance::NumberError;
use finance::domain::Series;
use proptest::prelude::*;

use super::date;

fn march(days: &[i8]) -> Vec<Date> {
    days.iter().map(|day| Date::new(2026, 3, *day).unwrap()).collect()
}

#[test]
fn l8_drafts_posted_together_are_numbered_by_date() {
    let mut series = Series::new();
    assert_eq!(series.assign(&march(&[5, 6, 7, 4, 5, 5])), Ok(vec![2, 5, 6, 1, 3, 4]));
    assert_eq!(series.last(), Some((6, date("2026-03-07"))));
}

#[test]
fn l8_a_date_before_the_last_number_is_refused() {
    let mut series = Series::after(41, date("2026-03-06"));
    let before = series;
    let refused = NumberError::DateBeforeLast { date: date("2026-03-05"), last: date("2026-03-06") };
    assert_eq!(series.assign(&march(&[7, 5])), Err(refused));
    assert_eq!(series, before, "a refused batch takes no number");
    assert_eq!(series.assign(&march(&[7, 6])), Ok(vec![43, 42]));
    assert_eq!(series.assign(&[]), Ok(Vec::new()));
    assert_eq!(series.last(), Some((43, date("2026-03-07"))));
}

#[test]
fn a_series_ends_without_a_repeated_number() {
    let mut series = Series::after(u64::MAX - 1, date("2026-03-01"));
    assert_eq!(series.assign(&march(&[2, 3])), Err(NumberError::Exhausted));
    assert_eq!(series.assign(&march(&[2])), Ok(vec![u64::MAX]));
}

proptest! {
    #[test]
    fn numbers_have_no_gap_and_follow_dates(days in proptest::collection::vec(1_i8..=28, 1..60), last in 0_u64..100) {
        let mut series = Series::after(last, date("2026-03-01"));
        let dates = march(&days);
        let numbers = series.assign(&dates).unwrap();
        let mut in_order: Vec<(u64, Date, usize)> =
            numbers.iter().zip(&dates).enumerate().map(|(place, (number, date))| (*number, *date, place)).collect();
        in_order.sort_unstable();
        prop_assert!(in_order.iter().zip(last + 1..).all(|((number, ..), expected)| *number == expected));
        prop_assert!(in_order.is_sorted_by_key(|(_, date, place)| (*date, *place)));
    }
}
