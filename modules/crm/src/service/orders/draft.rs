//! Drafting sales orders.

use codexion::prelude::{Currency, Date, Id, Money, Repository, Result, Rounding, Tx};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Orders;
use crate::domain::amount::{TotalRule, totals};
use crate::domain::state::{InvoiceOn, OrderState, Progress, ShipOn};
use crate::policy::DraftOrder;
use crate::service::draft::{LineDraft, Side, Terms, check_parties, check_references, products_of, resolve};
use crate::store::{Party, Quote, SalesOrder, SalesOrderLine};

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
        check_parties(tx, drafts.iter().map(|draft| draft.customer), Side::Sale)?;
        let references = drafts.iter().filter_map(|draft| draft.reference.as_deref());
        check_references(tx, references, |order: SalesOrder| order.reference)?;
        let products = products_of(tx, drafts.iter().flat_map(|draft| &draft.lines))?;
        let (mut orders, mut lines) = (Vec::with_capacity(drafts.len()), Vec::new());
        for draft in drafts {
            let terms = resolve(&draft.lines, &products, draft.currency, Side::Sale)?;
            let order = order(tx.new_id(), draft, &terms)?;
            tx.authorize::<DraftOrder>(&order)?;
            for terms in terms {
                lines.push(line(tx.new_id(), order.id, terms));
            }
            orders.push(order);
        }
        SalesOrder::insert_many(tx, &orders)?;
        SalesOrderLine::insert_many(tx, &lines)?;
        Ok(orders.into_iter().map(|order| order.id).collect())
    }
}

fn order(id: Id<SalesOrder>, draft: &OrderDraft, terms: &[Terms]) -> Result<SalesOrder> {
    let rule = TotalRule::per_line(Rounding::HalfUp);
    let net = totals(terms.iter().map(Terms::figures), Money::zero(draft.currency), rule)?.net;
    Ok(SalesOrder {
        id,
        number: None,
        reference: draft.reference.clone(),
        customer: draft.customer,
        quote: draft.quote,
        date: draft.date,
        requested: draft.requested,
        confirmed: None,
        state: OrderState::Draft,
        shipped: Progress::Open,
        invoiced: Progress::Open,
        paid: Progress::Open,
        invoice_on: draft.invoice_on,
        ship_on: draft.ship_on,
        currency: draft.currency,
        freight: draft.freight.unwrap_or(Money::zero(draft.currency)),
        net,
        ship_to: draft.ship_to.clone(),
    })
}

fn line(id: Id<SalesOrderLine>, sales_order: Id<SalesOrder>, terms: Terms) -> SalesOrderLine {
    SalesOrderLine {
        id,
        sales_order,
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
