//! Drafting sales orders.

use codexion::prelude::{Currency, Date, Id, Money, Result, Tx};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Orders;
use crate::domain::state::{InvoiceOn, OrderState, Progress, ShipOn};
use crate::policy::DraftOrder;
use crate::service::draft::{LineDraft, Side};
use crate::service::trade::{Asked, AskedHead, draft_many};
use crate::store::{Party, Quote, SalesOrder};

/// A sales order as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderDraft {
    /// Who orders.
    pub customer: Id<Party>,
    /// When.
    pub date: Date,
    /// When the customer wants it.
    #[serde(default)]
    pub requested: Option<Date>,
    /// Its number elsewhere. A second draft with the same one is refused, so that an import can be repeated.
    #[serde(default)]
    pub reference: Option<String>,
    /// The quote that it comes from.
    #[serde(skip)]
    pub quote: Option<Id<Quote>>,
    /// When it is invoiced.
    #[serde(default)]
    pub invoice_on: InvoiceOn,
    /// When it is shipped.
    #[serde(default)]
    pub ship_on: ShipOn,
    /// Of all its prices.
    pub currency: Currency,
    /// Freight and other charges, without tax.
    #[serde(default)]
    pub freight: Option<Money>,
    /// Where the goods go, if not to the customer's own address.
    #[serde(default)]
    pub ship_to: Option<String>,
    /// What is ordered.
    pub lines: Vec<LineDraft>,
}

impl OrderDraft {
    /// An order without freight, shipped and invoiced as soon as it is confirmed.
    #[must_use]
    pub const fn new(customer: Id<Party>, date: Date, currency: Currency, lines: Vec<LineDraft>) -> Self {
        Self {
            customer,
            date,
            requested: None,
            reference: None,
            quote: None,
            invoice_on: InvoiceOn::Order,
            ship_on: ShipOn::Order,
            currency,
            freight: None,
            ship_to: None,
            lines,
        }
    }
}

impl Orders {
    /// Drafts an order.
    ///
    /// # Errors
    /// [`DraftError`](crate::DraftError) with the line at fault; a field breaks a rule.
    pub fn draft(&self, tx: &mut Tx, draft: &OrderDraft) -> Result<Id<SalesOrder>> {
        let ids = self.draft_many(tx, std::slice::from_ref(draft))?;
        Ok(ids.first().copied().unwrap_or_default())
    }

    /// Drafts orders, in a number of statements that grows with neither orders nor lines.
    ///
    /// # Errors
    /// As [`draft`](Self::draft).
    pub fn draft_many(&self, tx: &mut Tx, drafts: &[OrderDraft]) -> Result<Vec<Id<SalesOrder>>> {
        draft_many::<_, DraftOrder>(tx, drafts)
    }
}

impl Asked for OrderDraft {
    type Order = SalesOrder;
    const SIDE: Side = Side::Sale;

    fn head(&self) -> AskedHead<'_> {
        let (party, reference, currency) = (self.customer, self.reference.as_deref(), self.currency);
        AskedHead { party, reference, currency, lines: &self.lines }
    }

    fn order(&self, id: Id<SalesOrder>, net: Money) -> SalesOrder {
        SalesOrder {
            id,
            number: None,
            reference: self.reference.clone(),
            customer: self.customer,
            quote: self.quote,
            date: self.date,
            requested: self.requested,
            confirmed: None,
            state: OrderState::Draft,
            shipped: Progress::Open,
            invoiced: Progress::Open,
            paid: Progress::Open,
            invoice_on: self.invoice_on,
            ship_on: self.ship_on,
            currency: self.currency,
            freight: self.freight.unwrap_or(Money::zero(self.currency)),
            net,
            ship_to: self.ship_to.clone(),
        }
    }
}
