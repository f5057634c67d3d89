//! Orders of customers: taken, shipped, invoiced, paid, taken back.

use codexion::prelude::*;
use crm::{InvoiceOn, LineDraft, OrderDraft};
use crm_finance::Charge;
use crm_inventory::{Dispatch, ShipmentSheet};
use finance::{Invoice, NewPayment};
use inventory::Returned;

use super::{EUR, Shift, money, pieces};
use crate::demo::plan::{Share, Store};

impl Shift<'_> {
    pub(super) fn order(&mut self, tx: &mut Tx, place: usize) -> Result<()> {
        let Some(order) = self.plan.orders.get(place) else { return Ok(()) };
        let mut lines = Vec::with_capacity(order.lines.len());
        for line in &order.lines {
            let draft = LineDraft::of(self.known.product(line.product)?, pieces(line.pieces));
            lines.push(draft.less(Rate::percent(Decimal::from(line.discount))?));
        }
        let mut draft = OrderDraft::new(self.known.customer(order.customer)?, order.date, EUR, lines);
        draft.reference = Some(order.number.clone());
        draft.invoice_on = InvoiceOn::Shipment;
        draft.freight = Some(money(order.freight));
        let id = self.desk.orders.draft(tx, &draft)?;
        self.desk.orders.confirm(tx, id, order.date)?;
        self.known.orders.insert(place, id);
        Ok(())
    }

    pub(super) fn ship(&mut self, tx: &mut Tx, order: usize, date: Date, parts: &[(usize, i64)]) -> Result<()> {
        let id = self.known.order(order)?;
        let from = self.plan.orders.get(order).map_or(Store::Main, |order| order.from);
        let mut dispatch = Dispatch::all(date).at(self.known.place(from)?);
        if !parts.is_empty() {
            let sheet = self.desk.orders.sheet(tx, id)?;
            let part = |(line, count): &(usize, i64)| Some((sheet.lines.get(*line)?.id, pieces(*count)));
            dispatch = dispatch.only(parts.iter().filter_map(part));
        }
        self.desk.shipping.ship_order(tx, id, &dispatch).map(|_| ())
    }

    pub(super) fn invoice(&mut self, tx: &mut Tx, order: usize, date: Date) -> Result<()> {
        let invoice = self.desk.billing.invoice(tx, self.known.order(order)?, &Charge::all(date))?;
        self.known.invoices.entry(order).or_default().push(invoice);
        Ok(())
    }

    pub(super) fn pay(&mut self, tx: &mut Tx, of: (usize, usize), date: Date, share: Share) -> Result<()> {
        let id = self.known.invoice(of.0, of.1)?;
        if share == Share::All {
            return self.desk.billing.pay_in_full(tx, id, date).map(|_| ());
        }
        let invoice = Invoice::get(tx, id)?;
        let payment = |amount| NewPayment::new(invoice.side, invoice.party, date, amount).settling(id);
        let payment = match share {
            Share::Part(percent) => {
                payment(Rate::percent(Decimal::from(percent))?.apply(invoice.total, Rounding::HalfUp)?)
            }
            // Somebody kept the charges of the bank.
            Share::Almost | Share::All => payment(invoice.total.checked_sub(money(35))?).writing_off(),
        };
        self.desk.billing.pay(tx, &payment).map(|_| ())
    }

    /// Everything of an order comes back, and its invoice is credited.
    pub(super) fn take_back(&mut self, tx: &mut Tx, order: usize, date: Date) -> Result<()> {
        let place = self.known.place(Store::Main)?;
        for sheet in ShipmentSheet::of_order(tx, self.known.order(order)?)? {
            for (movement, quantity) in sheet.lines.iter().filter_map(|line| Some((line.movement?, line.quantity))) {
                let origin = Some(format!("return of {}", sheet.shipment.number));
                self.desk.stock.take_back(tx, &Returned { movement, place, quantity, date, origin })?;
            }
        }
        let invoice = self.known.invoice(order, 0)?;
        let credit = self.desk.invoices.credit(tx, invoice, date)?;
        self.desk.invoices.post(tx, credit)?;
        self.desk.billing.settle_all(tx, &[invoice])
    }
}
