//! Scenarios P1 to P5 and P7: what settles what.

use codexion::core::{Currency, Money, MoneyError, Rate, Rounding};
use finance::ReconcileError;
use finance::domain::reconcile::{Match, OpenItem, WriteOff, revaluation, settle, write_off};
use proptest::prelude::*;

use super::{decimal, eur, usd};

fn open(text: &str) -> OpenItem {
    OpenItem::new(usd(text))
}

fn foreign(company: &str, text: &str) -> OpenItem {
    OpenItem::foreign(usd(company), eur(text))
}

fn rate(text: &str) -> Option<Rate> {
    Some(Rate::new(decimal(text)).unwrap())
}

fn amounts(matches: &[Match]) -> Vec<Money> {
    matches.iter().map(|m| m.amount).collect()
}

#[test]
fn p1_partial_payments_and_a_write_off() {
    let mut items = [open("240.00"), open("-120.00"), open("-20.00"), open("-99.00")];
    let matches = settle(&mut items).unwrap();
    assert_eq!(amounts(&matches), [usd("120.00"), usd("20.00"), usd("99.00")]);
    assert_eq!(items[0], open("1.00"));
    assert!(items[1..].iter().all(OpenItem::is_settled));
    assert!(matches.iter().all(|m| m.exchange.is_zero() && m.debit_foreign.is_none() && m.debit == 0));

    let written = write_off(&mut items[0], None, Rounding::HalfUp).unwrap();
    assert_eq!(written, WriteOff { amount: usd("1.00"), foreign: None, exchange: usd("0.00") });
    assert!(items[0].is_settled());
    let mut credits: Vec<i64> = amounts(&matches).iter().map(|m| m.minor()).chain([written.amount.minor()]).collect();
    credits.sort_unstable();
    assert_eq!(credits, [100, 2_000, 9_900, 12_000]);
}

#[test]
fn p2_over_payment_is_written_off_or_kept() {
    let mut items = [open("100.00"), open("-110.00")];
    let matches = settle(&mut items).unwrap();
    assert_eq!(amounts(&matches), [usd("100.00")]);
    assert!(items[0].is_settled(), "the invoice is paid");
    assert_eq!(items[1], open("-10.00"), "kept: ten are owed to the customer");

    let written = write_off(&mut items[1], None, Rounding::HalfUp).unwrap();
    assert_eq!(written.amount, usd("-10.00"));
    assert!(items[1].is_settled());
}

#[test]
fn p3_payment_at_another_rate() {
    // 460 EUR at 2.0 EUR for a dollar, paid at 2.5.
    let mut items = [foreign("230.00", "460.00"), foreign("-184.00", "-460.00")];
    let matches = settle(&mut items).unwrap();
    assert_eq!(matches.len(), 1);
    assert_eq!(matches[0].exchange, usd("46.00"));
    assert_eq!((matches[0].amount, matches[0].debit_foreign), (usd("184.00"), Some(eur("460.00"))));
    assert!(items.iter().all(OpenItem::is_settled));

    let mut items = [foreign("230.00", "460.00"), foreign("-200.00", "-400.00")];
    let matches = settle(&mut items).unwrap();
    assert_eq!(matches[0].exchange, usd("0.00"));
    assert_eq!(items[0], foreign("30.00", "60.00"));
}

#[test]
fn p4_partial_with_exchange_difference() {
    let mut items = [foreign("60.00", "120.00"), foreign("-80.00", "-240.00")];
    let matches = settle(&mut items).unwrap();
    let foreign_part = Some(eur("120.00"));
    let (amount, exchange) = (usd("40.00"), usd("20.00"));
    let expected =
        Match { debit: 0, credit: 1, amount, debit_foreign: foreign_part, credit_foreign: foreign_part, exchange };
    assert_eq!(matches, [expected]);
    assert_eq!(items, [foreign("0.00", "0.00"), foreign("-40.00", "-120.00")]);
}

#[test]
fn p5_write_off_and_exchange_difference_apart() {
    let mut items = [foreign("-50.00", "-90.00"), foreign("45.00", "89.00")];
    let matches = settle(&mut items).unwrap();
    assert_eq!(matches[0].credit_foreign, Some(eur("89.00")));
    assert!(items[1].is_settled());

    // One euro is left; at two euros for a dollar it is worth fifty cents. It was a debt, so both are gains.
    let written = write_off(&mut items[0], rate("0.5"), Rounding::HalfUp).unwrap();
    assert_eq!((written.amount, written.foreign), (usd("-0.50"), Some(eur("-1.00"))));
    assert_eq!(matches[0].exchange.checked_add(written.exchange), Ok(usd("-4.50")));
    assert!(items[0].is_settled());
}

