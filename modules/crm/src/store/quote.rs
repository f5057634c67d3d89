//! Quotes and their lines.

use codexion::prelude::{Currency, Date, Id, Money, Price, Quantity, Rate, ReadTx, Repository, Result};

use super::{LineTerms, Party, Product, all_of};
use crate::domain::amount::{TotalRule, Totals, totals};
use crate::domain::state::QuoteState;
use crate::error::AmountError;

/// An offer to a customer.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_quotes", tenant, versioned, audited)]
pub struct Quote {
    /// Its id.
    pub id: Id<Quote>,
    /// The number that people know it by.
    #[field(unique, max_len = 40, read_only)]
    pub number: String,
    /// To whom.
    #[field(references = Party)]
    pub customer: Id<Party>,
    /// When it was made.
    pub date: Date,
    /// The last day on which it can be accepted.
    pub valid_until: Option<Date>,
    /// Where it stands.
    #[field(read_only)]
    pub state: QuoteState,
    /// Of all its prices.
    pub currency: Currency,
    /// Freight and other charges, without tax.
    pub freight: Money,
}

/// A line of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_quote_lines", tenant)]
pub struct QuoteLine {
    /// Its id.
    pub id: Id<QuoteLine>,
    /// Of which quote.
    #[field(references = Quote)]
    pub quote: Id<Quote>,
    /// Counts from 1.
    pub position: i32,
    /// What is offered.
    #[field(references = Product)]
    pub product: Id<Product>,
    /// In words.
    #[field(max_len = 200)]
    pub description: String,
    /// How much.
    pub quantity: Quantity,
    /// For one unit, without tax.
    #[field(min = 0)]
    pub price: Price,
    /// Taken off the price.
    #[field(min = 0, max = 1)]
    pub discount: Rate,
    /// The tax charged on it, by its code.
    #[field(max_len = 20)]
    pub tax_code: Option<String>,
    /// How much that tax is.
    #[field(min = 0, max = 10)]
    pub tax_rate: Rate,
}

/// A quote with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteSheet {
    /// The quote.
    pub quote: Quote,
    /// In order.
    pub lines: Vec<QuoteLine>,
}

impl QuoteLine {
    /// What is offered.
    #[must_use]
    pub fn terms(&self) -> LineTerms<'_> {
        LineTerms {
            position: self.position,
            product: self.product,
            description: &self.description,
            quantity: self.quantity,
            price: self.price,
            discount: self.discount,
            tax_code: self.tax_code.as_deref(),
            tax_rate: self.tax_rate,
        }
    }
}

impl QuoteSheet {
    /// The quote with its lines: two questions.
    ///
    /// # Errors
    /// There is no such quote.
    pub fn load(tx: &mut ReadTx, id: Id<Quote>) -> Result<Self> {
        let quote = Quote::get(tx, id)?;
        let mut lines: Vec<QuoteLine> = all_of(tx, "quote", &[id.into()])?;
        lines.sort_by_key(|line| line.position);
        Ok(Self { quote, lines })
    }

    /// What it comes to.
    ///
    /// # Errors
    /// [`AmountError`] when an amount does not fit.
    pub fn totals(&self, rule: TotalRule) -> Result<Totals, AmountError> {
        totals(self.lines.iter().map(|line| line.terms().figures()), self.quote.freight, rule)
    }
}
