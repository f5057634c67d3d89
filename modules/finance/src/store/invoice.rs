//! Invoices of both sides, their lines and their taxes.

use codexion::core::MoneyError;
use codexion::prelude::{
    Choice, Date, Execute, Filter, Id, Money, Price, Quantity, Rate, ReadTx, Repository, Result, Tx, Value, arg,
};
use diesel::prelude::*;

use super::{Account, Document, Entry, OpenItem, Tax};
use crate::domain::Party;
use crate::domain::tax::{PriceBasis, RoundAt};

/// An invoice or credit note, to a customer or of a supplier.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_invoices", tenant, company, versioned, audited)]
pub struct Invoice {
    /// Its id.
    pub id: Id<Invoice>,
    /// To a customer or of a supplier.
    pub side: InvoiceSide,
    /// Invoice or credit note.
    pub kind: InvoiceKind,
    /// How far it is.
    pub state: InvoiceState,
    /// Its legal number, once it is posted.
    #[field(max_len = 60)]
    pub number: Option<String>,
    /// Who pays, or is paid.
    pub party: Id<Party>,
    /// Its date.
    pub date: Date,
    /// When it is to be paid.
    pub due: Date,
    /// Whether its prices include taxes.
    pub prices: PriceBasis,
    /// The rule by which it was rounded.
    #[field(max_len = 12)]
    pub rounding: String,
    /// Where its net amounts are rounded.
    pub net_at: RoundAt,
    /// Where its taxes are rounded.
    pub tax_at: RoundAt,
    /// What one unit of its currency is worth in the company's; absent when they are the same, or not known yet.
    pub rate: Option<Rate>,
    /// Sum of the lines without taxes; below zero on credit notes.
    pub net: Money,
    /// Sum of the taxes.
    pub tax: Money,
    /// What is to be paid.
    pub total: Money,
    /// The entry it was posted by; none when there was nothing to post.
    #[field(references = Entry)]
    pub entry: Option<Id<Entry>>,
    /// Of a credit note: the invoice it takes back.
    #[field(references = Invoice)]
    pub credits: Option<Id<Invoice>>,
    /// The other side's number or order.
    #[field(max_len = 80)]
    pub reference: String,
    /// What it is about.
    #[field(max_len = 400)]
    pub text: String,
    /// What kind of document it comes from.
    #[field(max_len = 60)]
    pub origin: String,
    /// That document.
    pub origin_id: Option<Id<Document>>,
}

impl Invoice {
    /// Coins that rounding left over, in the total but neither net nor tax.
    ///
    /// # Errors
    /// The amounts are not those of one invoice.
    pub fn round_off(&self) -> Result<Money, MoneyError> {
        self.total.checked_sub(self.net)?.checked_sub(self.tax)
    }
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_invoice_lines", tenant, company)]
pub struct InvoiceLine {
    /// Its id.
    pub id: Id<InvoiceLine>,
    /// The invoice.
    #[field(references = Invoice)]
    pub invoice: Id<Invoice>,
    /// Its place in the invoice, from 1.
    pub position: i32,
    /// What was sold or bought.
    #[field(max_len = 400)]
    pub text: String,
    /// How much; below zero on credit notes.
    pub quantity: Quantity,
    /// For one unit.
    pub price: Price,
    /// Taken off the price: `0.05` for 5 %.
    #[field(min = 0, max = 1)]
    pub discount: Rate,
    /// The tax on it; several are a group.
    #[field(references = Tax)]
    pub tax: Option<Id<Tax>>,
    /// The share of the taxes that is reclaimed; the rest is cost.
    #[field(min = 0, max = 1)]
    pub deductible: Rate,
    /// Where it is posted.
    #[field(references = Account)]
    pub account: Id<Account>,
    /// Without taxes.
    pub net: Money,
    /// With the taxes that are not deductible.
    pub cost: Money,
    /// What kind of document it comes from: a stock move, an order line.
    #[field(max_len = 60)]
    pub origin: String,
    /// That document.
    pub origin_id: Option<Id<Document>>,
}

/// The figures of one tax on an invoice.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_tax_lines", tenant, company)]
pub struct TaxLine {
    /// Its id.
    pub id: Id<TaxLine>,
    /// The invoice.
    #[field(references = Invoice)]
    pub invoice: Id<Invoice>,
    /// Its place in the invoice, from 1.
    pub position: i32,
    /// The tax.
    #[field(references = Tax)]
    pub tax: Id<Tax>,
    /// What it is charged on.
    pub base: Money,
    /// How much it is.
    pub amount: Money,
    /// How much of it is reclaimed.
    pub deductible: Money,
}

/// Which of the two sub-ledgers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum InvoiceSide {
    /// Sales: the other side owes.
    Customer,
    /// Purchases: the company owes.
    Supplier,
}

