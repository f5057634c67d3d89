//! A draft with all its figures, and the draft of a credit note.

use std::collections::HashMap;

use codexion::prelude::{Date, Id, ReadTx, Repository, Result, Rounding, Tx};

use super::{NewInvoice, NewInvoiceLine};
use crate::domain::AccountId;
use crate::domain::tax::{self, TaxRounding, TaxSettings, TaxableLine, TaxedDocument, assess};
use crate::error::InvoiceError;
use crate::service::Ledger;
use crate::service::ledger::company;
use crate::store::{
    Invoice, InvoiceKind, InvoiceLine, InvoiceSide, InvoiceState, Origin, Role, TaxLine, company, invoice,
    tax::domain_taxes,
};

/// An invoice as it is stored, with its parts.
pub(super) struct Drafted {
    pub(super) invoice: Invoice,
    pub(super) lines: Vec<InvoiceLine>,
    pub(super) taxes: Vec<TaxLine>,
}

impl Drafted {
    pub(super) fn insert_lines(&self, tx: &mut Tx) -> Result<()> {
        InvoiceLine::insert_many(tx, &self.lines)?;
        TaxLine::insert_many(tx, &self.taxes)
    }
}

/// Taxes and rounds an invoice.
pub(super) fn reckon(tx: &mut Tx, ledger: &dyn Ledger, id: Id<Invoice>, new: &NewInvoice) -> Result<Drafted> {
    check(new)?;
    let rounding = match new.rounding {
        Some(rounding) => rounding,
        None => company(tx)?.tax_rounding()?,
    };
    let taxes = taxes(tx, &new.lines)?;
    let of_line =
        |line: &NewInvoiceLine| line.tax.and_then(|tax| taxes.get(&tax)).map_or(&[][..], std::slice::from_ref);
    let taxable: Vec<TaxableLine<'_>> = new
        .lines
        .iter()
        .map(|line| TaxableLine {
            quantity: line.quantity,
            price: line.price,
            discount: line.discount,
            taxes: of_line(line),
            deductible: line.deductible,
        })
        .collect();
    let settings = TaxSettings { date: new.date, currency: new.currency, prices: new.prices, rounding };
    let document = assess(&taxable, &settings)?;
    let fallback = account(tx, ledger, new)?;
    let lines = lines(tx, id, new, &document, fallback)?;
    let taxes = tax_lines(tx, id, &document);
    Ok(Drafted { invoice: header(id, new, rounding, &document), lines, taxes })
}

fn check(new: &NewInvoice) -> Result<(), InvoiceError> {
    if new.lines.is_empty() {
        return Err(InvoiceError::NoLines);
    }
    for (line, number) in new.lines.iter().zip(1..) {
        if line.price.currency() != new.currency {
            let (expected, found) = (new.currency, line.price.currency());
            return Err(InvoiceError::Currency { line: number, expected, found });
        }
    }
    match new.due {
        Some(due) if due < new.date => Err(InvoiceError::DueBeforeDate { date: new.date, due }),
        _ => Ok(()),
    }
}

/// The taxes that lines name, with the members of groups.
fn taxes(tx: &mut ReadTx, lines: &[NewInvoiceLine]) -> Result<HashMap<tax::TaxId, tax::Tax>> {
    if lines.iter().all(|line| line.tax.is_none()) {
        return Ok(HashMap::new());
    }
    let found = domain_taxes(tx)?;
    for (line, number) in lines.iter().zip(1..) {
        if line.tax.is_some_and(|tax| !found.contains_key(&tax)) {
            return Err(InvoiceError::NoTax { line: number }.into());
        }
    }
    Ok(found)
}

/// Where lines go that don't say it.
fn account(tx: &mut ReadTx, ledger: &dyn Ledger, new: &NewInvoice) -> Result<Option<AccountId>> {
    let role = match new.side {
        InvoiceSide::Customer => Role::Sales,
        InvoiceSide::Supplier => Role::Purchases,
    };
    let needed = new.lines.iter().any(|line| line.account.is_none());
    if needed { ledger.account(tx, role).map(Some) } else { Ok(None) }
}

fn header(id: Id<Invoice>, new: &NewInvoice, rounding: TaxRounding, document: &TaxedDocument) -> Invoice {
    Invoice {
        id,
        side: new.side,
        kind: new.kind,
        state: InvoiceState::Draft,
        number: None,
        party: new.party,
        date: new.date,
        due: new.due.unwrap_or(new.date),
        prices: new.prices,
        rounding: rounding.rule.to_string(),
        net_at: rounding.net,
        tax_at: rounding.tax,
        rate: new.rate,
        net: document.net,
        tax: document.tax,
        total: document.total,
        entry: None,
        credits: new.credits,
        reference: new.reference.clone(),
        text: new.text.clone(),
        origin: new.origin.kind().to_owned(),
        origin_id: new.origin.id(),
    }
}

fn lines(
    tx: &mut Tx,
    invoice: Id<Invoice>,
    new: &NewInvoice,
    document: &TaxedDocument,
    fallback: Option<AccountId>,
) -> Result<Vec<InvoiceLine>> {
    let mut rows = Vec::with_capacity(new.lines.len());
    for ((line, taxed), position) in new.lines.iter().zip(&document.lines).zip(1..) {
        rows.push(InvoiceLine {
            id: tx.new_id(),
            invoice,
            position,
            text: line.text.clone(),
            quantity: line.quantity,
            price: line.price,
            discount: line.discount,
            tax: line.tax,
            deductible: line.deductible,
            account: line.account.or(fallback).ok_or(InvoiceError::NoLines)?,
            net: taxed.net,
            cost: taxed.cost,
            origin: line.origin.kind().to_owned(),
            origin_id: line.origin.id(),
        });
    }
    Ok(rows)
}

fn tax_lines(tx: &mut Tx, invoice: Id<Invoice>, document: &TaxedDocument) -> Vec<TaxLine> {
    let row = |(total, position): (&tax::TaxTotal, i32)| TaxLine {
        id: tx.new_id(),
        invoice,
        position,
        tax: total.tax,
        base: total.base,
        amount: total.amount,
        deductible: total.deductible,
    };
    document.taxes.iter().zip(1..).map(row).collect()
}

/// The credit note for a whole invoice: the same lines with opposite quantities.
pub(super) fn credit(tx: &mut ReadTx, id: Id<Invoice>, date: Date) -> Result<NewInvoice> {
    let of = Invoice::get(tx, id)?;
    if !matches!(of.state, InvoiceState::Posted | InvoiceState::Paid) {
        return Err(InvoiceError::NotPosted { state: of.state }.into());
    }
    let rule: Rounding = company::rounding(&of.rounding)?;
    let mut new = NewInvoice::new(of.side, of.party, date, of.total.currency());
    new.kind = InvoiceKind::CreditNote;
    new.prices = of.prices;
    new.rounding = Some(TaxRounding { rule, net: of.net_at, tax: of.tax_at });
    new.rate = of.rate;
    new.credits = Some(id);
    new.reference = of.reference;
    new.text = format!("credit for {}", of.number.unwrap_or_default());
    for line in invoice::lines(tx, id)? {
        let mut credit = NewInvoiceLine::new(&line.text, line.quantity.checked_neg()?, line.price).on(line.account);
        (credit.discount, credit.tax, credit.deductible) = (line.discount, line.tax, line.deductible);
        if let Some(origin) = line.origin_id {
            credit.origin = Origin::of(&line.origin, origin);
        }
        new.lines.push(credit);
    }
    Ok(new)
}
