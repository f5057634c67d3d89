//! The entity that both sides read.

use codexion::prelude::*;

/// A product with a dozen columns.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "bench_products", tenant, versioned, audited)]
pub struct Product {
    /// Id.
    pub id: Id<Product>,
    /// Stock keeping unit.
    #[field(unique, max_len = 40)]
    pub sku: String,
    /// Name.
    #[field(max_len = 200)]
    pub name: String,
    /// What it costs.
    pub price: Money,
    /// Number in a box.
    #[field(min = 1)]
    pub box_size: i32,
    /// On sale.
    pub active: bool,
    /// Text of any length.
    pub notes: Option<String>,
}

/// The `n`th product.
#[must_use]
pub fn product(n: u32) -> Product {
    Product {
        id: Id::new(),
        sku: format!("SKU-{n:06}"),
        name: format!("Product number {n} of the benchmark"),
        price: Money::from_minor(i64::from(n) * 7 + 100, Currency::EUR),
        box_size: 12,
        active: n.is_multiple_of(2),
        notes: n.is_multiple_of(3).then(|| "fragile".to_owned()),
    }
}
