//! Purchase orders: their lines, and what happened to them.

use codexion::prelude::{Currency, Date, Id, Money, Price, Quantity, Rate, Repository};

use super::order::{LineTerms, NewStep, Order, OrderHead, OrderLine, OrderStep, order_parts};
use super::{Party, Product, Sheet};
use crate::domain::progress::{Document, DocumentLine, Overall, Step, StepKind};
use crate::domain::state::{InvoiceOn, OrderState, Progress, ShipOn};

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
pub type PurchaseSheet = Sheet<PurchaseOrder>;

impl Order for PurchaseOrder {
    type Line = PurchaseOrderLine;
    type Step = PurchaseStep;
    const COLUMN: &'static str = "purchase_order";

    fn head(&self) -> OrderHead<'_> {
        OrderHead {
            party: self.supplier,
            number: self.number.as_deref(),
            reference: self.reference.as_deref(),
            state: self.state,
            currency: self.currency,
            freight: self.freight,
            invoice_on: self.bill_on,
            // Suppliers don't wait for their money.
            ship_on: ShipOn::Order,
        }
    }

    fn confirm(&mut self, number: &str, date: Date) {
        (self.number, self.confirmed) = (Some(number.to_owned()), Some(date));
    }

    fn advance(&mut self, state: OrderState, overall: Overall) {
        self.state = state;
        (self.received, self.billed, self.paid) = (overall.moved, overall.invoiced, overall.paid);
    }
}

order_parts!(PurchaseOrder { purchase_order }, PurchaseOrderLine, PurchaseStep);
