//! What clients ask of billing over HTTP, under `/api/v1/crm_finance`.

use codexion::prelude::*;
use codexion::web::Once;
use crm::{PurchaseOrder, SalesOrder};
use finance::{Invoice, InvoiceState, Payment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::service::{Billing, Charge};

pub(crate) fn routes(m: &mut Registrar) {
    m.post("/sales-orders/{id}/draft", draft).post("/sales-orders/{id}/invoice", invoice);
    m.post("/purchase-orders/{id}/bill", bill);
    m.post("/invoices/{id}/post", post).post("/invoices/{id}/pay", pay);
}

/// When and what; today, and everything that is to be invoiced where it is not given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChargeRequest {
    #[serde(default)]
    date: Option<Date>,
    /// The supplier's number of its bill.
    #[serde(default)]
    reference: String,
    #[serde(default)]
    parts: Vec<PartRequest>,
}

/// A part of an order line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PartRequest {
    line: Id<()>,
    quantity: Quantity,
}

/// When; today where it is not given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PayRequest {
    #[serde(default)]
    date: Option<Date>,
}

/// An invoice.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct InvoiceView {
    id: Id<Invoice>,
    number: Option<String>,
    state: InvoiceState,
    date: Date,
    due: Date,
    net: Money,
    tax: Money,
    total: Money,
}

/// A payment.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct PaidView {
    payment: Id<Payment>,
}

impl ChargeRequest {
    fn at<L>(&self, today: Date) -> Charge<L> {
        let part = |part: &PartRequest| (Id::from_uuid(part.line.uuid()), part.quantity);
        let parts = self.parts.iter().map(part).collect();
        let (date, reference) = (self.date.unwrap_or(today), self.reference.clone());
        Charge { date, rounding: None, reference, parts }
    }
}

fn view(tx: &mut Tx, id: Id<Invoice>) -> Result<InvoiceView> {
    let Invoice { id, number, state, date, due, net, tax, total, .. } = Invoice::get(tx, id)?;
    Ok(InvoiceView { id, number, state, date, due, net, tax, total })
}

/// Runs a verb that makes an invoice once, and answers the invoice.
async fn charge<L: 'static>(
    work: Work,
    once: Once,
    body: Body<ChargeRequest>,
    verb: impl Fn(&mut Tx, &Charge<L>) -> Result<Id<Invoice>> + Send + 'static,
) -> Answer<Created<InvoiceView>> {
    let run = move |tx: &mut Tx| {
        let id = verb(tx, &body.at(tx.today()))?;
        view(tx, id)
    };
    work.write(move |tx| Once::run(&once, tx, &run)).await.map(Created::new)
}

/// Drafts an invoice of a sales order.
async fn draft(
    work: Work,
    billing: Inject<Billing>,
    once: Once,
    id: PathId<SalesOrder>,
    body: Body<ChargeRequest>,
) -> Answer<Created<InvoiceView>> {
    charge(work, once, body, move |tx, charge| billing.draft(tx, *id, charge)).await
}

/// Writes and posts an invoice of a sales order.
async fn invoice(
    work: Work,
    billing: Inject<Billing>,
    once: Once,
    id: PathId<SalesOrder>,
    body: Body<ChargeRequest>,
) -> Answer<Created<InvoiceView>> {
    charge(work, once, body, move |tx, charge| billing.invoice(tx, *id, charge)).await
}

/// Enters the bill of a purchase order.
async fn bill(
    work: Work,
    billing: Inject<Billing>,
    once: Once,
    id: PathId<PurchaseOrder>,
    body: Body<ChargeRequest>,
) -> Answer<Created<InvoiceView>> {
    charge(work, once, body, move |tx, charge| billing.bill(tx, *id, charge)).await
}

/// Posts the draft of an order's invoice, and tells the order.
async fn post(work: Work, billing: Inject<Billing>, id: PathId<Invoice>) -> Answer<InvoiceView> {
    work.write(move |tx| {
        billing.post(tx, *id)?;
        view(tx, *id)
    })
    .await
}

/// Records that everything that is open of an invoice was paid.
async fn pay(
    work: Work,
    billing: Inject<Billing>,
    once: Once,
    id: PathId<Invoice>,
    body: Body<PayRequest>,
) -> Answer<PaidView> {
    let pay = move |tx: &mut Tx| {
        let date = body.date.unwrap_or(tx.today());
        Ok(PaidView { payment: billing.pay_in_full(tx, *id, date)? })
    };
    work.write(move |tx| Once::run(&once, tx, &pay)).await
}
