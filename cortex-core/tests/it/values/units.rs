//! Prices, quantities and rates.

use cortex_core::{
    Currency, Decimal, Money, MoneyError, Price, Quantity, QuantityError, Rate, RateError, Rounding, Unit,
};
use proptest::prelude::*;

use super::rounding::{any_decimal, any_rounding};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn price(text: &str) -> Price {
    Price::new(decimal(text), Currency::EUR).unwrap()
}

fn pieces(text: &str) -> Quantity {
    Quantity::new(decimal(text), Unit::PIECE).unwrap()
}

#[test]
fn units_are_short_codes() {
    assert_eq!(Unit::parse("pcs"), Ok(Unit::PIECE));
    for code in ["kg", "m/s", "C62", "12345678", "%", "m-2"] {
        assert_eq!(Unit::parse(code).unwrap().code(), code);
    }
    for code in ["", "123456789", "m²", "k g", "kg\0", "stück"] {
        assert_eq!(Unit::parse(code), Err(QuantityError::Unit(code.to_owned())));
    }
}

#[test]
fn prices_and_quantities_keep_six_digits_in_a_stated_range() {
    let most = "9223372036854.775807";
    assert_eq!(price(most).scaled(), i64::MAX);
    assert_eq!(pieces(most).scaled(), i64::MAX);
    assert_eq!(Price::new(decimal("9223372036854.775808"), Currency::EUR), Err(MoneyError::Overflow));
    assert_eq!(Quantity::new(decimal("9223372036854.775808"), Unit::PIECE), Err(QuantityError::Overflow));

    let amount = decimal("0.0000001");
    assert_eq!(Price::new(amount, Currency::EUR), Err(MoneyError::TooPrecise { amount, currency: Currency::EUR }));
    assert_eq!(Quantity::new(amount, Unit::PIECE), Err(QuantityError::TooPrecise(amount)));
    assert_eq!(price("1.50000000"), price("1.5"));
    assert_eq!(price("1.50").to_string(), "1.5 EUR");
    assert_eq!(pieces("2.500").to_string(), "2.5 pcs");
    assert_eq!("2.5 pcs".parse(), Ok(pieces("2.5")));
}

#[test]
fn a_price_times_a_quantity_rounds_once() {
    let total = |p, q, r| price(p).times(pieces(q), r).unwrap().minor();
    assert_eq!(total("1.001", "100", Rounding::HalfUp), 10_010);
    assert_eq!(total("0.005", "1", Rounding::HalfUp), 1);
    assert_eq!(total("0.005", "1", Rounding::HalfEven), 0);
    assert_eq!(total("0.005", "-1", Rounding::HalfUp), -1);
    // Rounded to six digits first it would be 0.005 and then 0.01.
    assert_eq!(total("0.005", "0.999999", Rounding::HalfUp), 0);
    assert_eq!(total("9223372036854.775807", "100", Rounding::Down), 92_233_720_368_547_758);
    assert_eq!(price("9223372036854.775807").times(pieces("1000000"), Rounding::Down), Err(MoneyError::Overflow));
}

#[test]
fn a_unit_price_comes_from_an_amount() {
    let per = |minor, q: &str| Price::per_unit(Money::from_minor(minor, Currency::EUR), pieces(q), Rounding::HalfUp);
    assert_eq!(per(1_000, "3"), Ok(price("3.333333")));
    assert_eq!(per(-1_000, "-4"), Ok(price("2.5")));
    assert_eq!(per(1_000, "0"), Err(MoneyError::ZeroQuantity));
    assert_eq!(per(i64::MAX, "0.000001"), Err(MoneyError::Overflow));
}

#[test]
fn units_do_not_mix() {
    let kilos: Quantity = "1 kg".parse().unwrap();
    let mismatch = QuantityError::UnitMismatch { expected: Unit::PIECE, found: kilos.unit() };
    assert_eq!(pieces("1").checked_add(kilos), Err(mismatch.clone()));
    assert_eq!(pieces("1").checked_sub(kilos), Err(mismatch.clone()));
    assert_eq!(pieces("1").checked_cmp(kilos), Err(mismatch.clone()));
    assert_eq!(Quantity::sum([kilos], Unit::PIECE), Err(mismatch));
    assert_eq!(Quantity::sum([pieces("1"), pieces("-0.5")], Unit::PIECE), Ok(pieces("0.5")));
    let least = Quantity::from_scaled(i64::MIN, Unit::PIECE);
    assert_eq!(least.checked_neg(), Err(QuantityError::Overflow));
    assert_eq!(least.abs(), Err(QuantityError::Overflow));
    assert_eq!(pieces("3").times(decimal("0.3333333"), Rounding::HalfUp), Ok(pieces("1")));
}

