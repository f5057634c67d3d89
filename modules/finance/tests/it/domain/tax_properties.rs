//! What holds for the taxes of any document.

use codexion::core::{Currency, Decimal, Id, Money, Price, Quantity, Rate, Rounding, Unit};
use finance::domain::apportion;
use finance::domain::tax::{PriceBasis, RoundAt, Tax, TaxRounding, TaxableLine, assess};
use proptest::prelude::*;

use super::tax::{settings, vat};

/// Quantity, price and deductible share in small units, and which taxes.
type Row = (i64, i64, i64, usize);

fn any_rounding() -> impl Strategy<Value = TaxRounding> {
    let rule = proptest::sample::select(vec![Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up]);
    let at = || proptest::sample::select(vec![RoundAt::Line, RoundAt::Document]);
    (rule, at(), at()).prop_map(|(rule, net, tax)| TaxRounding { rule, net, tax })
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    proptest::collection::vec((-20_000_i64..20_000, 0_i64..9_000_000, 0_i64..=100, 0_usize..4), 0..12)
}

fn tax_sets() -> [Vec<Tax>; 4] {
    let fixed = Tax::per_unit(Id::new(), Money::from_minor(7, Currency::EUR)).raising_base();
    let reduced = vat("7");
    [vec![], vec![vat("19")], vec![fixed, reduced.clone()], vec![reduced, vat("2.5")]]
}

fn lines<'a>(rows: &[Row], taxes: &'a [Vec<Tax>; 4], sign: i64) -> Vec<TaxableLine<'a>> {
    let line = |(quantity, price, share, set): &Row| TaxableLine {
        quantity: Quantity::from_scaled(sign * quantity * 1_000, Unit::PIECE),
        price: Price::from_scaled(*price, Currency::EUR),
        discount: Rate::ZERO,
        taxes: &taxes[*set],
        deductible: Rate::percent((*share).into()).unwrap(),
    };
    rows.iter().map(line).collect()
}

#[track_caller]
fn check_parts(mills: &[i64], total: i64, expected: &[i64]) {
    let exact: Vec<Decimal> = mills.iter().map(|mills| Decimal::new(*mills, 3)).collect();
    let parts = apportion(&exact, Money::from_minor(total, Currency::EUR)).unwrap();
    assert_eq!(parts.iter().map(|p| p.minor()).collect::<Vec<_>>(), expected);
}

#[test]
fn coins_go_to_the_parts_that_lost_most() {
    check_parts(&[1_001, 1_009, 1_005], 302, &[100, 101, 101]);
    check_parts(&[-1_001, -1_009, -1_005], -302, &[-100, -101, -101]);
    check_parts(&[1_005, 1_005], 201, &[101, 100]);
    check_parts(&[335, -335], 0, &[34, -34]);
    check_parts(&[-335, 335], 0, &[-34, 34]);
    // Two roundings that went apart: one coin less than the whole parts.
    check_parts(&[1_000, 1_000], 199, &[100, 99]);
    check_parts(&[1_000, 1_000], 203, &[102, 101]);
    assert!(apportion(&[], Money::zero(Currency::EUR)).is_err());
}

proptest! {
    #[test]
    fn figures_add_up(rows in any_rows(), rounding in any_rounding(), gross: bool) {
        let taxes = tax_sets();
        let basis = if gross { PriceBasis::Gross } else { PriceBasis::Net };
        let taxed = assess(&lines(&rows, &taxes, 1), &settings(basis, rounding)).unwrap();
        let sum = |amounts: Vec<Money>| Money::sum(amounts, Currency::EUR).unwrap();
        let net = sum(taxed.lines.iter().map(|l| l.net).collect());
        let cost = sum(taxed.lines.iter().map(|l| l.cost).collect());
        let tax = sum(taxed.taxes.iter().map(|t| t.amount).collect());
        let deductible = sum(taxed.taxes.iter().map(|t| t.deductible).collect());
        prop_assert_eq!((taxed.net, taxed.tax), (net, tax));
        prop_assert_eq!(taxed.total, sum(vec![net, tax, taxed.adjustment]));
        // What is cost and what is reclaimed is all that is paid: the entry of the document balances.
        prop_assert_eq!(sum(vec![cost, deductible]), sum(vec![net, tax]));
        // Coins only: every line and every tax can be off by one.
        let parts = i64::try_from(rows.len() * 4 + 4).unwrap();
        prop_assert!(taxed.adjustment.minor().abs() <= parts);
        prop_assert!(gross || taxed.adjustment.is_zero());
    }

    #[test]
    fn a_credit_note_mirrors_its_invoice(rows in any_rows(), rounding in any_rounding(), gross: bool) {
        let taxes = tax_sets();
        let settings = settings(if gross { PriceBasis::Gross } else { PriceBasis::Net }, rounding);
        let invoice = assess(&lines(&rows, &taxes, 1), &settings).unwrap();
        let credit = assess(&lines(&rows, &taxes, -1), &settings).unwrap();
        prop_assert_eq!(invoice.total.checked_neg(), Ok(credit.total));
        prop_assert_eq!(invoice.lines.len(), credit.lines.len());
        for (line, mirror) in invoice.lines.iter().zip(&credit.lines) {
            prop_assert_eq!(line.net.checked_neg(), Ok(mirror.net));
            prop_assert_eq!(line.cost.checked_neg(), Ok(mirror.cost));
        }
        for (tax, mirror) in invoice.taxes.iter().zip(&credit.taxes) {
            prop_assert_eq!(tax.base.checked_neg(), Ok(mirror.base));
            prop_assert_eq!(tax.deductible.checked_neg(), Ok(mirror.deductible));
        }
    }

    #[test]
    fn parts_of_a_rounded_sum(exact in proptest::collection::vec(-1_000_000_i64..1_000_000, 1..30)) {
        let exact: Vec<Decimal> = exact.into_iter().map(|mills| Decimal::new(mills, 3)).collect();
        let total = Money::from_decimal(exact.iter().sum(), Currency::EUR, Rounding::HalfUp).unwrap();
        let parts = apportion(&exact, total).unwrap();
        prop_assert_eq!(Money::sum(parts.iter().copied(), Currency::EUR), Ok(total));
        let coin = Decimal::new(1, 2);
        prop_assert!(parts.iter().zip(&exact).all(|(part, exact)| (part.to_decimal() - exact).abs() < coin));
    }
}