/// Invoice or credit note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum InvoiceKind {
    /// Asks for money.
    Invoice,
    /// Takes an invoice back, wholly or in part.
    CreditNote,
}

/// How far an invoice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum InvoiceState {
    /// It can be changed or cancelled.
    Draft,
    /// It is in the books and open.
    Posted,
    /// It is in the books and settled.
    Paid,
    /// It was never posted and never will be.
    Cancelled,
}

/// Sets the invoices of these entries to posted or paid, as their open items are.
pub(crate) fn refresh_states(tx: &mut Tx, entries: &[Id<Entry>]) -> Result<Vec<Id<Invoice>>> {
    let values: Vec<Value> = entries.iter().map(|id| Value::from(*id)).collect();
    let invoices = Invoice::list(tx, &Filter::In { column: "entry", values: values.clone() })?;
    if invoices.is_empty() {
        return Ok(Vec::new());
    }
    let items = OpenItem::list(tx, &Filter::In { column: "entry", values })?;
    let mut paid = Vec::new();
    for invoice in invoices {
        let open = items.iter().any(|item| Some(item.entry) == invoice.entry && item.settled_on.is_none());
        let state = if open { InvoiceState::Posted } else { InvoiceState::Paid };
        if state == InvoiceState::Paid {
            paid.push(invoice.id);
        }
        if invoice.state != state {
            Invoice::update(tx, invoice.id, |stored| {
                stored.state = state;
                Ok(())
            })?;
        }
    }
    Ok(paid)
}

/// The lines of an invoice in their order.
pub(crate) fn lines(tx: &mut ReadTx, invoice: Id<Invoice>) -> Result<Vec<InvoiceLine>> {
    let mut lines = InvoiceLine::list(tx, &Filter::eq("invoice", invoice))?;
    lines.sort_by_key(|line| line.position);
    Ok(lines)
}

/// The taxes of an invoice in their order.
pub(crate) fn tax_lines(tx: &mut ReadTx, invoice: Id<Invoice>) -> Result<Vec<TaxLine>> {
    let mut lines = TaxLine::list(tx, &Filter::eq("invoice", invoice))?;
    lines.sort_by_key(|line| line.position);
    Ok(lines)
}

/// Takes lines and taxes off a draft.
pub(crate) fn delete_lines(tx: &mut Tx, invoice: Id<Invoice>) -> Result<()> {
    let lines = diesel::delete(finance_invoice_lines::table).filter(InvoiceLine::scope(tx));
    lines.filter(finance_invoice_lines::invoice.eq(arg(invoice))).run(tx)?;
    let taxes = diesel::delete(finance_tax_lines::table).filter(TaxLine::scope(tx));
    taxes.filter(finance_tax_lines::invoice.eq(arg(invoice))).run(tx)?;
    Ok(())
}

/// Whether the entry is an invoice's.
pub(crate) fn is_posted_by(tx: &mut ReadTx, entry: Id<Entry>) -> Result<bool> {
    let invoices: i64 = Invoice::query(tx).filter(finance_invoices::entry.eq(Some(entry))).count().row(tx)?;
    Ok(invoices > 0)
}
