//! Drafting purchase orders.

use codexion::prelude::{Currency, Date, Id, Money, Result, Tx};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Purchases;
use crate::domain::state::{InvoiceOn, OrderState, Progress};
use crate::policy::DraftPurchase;
use crate::service::draft::{LineDraft, Side};
use crate::service::trade::{Asked, AskedHead, draft_many};
use crate::store::{Party, PurchaseOrder};

/// A purchase order as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PurchaseDraft {
    /// From whom.
    pub supplier: Id<Party>,
    /// When.
    pub date: Date,
    /// When the goods are wanted.
    #[serde(default)]
    pub requested: Option<Date>,
    /// Its number elsewhere. A second draft with the same one is refused, so that an import can be repeated.
    #[serde(default)]
    pub reference: Option<String>,
    /// When it is billed.
    #[serde(default = "on_shipment")]
    pub bill_on: InvoiceOn,
    /// Of all its prices.
    pub currency: Currency,
    /// Freight and other charges, without tax.
    #[serde(default)]
    pub freight: Option<Money>,
    /// What is ordered.
    pub lines: Vec<LineDraft>,
}

impl PurchaseDraft {
    /// An order without freight, billed once the goods are there.
    #[must_use]
    pub const fn new(supplier: Id<Party>, date: Date, currency: Currency, lines: Vec<LineDraft>) -> Self {
        Self {
            supplier,
            date,
            requested: None,
            reference: None,
            bill_on: InvoiceOn::Shipment,
            currency,
            freight: None,
            lines,
        }
    }
}

impl Purchases {
    /// Drafts an order.
    ///
    /// # Errors
    /// [`DraftError`](crate::DraftError) with the line at fault; a field breaks a rule.
    pub fn draft(&self, tx: &mut Tx, draft: &PurchaseDraft) -> Result<Id<PurchaseOrder>> {
        let ids = self.draft_many(tx, std::slice::from_ref(draft))?;
        Ok(ids.first().copied().unwrap_or_default())
    }

    /// Drafts orders, in a number of statements that grows with neither orders nor lines.
    ///
    /// # Errors
    /// As [`draft`](Self::draft).
    pub fn draft_many(&self, tx: &mut Tx, drafts: &[PurchaseDraft]) -> Result<Vec<Id<PurchaseOrder>>> {
        draft_many::<_, DraftPurchase>(tx, drafts)
    }
}

impl Asked for PurchaseDraft {
    type Order = PurchaseOrder;
    const SIDE: Side = Side::Purchase;

    fn head(&self) -> AskedHead<'_> {
        let (party, reference, currency) = (self.supplier, self.reference.as_deref(), self.currency);
        AskedHead { party, reference, currency, lines: &self.lines }
    }

    fn order(&self, id: Id<PurchaseOrder>, net: Money) -> PurchaseOrder {
        PurchaseOrder {
            id,
            number: None,
            reference: self.reference.clone(),
            supplier: self.supplier,
            date: self.date,
            requested: self.requested,
            confirmed: None,
            state: OrderState::Draft,
            received: Progress::Open,
            billed: Progress::Open,
            paid: Progress::Open,
            bill_on: self.bill_on,
            currency: self.currency,
            freight: self.freight.unwrap_or(Money::zero(self.currency)),
            net,
        }
    }
}

/// A bill is entered for what arrived.
const fn on_shipment() -> InvoiceOn {
    InvoiceOn::Shipment
}
