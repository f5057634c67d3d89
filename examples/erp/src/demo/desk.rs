//! Carries out the steps of the plan, as the people of the company would: by the verbs of the modules.

mod books;
mod buying;
mod selling;
mod setting_up;

use codexion::prelude::*;
use crm::{Catalogue, Orders, Parties, Purchases};
use crm_finance::Billing;
use crm_inventory::Shipping;
use finance::{Invoices, Journal, Ledger};
use inventory::Stock;

use super::known::Known;
use super::plan::{Plan, Step};

/// All verbs that the demo company needs.
#[derive(Provider)]
#[provider(singleton)]
pub struct Desk {
    parties: Arc<Parties>,
    catalogue: Arc<Catalogue>,
    orders: Arc<Orders>,
    purchases: Arc<Purchases>,
    shipping: Arc<Shipping>,
    billing: Arc<Billing>,
    invoices: Arc<Invoices>,
    stock: Arc<Stock>,
    pub(super) warehouse: Arc<inventory::Setup>,
    company: Arc<finance::Setup>,
    ledger: Arc<dyn Ledger>,
    journal: Arc<Journal>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

/// One unit of work at the desk.
struct Shift<'a> {
    desk: &'a Desk,
    plan: &'a Plan,
    known: Known,
}

impl Desk {
    /// Carries out steps; answers what is known after them.
    pub(super) fn carry_out(&self, tx: &mut Tx, plan: &Plan, known: &Known, steps: &[Step]) -> Result<Known> {
        let mut shift = Shift { desk: self, plan, known: known.clone() };
        for step in steps {
            shift.step(tx, step)?;
        }
        Ok(shift.known)
    }
}

impl Shift<'_> {
    fn step(&mut self, tx: &mut Tx, step: &Step) -> Result<()> {
        match step {
            Step::Company => self.company(tx),
            Step::Parties => self.parties(tx),
            Step::Products => self.products(tx),
            Step::Opening(lines) => self.opening(tx, lines),
            Step::Purchase(place) => self.purchase(tx, *place),
            Step::Receive { purchase, date, parts } => self.receive(tx, *purchase, *date, parts),
            Step::Bill { purchase, date } => self.bill(tx, *purchase, *date),
            Step::PayBill { purchase, nth, date } => self.pay_bill(tx, (*purchase, *nth), *date),
            Step::Order(place) => self.order(tx, *place),
            Step::Ship { order, date, parts } => self.ship(tx, *order, *date, parts),
            Step::Invoice { order, date } => self.invoice(tx, *order, *date),
            Step::Pay { order, nth, date, share } => self.pay(tx, (*order, *nth), *date, *share),
            Step::Return { order, date } => self.take_back(tx, *order, *date),
            Step::Transfer { date, lines } => self.transfer(tx, *date, lines),
            Step::Count { date, lines } => self.count(tx, *date, lines),
            Step::Spend { date, on, cents } => self.spend(tx, *date, *on, *cents),
            Step::TaxReturn { date, until } => self.tax_return(tx, *date, *until),
        }
    }
}

/// The currency of the demo company.
const EUR: Currency = Currency::EUR;

fn money(cents: i64) -> Money {
    Money::from_minor(cents, EUR)
}

fn price(cents: i64) -> Price {
    Price::from_scaled(cents * 10_000, EUR)
}

fn pieces(count: i64) -> Quantity {
    Quantity::from_scaled(count * 1_000_000, Unit::PIECE)
}
