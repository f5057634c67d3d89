//! Purchase orders: their lines, and what happened to them.

use std::collections::HashMap;

use codexion::core::QuantityError;
use codexion::prelude::{
    Currency, Date, Execute, Id, Money, Price, Quantity, Rate, ReadTx, Repository, Result, Tx, Value, arg,
};
use diesel::prelude::{ExpressionMethods, QueryDsl};

use super::{Party, Product, above_zero, all_of};
use crate::domain::amount::{Figures, TotalRule, Totals, totals};
use crate::domain::progress::{Document, DocumentLine, LineProgress, Link, Step, StepKind, links};
use crate::domain::state::{InvoiceOn, OrderState, Progress, ShipOn};
use crate::error::AmountError;

/// What one ordered from a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_purchase_orders", tenant, versioned, audited)]
pub struct PurchaseOrder {
    /// Its id.
    pub id: Id<PurchaseOrder>,
    /// The number that people know it by, once it is confirmed.
    #[field(unique, max_len = 40, read_only)]
    pub number: Option<String>,
    /// Its number elsewhere: in a shop, or in the system that it was imported from.
    #[field(unique, max_len = 80)]
    pub reference: Option<String>,
    /// From whom.
    #[field(references = Party)]
    pub supplier: Id<Party>,
    /// When it was ordered.
    pub date: Date,
    /// When the goods are wanted.
    pub requested: Option<Date>,
    /// When it was confirmed.
    #[field(read_only)]
    pub confirmed: Option<Date>,
    /// Where it stands.
    #[field(read_only)]
    pub state: OrderState,
    /// How much of it arrived.
    #[field(read_only)]
    pub received: Progress,
    /// How much of it is on bills.
    #[field(read_only)]
    pub billed: Progress,
    /// How much of it is paid.
    #[field(read_only)]
    pub paid: Progress,
    /// When it is billed.
    pub bill_on: InvoiceOn,
    /// Of all its prices.
    pub currency: Currency,
    /// Freight and other charges, without tax.
    #[field(min = 0)]
    pub freight: Money,
    /// What it comes to without tax, lines rounded half up.
    #[field(read_only)]
    pub net: Money,
}

/// A line of a purchase order.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_purchase_order_lines", tenant)]
pub struct PurchaseOrderLine {
    /// Its id.
    pub id: Id<PurchaseOrderLine>,
    /// Of which order.
    #[field(references = PurchaseOrder)]
    pub purchase_order: Id<PurchaseOrder>,
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

/// A receipt or a bill of a part of a line. It is written once; only its payment is noted later.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_purchase_steps", tenant)]
pub struct PurchaseStep {
    /// Its id.
    pub id: Id<PurchaseStep>,
    /// Of which order.
    #[field(references = PurchaseOrder)]
    pub purchase_order: Id<PurchaseOrder>,
    /// Of which line.
    #[field(references = PurchaseOrderLine)]
    pub line: Id<PurchaseOrderLine>,
    /// Counts the steps of an order, from 1.
    pub position: i32,
    /// Arrived or billed.
    pub kind: StepKind,
    /// How much.
    pub quantity: Quantity,
    /// When.
    pub date: Date,
    /// The receipt or the bill.
    pub document: Id<Document>,
    /// The stock move or the line of the bill.
    pub document_line: Id<DocumentLine>,
    /// Whether the bill is paid.
    pub paid: bool,
}

/// A purchase order with its lines and what happened to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseSheet {
    /// The order.
    pub order: PurchaseOrder,
    /// In order.
    pub lines: Vec<PurchaseOrderLine>,
    /// In the order in which they happened.
    pub steps: Vec<PurchaseStep>,
}

impl PurchaseOrderLine {
    /// What it comes to.
    #[must_use]
    pub const fn figures(&self) -> Figures {
        Figures { quantity: self.quantity, price: self.price, discount: self.discount, tax: self.tax_rate }
    }
}

impl PurchaseStep {
    /// What the rules see of it.
    #[must_use]
    pub const fn step(&self) -> Step<Id<PurchaseOrderLine>> {
        let (line, kind, quantity) = (self.line, self.kind, self.quantity);
        Step { line, kind, quantity, document_line: self.document_line, paid: self.paid }
    }

    /// Notes that a bill is paid, in one statement.
    pub(crate) fn mark_paid(tx: &mut Tx, document: Id<Document>) -> Result<()> {
        let steps =
            crm_purchase_steps::table.filter(Self::scope(tx)).filter(crm_purchase_steps::document.eq(arg(document)));
        let invoiced = steps.filter(crm_purchase_steps::kind.eq(StepKind::Invoiced));
        diesel::update(invoiced).set(crm_purchase_steps::paid.eq(true)).run(tx)?;
        Ok(())
    }
}

