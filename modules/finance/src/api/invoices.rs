//! Invoices, payments and settling.

use codexion::prelude::{
    Answer, Body, Currency, Date, Id, Inject, Money, NoContent, PathId, Price, Quantity, Query, Rate, Registrar,
    Rounding, WebRegistrar, Work,
};
use codexion::web::Once;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NewRecord;
use super::entries::OnDay;
use crate::domain::tax::{PriceBasis, RoundAt, TaxRounding};
use crate::domain::{AccountId, Party};
use crate::service::{Difference, Invoices, NewInvoice, NewInvoiceLine, NewPayment, OpenItems, Posted};
use crate::store::{Invoice, InvoiceKind, InvoiceSide, OpenItem, Payment, Reconciliation, Tax};

/// An invoice or credit note.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InvoiceRequest {
    /// To a customer or of a supplier.
    side: InvoiceSide,
    /// An invoice if it is not said; the quantities of a credit note are below zero.
    #[serde(default)]
    kind: Option<InvoiceKind>,
    /// Who pays, or is paid.
    party: Id<Party>,
    /// Its date.
    date: Date,
    /// When it is to be paid; at once if it is not said.
    #[serde(default)]
    due: Option<Date>,
    /// The currency of its prices.
    currency: Currency,
    /// What is billed.
    lines: Vec<InvoiceLineRequest>,
    /// Whether its prices include taxes; net if it is not said.
    #[serde(default)]
    prices: Option<PriceBasis>,
    /// How it is rounded; as the company says if it is not said.
    #[serde(default)]
    rounding: Option<RoundingRequest>,
    /// What one unit of its currency is worth in the company's.
    #[serde(default)]
    rate: Option<Rate>,
    /// Of a credit note: the invoice it takes back.
    #[serde(default)]
    credits: Option<Id<Invoice>>,
    /// The other side's number or order.
    #[serde(default)]
    reference: String,
    /// What it is about.
    #[serde(default)]
    text: String,
}

/// A line of an invoice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InvoiceLineRequest {
    /// What is sold or bought.
    text: String,
    /// How much.
    quantity: Quantity,
    /// For one unit.
    price: Price,
    /// Taken off the price: `0.05` for 5 %.
    #[serde(default)]
    discount: Option<Rate>,
    /// The tax on it.
    #[serde(default)]
    tax: Option<Id<Tax>>,
    /// The share of the taxes that is reclaimed; all of it if it is not said.
    #[serde(default)]
    deductible: Option<Rate>,
    /// Where it is posted.
    #[serde(default)]
    account: Option<AccountId>,
}

/// How and where amounts are rounded.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RoundingRequest {
    /// The rule: `half_up`, `half_even` and so on.
    #[schemars(with = "String")]
    rule: Rounding,
    /// For net amounts.
    net: RoundAt,
    /// For taxes.
    tax: RoundAt,
}

/// A payment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PaymentRequest {
    /// A customer's or to a supplier.
    side: InvoiceSide,
    /// Who paid, or is paid.
    party: Id<Party>,
    /// When.
    date: Date,
    /// How much; below zero for a refund.
    amount: Money,
    /// Where the money comes in or goes out; the bank account if it is not said.
    #[serde(default)]
    account: Option<AccountId>,
    /// The invoices it settles, in this order.
    #[serde(default)]
    invoices: Vec<Id<Invoice>>,
    /// What happens to the difference; it stays open if it is not said.
    #[serde(default)]
    difference: Option<Difference>,
    /// What one unit of its currency is worth in the company's.
    #[serde(default)]
    rate: Option<Rate>,
    /// What the bank statement says.
    #[serde(default)]
    reference: String,
}

/// Items that shall settle each other.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SettleRequest {
    /// The items, all on one account.
    items: Vec<Id<OpenItem>>,
    /// The day from which they count as settled.
    date: Date,
    /// What happens to the difference; it stays open if it is not said.
    #[serde(default)]
    difference: Option<Difference>,
}

/// What settled.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Settled {
    /// The reconciliation; absent when nothing could be settled.
    reconciliation: Option<Id<Reconciliation>>,
}

/// Which side, and when.
#[derive(Debug, Deserialize, JsonSchema)]
struct OpenQuery {
    /// Customers or suppliers.
    side: InvoiceSide,
    /// The day.
    as_of: Date,
}

impl InvoiceRequest {
    fn read(&self) -> NewInvoice {
        let rounding = self.rounding.map(|r| TaxRounding { rule: r.rule, net: r.net, tax: r.tax });
        NewInvoice {
            kind: self.kind.unwrap_or(InvoiceKind::Invoice),
            due: self.due,
            lines: self.lines.iter().map(InvoiceLineRequest::read).collect(),
            prices: self.prices.unwrap_or(PriceBasis::Net),
            rounding,
            rate: self.rate,
            credits: self.credits,
            reference: self.reference.clone(),
            text: self.text.clone(),
            ..NewInvoice::new(self.side, self.party, self.date, self.currency)
        }
    }
}

