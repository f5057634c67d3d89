//! Orders at suppliers, what arrives of them, and their bills; and goods that change places.

use codexion::prelude::*;
use crm::{LineDraft, PurchaseDraft};
use crm_finance::Charge;
use crm_inventory::{Dispatch, Shipping};
use inventory::{Count, Transfer};

use super::{EUR, Shift, pieces, price};
use crate::demo::plan::Store;

impl Shift<'_> {
    pub(super) fn purchase(&mut self, tx: &mut Tx, place: usize) -> Result<()> {
        let Some(purchase) = self.plan.purchases.get(place) else { return Ok(()) };
        let mut lines = Vec::with_capacity(purchase.lines.len());
        for (product, count, cost) in &purchase.lines {
            lines.push(LineDraft::of(self.known.product(*product)?, pieces(*count)).at(price(*cost)));
        }
        let mut draft = PurchaseDraft::new(self.known.supplier(purchase.supplier)?, purchase.date, EUR, lines);
        draft.reference = Some(purchase.number.clone());
        let id = self.desk.purchases.draft(tx, &draft)?;
        self.desk.purchases.confirm(tx, id, purchase.date)?;
        self.known.purchases.insert(place, id);
        Ok(())
    }

    pub(super) fn receive(&mut self, tx: &mut Tx, purchase: usize, date: Date, parts: &[(usize, i64)]) -> Result<()> {
        let id = self.known.purchase(purchase)?;
        let mut dispatch = Dispatch::all(date).at(self.known.place(Store::Main)?);
        if !parts.is_empty() {
            let sheet = self.desk.purchases.sheet(tx, id)?;
            let part = |(line, count): &(usize, i64)| Some((sheet.lines.get(*line)?.id, pieces(*count)));
            dispatch = dispatch.only(parts.iter().filter_map(part));
        }
        self.desk.shipping.receive(tx, id, &dispatch).map(|_| ())
    }

    pub(super) fn bill(&mut self, tx: &mut Tx, purchase: usize, date: Date) -> Result<()> {
        let bills = self.known.bills.get(&purchase).map_or(0, Vec::len);
        let mut charge = Charge::all(date);
        // Bills carry the number of whoever wrote them.
        charge.reference = format!("R{}{:04}-{}", date.year(), purchase * 7 + 311, bills + 1);
        let bill = self.desk.billing.bill(tx, self.known.purchase(purchase)?, &charge)?;
        self.known.bills.entry(purchase).or_default().push(bill);
        Ok(())
    }

    pub(super) fn pay_bill(&mut self, tx: &mut Tx, of: (usize, usize), date: Date) -> Result<()> {
        self.desk.billing.pay_in_full(tx, self.known.bill(of.0, of.1)?, date).map(|_| ())
    }

    pub(super) fn transfer(&mut self, tx: &mut Tx, date: Date, lines: &[(usize, i64)]) -> Result<()> {
        let (from, to) = (self.known.place(Store::Main)?, self.known.place(Store::Shop)?);
        let mut transfers = Vec::with_capacity(lines.len());
        for (product, count) in lines {
            let item = Shipping::item_of(self.known.product(*product)?);
            let origin = Some("supply of the shop".to_owned());
            transfers.push(Transfer { item, from, to, quantity: pieces(*count), date, origin });
        }
        self.desk.stock.transfer_all(tx, &transfers).map(|_| ())
    }

    pub(super) fn count(&mut self, tx: &mut Tx, date: Date, lines: &[(usize, i64)]) -> Result<()> {
        let place = self.known.place(Store::Main)?;
        let mut counts = Vec::with_capacity(lines.len());
        for (product, found) in lines {
            let item = Shipping::item_of(self.known.product(*product)?);
            let origin = Some("count of the quarter".to_owned());
            counts.push(Count { item, place, found: pieces(*found), unit_cost: None, date, origin });
        }
        self.desk.stock.adjust_all(tx, &counts).map(|_| ())
    }
}
