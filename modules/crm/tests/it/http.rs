//! Selling over HTTP, and what every module must be.

use codexion::prelude::*;
use cortex_testing::{Client, Conformance, TestApp};
use crm::{Crm, LineDraft, OrderDraft, Orders, Parties, Party, Product, PurchaseDraft, Purchases, QuoteDraft, Quotes};
use serde_json::{Value, json};

use crate::shop::{day, each, pieces, price};

/// Sends JSON and expects an answer of this status.
#[track_caller]
fn post(client: &Client, path: &str, body: Value, status: u16) -> Value {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(client.post(&format!("/api/v1/crm{path}"), body));
    assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
    answer.json
}

#[track_caller]
fn get(client: &Client, path: &str) -> Value {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(client.get(&format!("/api/v1/crm{path}")));
    assert!(answer.status.is_success(), "{path}: {}", answer.text);
    answer.json
}

#[test]
fn an_order_is_drafted_confirmed_and_read() {
    each(|shop| {
        let client = shop.app.client();
        let product = json!({
            "sku": "TABLE", "name": "Table", "unit": "pcs", "sale_price": { "amount": "99.5", "currency": "EUR" }
        });
        let table = post(&client, "/products", product, 201);
        assert_eq!((&table["stocked"], &table["tax_rate"]), (&json!(true), &json!("0")));
        post(&client, "/products", json!({ "sku": "X", "name": "X", "unit": "pcs", "colour": "red" }), 422);
        let order = json!({
            "customer": shop.customer, "date": "2026-03-02", "currency": "EUR",
            "freight": { "amount": "5.00", "currency": "EUR" },
            "lines": [{ "product": table["id"], "quantity": { "amount": "2", "unit": "pcs" }, "discount": "0.1" }]
        });
        let draft = post(&client, "/sales-orders", order, 201);
        assert_eq!((&draft["state"], &draft["totals"]["total"]["amount"]), (&json!("draft"), &json!("184.10")));
        let path = format!("/sales-orders/{}", draft["id"].as_str().unwrap());
        let confirmed = post(&client, &format!("{path}/confirm"), json!({}), 200);
        assert_eq!((&confirmed["state"], &confirmed["number"]), (&json!("confirmed"), &json!("SO-000001")));
        assert_eq!(get(&client, &format!("{path}/sheet")), confirmed);
        let list = get(&client, "/sales-orders?filter=state%20%3D%20%22confirmed%22");
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
        post(&client, &format!("{path}/confirm"), json!({}), 409);
        post(&client, "/sales-orders", json!({ "customer": shop.customer, "currency": "EUR", "lines": [] }), 422);
    });
}

#[test]
fn a_product_changes_field_by_field() {
    each(|shop| {
        let client = shop.app.client();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let path = format!("/api/v1/crm/products/{}", shop.chair);
        let answer = runtime.block_on(client.patch(&path, "*", json!({ "name": "Armchair", "active": false })));
        assert!(answer.status.is_success(), "{}", answer.text);
        assert_eq!((&answer.json["name"], &answer.json["active"]), (&json!("Armchair"), &json!(false)));
        assert_eq!(answer.json["sale_price"], json!({ "amount": "10", "currency": "EUR" }));
    });
}

/// So many parties, products, quotes and orders.
fn fill(app: &TestApp, count: usize) {
    let (parties, catalogue) = (app.get::<Parties>(), app.get::<crm::Catalogue>());
    let (orders, quotes, purchases) = (app.get::<Orders>(), app.get::<Quotes>(), app.get::<Purchases>());
    let work = app.work();
    for _ in 0..count {
        let code = Id::<()>::new().to_string();
        let party = Party::company(Id::new(), &code, "Party").customer().supplier();
        let chair = Product::goods(Id::new(), &code, "Chair", Unit::PIECE).sold_for(price("1")).bought_for(price("1"));
        let lines = vec![LineDraft::of(chair.id, pieces("1"))];
        let (date, currency) = (day("2026-03-02"), Currency::EUR);
        let quote =
            QuoteDraft { customer: party.id, date, valid_until: None, currency, freight: None, lines: lines.clone() };
        let done = work.write_blocking(|tx| {
            parties.add(tx, &party)?;
            catalogue.add(tx, &chair)?;
            quotes.draft(tx, &quote)?;
            purchases.draft(tx, &PurchaseDraft::new(party.id, date, currency, lines.clone()))?;
            orders.draft(tx, &OrderDraft::new(party.id, date, currency, lines.clone()))
        });
        done.unwrap();
    }
}

#[test]
fn the_module_conforms() {
    Conformance::of("crm", |app| app.module(Crm)).filled_by(fill).check();
}
