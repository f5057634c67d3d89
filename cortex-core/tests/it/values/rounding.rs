//! Rounding rules against a model that cuts and looks at decimal digits.

use cortex_core::{Currency, Decimal, Money, MoneyError, Rounding};
use proptest::prelude::*;

pub(super) fn any_rounding() -> impl Strategy<Value = Rounding> {
    proptest::sample::select(&Rounding::ALL[..])
}

pub(super) fn any_decimal() -> impl Strategy<Value = Decimal> {
    let limit = (1_i128 << 96) - 1;
    (-limit..=limit, 0_u32..=28, 0_u32..96)
        .prop_map(|(mantissa, scale, shift)| Decimal::from_i128_with_scale(mantissa >> shift, scale))
}

/// Schoolbook product of two numbers written in decimal digits, most significant first.
fn digits_of_product(a: u128, b: u128) -> String {
    let (a, b) = (a.to_string().into_bytes(), b.to_string().into_bytes());
    let mut digits = vec![0_u32; a.len() + b.len()];
    for (i, x) in a.iter().rev().enumerate() {
        for (j, y) in b.iter().rev().enumerate() {
            digits[i + j] += u32::from(x - b'0') * u32::from(y - b'0');
            digits[i + j + 1] += digits[i + j] / 10;
            digits[i + j] %= 10;
        }
    }
    digits.iter().rev().map(u32::to_string).collect()
}

/// The number made of `digits` with a decimal point before the last `cut` of them, rounded to a whole number.
fn model(rounding: Rounding, negative: bool, digits: &str, cut: usize) -> Option<i64> {
    let digits = format!("{digits:0>width$}", width = cut + 1);
    let (kept, lost) = digits.split_at(digits.len() - cut);
    let half = format!("5{}", "0".repeat(cut.saturating_sub(1)));
    let any_lost = lost.bytes().any(|b| b != b'0');
    let last_is_odd = "13579".contains(&kept[kept.len() - 1..]);
    let away = match rounding {
        Rounding::Down => false,
        Rounding::Up => any_lost,
        Rounding::Floor => any_lost && negative,
        Rounding::Ceiling => any_lost && !negative,
        Rounding::HalfUp => cut > 0 && lost >= half.as_str(),
        Rounding::HalfEven => cut > 0 && (lost > half.as_str() || (lost == half && last_is_odd)),
    };
    let magnitude = kept.parse::<i128>().ok()? + i128::from(away);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

#[test]
fn rules_differ_where_they_should() {
    let rounded = |r: Rounding, tenths| r.round(Decimal::new(tenths, 1), 0).to_string();
    let row = |tenths| Rounding::ALL.map(|r| rounded(r, tenths));
    assert_eq!(row(25), ["3", "2", "2", "3", "2", "3"]);
    assert_eq!(row(35), ["4", "4", "3", "4", "3", "4"]);
    assert_eq!(row(-25), ["-3", "-2", "-2", "-3", "-3", "-2"]);
    assert_eq!(row(24), ["2", "2", "2", "3", "2", "3"]);
    assert_eq!(row(20), ["2", "2", "2", "2", "2", "2"]);
    assert_eq!(row(-4), ["0", "0", "0", "-1", "-1", "0"], "no minus zero");
}

#[test]
fn rules_have_names() {
    for rounding in Rounding::ALL {
        assert_eq!(rounding.to_string().parse(), Ok(rounding));
        assert_eq!(serde_json::to_value(rounding).unwrap(), rounding.name());
    }
    let error: cortex_core::Error = "bankers".parse::<Rounding>().unwrap_err().into();
    assert_eq!(error.message(), "`bankers` is not a rounding rule");
    assert!(error.help().unwrap().contains("`half_even`"));
}

proptest! {
    #[test]
    fn products_agree_with_the_model(minor: i64, factor in any_decimal(), rounding in any_rounding()) {
        let digits = digits_of_product(minor.unsigned_abs().into(), factor.mantissa().unsigned_abs());
        let negative = (minor < 0) != (factor.mantissa() < 0);
        let expected = model(rounding, negative, &digits, factor.scale() as usize);
        let found = Money::from_minor(minor, Currency::EUR).times(factor, rounding).map(Money::minor);
        prop_assert_eq!(found, expected.ok_or(MoneyError::Overflow));
    }

    #[test]
    fn halves_agree_with_the_model(minor in -1_000_i64..1_000, rounding in any_rounding()) {
        let half = Decimal::new(5, 1);
        let expected = model(rounding, minor < 0, &(minor.abs() * 5).to_string(), 1);
        let found = Money::from_minor(minor, Currency::JPY).times(half, rounding).map(Money::minor);
        prop_assert_eq!(found.ok(), expected);
    }

    #[test]
    fn decimals_agree_with_the_model(value in any_decimal(), digits in 0_u32..=28, rounding in any_rounding()) {
        let rounded = rounding.round(value, digits);
        prop_assert!(rounded.scale() <= digits.max(value.scale()));
        let cut = value.scale().saturating_sub(digits) as usize;
        let mantissa = value.mantissa();
        if let Some(expected) = model(rounding, mantissa < 0, &mantissa.unsigned_abs().to_string(), cut) {
            let expected = Decimal::from_i128_with_scale(expected.into(), value.scale().min(digits));
            prop_assert_eq!(rounded, expected);
        }
    }
}
