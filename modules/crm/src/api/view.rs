//! Documents as clients see them: the head, the lines, and what they come to.

use codexion::data::Entity;
use codexion::prelude::{Date, Id, Money, Price, Quantity, Rate, Result, Rounding};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::amount::{TotalRule, Totals};
use crate::domain::progress::LineProgress;
use crate::domain::state::{OrderState, Progress, QuoteState};
use crate::store::{
    LineTerms, Order, OrderLine, OrderSheet, Party, Product, PurchaseOrder, PurchaseSheet, Quote, QuoteSheet,
    SalesOrder, Sheet,
};

/// A day on which something is done; today where it is not given.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnDay {
    /// Today where it is not given.
    #[serde(default)]
    pub(crate) date: Option<Date>,
}

/// A line and how far it has come.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct LineView {
    /// Names the line where a part of the order is shipped or invoiced.
    id: Id<()>,
    product: Id<Product>,
    description: String,
    quantity: Quantity,
    price: Price,
    discount: Rate,
    tax_rate: Rate,
    /// Without tax.
    net: Money,
    /// Shipped, or received.
    moved: Quantity,
    /// On invoices, or bills.
    invoiced: Quantity,
}

/// What a document comes to.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct TotalView {
    net: Money,
    tax: Money,
    total: Money,
}

/// A quote.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct QuoteView {
    id: Id<Quote>,
    number: String,
    customer: Id<Party>,
    date: Date,
    valid_until: Option<Date>,
    state: QuoteState,
    lines: Vec<LineView>,
    freight: Money,
    totals: TotalView,
}

/// A sales order.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct OrderView {
    id: Id<SalesOrder>,
    number: Option<String>,
    reference: Option<String>,
    customer: Id<Party>,
    date: Date,
    state: OrderState,
    shipped: Progress,
    invoiced: Progress,
    paid: Progress,
    lines: Vec<LineView>,
    freight: Money,
    totals: TotalView,
}

/// A purchase order.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PurchaseView {
    id: Id<PurchaseOrder>,
    number: Option<String>,
    reference: Option<String>,
    supplier: Id<Party>,
    date: Date,
    state: OrderState,
    received: Progress,
    billed: Progress,
    paid: Progress,
    lines: Vec<LineView>,
    freight: Money,
    totals: TotalView,
}

impl From<Totals> for TotalView {
    fn from(totals: Totals) -> Self {
        Self { net: totals.net, tax: totals.tax, total: totals.total }
    }
}

impl LineView {
    fn of<L>(id: Id<L>, terms: LineTerms<'_>, progress: &LineProgress<Id<L>>) -> Result<Self> {
        Ok(Self {
            id: Id::from_uuid(id.uuid()),
            product: terms.product,
            description: terms.description.to_owned(),
            quantity: terms.quantity,
            price: terms.price,
            discount: terms.discount,
            tax_rate: terms.tax_rate,
            net: terms.figures().net(Rounding::HalfUp)?,
            moved: progress.moved,
            invoiced: progress.invoiced,
        })
    }

    fn all<O: Order>(sheet: &Sheet<O>) -> Result<Vec<Self>> {
        let lines = sheet.lines.iter().zip(sheet.progress()?);
        lines.map(|(line, progress)| Self::of(line.key(), line.terms(), &progress)).collect()
    }
}

impl QuoteView {
    pub(crate) fn of(sheet: QuoteSheet) -> Result<Self> {
        let totals = sheet.totals(TotalRule::default())?.into();
        let lines = sheet.lines.iter().map(|line| {
            let nothing = LineProgress::of(line.id, line.quantity, &[])?;
            LineView::of(line.id, line.terms(), &nothing)
        });
        let lines = lines.collect::<Result<_>>()?;
        let Quote { id, number, customer, date, valid_until, state, freight, .. } = sheet.quote;
        Ok(Self { id, number, customer, date, valid_until, state, lines, freight, totals })
    }
}

impl OrderView {
    pub(crate) fn of(sheet: OrderSheet) -> Result<Self> {
        let totals = sheet.totals(TotalRule::default())?.into();
        let lines = LineView::all(&sheet)?;
        let SalesOrder { id, number, reference, customer, date, state, shipped, invoiced, paid, freight, .. } =
            sheet.order;
        Ok(Self { id, number, reference, customer, date, state, shipped, invoiced, paid, lines, freight, totals })
    }
}

impl PurchaseView {
    pub(crate) fn of(sheet: PurchaseSheet) -> Result<Self> {
        let totals = sheet.totals(TotalRule::default())?.into();
        let lines = LineView::all(&sheet)?;
        let PurchaseOrder { id, number, reference, supplier, date, state, received, billed, paid, freight, .. } =
            sheet.order;
        Ok(Self { id, number, reference, supplier, date, state, received, billed, paid, lines, freight, totals })
    }
}
