//! Scenarios T1 to T4: taxes of lines and documents.

use codexion::core::{Currency, Id, MoneyError, Price, Quantity, Rate, Rounding, Unit};
use finance::TaxError;
use finance::domain::tax::{Chain, PriceBasis, Tax, TaxRounding, TaxSettings, TaxableLine, TaxedDocument, assess};

use super::{date, decimal, eur};

pub(super) fn percent(text: &str) -> Rate {
    Rate::percent(decimal(text)).unwrap()
}

pub(super) fn vat(text: &str) -> Tax {
    Tax::share(Id::new(), percent(text))
}

pub(super) fn line<'a>(quantity: &str, price: &str, taxes: &'a [Tax]) -> TaxableLine<'a> {
    TaxableLine {
        quantity: Quantity::new(decimal(quantity), Unit::PIECE).unwrap(),
        price: Price::new(decimal(price), Currency::EUR).unwrap(),
        discount: Rate::ZERO,
        taxes,
        deductible: Rate::ONE,
    }
}

pub(super) fn settings(prices: PriceBasis, rounding: TaxRounding) -> TaxSettings {
    TaxSettings { date: date("2026-03-05"), currency: Currency::EUR, prices, rounding }
}

const PER_LINE: TaxRounding = TaxRounding::per_line(Rounding::HalfUp);
const TAX_PER_DOCUMENT: TaxRounding = TaxRounding::tax_per_document(Rounding::HalfUp);

