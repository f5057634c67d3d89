//! Steps on the calendar that clip to the length of months and never leave its range unnoticed.

use std::time::Duration;

use codexion::core::Date;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The date `months` later with `day` as day of the month, or the month's last day where it is shorter.
pub(super) fn month_and_day(date: Date, months: i32, day: u8) -> Option<Date> {
    let total = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    let total = total.checked_add(months)?;
    let year = i16::try_from(total.div_euclid(12)).ok()?;
    let month = i8::try_from(total.rem_euclid(12) + 1).ok()?;
    let first = Date::new(year, month, 1).ok()?;
    let day = i8::try_from(day).ok()?.clamp(1, first.days_in_month());
    Date::new(year, month, day).ok()
}

/// The date `months` later, on the same day or the month's last.
pub(super) fn add_months(date: Date, months: i32) -> Option<Date> {
    month_and_day(date, months, u8::try_from(date.day()).ok()?)
}

/// The date `days` later, or earlier.
pub(super) fn add_days(date: Date, days: i32) -> Option<Date> {
    let span = DAY.checked_mul(days.unsigned_abs())?;
    if days < 0 { date.checked_sub(span).ok() } else { date.checked_add(span).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn months_clip_to_their_length() {
        assert_eq!(add_months(day("2024-01-31"), 1), Some(day("2024-02-29")));
        assert_eq!(add_months(day("2024-03-31"), -1), Some(day("2024-02-29")));
        assert_eq!(add_months(day("2023-12-15"), 1), Some(day("2024-01-15")));
        assert_eq!(month_and_day(day("2023-12-15"), 2, 31), Some(day("2024-02-29")));
        assert_eq!(add_months(day("9999-12-01"), 1), None);
    }

    #[test]
    fn days_go_both_ways() {
        assert_eq!(add_days(day("2024-02-28"), 2), Some(day("2024-03-01")));
        assert_eq!(add_days(day("2024-03-01"), -1), Some(day("2024-02-29")));
        assert_eq!(add_days(day("9999-12-31"), 1), None);
    }
}