#[test]
fn rates_apply_and_convert() {
    let vat = Rate::percent(decimal("19")).unwrap();
    assert_eq!(vat, "0.19".parse().unwrap());
    assert_eq!(vat.to_string(), "0.19");
    let net = Money::from_minor(10_003, Currency::EUR);
    assert_eq!(vat.apply(net, Rounding::HalfUp), Ok(Money::from_minor(1_901, Currency::EUR)));
    assert_eq!(Rate::ONE.apply(net, Rounding::Up), Ok(net));

    let yen: Rate = "161.27".parse().unwrap();
    assert_eq!(yen.convert(net, Currency::JPY, Rounding::HalfUp), Ok(Money::from_minor(16_132, Currency::JPY)));
    let dinar: Rate = "0.33".parse().unwrap();
    assert_eq!(dinar.convert(net, Currency::KWD, Rounding::HalfUp), Ok(Money::from_minor(33_010, Currency::KWD)));

    assert_eq!(Rate::new(decimal("0.00000000001")), Err(RateError::TooPrecise(decimal("0.00000000001"))));
    assert_eq!(Rate::percent(decimal("0.000000001")), Err(RateError::TooPrecise(decimal("0.000000001"))));
    assert_eq!(Rate::new(decimal("922337203.6854775808")), Err(RateError::Overflow));
    assert_eq!(Rate::new(decimal("922337203.6854775807")).map(Rate::scaled), Ok(i64::MAX));
    assert_eq!("1,2".parse::<Rate>(), Err(RateError::Malformed("1,2".to_owned())));
}

proptest! {
    #[test]
    fn scaled_integers_and_text_round_trip(scaled: i64) {
        let price = Price::from_scaled(scaled, Currency::EUR);
        prop_assert_eq!(Price::new(price.amount(), Currency::EUR), Ok(price));
        let quantity = Quantity::from_scaled(scaled, Unit::PIECE);
        prop_assert_eq!(Quantity::new(quantity.amount(), Unit::PIECE), Ok(quantity));
        prop_assert_eq!(quantity.to_string().parse(), Ok(quantity));
        let rate = Rate::from_scaled(scaled);
        prop_assert_eq!(Rate::new(rate.to_decimal()), Ok(rate));
        prop_assert_eq!(rate.to_string().parse(), Ok(rate));
    }

    #[test]
    fn totals_are_exact_products(p: i64, q: i64, rounding in any_rounding()) {
        let found = Price::from_scaled(p, Currency::EUR).times(Quantity::from_scaled(q, Unit::PIECE), rounding);
        let product = i128::from(p) * i128::from(q);
        let coin = 10_i128.pow(10);
        match found {
            Ok(money) => prop_assert!((i128::from(money.minor()) * coin - product).abs() < coin),
            Err(error) => {
                prop_assert_eq!(error, MoneyError::Overflow);
                prop_assert!(product.abs() / coin >= i128::from(i64::MAX));
            }
        }
    }

    #[test]
    fn nothing_panics(amount in any_decimal(), scaled: i64, minor: i64, rounding in any_rounding()) {
        let _ = Price::new(amount, Currency::EUR);
        let _ = Quantity::new(amount, Unit::PIECE);
        let _ = Rate::new(amount);
        let _ = Rate::percent(amount);
        let _ = Quantity::from_scaled(scaled, Unit::PIECE).times(amount, rounding);
        let quantity = Quantity::from_scaled(scaled, Unit::PIECE);
        let _ = Price::per_unit(Money::from_minor(minor, Currency::JPY), quantity, rounding);
        let _ = Rate::from_scaled(scaled).convert(Money::from_minor(minor, Currency::JPY), Currency::KWD, rounding);
    }
}
