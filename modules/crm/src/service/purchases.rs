//! Purchase orders: drafted, confirmed, cancelled, and told what came of them.

mod confirm;
mod draft;
mod steps;

use codexion::prelude::{Filter, Id, Provider, ReadTx, Repository, Result};

pub use draft::PurchaseDraft;

use crate::store::{PurchaseOrder, PurchaseSheet};

/// What numbers of purchase orders begin with.
const SERIES: &str = "PO";

/// Takes purchase orders through their life. Receiving and billing are other modules' business; they report by
/// [`receive`](Self::receive), [`bill`](Self::bill) and [`settle`](Self::settle) what they did.
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Purchases {}

impl Purchases {
    /// The order that is known elsewhere by `reference`.
    ///
    /// # Errors
    /// The database refuses the question.
    pub fn by_reference(&self, tx: &mut ReadTx, reference: &str) -> Result<Option<PurchaseOrder>> {
        Ok(PurchaseOrder::list(tx, &Filter::eq("reference", reference))?.pop())
    }

    /// An order with its lines and steps: three questions.
    ///
    /// # Errors
    /// There is none.
    pub fn sheet(&self, tx: &mut ReadTx, id: Id<PurchaseOrder>) -> Result<PurchaseSheet> {
        PurchaseSheet::load(tx, id)
    }
}
