//! The three roundings on the orders of a real trading company.

use std::collections::BTreeMap;
use std::path::PathBuf;

use codexion::core::{Currency, Money, Price, Quantity, Rate, Rounding, Unit};
use finance::domain::tax::{PriceBasis, TaxRounding, TaxableLine, assess};

use super::tax::settings;
use super::{decimal, eur};

fn net_sales(orders: &BTreeMap<String, Vec<TaxableLine<'_>>>, rounding: TaxRounding) -> Money {
    let settings = settings(PriceBasis::Net, rounding);
    let nets = orders.values().map(|lines| assess(lines, &settings).unwrap().net);
    Money::sum(nets, Currency::EUR).unwrap()
}

/// 830 orders with 2,155 lines, where they are present; not rounded they come to 1,265,793.0395.
#[test]
fn net_sales_depend_on_the_rounding() {
    let root = std::env::var_os("CORTEX_TEST_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(root.join("northwind/order_details.csv")) else {
        println!("skipped: domain::northwind::net_sales_depend_on_the_rounding (no northwind/order_details.csv)");
        return;
    };
    let mut orders: BTreeMap<String, Vec<TaxableLine<'static>>> = BTreeMap::new();
    for row in text.lines().skip(1) {
        let [order, _, price, quantity, discount] = row.split(',').collect::<Vec<_>>().try_into().unwrap();
        orders.entry(order.to_owned()).or_default().push(TaxableLine {
            quantity: Quantity::new(decimal(quantity), Unit::PIECE).unwrap(),
            price: Price::new(decimal(price), Currency::EUR).unwrap(),
            discount: Rate::new(decimal(discount)).unwrap(),
            taxes: &[],
            deductible: Rate::ONE,
        });
    }
    assert_eq!((orders.len(), orders.values().map(Vec::len).sum::<usize>()), (830, 2155));
    assert_eq!(net_sales(&orders, TaxRounding::per_line(Rounding::HalfUp)), eur("1265793.29"));
    assert_eq!(net_sales(&orders, TaxRounding::per_line(Rounding::HalfEven)), eur("1265793.02"));
    assert_eq!(net_sales(&orders, TaxRounding::per_document(Rounding::HalfUp)), eur("1265793.22"));
}
