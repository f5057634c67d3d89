//! Invoicing sales orders.

use codexion::prelude::*;
use crm::{OrderSheet, OrderState, Party, SalesOrder, SalesOrderLine};
use finance::{Invoice, InvoiceState, NewInvoice, NewInvoiceLine, Origin, Posted, Role};

use super::charge::{Terms, charged, due, line, origin, taxes};
use super::{Billing, Charge};
use crate::BillingError;

impl Billing {
    /// Drafts an invoice of an order: its lines, and its freight with the first one. The order hears of it once it
    /// is posted.
    ///
    /// # Errors
    /// [`BillingError`]; as [`Invoices::draft`](finance::Invoices::draft).
    pub fn draft(&self, tx: &mut Tx, order: Id<SalesOrder>, charge: &Charge<SalesOrderLine>) -> Result<Id<Invoice>> {
        // Locked, so that two drafts don't hold the same.
        SalesOrder::update(tx, order, |_| Ok(()))?;
        let sheet = self.orders.sheet(tx, order)?;
        let drafts = Filter::eq("origin", origin::SALES_ORDER).and(Filter::eq("origin_id", order));
        if Invoice::count(tx, &drafts.and(Filter::eq("state", InvoiceState::Draft.as_str())))? > 0 {
            return Err(BillingError::DraftOpen { number: number(&sheet) }.into());
        }
        let new = self.written(tx, &sheet, charge)?;
        self.invoices.draft(tx, &new)
    }

    /// Writes the draft of an order's invoice anew, with other parts or on another day.
    ///
    /// # Errors
    /// [`BillingError`]; as [`Invoices::redraft`](finance::Invoices::redraft).
    pub fn redraft(&self, tx: &mut Tx, invoice: Id<Invoice>, charge: &Charge<SalesOrderLine>) -> Result<()> {
        let order = sales_order(&Invoice::get(tx, invoice)?).ok_or(BillingError::NoOrder)?;
        let sheet = self.orders.sheet(tx, order)?;
        let new = self.written(tx, &sheet, charge)?;
        self.invoices.redraft(tx, invoice, &new)
    }

    /// Posts the draft of an order's invoice, and tells the order.
    ///
    /// # Errors
    /// As [`Invoices::post`](finance::Invoices::post) and [`Orders::invoice`](crm::Orders::invoice).
    pub fn post(&self, tx: &mut Tx, invoice: Id<Invoice>) -> Result<Posted> {
        let posted = self.invoices.post(tx, invoice)?;
        self.record(tx, invoice)?;
        Ok(posted)
    }

    /// Drafts and posts an invoice of an order.
    ///
    /// # Errors
    /// As [`draft`](Self::draft) and [`post`](Self::post).
    pub fn invoice(&self, tx: &mut Tx, order: Id<SalesOrder>, charge: &Charge<SalesOrderLine>) -> Result<Id<Invoice>> {
        let id = self.draft(tx, order, charge)?;
        self.post(tx, id)?;
        Ok(id)
    }

    fn written(&self, tx: &mut Tx, sheet: &OrderSheet, charge: &Charge<SalesOrderLine>) -> Result<NewInvoice> {
        let open = match sheet.order.state {
            OrderState::Confirmed | OrderState::Done => sheet.to_invoice()?,
            OrderState::Draft | OrderState::Cancelled => Vec::new(),
        };
        if open.is_empty() {
            return Err(BillingError::NothingOpen { number: number(sheet) }.into());
        }
        let charged = charged(open, &charge.parts, |id| sheet.line(id))?;
        let taxes = taxes(tx, charged.iter().map(|(line, _)| line.tax_code.as_deref()))?;
        let customer = Party::get(tx, sheet.order.customer)?;
        let party = Id::from_uuid(customer.id.uuid());
        let mut new = NewInvoice::customer(party, charge.date, sheet.order.currency);
        new.due = Some(due(charge.date, customer.payment_days));
        new.rounding = charge.rounding;
        new.reference = sheet.order.reference.clone().unwrap_or_else(|| charge.reference.clone());
        new.text = format!("order {}", number(sheet));
        new.origin = Origin::of(origin::SALES_ORDER, sheet.order.id);
        for (of, quantity) in charged {
            let terms = Terms {
                text: &of.description,
                quantity,
                price: of.price,
                discount: of.discount,
                tax_code: of.tax_code.as_deref(),
                tax_rate: of.tax_rate,
                origin: Origin::of(origin::SALES_LINE, of.id),
            };
            new.lines.push(line(terms, &taxes)?);
        }
        new.lines.extend(self.freight(tx, sheet)?);
        Ok(new)
    }

    /// Freight is charged once, with the first invoice.
    fn freight(&self, tx: &mut Tx, sheet: &OrderSheet) -> Result<Option<NewInvoiceLine>> {
        let charged_before = sheet.steps.iter().any(|step| step.kind == crm::StepKind::Invoiced);
        if charged_before || sheet.order.freight.is_zero() {
            return Ok(None);
        }
        let one = Quantity::new(Decimal::ONE, Unit::PIECE)?;
        let price = Price::new(sheet.order.freight.to_decimal(), sheet.order.currency)?;
        let mut line = NewInvoiceLine::new("freight", one, price).on(self.ledger.account(tx, Role::Freight)?);
        line.origin = Origin::of(origin::FREIGHT, sheet.order.id);
        Ok(Some(line))
    }
}

/// The order that an invoice comes from.
pub(super) fn sales_order(invoice: &Invoice) -> Option<Id<SalesOrder>> {
    let id = invoice.origin_id.filter(|_| invoice.origin == origin::SALES_ORDER)?;
    Some(Id::from_uuid(id.uuid()))
}

fn number(sheet: &OrderSheet) -> String {
    sheet.order.number.clone().unwrap_or_else(|| sheet.order.id.to_string())
}
