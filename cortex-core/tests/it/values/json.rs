//! The JSON of value types.

use std::fmt::Debug;

use cortex_core::{Currency, Decimal, Money, Price, Quantity, Rate, Rounding, Unit};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
    assert_eq!(&serde_json::from_str::<T>(json).unwrap(), value);
    let tree = serde_json::to_value(value).unwrap();
    assert_eq!(&serde_json::from_value::<T>(tree).unwrap(), value);
}

#[track_caller]
fn check_refused<T: DeserializeOwned + Debug>(json: &str, because: &str) {
    let message = serde_json::from_str::<T>(json).unwrap_err().to_string();
    assert!(message.contains(because), "{message}");
}

#[test]
fn values_round_trip() {
    check(&Money::from_minor(1_250, Currency::EUR), r#"{"amount":"12.50","currency":"EUR"}"#);
    check(&Money::from_minor(-5, Currency::JPY), r#"{"amount":"-5","currency":"JPY"}"#);
    check(&Price::new(Decimal::new(1_0050, 4), Currency::EUR).unwrap(), r#"{"amount":"1.005","currency":"EUR"}"#);
    check(&Quantity::new(Decimal::new(25, 1), Unit::PIECE).unwrap(), r#"{"amount":"2.5","unit":"pcs"}"#);
    check(&Rate::percent(Decimal::from(20)).unwrap(), r#""0.2""#);
    check(&Currency::CHF, r#""CHF""#);
    check(&Unit::parse("kg").unwrap(), r#""kg""#);
    check(&Rounding::HalfEven, r#""half_even""#);
}

#[test]
fn numbers_are_refused_with_the_way_to_write_them() {
    let expected = r#"expected a decimal in quotes, such as "12.50""#;
    check_refused::<Money>(r#"{"amount":12.5,"currency":"EUR"}"#, expected);
    check_refused::<Money>(r#"{"amount":12,"currency":"EUR"}"#, expected);
    check_refused::<Price>(r#"{"amount":1,"currency":"EUR"}"#, expected);
    check_refused::<Quantity>(r#"{"amount":1,"unit":"pcs"}"#, expected);
    check_refused::<Rate>("0.2", expected);
    check_refused::<Money>(r#"{"amount":"1,250.00","currency":"EUR"}"#, expected);
    check_refused::<Money>(r#"{"amount":"1e3","currency":"EUR"}"#, expected);
}

#[test]
fn wrong_values_are_refused() {
    check_refused::<Money>(r#"{"amount":"0.001","currency":"EUR"}"#, "more digits than an amount in EUR");
    check_refused::<Money>(r#"{"amount":"1","currency":"ABC"}"#, "`ABC` is not an active currency");
    check_refused::<Money>(r#"{"amount":"1"}"#, "missing field `currency`");
    check_refused::<Money>(r#"{"amount":"1","currency":"EUR","vat":1}"#, "unknown field `vat`");
    check_refused::<Quantity>(r#"{"amount":"1","unit":"a lot"}"#, "`a lot` is not the code of a unit");
    check_refused::<Quantity>(r#"{"amount":"0.0000001","unit":"kg"}"#, "more than six fraction digits");
    check_refused::<Rate>(r#""1000000000""#, "too large");
    check_refused::<Rounding>(r#""bankers""#, "unknown variant `bankers`");
}
