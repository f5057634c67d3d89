//! Billing purchase orders.

use codexion::prelude::*;
use crm::{OrderState, Party, PurchaseOrder, PurchaseOrderLine, PurchaseSheet};
use finance::{Invoice, InvoiceState, NewInvoice, NewInvoiceLine, Origin, Role};

use super::charge::{Terms, charged, due, line, origin, taxes};
use super::{Billing, Charge};
use crate::BillingError;

impl Billing {
    /// Drafts the bill of a purchase order. Goods that are kept in stock clear what was received and not billed yet;
    /// services are cost.
    ///
    /// # Errors
    /// [`BillingError`]; as [`Invoices::draft`](finance::Invoices::draft).
    pub fn draft_bill(
        &self,
        tx: &mut Tx,
        order: Id<PurchaseOrder>,
        charge: &Charge<PurchaseOrderLine>,
    ) -> Result<Id<Invoice>> {
        PurchaseOrder::update(tx, order, |_| Ok(()))?;
        let sheet = self.purchases.sheet(tx, order)?;
        let drafts = Filter::eq("origin", origin::PURCHASE_ORDER).and(Filter::eq("origin_id", order));
        if Invoice::count(tx, &drafts.and(Filter::eq("state", InvoiceState::Draft.as_str())))? > 0 {
            return Err(BillingError::DraftOpen { number: number(&sheet) }.into());
        }
        let new = self.written_bill(tx, &sheet, charge)?;
        self.invoices.draft(tx, &new)
    }

    /// Drafts and posts the bill of a purchase order, and tells the order.
    ///
    /// # Errors
    /// As [`draft_bill`](Self::draft_bill) and [`post`](Self::post).
    pub fn bill(
        &self,
        tx: &mut Tx,
        order: Id<PurchaseOrder>,
        charge: &Charge<PurchaseOrderLine>,
    ) -> Result<Id<Invoice>> {
        let id = self.draft_bill(tx, order, charge)?;
        self.post(tx, id)?;
        Ok(id)
    }

    fn written_bill(
        &self,
        tx: &mut Tx,
        sheet: &PurchaseSheet,
        charge: &Charge<PurchaseOrderLine>,
    ) -> Result<NewInvoice> {
        let open = match sheet.order.state {
            OrderState::Confirmed | OrderState::Done => sheet.to_bill()?,
            OrderState::Draft | OrderState::Cancelled => Vec::new(),
        };
        if open.is_empty() {
            return Err(BillingError::NothingOpen { number: number(sheet) }.into());
        }
        let charged = charged(open, &charge.parts, |id| sheet.line(id))?;
        let taxes = taxes(tx, charged.iter().map(|(line, _)| line.tax_code.as_deref()))?;
        let accounts = self.ledger.accounts(tx, &[Role::GoodsReceivedNotInvoiced, Role::Purchases])?;
        let supplier = Party::get(tx, sheet.order.supplier)?;
        let party = Id::from_uuid(supplier.id.uuid());
        let mut new = NewInvoice::supplier(party, charge.date, sheet.order.currency);
        new.due = Some(due(charge.date, supplier.payment_days));
        new.rounding = charge.rounding;
        new.reference.clone_from(&charge.reference);
        new.text = format!("purchase order {}", number(sheet));
        new.origin = Origin::of(origin::PURCHASE_ORDER, sheet.order.id);
        for (of, quantity) in charged {
            let terms = Terms {
                text: &of.description,
                quantity,
                price: of.price,
                discount: of.discount,
                tax_code: of.tax_code.as_deref(),
                tax_rate: of.tax_rate,
                origin: Origin::of(origin::PURCHASE_LINE, of.id),
            };
            let mut line = line(terms, &taxes)?;
            line.account = accounts.get(usize::from(!of.stocked)).copied();
            new.lines.push(line);
        }
        new.lines.extend(freight(sheet)?);
        Ok(new)
    }
}

/// Freight is charged once, with the first bill, and is cost.
fn freight(sheet: &PurchaseSheet) -> Result<Option<NewInvoiceLine>> {
    let charged_before = sheet.steps.iter().any(|step| step.kind == crm::StepKind::Invoiced);
    if charged_before || sheet.order.freight.is_zero() {
        return Ok(None);
    }
    let one = Quantity::new(Decimal::ONE, Unit::PIECE)?;
    let price = Price::new(sheet.order.freight.to_decimal(), sheet.order.currency)?;
    let mut line = NewInvoiceLine::new("freight", one, price);
    line.origin = Origin::of(origin::FREIGHT, sheet.order.id);
    Ok(Some(line))
}

/// The purchase order that a bill comes from.
pub(super) fn purchase_order(invoice: &Invoice) -> Option<Id<PurchaseOrder>> {
    let id = invoice.origin_id.filter(|_| invoice.origin == origin::PURCHASE_ORDER)?;
    Some(Id::from_uuid(id.uuid()))
}

fn number(sheet: &PurchaseSheet) -> String {
    sheet.order.number.clone().unwrap_or_else(|| sheet.order.id.to_string())
}
