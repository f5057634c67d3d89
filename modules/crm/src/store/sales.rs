//! Sales orders: their lines, and what happened to them.

use codexion::prelude::{Currency, Date, Id, Money, Price, Quantity, Rate, Repository};

use super::order::{LineTerms, NewStep, Order, OrderHead, OrderLine, OrderStep, order_parts};
use super::{Party, Product, Quote, Sheet};
use crate::domain::progress::{Document, DocumentLine, Overall, Step, StepKind};
use crate::domain::state::{InvoiceOn, OrderState, Progress, ShipOn};

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
pub type OrderSheet = Sheet<SalesOrder>;

impl Order for SalesOrder {
    type Line = SalesOrderLine;
    type Step = SalesStep;
    const COLUMN: &'static str = "sales_order";

    fn head(&self) -> OrderHead<'_> {
        OrderHead {
            party: self.customer,
            number: self.number.as_deref(),
            reference: self.reference.as_deref(),
            state: self.state,
            currency: self.currency,
            freight: self.freight,
            invoice_on: self.invoice_on,
            ship_on: self.ship_on,
        }
    }

    fn confirm(&mut self, number: &str, date: Date) {
        (self.number, self.confirmed) = (Some(number.to_owned()), Some(date));
    }

    fn advance(&mut self, state: OrderState, overall: Overall) {
        self.state = state;
        (self.shipped, self.invoiced, self.paid) = (overall.moved, overall.invoiced, overall.paid);
    }
}

order_parts!(SalesOrder { sales_order }, SalesOrderLine, SalesStep);
