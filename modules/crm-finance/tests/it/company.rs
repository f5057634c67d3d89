//! A company with books, a warehouse, a customer, a supplier, and 100 chairs in stock.

use std::sync::Arc;

use codexion::prelude::*;
use cortex_testing::TestApp;
use crm::{Catalogue, Crm, LineDraft, OrderDraft, OrderSheet, Orders, Parties, Party, Product, Purchases, SalesOrder};
use crm_finance::{Billing, CrmFinance};
use crm_inventory::{CrmInventory, Shipping};
use finance::{Finance, Invoice, InvoiceLine, Invoices, Ledger, NewCompany, Role, Tax};
use finance_inventory::FinanceInventory;
use inventory::{Inventory, Receipt, Stock};

pub(crate) struct Company<'a> {
    pub app: &'a TestApp,
    pub orders: Arc<Orders>,
    pub purchases: Arc<Purchases>,
    pub shipping: Arc<Shipping>,
    pub billing: Arc<Billing>,
    pub invoices: Arc<Invoices>,
    pub stock: Arc<Stock>,
    pub customer: Id<Party>,
    pub supplier: Id<Party>,
    pub chair: Id<Product>,
    pub advice: Id<Product>,
}

/// Runs `test` with a company on every database at hand.
pub(crate) fn each(test: impl Fn(&Company<'_>)) {
    let all = |app: codexion::core::Application| {
        let app = app.module(Finance).module(Inventory).module(FinanceInventory);
        app.module(Crm).module(CrmInventory).module(CrmFinance)
    };
    TestApp::each(all, |app| test(&company(app)));
}

fn company(app: &TestApp) -> Company<'_> {
    let customer = Party::company(Id::new(), "C-1", "Nordwind GmbH").customer();
    let supplier = Party::company(Id::new(), "S-1", "Holz AG").supplier();
    let chair = Product::goods(Id::new(), "CHAIR", "Chair", Unit::PIECE)
        .sold_for(price("10"))
        .bought_for(price("6.25"))
        .taxed("S10", rate("0.1"));
    let advice = Product::service(Id::new(), "ADVICE", "Advice", Unit::PIECE).sold_for(price("80"));
    let new = Company {
        app,
        orders: app.get(),
        purchases: app.get(),
        shipping: app.get(),
        billing: app.get(),
        invoices: app.get(),
        stock: app.get(),
        customer: customer.id,
        supplier: supplier.id,
        chair: chair.id,
        advice: advice.id,
    };
    new.act(|tx| {
        app.get::<finance::Setup>().company(tx, &NewCompany::new("Nordwind", Currency::EUR, 2026, 1)?)?;
        Tax::insert(tx, &Tax::share("S10", "Sales tax 10 %", rate("0.1")))?;
        let setup = app.get::<inventory::Setup>();
        setup.base(tx)?;
        app.get::<Parties>().add_many(tx, &[customer.clone(), supplier.clone()])?;
        app.get::<Catalogue>().add_many(tx, &[chair.clone(), advice.clone()])?;
        let place = setup.warehouse(tx, "MAIN", "Main yard")?.stock;
        let (item, unit_cost, date) = (Shipping::item_of(chair.id), price("6"), day("2026-03-01"));
        let receipt = Receipt { item, to: place, quantity: pieces("100"), unit_cost, date, from: None, origin: None };
        app.get::<Stock>().receive(tx, &receipt)?;
        Ok(())
    });
    new
}

impl Company<'_> {
    /// Does `act` as a person whose acts must be authorised.
    #[track_caller]
    pub(crate) fn act<R>(&self, act: impl Fn(&mut Tx) -> Result<R>) -> R {
        self.try_act(act).unwrap()
    }

    pub(crate) fn try_act<R>(&self, act: impl Fn(&mut Tx) -> Result<R>) -> Result<R> {
        self.app.work_as("ann", &[]).write_blocking(act)
    }

    #[track_caller]
    pub(crate) fn see<R>(&self, look: impl Fn(&mut ReadTx) -> Result<R>) -> R {
        self.app.work().read_blocking(look).unwrap()
    }

    /// A confirmed order of 2 and 3 chairs.
    pub(crate) fn order(&self, change: impl Fn(&mut OrderDraft)) -> OrderSheet {
        let lines = vec![LineDraft::of(self.chair, pieces("2")), LineDraft::of(self.chair, pieces("3"))];
        let mut draft = OrderDraft::new(self.customer, today(), Currency::EUR, lines);
        change(&mut draft);
        self.act(|tx| {
            let id = self.orders.draft(tx, &draft)?;
            self.orders.confirm(tx, id, today())
        })
    }

    pub(crate) fn sheet(&self, order: Id<SalesOrder>) -> OrderSheet {
        self.see(|tx| self.orders.sheet(tx, order))
    }

    pub(crate) fn invoice(&self, id: Id<Invoice>) -> (Invoice, Vec<InvoiceLine>) {
        let (invoice, lines, _) = self.see(|tx| self.invoices.invoice(tx, id));
        (invoice, lines)
    }

    pub(crate) fn on_hand(&self) -> Quantity {
        let item = Shipping::item_of(self.chair);
        self.see(|tx| self.stock.on_hand(tx, item))
    }

    /// The balance of the account with a role, a credit below zero.
    pub(crate) fn balance(&self, role: Role) -> Money {
        let ledger = self.app.get::<dyn Ledger>();
        self.see(|tx| {
            let account = ledger.account(tx, role)?;
            let balance = ledger.trial_balance(tx, day("2026-12-31"))?;
            let row = balance.rows.iter().find(|row| row.account == account);
            Ok(row.map_or(eur("0.00"), |row| row.debit.checked_sub(row.credit).unwrap()))
        })
    }
}

pub(crate) fn today() -> Date {
    day("2026-03-02")
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    Price::new(decimal(text), Currency::EUR).unwrap()
}

pub(crate) fn pieces(text: &str) -> Quantity {
    Quantity::new(decimal(text), Unit::PIECE).unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    Rate::new(decimal(text)).unwrap()
}

pub(crate) fn eur(text: &str) -> Money {
    format!("{text} EUR").parse().unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}
