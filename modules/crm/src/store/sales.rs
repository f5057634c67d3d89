//! Sales orders: their lines, and what happened to them.

use std::collections::HashMap;

use codexion::core::QuantityError;
use codexion::prelude::{
    Currency, Date, Execute, Id, Money, Price, Quantity, Rate, ReadTx, Repository, Result, Tx, Value, arg,
};
use diesel::prelude::{ExpressionMethods, QueryDsl};

use super::{Party, Product, Quote, above_zero, all_of};
use crate::domain::amount::{Figures, TotalRule, Totals, totals};
use crate::domain::progress::{Document, DocumentLine, LineProgress, Link, Step, StepKind, links};
use crate::domain::state::{InvoiceOn, OrderState, Progress, ShipOn};
use crate::error::AmountError;

/// What a customer ordered.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_sales_orders", tenant, versioned, audited)]
pub struct SalesOrder {
    /// Its id.
    pub id: Id<SalesOrder>,
    /// The number that people know it by, once it is confirmed.
    #[field(unique, max_len = 40, read_only)]
    pub number: Option<String>,
    /// Its number elsewhere: in a shop, or in the system that it was imported from.
    #[field(unique, max_len = 80)]
    pub reference: Option<String>,
    /// Who ordered.
    #[field(references = Party)]
    pub customer: Id<Party>,
    /// The quote that it came from.
    #[field(references = Quote)]
    pub quote: Option<Id<Quote>>,
    /// When it was ordered.
    pub date: Date,
    /// When the customer wants it.
    pub requested: Option<Date>,
    /// When it was confirmed.
    #[field(read_only)]
    pub confirmed: Option<Date>,
    /// Where it stands.
    #[field(read_only)]
    pub state: OrderState,
    /// How much of it left.
    #[field(read_only)]
    pub shipped: Progress,
    /// How much of it is on invoices.
    #[field(read_only)]
    pub invoiced: Progress,
    /// How much of it is paid.
    #[field(read_only)]
    pub paid: Progress,
    /// When it is invoiced.
    pub invoice_on: InvoiceOn,
    /// When it is shipped.
    pub ship_on: ShipOn,
    /// Of all its prices.
    pub currency: Currency,
    /// Freight and other charges, without tax.
    #[field(min = 0)]
    pub freight: Money,
    /// What it comes to without tax, lines rounded half up.
    #[field(read_only)]
    pub net: Money,
    /// Where the goods go, if not to the customer's own address.
    #[field(max_len = 400, pii = "person")]
    pub ship_to: Option<String>,
}

/// A line of a sales order.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_sales_order_lines", tenant)]
pub struct SalesOrderLine {
    /// Its id.
    pub id: Id<SalesOrderLine>,
    /// Of which order.
    #[field(references = SalesOrder)]
    pub sales_order: Id<SalesOrder>,
    /// Counts from 1.
    pub position: i32,
    /// What is ordered.
    #[field(references = Product)]
    pub product: Id<Product>,
    /// In words.
    #[field(max_len = 200)]
    pub description: String,
    /// How much.
    pub quantity: Quantity,
    /// For one unit, without tax.
    #[field(min = 0)]
    pub price: Price,
    /// Taken off the price.
    #[field(min = 0, max = 1)]
    pub discount: Rate,
    /// The tax charged on it, by its code.
    #[field(max_len = 20)]
    pub tax_code: Option<String>,
    /// How much that tax is.
    #[field(min = 0, max = 10)]
    pub tax_rate: Rate,
    /// Goods move, services do not.
    pub stocked: bool,
}

/// A shipment or an invoice of a part of a line. It is written once; only its payment is noted later.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_sales_steps", tenant)]
pub struct SalesStep {
    /// Its id.
    pub id: Id<SalesStep>,
    /// Of which order.
    #[field(references = SalesOrder)]
    pub sales_order: Id<SalesOrder>,
    /// Of which line.
    #[field(references = SalesOrderLine)]
    pub line: Id<SalesOrderLine>,
    /// Counts the steps of an order, from 1.
    pub position: i32,
    /// Shipped or invoiced.
    pub kind: StepKind,
    /// How much.
    pub quantity: Quantity,
    /// When.
    pub date: Date,
    /// The shipment or the invoice.
    pub document: Id<Document>,
    /// The stock move or the invoice line.
    pub document_line: Id<DocumentLine>,
    /// Whether the invoice is paid.
    pub paid: bool,
}

/// A sales order with its lines and what happened to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSheet {
    /// The order.
    pub order: SalesOrder,
    /// In order.
    pub lines: Vec<SalesOrderLine>,
    /// In the order in which they happened.
    pub steps: Vec<SalesStep>,
}

impl SalesOrderLine {
    /// What it comes to.
    #[must_use]
    pub const fn figures(&self) -> Figures {
        Figures { quantity: self.quantity, price: self.price, discount: self.discount, tax: self.tax_rate }
    }
}

impl SalesStep {
    /// What the rules see of it.
    #[must_use]
    pub const fn step(&self) -> Step<Id<SalesOrderLine>> {
        let (line, kind, quantity) = (self.line, self.kind, self.quantity);
        Step { line, kind, quantity, document_line: self.document_line, paid: self.paid }
    }