impl PurchaseSheet {
    /// The order with its lines and steps: three questions.
    ///
    /// # Errors
    /// There is no such order.
    pub fn load(tx: &mut ReadTx, id: Id<PurchaseOrder>) -> Result<Self> {
        let order = PurchaseOrder::get(tx, id)?;
        Self::complete(tx, order)
    }

    /// The orders with their lines and steps, in the order of `ids`: three questions for all of them. Those that
    /// don't exist are left out.
    ///
    /// # Errors
    /// More ids than one call of [`Repository::get_many`] takes.
    pub fn load_many(tx: &mut ReadTx, ids: &[Id<PurchaseOrder>]) -> Result<Vec<Self>> {
        let orders = PurchaseOrder::get_many(tx, ids)?;
        let keys: Vec<Value> = orders.iter().map(|order| order.id.into()).collect();
        let mut lines: HashMap<_, Vec<PurchaseOrderLine>> = HashMap::new();
        for line in all_of::<PurchaseOrderLine>(tx, "purchase_order", &keys)? {
            lines.entry(line.purchase_order).or_default().push(line);
        }
        let mut steps: HashMap<_, Vec<PurchaseStep>> = HashMap::new();
        for step in all_of::<PurchaseStep>(tx, "purchase_order", &keys)? {
            steps.entry(step.purchase_order).or_default().push(step);
        }
        let sheet = |order: PurchaseOrder| {
            let (lines, steps) = (lines.remove(&order.id), steps.remove(&order.id));
            Self::sorted(order, lines.unwrap_or_default(), steps.unwrap_or_default())
        };
        Ok(orders.into_iter().map(sheet).collect())
    }

    /// The same with the order's row locked until the commit, so that its steps are taken one after the other.
    pub(crate) fn locked(tx: &mut Tx, id: Id<PurchaseOrder>) -> Result<Self> {
        let order = PurchaseOrder::update(tx, id, |_| Ok(()))?;
        Self::complete(tx, order)
    }

    fn complete(tx: &mut ReadTx, order: PurchaseOrder) -> Result<Self> {
        let lines = all_of(tx, "purchase_order", &[order.id.into()])?;
        let steps = all_of(tx, "purchase_order", &[order.id.into()])?;
        Ok(Self::sorted(order, lines, steps))
    }

    fn sorted(order: PurchaseOrder, mut lines: Vec<PurchaseOrderLine>, mut steps: Vec<PurchaseStep>) -> Self {
        lines.sort_by_key(|line| line.position);
        steps.sort_by_key(|step| step.position);
        Self { order, lines, steps }
    }

    /// A line of it.
    #[must_use]
    pub fn line(&self, id: Id<PurchaseOrderLine>) -> Option<&PurchaseOrderLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// What it comes to.
    ///
    /// # Errors
    /// [`AmountError`] when an amount does not fit.
    pub fn totals(&self, rule: TotalRule) -> Result<Totals, AmountError> {
        totals(self.lines.iter().map(PurchaseOrderLine::figures), self.order.freight, rule)
    }

    /// How far each line has come.
    ///
    /// # Errors
    /// [`QuantityError`] when a step is in another unit than its line.
    pub fn progress(&self) -> Result<Vec<LineProgress<Id<PurchaseOrderLine>>>, QuantityError> {
        let steps: Vec<_> = self.steps.iter().map(PurchaseStep::step).collect();
        self.lines.iter().map(|line| LineProgress::of(line.id, line.quantity, &steps)).collect()
    }

    /// What may arrive now: lines with something open, and how much of each. Services don't arrive.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn to_receive(&self) -> Result<Vec<(&PurchaseOrderLine, Quantity)>, QuantityError> {
        let goods = self.lines.iter().zip(self.progress()?).filter(|(line, _)| line.stocked);
        let open = goods.map(|(line, progress)| Ok((line, progress.to_move(ShipOn::Order)?)));
        above_zero(open)
    }

    /// What may be billed now: lines with something open, and how much of each. Services don't wait for a receipt.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn to_bill(&self) -> Result<Vec<(&PurchaseOrderLine, Quantity)>, QuantityError> {
        let open = self.lines.iter().zip(self.progress()?).map(|(line, progress)| {
            let on = if line.stocked { self.order.bill_on } else { InvoiceOn::Order };
            Ok((line, progress.to_invoice(on)?))
        });
        above_zero(open)
    }

    /// Which stock move each line of a bill charges for.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn links(&self) -> Result<Vec<Link<Id<PurchaseOrderLine>>>, QuantityError> {
        let steps: Vec<_> = self.steps.iter().map(PurchaseStep::step).collect();
        links(&steps)
    }
}
