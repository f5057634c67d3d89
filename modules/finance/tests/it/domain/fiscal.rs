//! Scenario L9: how many periods a year is cut into, and what they must be.

use finance::FiscalError;
use finance::domain::{Cycle, FiscalYear, Period, PeriodState};
use proptest::prelude::*;

use super::date;

fn year(first: &str, last: &str) -> FiscalYear {
    FiscalYear::new(date(first), date(last)).unwrap()
}

#[track_caller]
fn check(first: &str, last: &str, months: u8, end_day: u8, expected: usize) {
    let year = year(first, last);
    let periods = year.periods(Cycle { months, end_day }).unwrap();
    assert_eq!(periods.len(), expected);
    check_seamless(year, &periods);
}

#[track_caller]
fn check_seamless(year: FiscalYear, periods: &[Period]) {
    assert_eq!(periods.first().unwrap().first, year.first());
    assert_eq!(periods.last().unwrap().last, year.last());
    assert!(periods.iter().all(|p| p.first <= p.last));
    assert!(periods.windows(2).all(|pair| pair[0].last.tomorrow().unwrap() == pair[1].first));
    assert!(periods.iter().zip(1..).all(|(p, number)| p.number == number));
}

#[test]
fn l9_periods() {
    check("2026-01-01", "2026-12-31", 1, 31, 12);
    check("2026-01-01", "2026-12-31", 3, 31, 4);
    check("2026-01-01", "2026-12-31", 5, 31, 3);
    check("2026-04-06", "2027-04-05", 1, 5, 12);
    check("2026-06-06", "2026-12-31", 1, 29, 8);
    check("2026-01-01", "2027-08-07", 1, 29, 20);
    check("2026-09-09", "2027-11-12", 3, 29, 5);
}

#[test]
fn periods_end_where_they_should() {
    let ends = |first, last, months, end_day| {
        let periods = year(first, last).periods(Cycle { months, end_day }).unwrap();
        periods.iter().map(|p| p.last.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ends("2024-01-01", "2024-03-31", 1, 31), ["2024-01-31", "2024-02-29", "2024-03-31"]);
    assert_eq!(ends("2026-04-06", "2026-06-05", 1, 5), ["2026-05-05", "2026-06-05"]);
    assert_eq!(ends("2026-01-01", "2026-12-31", 5, 31), ["2026-05-31", "2026-10-31", "2026-12-31"]);
    // A year that begins on the end day begins with a whole period, not with a single day.
    assert_eq!(ends("2026-01-15", "2026-03-31", 1, 15), ["2026-02-15", "2026-03-15", "2026-03-31"]);
    // The last day of a year is a period of its own where the cycle leaves it over.
    assert_eq!(ends("2026-12-01", "2026-12-31", 1, 30), ["2026-12-30", "2026-12-31"]);
    assert_eq!(ends("9999-12-01", "9999-12-31", 1, 30), ["9999-12-30", "9999-12-31"]);
}

#[test]
fn days_belong_to_one_period() {
    let year = year("2026-01-01", "2026-12-31");
    assert!(year.contains(date("2026-12-31")) && !year.contains(date("2027-01-01")));
    let periods = year.periods(Cycle::QUARTERLY).unwrap();
    let found: Vec<u32> = periods.iter().filter(|p| p.contains(date("2026-04-01"))).map(|p| p.number).collect();
    assert_eq!(found, [2]);
    assert_eq!(year.periods(Cycle::MONTHLY).unwrap().len(), 12);
}

#[test]
fn wrong_years_and_cycles_are_refused() {
    let new = |first, last| FiscalYear::new(date(first), date(last));
    assert!(matches!(new("2026-01-02", "2026-01-01"), Err(FiscalError::Reversed { .. })));
    assert!(matches!(new("2026-01-01", "2028-01-03"), Err(FiscalError::TooLong { .. })));
    assert!(new("2026-01-01", "2026-01-01").is_ok());
    let year = year("2026-01-01", "2026-12-31");
    for (months, end_day) in [(0, 31), (13, 31), (1, 0), (1, 32)] {
        assert_eq!(year.periods(Cycle { months, end_day }), Err(FiscalError::Cycle { months, end_day }));
    }
}

#[test]
fn years_do_not_overlap() {
    let existing = [year("2025-01-01", "2025-12-31"), year("2026-01-01", "2026-12-31")];
    assert_eq!(year("2027-01-01", "2027-12-31").check_apart(&existing), Ok(()));
    let overlap = FiscalError::Overlap { first: date("2026-01-01"), last: date("2026-12-31") };
    assert_eq!(year("2026-12-31", "2027-12-30").check_apart(&existing), Err(overlap));
}

#[test]
fn locked_is_for_ever() {
    use PeriodState::{Closed, Locked, Open};
    assert!(Open.accepts_entries() && !Closed.accepts_entries() && !Locked.accepts_entries());
    for (from, to) in [(Open, Closed), (Closed, Open), (Closed, Locked)] {
        assert_eq!(from.change(to), Ok(to));
    }
    for (from, to) in [(Open, Open), (Open, Locked), (Closed, Closed), (Locked, Open), (Locked, Closed)] {
        assert_eq!(from.change(to), Err(FiscalError::State { from, to }));
    }
    assert_eq!(Locked.change(Open).unwrap_err().to_string(), "what is locked cannot become open");
}

proptest! {
    #[test]
    fn periods_leave_no_gap(
        month in 1_i8..=12, day in 1_i8..=28, length in 0_u64..=730, months in 1_u8..=12, end_day in 1_u8..=31,
    ) {
        let first = codexion::core::Date::new(2024, month, day).unwrap();
        let last = first.checked_add(std::time::Duration::from_secs(length * 86_400)).unwrap();
        let year = FiscalYear::new(first, last).unwrap();
        check_seamless(year, &year.periods(Cycle { months, end_day }).unwrap());
    }
}
