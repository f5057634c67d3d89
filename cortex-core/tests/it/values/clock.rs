//! Clocks that can be held, set and moved.

use cortex_core::{Clock, FixedClock, SystemClock, Timestamp};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_fixed_clock_stands_still_until_moved() {
    let clock = FixedClock::new(at("2026-01-31T10:00:00.123456789Z"));
    assert_eq!(clock.now(), at("2026-01-31T10:00:00.123456Z"));
    assert_eq!(clock.now(), clock.now());

    clock.advance("PT36H".parse().unwrap());
    assert_eq!(clock.now(), at("2026-02-01T22:00:00.123456Z"));

    clock.advance("-PT1H".parse().unwrap());
    assert_eq!(clock.now(), at("2026-02-01T21:00:00.123456Z"));

    clock.set(at("2000-01-01T00:00:00Z"));
    assert_eq!(clock.now(), at("2000-01-01T00:00:00Z"));
}

#[test]
fn a_fixed_clock_stops_at_the_ends_of_time() {
    let clock = FixedClock::new(Timestamp::MAX);
    clock.advance("PT1H".parse().unwrap());
    assert_eq!(clock.now().as_microsecond(), Timestamp::MAX.as_microsecond());

    clock.set(Timestamp::MIN);
    clock.advance("-PT1H".parse().unwrap());
    assert_eq!(clock.now().as_microsecond(), Timestamp::MIN.as_microsecond());
}

#[test]
fn the_system_clock_tells_whole_microseconds() {
    let now = SystemClock.now();
    assert_eq!(now.as_nanosecond() % 1_000, 0);
    assert!(now > at("2026-01-01T00:00:00Z"));
}