impl InvoiceLineRequest {
    fn read(&self) -> NewInvoiceLine {
        NewInvoiceLine {
            discount: self.discount.unwrap_or(Rate::ZERO),
            tax: self.tax,
            deductible: self.deductible.unwrap_or(Rate::ONE),
            account: self.account,
            ..NewInvoiceLine::new(&self.text, self.quantity, self.price)
        }
    }
}

impl PaymentRequest {
    fn read(&self) -> NewPayment {
        NewPayment {
            account: self.account,
            invoices: self.invoices.clone(),
            difference: self.difference.unwrap_or_default(),
            rate: self.rate,
            reference: self.reference.clone(),
            ..NewPayment::new(self.side, self.party, self.date, self.amount)
        }
    }
}

/// `POST /invoices`: writes a draft.
async fn draft_invoice(
    work: Work,
    invoices: Inject<Invoices>,
    once: Once,
    body: Body<InvoiceRequest>,
) -> Answer<NewRecord<Invoice>> {
    let new = body.read();
    work.write(move |tx| once.run(tx, |tx| Ok(NewRecord { id: invoices.draft(tx, &new)? }))).await
}

/// `PUT /invoices/{id}`: writes a draft anew.
async fn redraft_invoice(
    work: Work,
    invoices: Inject<Invoices>,
    id: PathId<Invoice>,
    body: Body<InvoiceRequest>,
) -> Answer<NoContent> {
    let new = body.read();
    work.write(move |tx| invoices.redraft(tx, *id, &new)).await?;
    Ok(NoContent)
}

/// `POST /invoices/{id}/cancel`: cancels a draft.
async fn cancel_invoice(work: Work, invoices: Inject<Invoices>, id: PathId<Invoice>) -> Answer<NoContent> {
    work.write(move |tx| invoices.cancel(tx, *id)).await?;
    Ok(NoContent)
}

/// `POST /invoices/{id}/post`: posts a draft.
async fn post_invoice(work: Work, invoices: Inject<Invoices>, id: PathId<Invoice>, once: Once) -> Answer<Posted> {
    work.write(move |tx| once.run(tx, |tx| invoices.post(tx, *id))).await
}

/// `POST /invoices/{id}/credit`: drafts the credit note for a whole invoice.
async fn credit_invoice(
    work: Work,
    invoices: Inject<Invoices>,
    id: PathId<Invoice>,
    once: Once,
    body: Body<OnDay>,
) -> Answer<NewRecord<Invoice>> {
    work.write(move |tx| once.run(tx, |tx| Ok(NewRecord { id: invoices.credit(tx, *id, body.date)? }))).await
}

/// `POST /payments`: records a payment and settles what it is for.
async fn record_payment(
    work: Work,
    invoices: Inject<Invoices>,
    once: Once,
    body: Body<PaymentRequest>,
) -> Answer<NewRecord<Payment>> {
    let new = body.read();
    work.write(move |tx| once.run(tx, |tx| Ok(NewRecord { id: invoices.pay(tx, &new)? }))).await
}

/// `POST /reconciliations`: settles items with each other.
async fn settle_items(
    work: Work,
    invoices: Inject<Invoices>,
    once: Once,
    body: Body<SettleRequest>,
) -> Answer<Settled> {
    let difference = body.difference.unwrap_or_default();
    let settle = move |tx: &mut codexion::prelude::Tx| {
        Ok(Settled { reconciliation: invoices.settle(tx, &body.items, body.date, difference)? })
    };
    work.write(move |tx| once.run(tx, &settle)).await
}

/// `POST /reconciliations/{id}/undo`: what it settled is open again.
async fn undo_reconciliation(
    work: Work,
    invoices: Inject<Invoices>,
    id: PathId<Reconciliation>,
    body: Body<OnDay>,
) -> Answer<NoContent> {
    work.write(move |tx| invoices.undo(tx, *id, body.date)).await?;
    Ok(NoContent)
}

/// `GET /open_items`: what customers owe or suppliers are owed, item by item.
async fn open_items(work: Work, invoices: Inject<Invoices>, query: Query<OpenQuery>) -> Answer<OpenItems> {
    let OpenQuery { side, as_of } = query.0;
    work.snapshot(move |tx| invoices.open_items(tx, side, as_of)).await
}

pub(super) fn register(m: &mut Registrar) {
    m.post("/invoices", draft_invoice).put("/invoices/{id}", redraft_invoice);
    m.post("/invoices/{id}/cancel", cancel_invoice).post("/invoices/{id}/post", post_invoice);
    m.post("/invoices/{id}/credit", credit_invoice).post("/payments", record_payment);
    m.post("/reconciliations", settle_items).post("/reconciliations/{id}/undo", undo_reconciliation);
    m.get("/open_items", open_items);
}
