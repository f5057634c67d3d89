//! The company as its files tell of it: everything checked, nothing written yet.

use codexion::core::MoneyError;
use codexion::prelude::{Date, Decimal, Money, Price, Quantity, Rate};

/// The whole company.
#[derive(Debug, Clone, PartialEq)]
pub struct NorthwindData {
    /// Who buys.
    pub customers: Vec<PartyRow>,
    /// Who supplies.
    pub suppliers: Vec<PartyRow>,
    /// What is sold.
    pub products: Vec<ProductRow>,
    /// What was ordered, by date and number.
    pub orders: Vec<OrderRow>,
}

/// A customer or a supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// `ALFKI`, or `S1` for the supplier 1.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Who works there.
    pub contact: Option<String>,
    /// As what.
    pub title: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// State or province.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Telefax.
    pub fax: Option<String>,
}

/// A product.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductRow {
    /// Its number.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What is in one unit.
    pub packing: Option<String>,
    /// The name of its category.
    pub category: String,
    /// The code of its supplier.
    pub supplier: String,
    /// What one unit is sold for.
    pub price: Price,
    /// How much is in stock after the last order.
    pub in_stock: Quantity,
    /// Whether it is no longer offered.
    pub discontinued: bool,
}

/// An order.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRow {
    /// Its number.
    pub number: String,
    /// The code of the customer.
    pub customer: String,
    /// When it was ordered.
    pub ordered: Date,
    /// When it is to be there.
    pub required: Date,
    /// When it left, if it did.
    pub shipped: Option<Date>,
    /// What the customer pays for freight.
    pub freight: Money,
    /// Where it goes.
    pub ship_to: String,
    /// What was ordered.
    pub lines: Vec<LineRow>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct LineRow {
    /// The number of the product.
    pub product: String,
    /// How much.
    pub quantity: Quantity,
    /// For one unit.
    pub price: Price,
    /// Taken off the price.
    pub discount: Rate,
}

impl LineRow {
    /// What it comes to, with every digit.
    #[must_use]
    pub fn net(&self) -> Decimal {
        let left = Decimal::ONE.saturating_sub(self.discount.to_decimal());
        self.price.amount().saturating_mul(self.quantity.amount()).saturating_mul(left)
    }
}

impl NorthwindData {
    /// Lines of all orders.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.orders.iter().map(|order| order.lines.len()).sum()
    }

    /// Orders that left.
    #[must_use]
    pub fn shipped(&self) -> usize {
        self.orders.iter().filter(|order| order.shipped.is_some()).count()
    }

    /// All orders without freight, with every digit.
    #[must_use]
    pub fn net_unrounded(&self) -> Decimal {
        let lines = self.orders.iter().flat_map(|order| &order.lines);
        lines.map(LineRow::net).fold(Decimal::ZERO, Decimal::saturating_add).normalize()
    }

    /// Freight of all orders.
    ///
    /// # Errors
    /// An overflow.
    pub fn freight(&self) -> Result<Money, MoneyError> {
        Money::sum(self.orders.iter().map(|order| order.freight), super::CURRENCY)
    }

    /// The first day on which something happened.
    #[must_use]
    pub fn first_day(&self) -> Option<Date> {
        self.orders.iter().map(|order| order.ordered).min()
    }

    /// The last day on which something happened.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.orders.iter().map(|order| order.shipped.unwrap_or(order.ordered).max(order.ordered)).max()
    }
}
