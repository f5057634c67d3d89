//! What sales orders and purchase orders have in common, as the rules see them.

use std::fmt::Debug;

use codexion::data::Writable;
use codexion::prelude::{Currency, Date, Id, Money, Price, Quantity, Rate, Repository};

use super::{Party, Product};
use crate::domain::amount::Figures;
use crate::domain::progress::{Document, Overall, Step};
use crate::domain::state::{InvoiceOn, OrderState, ShipOn};

/// A sales order or a purchase order.
pub trait Order: Repository<Key = Id<Self>> + Writable + Debug {
    /// Its lines.
    type Line: OrderLine<Order = Self>;
    /// What happened to them.
    type Step: OrderStep<Order = Self>;
    /// The column in which lines and steps name their order.
    const COLUMN: &'static str;

    /// What the rules need to know of it.
    fn head(&self) -> OrderHead<'_>;

    /// Writes down when it was confirmed, and under which number.
    fn confirm(&mut self, number: &str, date: Date);

    /// Writes down where it stands, and how far it has come.
    fn advance(&mut self, state: OrderState, overall: Overall);
}

/// What the rules need to know of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderHead<'a> {
    /// The customer or the supplier.
    pub party: Id<Party>,
    /// The number that people know it by, once it is confirmed.
    pub number: Option<&'a str>,
    /// Its number elsewhere.
    pub reference: Option<&'a str>,
    /// Where it stands.
    pub state: OrderState,
    /// Of all its prices.
    pub currency: Currency,
    /// Freight and other charges, without tax.
    pub freight: Money,
    /// When its goods are invoiced.
    pub invoice_on: InvoiceOn,
    /// When its goods move.
    pub ship_on: ShipOn,
}

/// A line of an order.
pub trait OrderLine: Repository<Key = Id<Self>> + Writable + Debug {
    /// Whose line it is.
    type Order: Order<Line = Self>;

    /// A line that is to be written.
    fn new(id: Id<Self>, order: Id<Self::Order>, terms: LineTerms<'_>, stocked: bool) -> Self;

    /// Of which order.
    fn order(&self) -> Id<Self::Order>;

    /// What was agreed.
    fn terms(&self) -> LineTerms<'_>;

    /// Goods move, services do not.
    fn stocked(&self) -> bool;
}

/// A movement or an invoice of a part of a line.
pub trait OrderStep: Repository<Key = Id<Self>> + Writable + Debug {
    /// Whose step it is.
    type Order: Order<Step = Self>;

    /// A step that is to be written.
    fn new(id: Id<Self>, new: NewStep<Self::Order>) -> Self;

    /// Of which order.
    fn order(&self) -> Id<Self::Order>;

    /// Counts the steps of an order, from 1.
    fn position(&self) -> i32;

    /// The shipment, the receipt, the invoice or the bill.
    fn document(&self) -> Id<Document>;

    /// What the rules see of it.
    fn step(&self) -> Step<Id<LineOf<Self>>>;

    /// Notes that the invoice is paid.
    fn pay(&mut self);
}

/// The lines of the order that a step belongs to.
pub type LineOf<S> = <<S as OrderStep>::Order as Order>::Line;

/// What a line of a quote or of an order says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineTerms<'a> {
    /// Counts from 1.
    pub position: i32,
    /// What.
    pub product: Id<Product>,
    /// In words.
    pub description: &'a str,
    /// How much.
    pub quantity: Quantity,
    /// For one unit, without tax.
    pub price: Price,
    /// Taken off the price.
    pub discount: Rate,
    /// The tax charged on it, by its code.
    pub tax_code: Option<&'a str>,
    /// How much that tax is.
    pub tax_rate: Rate,
}

impl LineTerms<'_> {
    /// What it comes to.
    #[must_use]
    pub const fn figures(&self) -> Figures {
        Figures { quantity: self.quantity, price: self.price, discount: self.discount, tax: self.tax_rate }
    }
}

/// A step that is to be written.
#[derive(Debug)]
pub struct NewStep<O: Order> {
    /// Of which order.
    pub order: Id<O>,
    /// Counts the steps of the order, from 1.
    pub position: i32,
    /// When.
    pub date: Date,
    /// The shipment, the receipt, the invoice or the bill.
    pub document: Id<Document>,
    /// What happened.
    pub step: Step<Id<O::Line>>,
}

/// Lines and steps of both sides have the same columns, but for the one that names their order.
macro_rules! order_parts {
    ($order:ident { $column:ident }, $line:ident, $step:ident) => {
        impl OrderLine for $line {
            type Order = $order;

            fn new(id: Id<Self>, order: Id<$order>, terms: LineTerms<'_>, stocked: bool) -> Self {
                Self {
                    id,
                    $column: order,
                    position: terms.position,
                    product: terms.product,
                    description: terms.description.to_owned(),
                    quantity: terms.quantity,
                    price: terms.price,
                    discount: terms.discount,
                    tax_code: terms.tax_code.map(str::to_owned),
                    tax_rate: terms.tax_rate,
                    stocked,
                }
            }

            fn order(&self) -> Id<$order> {
                self.$column
            }

            fn terms(&self) -> LineTerms<'_> {
                LineTerms {
                    position: self.position,
                    product: self.product,
                    description: &self.description,
                    quantity: self.quantity,
                    price: self.price,
                    discount: self.discount,
                    tax_code: self.tax_code.as_deref(),
                    tax_rate: self.tax_rate,
                }
            }

            fn stocked(&self) -> bool {
                self.stocked
            }
        }

        impl OrderStep for $step {
            type Order = $order;

            fn new(id: Id<Self>, new: NewStep<$order>) -> Self {
                let NewStep { order: $column, position, date, document, step } = new;
                let Step { line, kind, quantity, document_line, paid } = step;
                Self { id, $column, line, position, kind, quantity, date, document, document_line, paid }
            }

            fn order(&self) -> Id<$order> {
                self.$column
            }

            fn position(&self) -> i32 {
                self.position
            }

            fn document(&self) -> Id<Document> {
                self.document
            }

            fn step(&self) -> Step<Id<$line>> {
                let Self { line, kind, quantity, document_line, paid, .. } = *self;
                Step { line, kind, quantity, document_line, paid }
            }

            fn pay(&mut self) {
                self.paid = true;
            }
        }
    };
}

pub(super) use order_parts;