fn net(lines: &[TaxableLine<'_>], rounding: TaxRounding) -> TaxedDocument {
    assess(lines, &settings(PriceBasis::Net, rounding)).unwrap()
}

fn gross(lines: &[TaxableLine<'_>], rounding: TaxRounding) -> TaxedDocument {
    assess(lines, &settings(PriceBasis::Gross, rounding)).unwrap()
}

/// Forward: base and amount of each tax on `net` for `quantity`.
fn forward(taxes: &[Tax], net: &str, quantity: &str) -> Vec<(String, String)> {
    let chain = Chain::new(taxes, Currency::EUR, date("2026-03-05")).unwrap();
    let shares = chain.forward(decimal(net), decimal(quantity)).unwrap();
    shares.iter().map(|s| (s.base.normalize().to_string(), s.amount.normalize().to_string())).collect()
}

fn backward(taxes: &[Tax], gross: &str, quantity: &str) -> String {
    let chain = Chain::new(taxes, Currency::EUR, date("2026-03-05")).unwrap();
    chain.backward(decimal(gross), decimal(quantity)).unwrap().normalize().to_string()
}

fn pairs(found: &[(String, String)]) -> Vec<(&str, &str)> {
    found.iter().map(|(base, amount)| (base.as_str(), amount.as_str())).collect()
}

#[test]
fn t1_rounding_per_line_against_per_document() {
    let taxes = [vat("20")];
    let lines = vec![line("1", "1.001", &taxes); 100];
    let per_line = net(&lines, PER_LINE);
    assert_eq!((per_line.taxes[0].base, per_line.taxes[0].amount), (eur("100.00"), eur("20.00")));
    let per_document = net(&lines, TAX_PER_DOCUMENT);
    assert_eq!((per_document.taxes[0].base, per_document.taxes[0].amount), (eur("100.00"), eur("20.02")));
    assert_eq!((per_document.net, per_document.total), (eur("100.00"), eur("120.02")));

    let taxes = [vat("15")];
    let lines = [line("1", "6.70", &taxes); 2];
    assert_eq!(net(&lines, PER_LINE).total, eur("15.42"));
    assert_eq!(net(&lines, TAX_PER_DOCUMENT).total, eur("15.41"));
}

#[test]
fn net_amounts_rounded_per_document_still_add_up() {
    let taxes = [vat("20")];
    let lines = vec![line("1", "1.001", &taxes); 100];
    let taxed = net(&lines, TaxRounding::per_document(Rounding::HalfUp));
    assert_eq!((taxed.net, taxed.tax, taxed.total), (eur("100.10"), eur("20.02"), eur("120.12")));
    assert_eq!(taxed.lines[9].net, eur("1.01"), "the earliest lines carry the coins");
    assert_eq!(taxed.lines[10].net, eur("1.00"));
}

#[test]
fn t2_prices_with_tax() {
    let taxes = [vat("14"), vat("14")];
    let lines = [line("1", "24900", &taxes)];
    for rounding in [PER_LINE, TAX_PER_DOCUMENT] {
        let taxed = gross(&lines, rounding);
        assert_eq!((taxed.net, taxed.tax), (eur("19453.13"), eur("5446.88")));
        assert_eq!((taxed.adjustment, taxed.total), (eur("-0.01"), eur("24900.00")));
    }

    let taxes = [vat("8")];
    let taxed = gross(&[line("1", "124.40", &taxes)], TAX_PER_DOCUMENT);
    assert_eq!((taxed.net, taxed.total), (eur("115.19"), eur("124.40")));
    assert_eq!(Rounding::HalfUp.round(taxed.lines[0].taxes[0].amount, 6), decimal("9.214815"));
    assert_eq!((taxed.tax, taxed.adjustment), (eur("9.21"), eur("0.00")));
}

#[test]
fn t3_chains() {
    let fixed = |amount| Tax::per_unit(Id::new(), eur(amount));
    let both = [vat("20"), fixed("10.00")];
    assert_eq!(pairs(&forward(&both, "200", "2")), [("200", "40"), ("200", "20")]);
    assert_eq!(backward(&both, "130", "1"), "100");

    let raised = [fixed("5.00").raising_base(), vat("20")];
    assert_eq!(pairs(&forward(&raised, "500", "5")), [("500", "25"), ("525", "105")]);
    assert_eq!(backward(&raised, "126", "1"), "100");

    let taxed = net(&[line("5", "100", &raised)], PER_LINE);
    assert_eq!((taxed.taxes[1].base, taxed.taxes[1].amount), (eur("525.00"), eur("105.00")));
    assert_eq!((taxed.net, taxed.tax, taxed.total), (eur("500.00"), eur("130.00"), eur("630.00")));
}

#[test]
fn t3_taxes_outside_their_dates_are_skipped() {
    let past = vat("10").valid(None, Some(date("2026-03-04")));
    let future = vat("11").valid(Some(date("2026-03-06")), None);
    let today = vat("12").valid(Some(date("2026-03-05")), Some(date("2026-03-05")));
    let group = Tax::group(Id::new(), vec![past, future, today.clone()]);
    assert_eq!(pairs(&forward(std::slice::from_ref(&group), "100", "1")), [("100", "12")]);
    assert_eq!(backward(std::slice::from_ref(&group), "112", "1"), "100");
    let expired = group.valid(None, Some(date("2025-12-31")));
    assert_eq!(forward(&[expired, today], "100", "1").len(), 1);
}

#[test]
fn t4_deductible_share() {
    let taxes = [vat("10")];
    let with = |share| TaxableLine { deductible: percent(share), ..line("10", "50", &taxes) };
    for rounding in [PER_LINE, TAX_PER_DOCUMENT] {
        for (share, cost, tax) in [("0", "550.00", "0.00"), ("50", "525.00", "25.00"), ("100", "500.00", "50.00")] {
            let taxed = net(&[with(share)], rounding);
            assert_eq!(taxed.lines[0].cost, eur(cost));
            assert_eq!((taxed.taxes[0].deductible, taxed.taxes[0].amount), (eur(tax), eur("50.00")));
            assert_eq!(taxed.total, eur("550.00"));
        }
    }
}

#[test]
fn p1_lines_with_and_without_tax() {
    let taxes = [vat("10")];
    let taxed = net(&[line("5", "40", &taxes), line("1", "20", &[])], PER_LINE);
    assert_eq!((taxed.net, taxed.tax, taxed.total), (eur("220.00"), eur("20.00"), eur("240.00")));
    assert_eq!(taxed.taxes[0].base, eur("200.00"));
    assert_eq!(net(&[line("1", "0.0035", &[]), line("1", "0.0035", &[])], PER_LINE).total, eur("0.00"));
}

#[test]
fn discounts_are_taken_off_before_taxes() {
    let taxes = [vat("20")];
    let discounted = TaxableLine { discount: percent("15"), ..line("12", "9.80", &taxes) };
    let taxed = net(&[discounted], PER_LINE);
    assert_eq!((taxed.net, taxed.tax), (eur("99.96"), eur("19.99")));
}

#[test]
fn three_thirds_are_a_whole() {
    // 0.03 with 200 % inside is 0.01 net and 0.02 tax; a line alone would carry 0.333... of a coin.
    let taxes = [vat("200")];
    let taxed = gross(&[line("1", "0.01", &taxes); 3], TaxRounding::per_document(Rounding::Down));
    assert_eq!((taxed.net, taxed.tax, taxed.adjustment), (eur("0.00"), eur("0.02"), eur("0.01")));
    let taxed = gross(&[line("1", "0.01", &taxes); 3], TaxRounding::per_document(Rounding::HalfUp));
    assert_eq!((taxed.net, taxed.tax, taxed.adjustment), (eur("0.01"), eur("0.02"), eur("0.00")));
}

#[test]
fn an_empty_document_is_zero() {
    for rounding in [PER_LINE, TAX_PER_DOCUMENT, TaxRounding::per_document(Rounding::HalfUp)] {
        let taxed = gross(&[], rounding);
        assert!(taxed.total.is_zero() && taxed.taxes.is_empty() && taxed.lines.is_empty());
    }
}

#[test]
fn what_cannot_be_taxed_is_refused() {
    let assess_net = |line: TaxableLine<'_>| assess(&[line], &settings(PriceBasis::Net, PER_LINE)).unwrap_err();
    let dollars = Price::new(decimal("1"), Currency::USD).unwrap();
    let mismatch = MoneyError::CurrencyMismatch { expected: Currency::EUR, found: Currency::USD };
    assert_eq!(assess_net(TaxableLine { price: dollars, ..line("1", "1", &[]) }), TaxError::Money(mismatch.clone()));

    let in_dollars = [Tax::per_unit(Id::new(), super::usd("1.00"))];
    assert_eq!(assess_net(line("1", "1", &in_dollars)), TaxError::Money(mismatch));

    let mut nested = vat("1");
    for _ in 0..finance::domain::tax::DEPTH_MAX {
        nested = Tax::group(Id::new(), vec![nested]);
    }
    assert_eq!(assess_net(line("1", "1", &[nested])), TaxError::TooDeep);

    let all = [vat("-100")];
    let refused = assess(&[line("1", "1", &all)], &settings(PriceBasis::Gross, PER_LINE));
    assert_eq!(refused, Err(TaxError::NotInvertible));

    let huge = line("9000000000000", "9000000000000", &[]);
    assert!(matches!(assess_net(huge), TaxError::Overflow | TaxError::Money(MoneyError::Overflow)));
}
