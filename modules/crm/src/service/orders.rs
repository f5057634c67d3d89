//! Sales orders: drafted, confirmed, cancelled, and told what came of them.

mod confirm;
mod draft;
mod steps;

use codexion::prelude::{Filter, Id, Provider, ReadTx, Repository, Result};

pub use draft::OrderDraft;

use crate::store::{OrderSheet, SalesOrder};

/// What numbers of sales orders begin with.
const SERIES: &str = "SO";

/// Takes sales orders through their life. Shipping and invoicing are other modules' business; they report by
/// [`ship`](Self::ship), [`invoice`](Self::invoice) and [`settle`](Self::settle) what they did.
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Orders {}

impl Orders {
    /// The order that is known elsewhere by `reference`.
    ///
    /// # Errors
    /// The database refuses the question.
    pub fn by_reference(&self, tx: &mut ReadTx, reference: &str) -> Result<Option<SalesOrder>> {
        Ok(SalesOrder::list(tx, &Filter::eq("reference", reference))?.pop())
    }

    /// An order with its lines and steps: three questions.
    ///
    /// # Errors
    /// There is none.
    pub fn sheet(&self, tx: &mut ReadTx, id: Id<SalesOrder>) -> Result<OrderSheet> {
        OrderSheet::load(tx, id)
    }
}
