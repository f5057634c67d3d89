//! Amounts: sums, shares and text, with examples and properties.

use std::cmp::Ordering;

use cortex_core::{Currency, Decimal, Error, Kind, Money, MoneyError, Rounding};
use proptest::prelude::*;

use super::rounding::{any_decimal, any_rounding};

fn euro(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[track_caller]
fn check_split(minor: i64, weights: &[&str], expected: &[i64]) {
    let weights: Vec<Decimal> = weights.iter().map(|w| decimal(w)).collect();
    let parts = euro(minor).split(&weights).unwrap();
    assert_eq!(parts.iter().map(|p| p.minor()).collect::<Vec<_>>(), expected);
}

#[test]
fn splits_give_the_coin_to_the_largest_remainder_then_the_earliest() {
    check_split(100, &["1", "1", "1"], &[34, 33, 33]);
    check_split(-100, &["1", "1", "1"], &[-34, -33, -33]);
    check_split(5, &["1", "1"], &[3, 2]);
    check_split(100, &["0.5", "0.30", "0.2"], &[50, 30, 20]);
    check_split(101, &["1", "0", "2"], &[34, 0, 67]);
    check_split(2, &["0", "1", "1", "1", "0"], &[0, 1, 1, 0, 0]);
    check_split(0, &["1", "2"], &[0, 0]);
    check_split(7, &["3"], &[7]);
    check_split(8_000, &["120", "200", "0"], &[3_000, 5_000, 0]);
    check_split(i64::MAX, &["1"], &[i64::MAX]);
    check_split(i64::MIN, &["1", "1"], &[i64::MIN / 2, i64::MIN / 2]);
}

#[test]
fn a_negative_weight_takes_the_opposite_sign() {
    check_split(8_000, &["2", "-1"], &[16_000, -8_000]);
    check_split(100, &["-1", "-1", "-1"], &[34, 33, 33]);
    check_split(1, &["5", "-2"], &[2, -1]);
}

#[test]
fn a_split_over_nothing_is_refused() {
    for weights in [&[][..], &[Decimal::ZERO; 3], &[Decimal::ONE, Decimal::NEGATIVE_ONE]] {
        assert_eq!(euro(100).split(weights), Err(MoneyError::ZeroWeights));
    }
    assert_eq!(euro(0).split(&[Decimal::ZERO]), Err(MoneyError::ZeroWeights));
}

#[test]
fn weights_may_have_28_digits() {
    let third = Decimal::ONE / decimal("3");
    let parts = euro(i64::MAX).split(&[third, third, third]).unwrap();
    assert_eq!(parts.iter().map(|p| i128::from(p.minor())).sum::<i128>(), i128::from(i64::MAX));
    assert!(parts.iter().all(|p| p.minor() == i64::MAX / 3 || p.minor() == i64::MAX / 3 + 1));

    let extremes = [Decimal::MAX, decimal("0.0000000000000000000000000001")];
    assert_eq!(euro(100).split(&extremes), Err(MoneyError::Overflow));
}

#[test]
fn currencies_do_not_mix() {
    let dollar = Money::from_minor(1, Currency::USD);
    let mismatch = MoneyError::CurrencyMismatch { expected: Currency::EUR, found: Currency::USD };
    assert_eq!(euro(1).checked_add(dollar), Err(mismatch.clone()));
    assert_eq!(euro(1).checked_sub(dollar), Err(mismatch.clone()));
    assert_eq!(euro(1).checked_cmp(dollar), Err(mismatch.clone()));
    assert_eq!(Money::sum([euro(1), dollar], Currency::EUR), Err(mismatch.clone()));

    let error: Error = mismatch.into();
    assert_eq!(error.kind(), Kind::Invalid);
    assert_eq!(error.code(), "money.currency_mismatch");
    assert_eq!(error.message(), "the amount is in USD, but EUR is needed");
}

#[test]
fn overflow_is_an_error() {
    let (most, least) = (euro(i64::MAX), euro(i64::MIN));
    assert_eq!(most.checked_add(euro(1)), Err(MoneyError::Overflow));
    assert_eq!(least.checked_sub(euro(1)), Err(MoneyError::Overflow));
    assert_eq!(least.checked_neg(), Err(MoneyError::Overflow));
    assert_eq!(least.abs(), Err(MoneyError::Overflow));
    assert_eq!(most.times(Decimal::MAX, Rounding::Down), Err(MoneyError::Overflow));
    assert_eq!(Money::from_decimal(Decimal::MAX, Currency::EUR, Rounding::Down), Err(MoneyError::Overflow));
    assert_eq!(Money::sum([most, most], Currency::EUR), Err(MoneyError::Overflow));
    // Only the result has to fit.
    assert_eq!(Money::sum([most, most, least, least], Currency::EUR), Ok(euro(-2)));
    assert_eq!(Money::sum([], Currency::EUR), Ok(euro(0)));
}

#[test]
fn signs_and_order() {
    assert!(euro(0).is_zero() && !euro(0).is_negative() && !euro(0).is_positive());
    assert!(euro(-1).is_negative() && euro(1).is_positive());
    assert_eq!(euro(-5).abs(), Ok(euro(5)));
    assert_eq!(euro(-5).checked_cmp(euro(3)), Ok(Ordering::Less));
}

#[test]
fn decimals_are_major_units() {
    assert_eq!(euro(1_250).to_decimal(), decimal("12.50"));
    assert_eq!(Money::from_minor(1_250, Currency::JPY).to_decimal(), decimal("1250"));
    assert_eq!(Money::from_decimal(decimal("0.125"), Currency::EUR, Rounding::HalfEven), Ok(euro(12)));
    assert_eq!(Money::exact(decimal("0.1200"), Currency::EUR), Ok(euro(12)));
    let amount = decimal("0.125");
    assert_eq!(Money::exact(amount, Currency::EUR), Err(MoneyError::TooPrecise { amount, currency: Currency::EUR }));
}

#[test]
fn text_has_grouping_and_digits_of_the_currency() {
    for (minor, currency, text) in [
        (123_450, Currency::EUR, "1,234.50 EUR"),
        (-123_456_789, Currency::EUR, "-1,234,567.89 EUR"),
        (-5, Currency::EUR, "-0.05 EUR"),
        (1_000, Currency::JPY, "1,000 JPY"),
        (999, Currency::JPY, "999 JPY"),
        (1, Currency::KWD, "0.001 KWD"),
    ] {
        let money = Money::from_minor(minor, currency);
        assert_eq!(money.to_string(), text);
        assert_eq!(format!("{money:?}"), text);
    }
    assert_eq!(format!("{:>12}", euro(100)), "    1.00 EUR");
    assert_eq!("12.5 EUR".parse(), Ok(euro(1_250)));
    assert_eq!("1234.50 EUR".parse(), Ok(euro(123_450)));
}

#[test]
fn text_that_is_no_amount_is_refused() {
    for text in [
        "",
        "12.50",
        "EUR",
        "12.50EUR",
        "12.50 eur",
        "12.50  EUR",
        " 12.50 EUR",
        "12. EUR",
        ".5 EUR",
        "+1 EUR",
        "1e3 EUR",
        "1_000 EUR",
        "1,23 EUR",
        "1234,567 EUR",
        ",123 EUR",
        "1,,234 EUR",
        "1.000,50 EUR",
        "--1 EUR",
        "1.2,34 EUR",
        "½ EUR",
    ] {
        assert_eq!(text.parse::<Money>(), Err(MoneyError::Malformed(text.to_owned())), "{text}");
    }
    assert!(matches!("0.001 EUR".parse::<Money>(), Err(MoneyError::TooPrecise { .. })));
    assert_eq!("92233720368547758.08 EUR".parse::<Money>(), Err(MoneyError::Overflow));
}

fn any_currency() -> impl Strategy<Value = Currency> {
    proptest::sample::select(Currency::all().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole(
        minor: i64,
        weights in proptest::collection::vec((0_i64..1_000_000_000, 0_u32..8), 1..40),
    ) {
        let weights: Vec<Decimal> = weights.into_iter().map(|(w, scale)| Decimal::new(w, scale)).collect();
        let whole = euro(minor);
        if weights.iter().all(Decimal::is_zero) {
            prop_assert_eq!(whole.split(&weights), Err(MoneyError::ZeroWeights));
            return Ok(());
        }
        let parts = whole.split(&weights).unwrap();
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Money::sum(parts.iter().copied(), Currency::EUR), Ok(whole));

        let total: i128 = weights.iter().map(scaled).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            let exact = i128::from(minor) * scaled(weight);
            let error = i128::from(part.minor()) * total - exact;
            prop_assert!(error.abs() < total, "a part is off by a coin or more");
            prop_assert!(!weight.is_zero() || part.is_zero());
        }
        if let Ok(opposite) = whole.checked_neg() {
            let negated: Result<Vec<Money>, _> = parts.into_iter().map(Money::checked_neg).collect();
            prop_assert_eq!(opposite.split(&weights).ok(), negated.ok());
        }
    }

    #[test]
    fn equal_remainders_favour_the_earlier(minor in 0_i64..10_000, count in 1_usize..50) {
        let parts = euro(minor).split(&vec![Decimal::ONE; count]).unwrap();
        prop_assert!(parts.windows(2).all(|pair| pair[0].minor() >= pair[1].minor()));
        prop_assert!(parts[0].minor() - parts[count - 1].minor() <= 1);
    }

    #[test]
    fn splitting_never_panics_and_never_loses(minor: i64, weights in proptest::collection::vec(any_decimal(), 0..6)) {
        if let Ok(parts) = euro(minor).split(&weights) {
            prop_assert_eq!(Money::sum(parts, Currency::EUR), Ok(euro(minor)));
        }
    }

    #[test]
    fn text_and_decimals_round_trip(minor: i64, currency in any_currency()) {
        let money = Money::from_minor(minor, currency);
        prop_assert_eq!(money.to_string().parse(), Ok(money));
        prop_assert_eq!(Money::exact(money.to_decimal(), currency), Ok(money));
    }

    #[test]
    fn any_text_is_an_answer(text in "\\PC*") {
        let _ = text.parse::<Money>();
    }

    #[test]
    fn addition_is_that_of_wide_integers(a: i64, b: i64) {
        let wide = |sum: i128| i64::try_from(sum).map(euro).map_err(|_| MoneyError::Overflow);
        prop_assert_eq!(euro(a).checked_add(euro(b)), wide(i128::from(a) + i128::from(b)));
        prop_assert_eq!(euro(a).checked_sub(euro(b)), wide(i128::from(a) - i128::from(b)));
    }

    #[test]
    fn any_decimal_becomes_money_or_an_error(
        amount in any_decimal(), currency in any_currency(), rounding in any_rounding(),
    ) {
        if let Ok(money) = Money::from_decimal(amount, currency, rounding) {
            prop_assert_eq!(money.to_decimal(), rounding.round(amount, currency.minor_units()));
        }
    }
}

/// A weight in units of 10^-8, as the model counts.
fn scaled(weight: &Decimal) -> i128 {
    weight.mantissa() * 10_i128.pow(8 - weight.scale())
}
