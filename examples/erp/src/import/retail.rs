//! The Online Retail data set: a year of a shop's invoices, line by line, becomes a company that kept books.

mod documents;
mod figures;
mod file;
mod opening;
mod replay;
mod rules;
mod survey;

use std::fmt;
use std::sync::Arc;

use codexion::prelude::{Currency, Provider, Result, Work};
use crm::{Catalogue, Orders, Parties};
use crm_finance::Billing;
use crm_inventory::{Shipping, ShippingSettings};
use finance::{Invoices, Ledger};
use inventory::Stock;

use super::Step;

pub use figures::RetailFigures;
pub use file::RetailFile;
pub use rules::{Rule, Tally};
pub use survey::Survey;

/// Whose books the import writes.
pub const RETAILER: &str = "Online Retail";

/// Of all its prices. The file doesn't say; the shop is in the United Kingdom.
const CURRENCY: Currency = Currency::GBP;

/// Imports the shop through the verbs of the modules, so that the books are kept as if its people had.
///
/// Every invoice of the file is an order that is confirmed, shipped and invoiced on its day; every cancellation is a
/// credit note whose goods come back. Lines that can't be either are refused by a [`Rule`] and counted. The file knows
/// no payments, so everything stays open; it knows no purchases and no costs, so what was ever missing is there when
/// the books begin, at the lowest price that it was sold for.
#[derive(Provider)]
#[provider(singleton)]
pub struct OnlineRetail {
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
}

impl fmt::Debug for OnlineRetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnlineRetail")
    }
}

impl OnlineRetail {
    /// Writes the documents that are not there yet, and says how many. A few of them are a unit of work that also
    /// notes how far the import is: after a stop at any moment another call goes on from there. `told` hears of every
    /// unit of work, and stops the import by an error.
    ///
    /// # Errors
    /// [`ImportError::OtherCompany`](crate::import::ImportError::OtherCompany) when the tenant's books are another
    /// company's; [`ImportError::OtherFile`](crate::import::ImportError::OtherFile) when they were begun with another
    /// file; what `told` answers.
    pub fn import(
        &self,
        work: &Work,
        file: &RetailFile,
        survey: &Survey,
        told: &mut dyn FnMut(Step) -> Result<()>,
    ) -> Result<u64> {
        if opening::begun(work, survey)?.is_none() {
            work.database().seed(work.cx().tenant())?;
            work.write_blocking(|tx| self.open(tx, survey))?;
        }
        self.replay(work, file, survey, told)
    }
}
