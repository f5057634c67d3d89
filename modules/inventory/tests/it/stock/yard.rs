//! A warehouse to test in, and the short words that the tests are written in.

use std::sync::{Arc, Mutex};

use codexion::prelude::*;
use cortex_testing::TestApp;
use inventory::store::ValueEntry;
use inventory::{
    AfterValued, Costing, Count, Inventory, InventorySettings, Issue, Item, Location, Moved, Receipt, Setup, Stock,
    ValueChanges, Valued, WarehousePlaces,
};

use crate::memory::{CURRENCY, UNIT, day, pcs};

/// Notes what the hook point tells.
#[derive(Debug, Default, Clone)]
pub(crate) struct Told(Arc<Mutex<Vec<Valued>>>);

#[derive(Debug)]
pub(crate) struct Watcher(pub Told);

impl Module for Watcher {
    fn manifest(&self) -> Manifest {
        Manifest::new("watcher", "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        let told = self.0.clone();
        m.hook_after::<AfterValued, _>(0, move |_: &mut Tx, valued: &ValueChanges| {
            told.0.lock().unwrap().extend(valued.changes.iter().cloned());
            Ok(())
        });
    }
}

/// One item, one warehouse, one tenant.
pub(crate) struct Yard<'a> {
    pub app: &'a TestApp,
    pub work: Work,
    pub stock: Stock,
    pub item: Item,
    pub places: WarehousePlaces,
    told: Told,
}

/// Runs `test` in a yard on every database.
pub(crate) fn each(test: impl Fn(Yard<'_>)) {
    each_with(&InventorySettings::default(), test);
}

pub(crate) fn each_with(settings: &InventorySettings, test: impl Fn(Yard<'_>)) {
    let told = Told::default();
    TestApp::each(
        |app| app.module(Inventory).module(Watcher(told.clone())),
        |app| test(Yard::new(app, settings.clone(), told.clone())),
    );
}

impl<'a> Yard<'a> {
    /// A yard of a new tenant.
    pub(crate) fn new(app: &'a TestApp, settings: InventorySettings, told: Told) -> Self {
        let work = app.work_of(Id::new());
        let item = new_item("A");
        let places = work
            .write_blocking(|tx| {
                let setup = Setup::default();
                setup.base(tx)?;
                setup.item(tx, &item)?;
                setup.warehouse(tx, "MAIN", "Main yard")
            })
            .unwrap();
        told.0.lock().unwrap().clear();
        Self { app, work, stock: Stock::new(settings), item, places, told }
    }

    pub(crate) fn told(&self) -> Vec<Valued> {
        std::mem::take(&mut *self.told.0.lock().unwrap())
    }

    pub(crate) fn receipt(&self, number: i16, quantity: &str, cost: &str) -> Receipt {
        Receipt {
            item: self.item.id,
            to: self.places.stock,
            quantity: quantity_of(quantity),
            unit_cost: Price::new(cost.parse().unwrap(), CURRENCY).unwrap(),
            date: day(number),
            from: None,
            origin: Some(format!("purchase {number}")),
        }
    }

    pub(crate) fn try_receive(&self, receipt: &Receipt) -> Result<Moved> {
        self.work.write_blocking(|tx| self.stock.receive(tx, receipt))
    }

    #[track_caller]
    pub(crate) fn receive(&self, number: i16, quantity: &str, cost: &str) -> Moved {
        self.try_receive(&self.receipt(number, quantity, cost)).unwrap()
    }

    pub(crate) fn issue_of(&self, number: i16, quantity: &str) -> Issue {
        Issue {
            item: self.item.id,
            from: self.places.stock,
            quantity: quantity_of(quantity),
            date: day(number),
            to: None,
            origin: Some(format!("sale {number}")),
            reserved: None,
        }
    }

    pub(crate) fn try_issue(&self, issue: &Issue) -> Result<Moved> {
        self.work.write_blocking(|tx| self.stock.issue(tx, issue))
    }

    #[track_caller]
    pub(crate) fn issue(&self, number: i16, quantity: &str) -> Moved {
        self.try_issue(&self.issue_of(number, quantity)).unwrap()
    }

    pub(crate) fn try_count(&self, number: i16, found: &str) -> Result<Moved> {
        let (place, found) = (self.places.stock, quantity_of(found));
        let count = Count { item: self.item.id, place, found, unit_cost: None, date: day(number), origin: None };
        self.work.write_blocking(|tx| self.stock.adjust(tx, &count))
    }

    #[track_caller]
    pub(crate) fn count(&self, number: i16, found: &str) -> Moved {
        self.try_count(number, found).unwrap()
    }

    /// Quantity and value now, by what is maintained and by the ledger.
    #[track_caller]
    pub(crate) fn check(&self, quantity: &str, value: &str) {
        let (now, rows) = self
            .work
            .read_blocking(|tx| {
                let now = self.stock.valuation(tx, self.item.id)?;
                assert_eq!(self.stock.on_hand(tx, self.item.id)?, now.quantity, "levels and value ledger agree");
                Ok((now, ValueEntry::list(tx, &Filter::eq("item", self.item.id))?))
            })
            .unwrap();
        assert_eq!((now.quantity, now.value), (pcs(quantity), format!("{value} EUR").parse().unwrap()));
        assert_eq!(Money::sum(rows.iter().map(|row| row.value), CURRENCY).unwrap(), now.value);
        assert_eq!(Quantity::sum(rows.iter().map(|row| row.quantity), UNIT).unwrap(), now.quantity);
    }

    /// What the stock was worth at the end of a day.
    pub(crate) fn value_on(&self, number: i16) -> Money {
        self.work.read_blocking(|tx| self.stock.stock_value(tx, day(number))?.total(CURRENCY)).unwrap()
    }

    pub(crate) fn place(&self, code: &str, parent: Id<Location>) -> Id<Location> {
        let place = Location {
            id: Id::new(),
            code: code.to_owned(),
            name: code.to_owned(),
            kind: inventory::LocationKind::Internal,
            parent: Some(parent),
            warehouse: None,
        };
        self.work.write_blocking(|tx| Setup::default().location(tx, &place)).unwrap();
        place.id
    }
}

pub(crate) fn new_item(code: &str) -> Item {
    let (code, name) = (code.to_owned(), format!("Item {code}"));
    Item { id: Id::new(), code, name, unit: UNIT, currency: CURRENCY, removal: Costing::Fifo, extra: Extra::new() }
}

/// `3` pieces, or `3 dozen`.
fn quantity_of(text: &str) -> Quantity {
    if text.contains(' ') { text.parse().unwrap() } else { pcs(text) }
}
