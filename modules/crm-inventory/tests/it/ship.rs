//! Orders that leave and arrive.

use std::sync::Arc;

use codexion::prelude::*;
use cortex_testing::TestApp;
use crm::{Catalogue, Crm, LineDraft, OrderDraft, Orders, Parties, Party, Product, SalesOrder};
use crm_inventory::{CrmInventory, Dispatch, ShipmentSheet, ShipmentState, Shipping};
use inventory::{Inventory, Item, Receipt, Stock};

struct Yard<'a> {
    app: &'a TestApp,
    orders: Arc<Orders>,
    shipping: Arc<Shipping>,
    customer: Id<Party>,
    chair: Product,
}

fn each(test: impl Fn(&Yard<'_>)) {
    TestApp::each(|app| app.module(Crm).module(Inventory).module(CrmInventory), |app| test(&yard(app)));
}

fn price(text: &str) -> Price {
    Price::new(text.parse().unwrap(), Currency::EUR).unwrap()
}

fn pieces(text: &str) -> Quantity {
    Quantity::new(text.parse().unwrap(), Unit::PIECE).unwrap()
}

fn day() -> Date {
    "2026-03-02".parse().unwrap()
}

/// A yard with 100 chairs.
fn yard(app: &TestApp) -> Yard<'_> {
    let customer = Party::company(Id::new(), "C-1", "Nordwind GmbH").customer();
    let chair = Product::goods(Id::new(), "CHAIR", "Chair", Unit::PIECE).sold_for(price("10"));
    let yard = Yard { app, orders: app.get(), shipping: app.get(), customer: customer.id, chair };
    yard.act(|tx| {
        let setup = app.get::<inventory::Setup>();
        setup.base(tx)?;
        app.get::<Parties>().add(tx, &customer)?;
        app.get::<Catalogue>().add(tx, &yard.chair)?;
        let to = setup.warehouse(tx, "MAIN", "Main yard")?.stock;
        let (item, quantity, unit_cost) = (Shipping::item_of(yard.chair.id), pieces("100"), price("6"));
        let receipt = Receipt { item, to, quantity, unit_cost, date: day(), from: None, origin: None };
        app.get::<Stock>().receive(tx, &receipt)
    });
    yard
}

impl Yard<'_> {
    #[track_caller]
    fn act<R>(&self, act: impl Fn(&mut Tx) -> Result<R>) -> R {
        self.app.work_as("ann", &[]).write_blocking(act).unwrap()
    }

    fn confirmed(&self, quantities: &[&str]) -> Id<SalesOrder> {
        let lines = quantities.iter().map(|quantity| LineDraft::of(self.chair.id, pieces(quantity))).collect();
        let draft = OrderDraft::new(self.customer, day(), Currency::EUR, lines);
        self.act(|tx| {
            let id = self.orders.draft(tx, &draft)?;
            self.orders.confirm(tx, id, day())?;
            Ok(id)
        })
    }

    fn shipments(&self, order: Id<SalesOrder>) -> Vec<ShipmentSheet> {
        self.app.work().read_blocking(|tx| ShipmentSheet::of_order(tx, order)).unwrap()
    }
}

#[test]
fn a_renamed_product_renames_its_item() {
    each(|yard| {
        let id = yard.chair.id;
        let catalogue = yard.app.get::<Catalogue>();
        yard.act(|tx| {
            catalogue.change(tx, id, |product| {
                product.name = "Armchair".into();
                product.sale_price = Some(Price::new(Decimal::ONE, Currency::USD).unwrap());
                Ok(())
            })
        });
        let item = yard.app.work().read_blocking(|tx| Item::get(tx, Shipping::item_of(id))).unwrap();
        // What it is valued in stays.
        assert_eq!((item.name.as_str(), item.currency), ("Armchair", Currency::EUR));
    });
}

#[test]
fn what_stays_behind_follows_shipment_by_shipment() {
    each(|yard| {
        let order = yard.confirmed(&["3", "2"]);
        let line = yard.shipments(order)[0].lines[0].line;
        let one = Dispatch::all(day()).only([(line, pieces("1"))]);
        let first = yard.act(|tx| yard.shipping.ship_order(tx, order, &one));
        let second = yard.act(|tx| yard.shipping.ship_order(tx, order, &one));
        let third = yard.act(|tx| yard.shipping.ship_order(tx, order, &Dispatch::all(day())));
        let numbers = [&first, &second, &third].map(|shipped| shipped.sheet.shipment.number.clone());
        assert_eq!(numbers, ["SO-000001/1", "SO-000001/2", "SO-000001/3"]);
        assert_eq!((first.back_order, third.back_order), (Some(second.sheet.shipment.id), None));
        let left: Vec<_> = third.sheet.lines.iter().map(|line| line.quantity).collect();
        assert_eq!(left, [pieces("1"), pieces("2")]);
        assert!(yard.shipments(order).iter().all(|sheet| sheet.shipment.state == ShipmentState::Done));
    });
}

#[test]
fn statements_do_not_grow_with_lines() {
    each(|yard| {
        let count = |lines: usize| {
            let order = yard.confirmed(&vec!["1"; lines]);
            let _ = yard.app.seen();
            yard.act(|tx| yard.shipping.ship_order(tx, order, &Dispatch::all(day())));
            yard.app.seen().statements.len()
        };
        assert_eq!(count(2), count(40));
    });
}