#[test]
fn p7_revaluation_and_a_balance_in_one_currency_only() {
    let debt = foreign("8000.00", "100.00");
    assert_eq!(revaluation(debt, rate("85").unwrap(), Rounding::HalfUp), Ok(usd("500.00")));
    assert_eq!(revaluation(open("8000.00"), rate("85").unwrap(), Rounding::HalfUp), Ok(usd("0.00")));

    let mut rounding_left = foreign("0.03", "0.00");
    let cleared = write_off(&mut rounding_left, None, Rounding::HalfUp).unwrap();
    assert_eq!((cleared.amount, cleared.exchange), (usd("0.00"), usd("0.03")));
    assert!(rounding_left.is_settled());

    let mut worthless = foreign("0.00", "0.01");
    let cleared = write_off(&mut worthless, rate("0.5"), Rounding::Down).unwrap();
    assert_eq!((cleared.amount, cleared.exchange), (usd("0.00"), usd("0.00")));
    assert!(worthless.is_settled());
}

#[test]
fn items_in_different_currencies_meet_in_the_companys() {
    let pounds = Money::from_minor(-45_00, Currency::GBP);
    let mut items = [foreign("60.00", "50.00"), OpenItem::foreign(usd("-30.00"), pounds), open("-10.00")];
    let matches = settle(&mut items).unwrap();
    assert_eq!(amounts(&matches), [usd("30.00"), usd("10.00")]);
    assert!(matches.iter().all(|m| m.exchange.is_zero()));
    assert_eq!(items[0], foreign("20.00", "16.67"));
}

#[test]
fn one_side_alone_settles_nothing() {
    let mut items = [open("1.00"), open("2.00"), open("0.00")];
    assert_eq!(settle(&mut items), Ok(Vec::new()));
    // A value in foreign currency only cannot be settled by dollars, and does not stop the others.
    let mut items = [foreign("0.00", "5.00"), open("2.00"), open("-2.00")];
    assert_eq!(amounts(&settle(&mut items).unwrap()), [usd("2.00")]);
    assert_eq!(items[0], foreign("0.00", "5.00"));
}

#[test]
fn what_cannot_be_valued_is_refused() {
    let mut item = foreign("1.00", "2.00");
    let missing = ReconcileError::RateMissing { currency: Currency::EUR };
    assert_eq!(write_off(&mut item, None, Rounding::HalfUp), Err(missing));
    assert_eq!(item, foreign("1.00", "2.00"), "a refused write-off leaves the item open");
    let mut items = [open("1.00"), OpenItem::new(eur("-1.00"))];
    assert!(matches!(settle(&mut items), Err(ReconcileError::Money(MoneyError::CurrencyMismatch { .. }))));
}

fn any_item() -> impl Strategy<Value = OpenItem> {
    let cents = |minor| Money::from_minor(minor, Currency::USD);
    let any = (-100_000_i64..100_000, 1_i64..100_000, proptest::option::of(proptest::bool::ANY));
    any.prop_map(move |(minor, euros, currency)| {
        let signed = if minor < 0 { -euros } else { euros };
        match currency {
            None => OpenItem::new(cents(minor)),
            Some(true) => OpenItem::foreign(cents(minor), Money::from_minor(signed, Currency::EUR)),
            Some(false) => OpenItem::foreign(cents(minor), Money::from_minor(signed, Currency::GBP)),
        }
    })
}

proptest! {
    /// Nothing gets lost: what is open before is what is open after and what became an exchange difference. Items
    /// keep their sign, and at most one side is left.
    #[test]
    fn matching_conserves_amounts(before in proptest::collection::vec(any_item(), 0..20)) {
        let mut after = before.clone();
        let matches = settle(&mut after).unwrap();
        let total = |items: &[OpenItem]| items.iter().map(|i| i128::from(i.amount.minor())).sum::<i128>();
        let exchanged = matches.iter().map(|m| i128::from(m.exchange.minor())).sum::<i128>();
        prop_assert_eq!(total(&before), total(&after) + exchanged);
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(after.amount.minor().abs() <= before.amount.minor().abs());
            prop_assert!(after.amount.minor() * before.amount.minor() >= 0);
            if let (Some(before), Some(after)) = (before.foreign, after.foreign) {
                prop_assert!(after.minor().abs() <= before.minor().abs() && after.minor() * before.minor() >= 0);
            }
        }
        let left = |debit: bool| after.iter().any(|i| !i.amount.is_zero() && i.amount.is_positive() == debit);
        prop_assert!(!(left(true) && left(false)));
        prop_assert!(matches.iter().all(|m| !m.amount.is_negative()));
    }
}
