//! Invoices and payments that are to be written.

use codexion::prelude::{Choice, Currency, Date, Id, Money, Price, Quantity, Rate, Value};

use crate::domain::tax::{PriceBasis, TaxRounding};
use crate::domain::{AccountId, Party};
use crate::service::Difference;
use crate::store::{Invoice, InvoiceKind, InvoiceSide, Origin, Tax};

/// An invoice or credit note that is being written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInvoice {
    /// To a customer or of a supplier.
    pub side: InvoiceSide,
    /// Invoice or credit note; the quantities of a credit note are below zero.
    pub kind: InvoiceKind,
    /// Who pays, or is paid.
    pub party: Id<Party>,
    /// Its date.
    pub date: Date,
    /// When it is to be paid; at once if it is not said.
    pub due: Option<Date>,
    /// The currency of its prices.
    pub currency: Currency,
    /// What is billed.
    pub lines: Vec<NewInvoiceLine>,
    /// Whether its prices include taxes.
    pub prices: PriceBasis,
    /// How it is rounded; as the company says if it is not said.
    pub rounding: Option<TaxRounding>,
    /// What one unit of its currency is worth in the company's; the rate of the day if it is not said.
    pub rate: Option<Rate>,
    /// Of a credit note: the invoice it takes back.
    pub credits: Option<Id<Invoice>>,
    /// The other side's number or order.
    pub reference: String,
    /// What it is about.
    pub text: String,
    /// What it comes from.
    pub origin: Origin,
}

/// A line of an invoice that is being written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInvoiceLine {
    /// What is sold or bought.
    pub text: String,
    /// How much.
    pub quantity: Quantity,
    /// For one unit.
    pub price: Price,
    /// Taken off the price: `0.05` for 5 %.
    pub discount: Rate,
    /// The tax on it; several are a group.
    pub tax: Option<Id<Tax>>,
    /// The share of the taxes that is reclaimed; the rest is cost.
    pub deductible: Rate,
    /// Where it is posted; the account for sales, or for purchases, if it is not said.
    pub account: Option<AccountId>,
    /// What it comes from: a stock move, an order line.
    pub origin: Origin,
}

impl NewInvoice {
    /// An invoice without lines yet.
    #[must_use]
    pub fn new(side: InvoiceSide, party: Id<Party>, date: Date, currency: Currency) -> Self {
        Self {
            side,
            kind: InvoiceKind::Invoice,
            party,
            date,
            due: None,
            currency,
            lines: Vec::new(),
            prices: PriceBasis::Net,
            rounding: None,
            rate: None,
            credits: None,
            reference: String::new(),
            text: String::new(),
            origin: Origin::manual(),
        }
    }

    /// An invoice to a customer.
    #[must_use]
    pub fn customer(party: Id<Party>, date: Date, currency: Currency) -> Self {
        Self::new(InvoiceSide::Customer, party, date, currency)
    }

    /// A bill of a supplier.
    #[must_use]
    pub fn supplier(party: Id<Party>, date: Date, currency: Currency) -> Self {
        Self::new(InvoiceSide::Supplier, party, date, currency)
    }

    /// The same with one more line.
    #[must_use]
    pub fn line(mut self, line: NewInvoiceLine) -> Self {
        self.lines.push(line);
        self
    }
}

impl NewInvoiceLine {
    /// A line without discount and tax.
    #[must_use]
    pub fn new(text: &str, quantity: Quantity, price: Price) -> Self {
        Self {
            text: text.to_owned(),
            quantity,
            price,
            discount: Rate::ZERO,
            tax: None,
            deductible: Rate::ONE,
            account: None,
            origin: Origin::manual(),
        }
    }

    /// The same with a tax.
    #[must_use]
    pub const fn taxed(mut self, tax: Id<Tax>) -> Self {
        self.tax = Some(tax);
        self
    }

    /// The same on an account.
    #[must_use]
    pub const fn on(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }
}

/// A payment that is to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPayment {
    /// A customer's (money comes in) or to a supplier (money goes out).
    pub side: InvoiceSide,
    /// Who paid, or is paid.
    pub party: Id<Party>,
    /// When.
    pub date: Date,
    /// How much; below zero for a refund, which goes the other way.
    pub amount: Money,
    /// Where the money comes in or goes out; the bank account if it is not said.
    pub account: Option<AccountId>,
    /// The invoices it settles, in this order; none for a payment on account.
    pub invoices: Vec<Id<Invoice>>,
    /// What happens to the difference.
    pub difference: Difference,
    /// What one unit of its currency is worth in the company's; the rate of the day if it is not said.
    pub rate: Option<Rate>,
    /// What the bank statement says.
    pub reference: String,
}

impl NewPayment {
    /// A payment on account.
    #[must_use]
    pub fn new(side: InvoiceSide, party: Id<Party>, date: Date, amount: Money) -> Self {
        Self {
            side,
            party,
            date,
            amount,
            account: None,
            invoices: Vec::new(),
            difference: Difference::Keep,
            rate: None,
            reference: String::new(),
        }
    }

    /// The same for an invoice.
    #[must_use]
    pub fn settling(mut self, invoice: Id<Invoice>) -> Self {
        self.invoices.push(invoice);
        self
    }

    /// The same, with what is left over written off.
    #[must_use]
    pub const fn writing_off(mut self) -> Self {
        self.difference = Difference::WriteOff;
        self
    }
}

impl codexion::data::Resource for NewPayment {
    fn attributes(&self) -> Vec<(&'static str, Value)> {
        let (amount, currency) = (self.amount.minor(), self.amount.currency());
        let side = self.side.as_str();
        vec![
            ("side", side.into()),
            ("party", self.party.into()),
            ("amount", amount.into()),
            ("currency", currency.into()),
        ]
    }
}
