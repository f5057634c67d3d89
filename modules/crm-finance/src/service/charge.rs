//! From lines of orders to lines of invoices.

use std::collections::HashMap;

use codexion::prelude::*;
use finance::{NewInvoiceLine, Origin, Tax};

use crate::BillingError;

/// What kinds of documents and lines invoices come from.
pub(super) mod origin {
    pub(in crate::service) const SALES_ORDER: &str = "crm.sales_order";
    pub(in crate::service) const SALES_LINE: &str = "crm.sales_order_line";
    pub(in crate::service) const PURCHASE_ORDER: &str = "crm.purchase_order";
    pub(in crate::service) const PURCHASE_LINE: &str = "crm.purchase_order_line";
    pub(in crate::service) const FREIGHT: &str = "crm.freight";
}

/// What an invoice says of a line of an order.
pub(super) struct Terms<'a> {
    pub(super) text: &'a str,
    pub(super) quantity: Quantity,
    pub(super) price: Price,
    pub(super) discount: Rate,
    pub(super) tax_code: Option<&'a str>,
    pub(super) tax_rate: Rate,
    pub(super) origin: Origin,
}

/// The taxes of the books by their codes, in one question.
pub(super) fn taxes<'a>(
    tx: &mut ReadTx,
    codes: impl Iterator<Item = Option<&'a str>>,
) -> Result<HashMap<String, Id<Tax>>> {
    let mut codes: Vec<&str> = codes.flatten().collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let values = codes.into_iter().map(Value::from).collect();
    let found = Tax::list(tx, &Filter::In { column: "code", values })?;
    Ok(found.into_iter().map(|tax| (tax.code, tax.id)).collect())
}

/// The line of an invoice.
pub(super) fn line(terms: Terms<'_>, taxes: &HashMap<String, Id<Tax>>) -> Result<NewInvoiceLine, BillingError> {
    let mut line = NewInvoiceLine::new(terms.text, terms.quantity, terms.price);
    line.tax = match terms.tax_code {
        Some(code) => Some(*taxes.get(code).ok_or_else(|| BillingError::UnknownTax { code: code.to_owned() })?),
        None if terms.tax_rate.is_zero() => None,
        None => return Err(BillingError::NoTaxCode { line: terms.text.to_owned() }),
    };
    (line.discount, line.origin) = (terms.discount, terms.origin);
    Ok(line)
}

/// What is charged: the parts that were asked for, or everything that is open.
pub(super) fn charged<'a, L>(
    open: Vec<(&'a L, Quantity)>,
    parts: &[(Id<L>, Quantity)],
    find: impl Fn(Id<L>) -> Option<&'a L>,
) -> Result<Vec<(&'a L, Quantity)>, BillingError> {
    if parts.is_empty() {
        return Ok(open);
    }
    let part = |(id, quantity): &(Id<L>, Quantity)| {
        let line = find(*id).ok_or_else(|| BillingError::UnknownLine { line: id.to_string() })?;
        Ok((line, *quantity))
    };
    parts.iter().map(part).collect()
}

/// Days after `date`, as far as the calendar goes.
pub(super) fn due(date: Date, days: i32) -> Date {
    date.saturating_add(days.days())
}
