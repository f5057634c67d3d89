//! From orders of either side to their invoices.

use std::collections::HashMap;

use codexion::data::Entity;
use codexion::prelude::*;
use crm::{LineTerms, Locked, Order, OrderLine, OrderState, OrderStep, Party, Sheet, StepKind, Taken};
use finance::{
    AccountId, Invoice, InvoiceLine, InvoiceSide, InvoiceState, Ledger, NewInvoice, NewInvoiceLine, Origin, Role, Tax,
};

use super::{Billing, Charge};
use crate::BillingError;

/// What an invoice line for freight comes from.
const FREIGHT: &str = "crm.freight";

/// An order as the books see it: sales orders are invoiced, purchase orders are billed.
pub(super) trait Charged: Order {
    /// To customers or of suppliers.
    const SIDE: InvoiceSide;
    /// What its invoices come from.
    const ORIGIN: &'static str;
    /// What their lines come from.
    const LINE_ORIGIN: &'static str;
    /// What it is called on an invoice.
    const WORD: &'static str;
    /// Where goods are posted.
    const GOODS: Role;
    /// Where services are posted.
    const SERVICES: Role;
    /// Where freight is posted.
    const FREIGHT: Role;

    /// What the other side calls the invoice or the order.
    fn outside<'a>(&'a self, charge: &'a str) -> &'a str;

    /// Tells the order of an invoice.
    fn tell(billing: &Billing, tx: &mut Tx, sheet: Locked<Self>, taken: &Taken<'_, Self::Line>) -> Result<()>;

    /// The order that an invoice comes from.
    fn of(invoice: &Invoice) -> Option<Id<Self>> {
        let id = invoice.origin_id.filter(|_| invoice.origin == Self::ORIGIN)?;
        Some(Id::from_uuid(id.uuid()))
    }
}

impl Billing {
    /// The invoice of an order that is locked, so that no two hold the same.
    pub(super) fn charge<O: Charged>(
        &self,
        tx: &mut Tx,
        sheet: &Locked<O>,
        charge: &Charge<O::Line>,
    ) -> Result<NewInvoice> {
        let of_order = Filter::eq("origin", O::ORIGIN).and(Filter::eq("origin_id", sheet.order.key()));
        if Invoice::count(tx, &of_order.and(Filter::eq("state", InvoiceState::Draft.as_str())))? > 0 {
            return Err(BillingError::DraftOpen { number: number(&sheet.order) }.into());
        }
        self.written(tx, sheet, charge)
    }

