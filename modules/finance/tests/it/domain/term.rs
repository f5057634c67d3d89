//! Scenario T5: payment terms.

use codexion::core::{Currency, Money, MoneyError, Rate, Rounding};
use finance::TermError;
use finance::domain::{DueStep, PaymentTerm, Portion, TermLine};
use proptest::prelude::*;

use super::{date, decimal, eur, usd};

fn percent(text: &str) -> Rate {
    Rate::percent(decimal(text)).unwrap()
}

fn line(portion: Portion, steps: &[DueStep]) -> TermLine {
    TermLine { portion, steps: steps.to_vec() }
}

fn t5() -> PaymentTerm {
    PaymentTerm::new(vec![
        line(Portion::OfRest(percent("25")), &[DueStep::Days(30)]),
        line(Portion::OfTotal(percent("25")), &[DueStep::Months(1)]),
        line(Portion::Fixed(eur("396.84")), &[DueStep::Months(1), DueStep::Days(30)]),
        line(Portion::Rest, &[DueStep::Months(2), DueStep::DayOfMonth(15), DueStep::Days(30)]),
    ])
    .unwrap()
}

#[track_caller]
fn check(term: &PaymentTerm, amount: Money, expected: &[(&str, &str)]) {
    let instalments = term.instalments(amount, date("2011-10-01"), Rounding::HalfUp).unwrap();
    let found: Vec<_> = instalments.iter().map(|i| (i.due.to_string(), i.amount.to_decimal().to_string())).collect();
    let found: Vec<_> = found.iter().map(|(due, amount)| (due.as_str(), amount.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn t5_four_instalments() {
    check(
        &t5(),
        eur("1587.35"),
        &[("2011-10-31", "396.84"), ("2011-11-01", "396.84"), ("2011-12-01", "396.84"), ("2012-01-14", "396.83")],
    );
}

#[test]
fn a_credit_note_mirrors_its_invoice() {
    check(
        &t5(),
        eur("-1587.35"),
        &[("2011-10-31", "-396.84"), ("2011-11-01", "-396.84"), ("2011-12-01", "-396.84"), ("2012-01-14", "-396.83")],
    );
}

#[test]
fn a_fixed_part_takes_no_more_than_there_is() {
    check(&t5(), eur("400.00"), &[("2011-10-31", "100.00"), ("2011-11-01", "100.00"), ("2011-12-01", "200.00")]);
    check(&t5(), eur("0.00"), &[]);
}

#[test]
fn simple_terms() {
    check(&PaymentTerm::net(14), eur("10.00"), &[("2011-10-15", "10.00")]);
    let end_of_month = PaymentTerm::new(vec![line(Portion::Rest, &[DueStep::Days(30), DueStep::DayOfMonth(31)])]);
    check(&end_of_month.unwrap(), eur("10.00"), &[("2011-10-31", "10.00")]);
    let at_once = PaymentTerm::new(vec![line(Portion::Rest, &[])]).unwrap();
    check(&at_once, eur("10.00"), &[("2011-10-01", "10.00")]);
}

#[test]
fn terms_that_leave_something_over_are_refused() {
    let rest = || line(Portion::Rest, &[]);
    let half = || line(Portion::OfTotal(percent("50")), &[]);
    for lines in [vec![], vec![half()], vec![rest(), half()], vec![rest(), rest()]] {
        assert_eq!(PaymentTerm::new(lines), Err(TermError::RestNotLast));
    }
    let zero = line(Portion::OfRest(Rate::ZERO), &[]);
    assert_eq!(PaymentTerm::new(vec![half(), zero, rest()]), Err(TermError::Portion { line: 2 }));
    let negative = line(Portion::Fixed(eur("-1.00")), &[]);
    assert_eq!(PaymentTerm::new(vec![negative, rest()]), Err(TermError::Portion { line: 1 }));
    let day = line(Portion::Rest, &[DueStep::DayOfMonth(32)]);
    assert_eq!(PaymentTerm::new(vec![day]), Err(TermError::Day { line: 1, day: 32 }));
}

#[test]
fn what_cannot_be_due_is_refused() {
    let mismatch = MoneyError::CurrencyMismatch { expected: Currency::USD, found: Currency::EUR };
    let refused = t5().instalments(usd("1000.00"), date("2026-01-01"), Rounding::HalfUp);
    assert_eq!(refused, Err(TermError::Money(mismatch)));
    let refused = PaymentTerm::net(14).instalments(usd("1.00"), date("9999-12-31"), Rounding::HalfUp);
    assert_eq!(refused, Err(TermError::OutOfRange));
}

proptest! {
    #[test]
    fn instalments_add_up(minor: i64, first in 1_i64..200, second in 1_i64..200, fixed in 1_i64..100_000) {
        let share = |percent: i64| Rate::percent(percent.into()).unwrap();
        let term = PaymentTerm::new(vec![
            line(Portion::OfTotal(share(first)), &[]),
            line(Portion::Fixed(Money::from_minor(fixed, Currency::EUR)), &[DueStep::Days(1)]),
            line(Portion::OfRest(share(second)), &[DueStep::Days(2)]),
            line(Portion::Rest, &[DueStep::Days(3)]),
        ]).unwrap();
        let amount = Money::from_minor(minor / 4, Currency::EUR);
        let instalments = term.instalments(amount, date("2026-01-01"), Rounding::HalfEven).unwrap();
        prop_assert_eq!(Money::sum(instalments.iter().map(|i| i.amount), Currency::EUR), Ok(amount));
        prop_assert!(instalments.iter().all(|i| i.amount.is_negative() == amount.is_negative()));
    }
}
