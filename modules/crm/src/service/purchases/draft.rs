//! Drafting purchase orders.

use codexion::prelude::{Currency, Date, Id, Money, Repository, Result, Rounding, Tx};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Purchases;
use crate::domain::amount::{TotalRule, totals};
use crate::domain::state::{InvoiceOn, OrderState, Progress};
use crate::policy::DraftPurchase;
use crate::service::draft::{LineDraft, Side, Terms, check_parties, check_references, products_of, resolve};
use crate::store::{Party, PurchaseOrder, PurchaseOrderLine};

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
        check_parties(tx, drafts.iter().map(|draft| draft.supplier), Side::Purchase)?;
        let references = drafts.iter().filter_map(|draft| draft.reference.as_deref());
        check_references(tx, references, |order: PurchaseOrder| order.reference)?;
        let products = products_of(tx, drafts.iter().flat_map(|draft| &draft.lines))?;
        let (mut orders, mut lines) = (Vec::with_capacity(drafts.len()), Vec::new());
        for draft in drafts {
            let terms = resolve(&draft.lines, &products, draft.currency, Side::Purchase)?;
            let order = order(tx.new_id(), draft, &terms)?;
            tx.authorize::<DraftPurchase>(&order)?;
            for terms in terms {
                lines.push(line(tx.new_id(), order.id, terms));
            }
            orders.push(order);
        }
        PurchaseOrder::insert_many(tx, &orders)?;
        PurchaseOrderLine::insert_many(tx, &lines)?;
        Ok(orders.into_iter().map(|order| order.id).collect())
    }
}

fn order(id: Id<PurchaseOrder>, draft: &PurchaseDraft, terms: &[Terms]) -> Result<PurchaseOrder> {
    let rule = TotalRule::per_line(Rounding::HalfUp);
    let net = totals(terms.iter().map(Terms::figures), Money::zero(draft.currency), rule)?.net;
    Ok(PurchaseOrder {
        id,
        number: None,
        reference: draft.reference.clone(),
        supplier: draft.supplier,
        date: draft.date,
        requested: draft.requested,
        confirmed: None,
        state: OrderState::Draft,
        received: Progress::Open,
        billed: Progress::Open,
        paid: Progress::Open,
        bill_on: draft.bill_on,
        currency: draft.currency,
        freight: draft.freight.unwrap_or(Money::zero(draft.currency)),
        net,
    })
}

fn line(id: Id<PurchaseOrderLine>, purchase_order: Id<PurchaseOrder>, terms: Terms) -> PurchaseOrderLine {
    PurchaseOrderLine {
        id,
        purchase_order,
        position: terms.position,
        product: terms.product,
        description: terms.description,
        quantity: terms.quantity,
        price: terms.price,
        discount: terms.discount,
        tax_code: terms.tax.code,
        tax_rate: terms.tax.rate,
        stocked: terms.stocked,
    }
}

/// A bill is entered for what arrived.
const fn on_shipment() -> InvoiceOn {
    InvoiceOn::Shipment
}
