//! Products and their prices.

use codexion::prelude::{Id, Price, Rate, Repository, Unit};

use super::Party;

/// Something that is sold or bought.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_products", tenant, versioned, audited, soft_delete)]
pub struct Product {
    /// Its id; the warehouse knows it by the same one.
    pub id: Id<Product>,
    /// The number that people know it by.
    #[field(unique, max_len = 40)]
    pub sku: String,
    /// Its name.
    #[field(max_len = 200)]
    pub name: String,
    /// What is in one unit, and other words.
    #[field(max_len = 2000)]
    pub description: Option<String>,
    /// What it is grouped under.
    #[field(max_len = 100)]
    pub category: Option<String>,
    /// What it is counted in.
    pub unit: Unit,
    /// What one unit is sold for.
    #[field(min = 0)]
    pub sale_price: Option<Price>,
    /// What one unit is bought for.
    #[field(min = 0)]
    pub purchase_price: Option<Price>,
    /// The tax charged on it, by the code that the books know it by.
    #[field(max_len = 20)]
    pub tax_code: Option<String>,
    /// How much that tax is.
    #[field(min = 0, max = 10)]
    pub tax_rate: Rate,
    /// From whom it is bought.
    #[field(references = Party)]
    pub supplier: Option<Id<Party>>,
    /// Goods are kept in stock, services are not.
    pub stocked: bool,
    /// Whether it is still offered.
    pub active: bool,
}

impl Product {
    /// Goods counted in `unit` of which nothing else is known yet.
    #[must_use]
    pub fn goods(id: Id<Self>, sku: &str, name: &str, unit: Unit) -> Self {
        Self {
            id,
            sku: sku.to_owned(),
            name: name.to_owned(),
            description: None,
            category: None,
            unit,
            sale_price: None,
            purchase_price: None,
            tax_code: None,
            tax_rate: Rate::ZERO,
            supplier: None,
            stocked: true,
            active: true,
        }
    }

    /// A service, which is not kept in stock.
    #[must_use]
    pub fn service(id: Id<Self>, sku: &str, name: &str, unit: Unit) -> Self {
        Self { stocked: false, ..Self::goods(id, sku, name, unit) }
    }

    /// The same, sold for `price`.
    #[must_use]
    pub fn sold_for(mut self, price: Price) -> Self {
        self.sale_price = Some(price);
        self
    }

    /// The same, bought for `price`.
    #[must_use]
    pub fn bought_for(mut self, price: Price) -> Self {
        self.purchase_price = Some(price);
        self
    }

    /// The same under a tax.
    #[must_use]
    pub fn taxed(mut self, code: &str, rate: Rate) -> Self {
        self.tax_code = Some(code.to_owned());
        self.tax_rate = rate;
        self
    }
}