    /// What an invoice of an order says: its lines, and its freight with the first one.
    pub(super) fn written<O: Charged>(
        &self,
        tx: &mut Tx,
        sheet: &Sheet<O>,
        charge: &Charge<O::Line>,
    ) -> Result<NewInvoice> {
        let (id, head) = (sheet.order.key(), sheet.order.head());
        let open = match head.state {
            OrderState::Confirmed | OrderState::Done => sheet.to_invoice()?,
            OrderState::Draft | OrderState::Cancelled => Vec::new(),
        };
        if open.is_empty() {
            return Err(BillingError::NothingOpen { number: number(&sheet.order) }.into());
        }
        let charged = charged(open, &charge.parts, |id| sheet.line(id))?;
        let freight = !head.freight.is_zero() && !sheet.steps.iter().any(|step| step.step().kind == StepKind::Invoiced);
        let taxes = taxes(tx, charged.iter().map(|(line, _)| line.terms().tax_code))?;
        let accounts = Accounts::of::<O>(tx, self.ledger.as_ref(), charged.iter().map(|(line, _)| *line), freight)?;
        let party = Party::get(tx, head.party)?;
        let mut new = NewInvoice::new(O::SIDE, Id::from_uuid(party.id.uuid()), charge.date, head.currency);
        new.due = Some(charge.date.saturating_add(party.payment_days.days()));
        new.rounding = charge.rounding;
        sheet.order.outside(&charge.reference).clone_into(&mut new.reference);
        new.text = format!("{} {}", O::WORD, number(&sheet.order));
        new.origin = Origin::of(O::ORIGIN, id);
        for (line, quantity) in charged {
            let mut of_line = invoice_line(&line.terms(), quantity, &taxes)?;
            of_line.account = accounts.of_line(line);
            of_line.origin = Origin::of(O::LINE_ORIGIN, line.key());
            new.lines.push(of_line);
        }
        if freight {
            let one = Quantity::new(Decimal::ONE, Unit::PIECE)?;
            let price = Price::new(head.freight.to_decimal(), head.currency)?;
            let mut line = NewInvoiceLine::new("freight", one, price);
            (line.account, line.origin) = (accounts.freight, Origin::of(FREIGHT, id));
            new.lines.push(line);
        }
        Ok(new)
    }
}

/// Where the lines of an invoice are posted.
struct Accounts {
    goods: Option<AccountId>,
    services: Option<AccountId>,
    freight: Option<AccountId>,
}

impl Accounts {
    /// Those that are needed, in one question.
    fn of<'a, O: Charged>(
        tx: &mut ReadTx,
        ledger: &dyn Ledger,
        lines: impl Iterator<Item = &'a O::Line>,
        freight: bool,
    ) -> Result<Self> {
        let (goods, services): (Vec<_>, Vec<_>) = lines.partition(|line| line.stocked());
        let needed = [(O::GOODS, !goods.is_empty()), (O::SERVICES, !services.is_empty()), (O::FREIGHT, freight)];
        let roles: Vec<Role> = needed.iter().filter(|(_, needed)| *needed).map(|(role, _)| *role).collect();
        let found: HashMap<Role, AccountId> = roles.iter().copied().zip(ledger.accounts(tx, &roles)?).collect();
        let of = |role: Role| found.get(&role).copied();
        Ok(Self { goods: of(O::GOODS), services: of(O::SERVICES), freight: of(O::FREIGHT) })
    }

    fn of_line(&self, line: &impl OrderLine) -> Option<AccountId> {
        if line.stocked() { self.goods } else { self.services }
    }
}

/// The taxes of the books by their codes, in one question.
fn taxes<'a>(tx: &mut ReadTx, codes: impl Iterator<Item = Option<&'a str>>) -> Result<HashMap<String, Id<Tax>>> {
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

fn invoice_line(
    terms: &LineTerms<'_>,
    quantity: Quantity,
    taxes: &HashMap<String, Id<Tax>>,
) -> Result<NewInvoiceLine, BillingError> {
    let mut line = NewInvoiceLine::new(terms.description, quantity, terms.price);
    line.tax = match terms.tax_code {
        Some(code) => Some(*taxes.get(code).ok_or_else(|| BillingError::UnknownTax { code: code.to_owned() })?),
        None if terms.tax_rate.is_zero() => None,
        None => return Err(BillingError::NoTaxCode { line: terms.description.to_owned() }),
    };
    line.discount = terms.discount;
    Ok(line)
}

/// What is charged: the parts that were asked for, or everything that is open.
fn charged<'a, L>(
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

/// The parts of an order that the lines of its invoice charge for; freight charges for none.
pub(super) fn parts<O: Charged>(lines: &[InvoiceLine]) -> Vec<crm::Part<O::Line>> {
    let part = |line: &InvoiceLine| {
        let order_line = Id::from_uuid(line.origin_id?.uuid());
        Some(crm::Part { line: order_line, quantity: line.quantity, document_line: Id::from_uuid(line.id.uuid()) })
    };
    lines.iter().filter(|line| line.origin == O::LINE_ORIGIN).filter_map(part).collect()
}

fn number<O: Order>(order: &O) -> String {
    order.head().number.map_or_else(|| order.key().to_string(), str::to_owned)
}
