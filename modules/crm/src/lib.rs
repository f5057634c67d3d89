//! CRM: parties and contacts, products and prices, quotes, sales orders, purchase orders.
//!
//! [`domain`] holds the rules and knows neither clock nor database; the providers [`Parties`], [`Catalogue`],
//! [`Quotes`], [`Orders`] and [`Purchases`] are the verbs. Stock and books are other modules': bridges ship and
//! invoice orders, and report by [`Orders::ship`] and [`Orders::invoice`] what they did.

#![warn(clippy::float_arithmetic)]

mod api;
pub mod domain;
mod error;
mod event;
mod hook;
mod policy;
mod service;
mod store;

use codexion::prelude::*;

pub use domain::amount::{Figures, RoundAt, TotalRule, Totals};
pub use domain::progress::{Document, DocumentLine, LineProgress, Link, Overall, Step, StepKind};
pub use domain::state::{InvoiceOn, OrderState, Progress, QuoteState, ShipOn};
pub use error::{AmountError, CatalogueError, DraftError, OrderError, QuoteError, StateError, StepError};
pub use event::{OrderCancelled, OrderConfirmed, OrderShipped, PurchaseConfirmed, PurchaseReceived};
pub use hook::{AfterOrderCancelled, AfterOrderConfirmed, AfterOrderPaid, AfterProductSaved};
pub use hook::{AfterPurchaseCancelled, AfterPurchaseConfirmed, BeforeOrderConfirmed};
pub use policy::{AnswerQuote, BillPurchase, CancelOrder, CancelPurchase, ConfirmOrder, ConfirmPurchase};
pub use policy::{DraftOrder, DraftPurchase, DraftQuote, InvoiceOrder, KeepParty, KeepProduct, ReadOrder};
pub use policy::{ReadPurchase, ReadQuote, ReceivePurchase, SettleOrder, SettlePurchase, ShipOrder};
pub use service::{Catalogue, LINES_MAX, LineDraft, OrderDraft, Orders, Part, Parties, PurchaseDraft, Purchases};
pub use service::{QuoteDraft, Quotes, Taken, TaxTerm};
pub use store::{Contact, OrderSheet, Party, PartyKind, Product, PurchaseOrder, PurchaseOrderLine, PurchaseSheet};
pub use store::{LineOf, LineTerms, Locked, NewStep, Order, OrderHead, OrderLine, OrderStep, Sheet};
pub use store::{PurchaseStep, Quote, QuoteLine, QuoteSheet, SalesOrder, SalesOrderLine, SalesStep};

/// Parties, products, quotes and orders.
#[derive(Debug, Module)]
#[module(name = "crm", migrations = "migrations")]
pub struct Crm;

impl Registers for Crm {
    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../docs/errors.md"));
        m.provide::<Parties>().provide::<Catalogue>().provide::<Quotes>().provide::<Orders>().provide::<Purchases>();
        m.repository::<Party>().repository::<Contact>().repository::<Product>().repository::<store::Counter>();
        m.repository::<Quote>().repository::<QuoteLine>();
        m.repository::<SalesOrder>().repository::<SalesOrderLine>().repository::<SalesStep>();
        m.repository::<PurchaseOrder>().repository::<PurchaseOrderLine>().repository::<PurchaseStep>();
        m.event::<OrderConfirmed>().event::<OrderCancelled>().event::<OrderShipped>();
        m.event::<PurchaseConfirmed>().event::<PurchaseReceived>();
        m.policy::<KeepParty>().policy::<KeepProduct>().policy::<DraftQuote>().policy::<AnswerQuote>();
        m.policy::<DraftOrder>().policy::<ConfirmOrder>().policy::<CancelOrder>();
        m.policy::<ShipOrder>().policy::<InvoiceOrder>().policy::<SettleOrder>();
        m.policy::<DraftPurchase>().policy::<ConfirmPurchase>().policy::<CancelPurchase>();
        m.policy::<ReceivePurchase>().policy::<BillPurchase>().policy::<SettlePurchase>();
        api::routes(m);
    }
}