    /// Notes that an invoice is paid, in one statement.
    pub(crate) fn mark_paid(tx: &mut Tx, document: Id<Document>) -> Result<()> {
        let steps = crm_sales_steps::table.filter(Self::scope(tx)).filter(crm_sales_steps::document.eq(arg(document)));
        let invoiced = steps.filter(crm_sales_steps::kind.eq(StepKind::Invoiced));
        diesel::update(invoiced).set(crm_sales_steps::paid.eq(true)).run(tx)?;
        Ok(())
    }
}

impl OrderSheet {
    /// The order with its lines and steps: three questions.
    ///
    /// # Errors
    /// There is no such order.
    pub fn load(tx: &mut ReadTx, id: Id<SalesOrder>) -> Result<Self> {
        let order = SalesOrder::get(tx, id)?;
        Self::complete(tx, order)
    }

    /// The orders with their lines and steps, in the order of `ids`: three questions for all of them. Those that
    /// don't exist are left out.
    ///
    /// # Errors
    /// More ids than one call of [`Repository::get_many`] takes.
    pub fn load_many(tx: &mut ReadTx, ids: &[Id<SalesOrder>]) -> Result<Vec<Self>> {
        let orders = SalesOrder::get_many(tx, ids)?;
        let keys: Vec<Value> = orders.iter().map(|order| order.id.into()).collect();
        let mut lines: HashMap<_, Vec<SalesOrderLine>> = HashMap::new();
        for line in all_of::<SalesOrderLine>(tx, "sales_order", &keys)? {
            lines.entry(line.sales_order).or_default().push(line);
        }
        let mut steps: HashMap<_, Vec<SalesStep>> = HashMap::new();
        for step in all_of::<SalesStep>(tx, "sales_order", &keys)? {
            steps.entry(step.sales_order).or_default().push(step);
        }
        let sheet = |order: SalesOrder| {
            let (lines, steps) = (lines.remove(&order.id), steps.remove(&order.id));
            Self::sorted(order, lines.unwrap_or_default(), steps.unwrap_or_default())
        };
        Ok(orders.into_iter().map(sheet).collect())
    }

    /// The same with the order's row locked until the commit, so that its steps are taken one after the other.
    pub(crate) fn locked(tx: &mut Tx, id: Id<SalesOrder>) -> Result<Self> {
        let order = SalesOrder::update(tx, id, |_| Ok(()))?;
        Self::complete(tx, order)
    }

    fn complete(tx: &mut ReadTx, order: SalesOrder) -> Result<Self> {
        let lines = all_of(tx, "sales_order", &[order.id.into()])?;
        let steps = all_of(tx, "sales_order", &[order.id.into()])?;
        Ok(Self::sorted(order, lines, steps))
    }

    fn sorted(order: SalesOrder, mut lines: Vec<SalesOrderLine>, mut steps: Vec<SalesStep>) -> Self {
        lines.sort_by_key(|line| line.position);
        steps.sort_by_key(|step| step.position);
        Self { order, lines, steps }
    }

    /// A line of it.
    #[must_use]
    pub fn line(&self, id: Id<SalesOrderLine>) -> Option<&SalesOrderLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// What it comes to.
    ///
    /// # Errors
    /// [`AmountError`] when an amount does not fit.
    pub fn totals(&self, rule: TotalRule) -> Result<Totals, AmountError> {
        totals(self.lines.iter().map(SalesOrderLine::figures), self.order.freight, rule)
    }

    /// How far each line has come.
    ///
    /// # Errors
    /// [`QuantityError`] when a step is in another unit than its line.
    pub fn progress(&self) -> Result<Vec<LineProgress<Id<SalesOrderLine>>>, QuantityError> {
        let steps: Vec<_> = self.steps.iter().map(SalesStep::step).collect();
        self.lines.iter().map(|line| LineProgress::of(line.id, line.quantity, &steps)).collect()
    }

    /// What may be shipped now: lines with something open, and how much of each. Services are not shipped.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn to_ship(&self) -> Result<Vec<(&SalesOrderLine, Quantity)>, QuantityError> {
        let goods = self.lines.iter().zip(self.progress()?).filter(|(line, _)| line.stocked);
        let open = goods.map(|(line, progress)| Ok((line, progress.to_move(self.order.ship_on)?)));
        above_zero(open)
    }

    /// What may be invoiced now: lines with something open, and how much of each. Services don't wait for a
    /// shipment.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn to_invoice(&self) -> Result<Vec<(&SalesOrderLine, Quantity)>, QuantityError> {
        let open = self.lines.iter().zip(self.progress()?).map(|(line, progress)| {
            let on = if line.stocked { self.order.invoice_on } else { InvoiceOn::Order };
            Ok((line, progress.to_invoice(on)?))
        });
        above_zero(open)
    }

    /// Which stock move each invoice line charges for.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn links(&self) -> Result<Vec<Link<Id<SalesOrderLine>>>, QuantityError> {
        let steps: Vec<_> = self.steps.iter().map(SalesStep::step).collect();
        links(&steps)
    }
}
