//! Units of measure.

use codexion::core::{Quantity, Rate, Rounding, Unit};
use inventory::MeasureError;
use inventory::domain::Measure;

use crate::memory::price;

fn try_measure(unit: &str, reference: &str, factor: &str, digits: u32) -> Result<Measure, MeasureError> {
    let factor = Rate::new(factor.parse().unwrap()).unwrap();
    Measure::new(Unit::parse(unit).unwrap(), Unit::parse(reference).unwrap(), factor, digits)
}

fn measure(unit: &str, reference: &str, factor: &str, digits: u32) -> Measure {
    try_measure(unit, reference, factor, digits).unwrap()
}

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

#[track_caller]
fn check(from: Measure, to: Measure, rounding: Rounding, given: &str, expected: &str) {
    assert_eq!(from.convert(quantity(given), &to, rounding).unwrap(), quantity(expected));
}

#[test]
fn quantities_are_converted_and_rounded_once() {
    let (pieces, dozens) = (measure("pcs", "pcs", "1", 0), measure("doz", "pcs", "12", 3));
    let (kilos, grams, pounds) =
        (measure("kg", "kg", "1", 3), measure("g", "kg", "0.001", 0), measure("lb", "kg", "0.45359237", 6));
    check(dozens, pieces, Rounding::HalfUp, "2.5 doz", "30 pcs");
    check(pieces, dozens, Rounding::HalfUp, "30 pcs", "2.5 doz");
    check(pieces, dozens, Rounding::HalfUp, "1 pcs", "0.083 doz");
    check(pieces, dozens, Rounding::Up, "1 pcs", "0.084 doz");
    check(dozens, pieces, Rounding::HalfUp, "0.125 doz", "2 pcs");
    check(dozens, pieces, Rounding::HalfEven, "0.125 doz", "2 pcs");
    check(dozens, pieces, Rounding::Down, "0.125 doz", "1 pcs");
    check(dozens, pieces, Rounding::HalfUp, "-0.125 doz", "-2 pcs");
    check(dozens, pieces, Rounding::Down, "-0.125 doz", "-1 pcs");
    check(dozens, pieces, Rounding::Floor, "-0.125 doz", "-2 pcs");
    check(dozens, pieces, Rounding::Floor, "12 doz", "144 pcs");
    check(kilos, grams, Rounding::HalfUp, "1.234 kg", "1234 g");
    check(pounds, kilos, Rounding::HalfUp, "10 lb", "4.536 kg");
    check(kilos, pounds, Rounding::HalfUp, "1 kg", "2.204623 lb");
}

#[test]
fn what_costs_so_much_a_dozen_costs_a_twelfth_a_piece() {
    let (pieces, dozens) = (measure("pcs", "pcs", "1", 0), measure("doz", "pcs", "12", 3));
    assert_eq!(dozens.convert_price(price("6"), &pieces, Rounding::HalfUp).unwrap(), price("0.5"));
    assert_eq!(dozens.convert_price(price("1"), &pieces, Rounding::HalfUp).unwrap(), price("0.083333"));
    assert_eq!(pieces.convert_price(price("0.5"), &dozens, Rounding::HalfUp).unwrap(), price("6"));
}

#[test]
fn mistakes_are_refused() {
    let (pieces, kilos, tons) =
        (measure("pcs", "pcs", "1", 0), measure("kg", "kg", "1", 3), measure("Mt", "kg", "900000000", 6));
    let convert = |text: &str, from: Measure, to: Measure| from.convert(quantity(text), &to, Rounding::HalfUp);
    assert!(matches!(convert("1 pcs", pieces, kilos), Err(MeasureError::Different { .. })));
    assert!(matches!(convert("1 kg", pieces, pieces), Err(MeasureError::Different { .. })));
    assert_eq!(convert("9000000000000 Mt", tons, kilos), Err(MeasureError::Overflow));
    assert!(matches!(try_measure("x", "kg", "0", 1), Err(MeasureError::Factor(_))));
    assert!(matches!(try_measure("x", "kg", "-1", 1), Err(MeasureError::Factor(_))));
    assert!(matches!(try_measure("x", "kg", "1", 7), Err(MeasureError::Digits { digits: 7 })));
}
