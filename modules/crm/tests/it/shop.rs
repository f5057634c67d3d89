//! A small shop: a customer, a supplier and two products.

use std::sync::Arc;

use codexion::prelude::*;
use cortex_testing::TestApp;
use crm::{Catalogue, Crm, Orders, Parties, Party, Product, Purchases, Quotes};

/// What the tests act on.
pub(crate) struct Shop<'a> {
    pub app: &'a TestApp,
    pub orders: Arc<Orders>,
    pub quotes: Arc<Quotes>,
    pub purchases: Arc<Purchases>,
    pub catalogue: Arc<Catalogue>,
    pub parties: Arc<Parties>,
    pub customer: Id<Party>,
    pub supplier: Id<Party>,
    pub chair: Id<Product>,
    pub advice: Id<Product>,
}

/// Runs `test` with a shop on every database at hand, as a person whose acts must be authorised.
pub(crate) fn each(test: impl Fn(&Shop<'_>)) {
    TestApp::each(|app| app.module(Crm), |app| test(&shop(app)));
}

fn shop(app: &TestApp) -> Shop<'_> {
    let (parties, catalogue) = (app.get::<Parties>(), app.get::<Catalogue>());
    let customer = Party::company(Id::new(), "C-1", "Nordwind GmbH").customer();
    let supplier = Party::company(Id::new(), "S-1", "Holz AG").supplier();
    let chair = Product::goods(Id::new(), "CHAIR", "Chair", Unit::PIECE)
        .sold_for(price("10"))
        .bought_for(price("6.25"))
        .taxed("S10", rate("0.1"));
    let advice = Product::service(Id::new(), "ADVICE", "Advice", Unit::PIECE).sold_for(price("80"));
    let (ids, services) = ((customer.id, supplier.id), (chair.id, advice.id));
    let (p, c) = (Arc::clone(&parties), Arc::clone(&catalogue));
    app.work_as("ann", &[])
        .write_blocking(move |tx| {
            p.add_many(tx, &[customer.clone(), supplier.clone()])?;
            c.add_many(tx, &[chair.clone(), advice.clone()])
        })
        .unwrap();
    Shop {
        app,
        orders: app.get(),
        quotes: app.get(),
        purchases: app.get(),
        catalogue,
        parties,
        customer: ids.0,
        supplier: ids.1,
        chair: services.0,
        advice: services.1,
    }
}

impl Shop<'_> {
    /// Does `act` as a person.
    #[track_caller]
    pub(crate) fn act<R: Send + 'static>(&self, act: impl Fn(&mut Tx) -> Result<R> + Send + 'static) -> R {
        self.try_act(act).unwrap()
    }

    pub(crate) fn try_act<R: Send + 'static>(&self, act: impl Fn(&mut Tx) -> Result<R> + Send + 'static) -> Result<R> {
        self.app.work_as("ann", &[]).write_blocking(act)
    }

    #[track_caller]
    pub(crate) fn see<R: Send + 'static>(&self, look: impl Fn(&mut ReadTx) -> Result<R> + Send + 'static) -> R {
        self.app.work().read_blocking(look).unwrap()
    }
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
