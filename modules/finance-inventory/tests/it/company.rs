//! A company with books and a warehouse, and the short words that the tests are written in.

use codexion::prelude::*;
use cortex_testing::TestApp;
use finance::{Finance, Ledger, NewCompany, Numbering, Origin, Role, TrialBalance};
use finance_inventory::FinanceInventory;
use inventory::{Costing, Count, Inventory, Issue, Item, Moved, Receipt, Stock, WarehousePlaces};

pub(crate) struct Company<'a> {
    pub app: &'a TestApp,
    pub work: Work,
    pub stock: Stock,
    pub item: Id<Item>,
    pub places: WarehousePlaces,
}

/// Runs `test` with a company on every database.
pub(crate) fn each(test: impl Fn(Company<'_>)) {
    TestApp::each(|app| app.module(Finance).module(Inventory).module(FinanceInventory), |app| test(Company::new(app)));
}

pub(crate) fn day(number: i16) -> Date {
    Date::new(2026, 1, 1).unwrap().checked_add(i64::from(number).days()).unwrap()
}

pub(crate) fn eur(text: &str) -> Money {
    format!("{text} EUR").parse().unwrap()
}

pub(crate) fn pcs(units: i64) -> Quantity {
    Quantity::from_scaled(units * 1_000_000, Unit::PIECE)
}

fn new_item(code: &str) -> Item {
    Item {
        id: Id::new(),
        code: code.to_owned(),
        name: format!("Item {code}"),
        unit: Unit::PIECE,
        currency: Currency::EUR,
        removal: Costing::Fifo,
        extra: Extra::new(),
    }
}

impl<'a> Company<'a> {
    /// A company of a new tenant.
    pub(crate) fn new(app: &'a TestApp) -> Self {
        let work = app.work_of(Id::new());
        let item = new_item("A");
        let places = work
            .write_blocking(|tx| {
                let mut new = NewCompany::new("Nordwind", Currency::EUR, 2026, 1)?;
                new.numbering = Numbering::AsPosted;
                finance::Setup.company(tx, &new)?;
                let setup = inventory::Setup::default();
                setup.base(tx)?;
                setup.item(tx, &item)?;
                setup.warehouse(tx, "MAIN", "Main yard")
            })
            .unwrap();
        let settings = inventory::InventorySettings { negative_stock: true, revalue_moves_max: 7 };
        Self { app, work, stock: Stock::new(settings), item: item.id, places }
    }

    /// One more item.
    pub(crate) fn item(&self, code: &str) -> Id<Item> {
        let item = new_item(code);
        self.work.write_blocking(|tx| inventory::Setup::default().item(tx, &item)).unwrap();
        item.id
    }

    pub(crate) fn receipt(&self, item: Id<Item>, number: i16, units: i64, cost: &str) -> Receipt {
        let unit_cost = Price::new(cost.parse().unwrap(), Currency::EUR).unwrap();
        let (to, quantity, date) = (self.places.stock, pcs(units), day(number));
        let origin = Some(format!("purchase {number}"));
        Receipt { item, to, quantity, unit_cost, date, from: None, origin }
    }

    pub(crate) fn issue_request(&self, item: Id<Item>, number: i16, units: i64) -> Issue {
        let (from, quantity, date) = (self.places.stock, pcs(units), day(number));
        Issue { item, from, quantity, date, to: None, origin: None, reserved: None }
    }

    pub(crate) fn issue_of(&self, item: Id<Item>, number: i16, units: i64) -> Moved {
        let issue = self.issue_request(item, number, units);
        self.work.write_blocking(|tx| self.stock.issue(tx, &issue)).unwrap()
    }

    pub(crate) fn try_receive(&self, number: i16, units: i64, cost: &str) -> Result<Moved> {
        let receipt = self.receipt(self.item, number, units, cost);
        self.work.write_blocking(|tx| self.stock.receive(tx, &receipt))
    }

    pub(crate) fn receive(&self, number: i16, units: i64, cost: &str) -> Moved {
        self.try_receive(number, units, cost).unwrap()
    }

    pub(crate) fn issue(&self, number: i16, units: i64) -> Moved {
        self.issue_of(self.item, number, units)
    }

    pub(crate) fn count(&self, number: i16, units: i64) -> Moved {
        let (place, found, date) = (self.places.stock, pcs(units), day(number));
        let count = Count { item: self.item, place, found, unit_cost: None, date, origin: None };
        self.work.write_blocking(|tx| self.stock.adjust(tx, &count)).unwrap()
    }

    pub(crate) fn trial_balance(&self, number: i16) -> TrialBalance {
        let ledger = self.app.get::<dyn Ledger>();
        self.work.read_blocking(|tx| ledger.trial_balance(tx, day(number))).unwrap()
    }

    /// The balance of the account with a role, a credit below zero.
    pub(crate) fn balance(&self, number: i16, role: Role) -> Money {
        let ledger = self.app.get::<dyn Ledger>();
        let account = self.work.read_blocking(|tx| ledger.account(tx, role)).unwrap();
        let rows = self.trial_balance(number).rows;
        rows.iter().find(|row| row.account == account).map_or(eur("0.00"), |row| row.balance)
    }

    pub(crate) fn value_on(&self, number: i16) -> Money {
        let value = self.work.read_blocking(|tx| self.stock.stock_value(tx, day(number))).unwrap();
        value.total(Currency::EUR).unwrap()
    }

    /// Entries posted for a move.
    pub(crate) fn entries_of(&self, moved: &Moved) -> Vec<finance::Entry> {
        let origin = Origin::of("inventory.move", moved.movement);
        let by_id = Filter::eq("origin_id", origin.id().unwrap());
        self.work.read_blocking(|tx| finance::Entry::list(tx, &by_id)).unwrap()
    }
}
