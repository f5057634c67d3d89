//! Charges spread over the lines of receipts.

use codexion::core::{Money, Quantity};
use inventory::LandedCostError;
use inventory::domain::landed::{Basis, split};

use crate::memory::{eur, pcs};

fn amounts(texts: &[&str]) -> Vec<Money> {
    texts.iter().map(|text| eur(text)).collect()
}

fn quantities(texts: &[&str]) -> Vec<Quantity> {
    texts.iter().map(|text| pcs(text)).collect()
}

#[track_caller]
fn check(charge: &str, basis: Basis<'_>, shares: &[&str]) {
    assert_eq!(split(eur(charge), basis).unwrap(), amounts(shares));
}

#[test]
fn a_charge_is_spread_by_amount() {
    check("80.00", Basis::Amount(&amounts(&["120.00", "200.00", "0.00"])), &["30.00", "50.00", "0.00"]);
    check("10.00", Basis::Amount(&amounts(&["1.00", "1.00", "1.00"])), &["3.34", "3.33", "3.33"]);
}

#[test]
fn a_charge_is_spread_by_quantity_and_a_return_counts_against() {
    check("80.00", Basis::Quantity(&quantities(&["2", "-1"])), &["160.00", "-80.00"]);
    check("0.05", Basis::Quantity(&quantities(&["1", "1", "1"])), &["0.02", "0.02", "0.01"]);
}

#[test]
fn shares_by_hand_are_checked() {
    let shares = amounts(&["30.00", "50.00", "0.00"]);
    assert_eq!(split(eur("80.00"), Basis::Manual(&shares)).unwrap(), shares);
    let short = split(eur("81.00"), Basis::Manual(&shares)).unwrap_err();
    assert_eq!(short, LandedCostError::Sum { shares: eur("80.00"), charge: eur("81.00") });
    let against = split(eur("80.00"), Basis::Manual(&amounts(&["100.00", "-20.00"]))).unwrap_err();
    assert_eq!(against, LandedCostError::Against(eur("-20.00")));
}

#[test]
fn a_basis_that_sums_to_zero_is_refused() {
    let nothing = amounts(&["5.00", "-5.00"]);
    assert_eq!(split(eur("80.00"), Basis::Amount(&nothing)), Err(LandedCostError::ZeroBasis));
    assert_eq!(split(eur("80.00"), Basis::Quantity(&quantities(&["1", "-1"]))), Err(LandedCostError::ZeroBasis));
    assert_eq!(split(eur("80.00"), Basis::Amount(&[])), Err(LandedCostError::ZeroBasis));
    let mixed = [pcs("1"), "1 kg".parse().unwrap()];
    assert!(matches!(split(eur("80.00"), Basis::Quantity(&mixed)), Err(LandedCostError::Units { .. })));
}
