//! What each act costs in statements: none of them grows with the lines of a document.

use codexion::prelude::*;
use crm::{LineDraft, OrderDraft, OrderState, Product, PurchaseDraft};
use crm_finance::Charge;
use crm_inventory::{Dispatch, Shipping};
use inventory::Receipt;

use crate::company::{Company, each, eur, pieces, price, today};

/// Products of their own, ten of each in stock.
fn stocked(company: &Company<'_>, count: usize) -> Vec<Id<Product>> {
    let goods = |n| Product::goods(Id::new(), &format!("P{n}"), "Part", Unit::PIECE);
    let products: Vec<Product> = (0..count).map(|n| goods(n).sold_for(price("9")).bought_for(price("5"))).collect();
    company.act(|tx| {
        company.app.get::<crm::Catalogue>().add_many(tx, &products)?;
        let to = company.app.get::<inventory::Setup>().places(tx, "MAIN")?.stock;
        let receipt = |product: &Product| Receipt {
            item: Shipping::item_of(product.id),
            to,
            quantity: pieces("10"),
            unit_cost: price("5"),
            date: today(),
            from: None,
            origin: None,
        };
        company.stock.receive_all(tx, &products.iter().map(receipt).collect::<Vec<_>>())
    });
    products.into_iter().map(|product| product.id).collect()
}

fn lines(products: &[Id<Product>]) -> Vec<LineDraft> {
    products.iter().map(|product| LineDraft::of(*product, pieces("2"))).collect()
}

/// What an act may cost. Locking rows is a statement of its own on PostgreSQL only.
struct Budget {
    act: &'static str,
    sqlite: usize,
    postgres: usize,
}

const fn budget(act: &'static str, sqlite: usize, postgres: usize) -> Budget {
    Budget { act, sqlite, postgres }
}

impl Budget {
    fn of<R>(&self, company: &Company<'_>, act: impl Fn(&mut Tx) -> Result<R>) -> R {
        let most = if company.app.kind() == "sqlite" { self.sqlite } else { self.postgres };
        let _ = company.app.seen();
        let result = company.act(act);
        let seen = company.app.seen().statements;
        assert!(seen.len() <= most, "{}: {} statements, not {most}:\n{}", self.act, seen.len(), seen.join("\n"));
        result
    }
}

#[test]
fn selling_takes_few_statements_whatever_the_lines() {
    let [draft, confirm, ship] = [budget("draft", 5, 5), budget("confirm", 12, 12), budget("ship", 38, 38)];
    let [invoice, pay] = [budget("invoice", 26, 26), budget("pay", 35, 36)];
    each(|company| {
        let products = stocked(company, 8);
        // The first order begins the series of numbers.
        company.order(|_| ());
        for many in [1, 8] {
            let mut new = OrderDraft::new(company.customer, today(), Currency::EUR, lines(&products[..many]));
            new.freight = Some(eur("4.00"));
            let order = draft.of(company, |tx| company.orders.draft(tx, &new));
            confirm.of(company, |tx| company.orders.confirm(tx, order, today()));
            ship.of(company, |tx| company.shipping.ship_order(tx, order, &Dispatch::all(today())));
            let id = invoice.of(company, |tx| company.billing.invoice(tx, order, &Charge::all(today())));
            pay.of(company, |tx| company.billing.pay_in_full(tx, id, today()));
            assert_eq!(company.sheet(order).order.state, OrderState::Done);
        }
    });
}

#[test]
fn buying_takes_few_statements_whatever_the_lines() {
    let [draft, confirm, receive] = [budget("draft", 5, 5), budget("confirm", 10, 10), budget("receive", 34, 34)];
    let [bill, pay] = [budget("bill", 26, 26), budget("pay", 35, 36)];
    each(|company| {
        let products = stocked(company, 8);
        for many in [1, 8] {
            let new = PurchaseDraft::new(company.supplier, today(), Currency::EUR, lines(&products[..many]));
            let order = draft.of(company, |tx| company.purchases.draft(tx, &new));
            confirm.of(company, |tx| company.purchases.confirm(tx, order, today()));
            receive.of(company, |tx| company.shipping.receive(tx, order, &Dispatch::all(today())));
            let id = bill.of(company, |tx| company.billing.bill(tx, order, &Charge::all(today())));
            pay.of(company, |tx| company.billing.pay_in_full(tx, id, today()));
        }
    });
}
