//! The rules of the books, with the figures of mature systems.

use codexion::core::{Currency, Date, Decimal, Money};

mod chart;
mod entry;
mod fiscal;
mod northwind;
mod numbering;
mod reconcile;
mod tax;
mod tax_properties;
mod term;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn usd(text: &str) -> Money {
    Money::exact(decimal(text), Currency::USD).unwrap()
}

fn eur(text: &str) -> Money {
    Money::exact(decimal(text), Currency::EUR).unwrap()
}
