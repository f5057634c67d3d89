//! The Northwind trading company: its customers, suppliers, products and orders become a company that kept books.

mod data;
mod figures;
mod history;
mod opening;
mod orphans;
mod reading;

use std::sync::Arc;

use codexion::core::{Choice, Contributions};
use codexion::prelude::{Currency, Provider, Result, Rounding, Work};
use crm::{Catalogue, Orders, Parties};
use crm_finance::Billing;
use crm_inventory::{Shipping, ShippingSettings};
use finance::domain::tax::{RoundAt, TaxRounding};
use finance::{Invoices, Ledger};
use inventory::Stock;

use super::Step;

pub use data::NorthwindData;
pub use figures::Figures;

/// Whose books the import writes.
pub const COMPANY: &str = "Northwind Traders";

/// Of all its prices. The files don't say; the company is in Seattle.
const CURRENCY: Currency = Currency::USD;

/// How the invoices of the company are rounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Choice)]
pub enum RoundingRule {
    /// Each line, half up.
    #[default]
    HalfUp,
    /// Each line, half to even.
    HalfEven,
    /// Each document as a whole, half up.
    PerDocument,
}

impl RoundingRule {
    /// The rule as it is typed: `half-up`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::HalfUp, Self::HalfEven, Self::PerDocument]
            .into_iter()
            .find(|rule| rule.as_str().replace('_', "-") == name)
    }

    /// In words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::HalfUp => "half up per line",
            Self::HalfEven => "half even per line",
            Self::PerDocument => "half up per document",
        }
    }

    const fn tax_rounding(self) -> TaxRounding {
        match self {
            Self::HalfUp => TaxRounding::per_line(Rounding::HalfUp),
            Self::HalfEven => TaxRounding::per_line(Rounding::HalfEven),
            Self::PerDocument => TaxRounding::per_document(Rounding::HalfUp),
        }
    }

    /// The rule that a company's books are kept by.
    fn of(kept: TaxRounding) -> Option<Self> {
        match (kept.rule, kept.net) {
            (Rounding::HalfUp, RoundAt::Line) => Some(Self::HalfUp),
            (Rounding::HalfEven, RoundAt::Line) => Some(Self::HalfEven),
            (Rounding::HalfUp, RoundAt::Document) => Some(Self::PerDocument),
            _ => None,
        }
    }
}

/// Imports the company through the verbs of the modules, so that the books are kept as if its people had.
///
/// The files know no invoices and payments. Every order is invoiced on its day with its freight, shipped orders are
/// paid on the day they are shipped, and orders that are not shipped yet stay open items. The files know no costs
/// either: opening stock is valued at list prices.
#[derive(Provider)]
#[provider(singleton)]
pub struct Northwind {
    books: Arc<finance::Setup>,
    places: Arc<inventory::Setup>,
    parties: Arc<Parties>,
    catalogue: Arc<Catalogue>,
    stock: Arc<Stock>,
    ledger: Arc<dyn Ledger>,
    orders: Arc<Orders>,
    shipping: Arc<Shipping>,
    billing: Arc<Billing>,
    invoices: Arc<Invoices>,
    settings: Arc<ShippingSettings>,
    contributions: Arc<Contributions>,
}

impl std::fmt::Debug for Northwind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Northwind")
    }
}

impl Northwind {
    /// Writes what is not there yet, and says how many steps that were. Steps are taken in the order of their days,
    /// a few in each unit of work: after a stop at any moment the books are those of a day in the company's life, and
    /// another call goes on from there. `told` hears of every unit of work, and stops the import by an error.
    ///
    /// # Errors
    /// [`ImportError::OtherCompany`](crate::import::ImportError::OtherCompany) when the tenant's books are another
    /// company's; [`ImportError::OtherRounding`](crate::import::ImportError::OtherRounding); what `told` answers.
    pub fn import(
        &self,
        work: &Work,
        data: &NorthwindData,
        rounding: Option<RoundingRule>,
        told: &mut dyn FnMut(Step) -> Result<()>,
    ) -> Result<u64> {
        let opened = match opening::kept(work)? {
            Some(kept) => {
                opening::check(&kept, rounding)?;
                0
            }
            None => {
                work.database().seed(work.cx().tenant())?;
                let rounding = rounding.unwrap_or_default();
                work.write_blocking(|tx| self.open(tx, data, rounding))?;
                1
            }
        };
        Ok(opened + self.replay(work, data, told)?)
    }
}
