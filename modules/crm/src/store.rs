//! What is stored, and the questions asked of it.

mod counter;
mod order;
mod party;
mod product;
mod purchase;
mod quote;
mod sales;
mod sheet;

pub(crate) use counter::{Counter, next_number};
pub use order::{LineOf, LineTerms, NewStep, Order, OrderHead, OrderLine, OrderStep};
pub use party::{Contact, Party, PartyKind};
pub use product::Product;
pub use purchase::{PurchaseOrder, PurchaseOrderLine, PurchaseSheet, PurchaseStep};
pub use quote::{Quote, QuoteLine, QuoteSheet};
pub use sales::{OrderSheet, SalesOrder, SalesOrderLine, SalesStep};
pub(crate) use sheet::mark_paid;
pub use sheet::{Locked, Sheet};

use codexion::prelude::{Filter, ReadTx, Repository, Result, Value};

/// Ids per question: long lists plan badly.
const IDS_BATCH: usize = 500;

/// All records whose `column` is one of `ids`, a question for every [`IDS_BATCH`] of them.
fn all_of<E: Repository>(tx: &mut ReadTx, column: &'static str, ids: &[Value]) -> Result<Vec<E>> {
    let mut found = Vec::new();
    for batch in ids.chunks(IDS_BATCH) {
        let filter = Filter::In { column, values: batch.to_vec() };
        E::stream(tx, &filter, |record| {
            found.push(record.entity);
            Ok(())
        })?;
    }
    Ok(found)
}
