//! Stock over HTTP, as a person: every verb authorises what it writes, or its unit of work would not commit.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use codexion::data::{CustomKind, Entity, FieldCatalogue};
use codexion::prelude::{FieldDefinition, Tx};
use codexion::web::{DevToken, DevelopmentAuthenticator, Server, WebConfig, WebServer};
use cortex_testing::TestApp;
use http_body_util::BodyExt;
use inventory::{Inventory, Item, Setup};
use serde_json::{Value as Json, json};
use tower::ServiceExt;

struct Client {
    server: Server,
    token: String,
    _folder: tempfile::TempDir,
}

impl Client {
    fn new(app: &TestApp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (token, _) = DevToken::load_or_create(&folder.path().join("token")).unwrap();
        let server = WebServer {
            title: "Yard",
            version: "1.0.0",
            container: app.container(),
            database: app.database().clone(),
            authenticator: Arc::new(DevelopmentAuthenticator::new(token.clone(), app.tenant())),
            config: &app.get::<WebConfig>(),
        };
        let token = token.expose().to_owned();
        Self { server: server.build().unwrap(), token, _folder: folder }
    }

    async fn send(&self, method: &str, path: &str, key: Option<&str>, body: Option<&Json>) -> (u16, Json) {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/inventory{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.server.router().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or(Json::Null))
    }

    #[track_caller]
    fn expect(status: u16, reply: (u16, Json)) -> Json {
        assert_eq!(reply.0, status, "{:#}", reply.1);
        reply.1
    }

    async fn post(&self, path: &str, status: u16, body: Json) -> Json {
        Self::expect(status, self.send("POST", path, None, Some(&body)).await)
    }

    async fn get(&self, path: &str) -> Json {
        Self::expect(200, self.send("GET", path, None, None).await)
    }
}

fn pcs(amount: &str) -> Json {
    json!({ "amount": amount, "unit": "pcs" })
}

fn eur(amount: &str) -> Json {
    json!({ "amount": amount, "currency": "EUR" })
}

#[test]
fn goods_come_and_go_over_http() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let build = |app: codexion::core::Application| {
        app.module(Inventory).setup(|m| {
            m.config::<WebConfig>();
        })
    };
    TestApp::each(build, |app| {
        app.work().write_blocking(|tx| Setup::default().base(tx)).unwrap();
        runtime.block_on(scenario(&Client::new(app)));
    });
}

#[test]
fn items_take_the_fields_of_their_tenant() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let build = |app: codexion::core::Application| {
        app.module(Inventory).setup(|m| {
            m.config::<WebConfig>();
        })
    };
    TestApp::each(build, |app| {
        let choices = ["red", "blue"].map(str::to_owned).to_vec();
        let define = |tx: &mut Tx| {
            let color =
                FieldDefinition { choices: choices.clone(), ..FieldDefinition::new("color", CustomKind::Choice) };
            FieldCatalogue::define(tx, Item::META, color)?;
            FieldCatalogue::define(tx, Item::META, FieldDefinition::new("weight", CustomKind::Number))
        };
        app.work().write_blocking(define).unwrap();
        runtime.block_on(colored_items(&Client::new(app)));
    });
}

async fn colored_items(client: &Client) {
    let item = |extra: Json| json!({ "code": "A", "name": "Item A", "unit": "pcs", "currency": "EUR", "extra": extra });
    let made = client.post("/items", 201, item(json!({ "color": "red", "weight": "2.5" }))).await;
    assert_eq!(made["extra"], json!({ "color": "red", "weight": "2.5" }));
    // What is not given stays; what is `null` goes.
    let path = format!("/items/{}", made["id"].as_str().unwrap());
    let plain = json!({ "code": "A", "name": "Renamed", "unit": "pcs", "currency": "EUR" });
    let changed = Client::expect(200, client.send("PUT", &path, None, Some(&plain)).await);
    assert_eq!((&changed["name"], &changed["extra"]), (&json!("Renamed"), &made["extra"]));
    let body = item(json!({ "color": "blue", "weight": null }));
    let changed = Client::expect(200, client.send("PUT", &path, None, Some(&body)).await);
    assert_eq!(changed["extra"], json!({ "color": "blue" }));
    let found = client.get("/items?filter=extra.color%20%3D%20blue&select=extra.color").await;
    assert_eq!(found["items"][0]["extra"], json!({ "color": "blue" }));
    let wrong = client.send("PUT", &path, None, Some(&item(json!({ "color": 5, "colour": "red" })))).await;
    let errors = Client::expect(422, wrong)["errors"].clone();
    assert_eq!((&errors[0]["path"], &errors[1]["path"]), (&json!("extra.color"), &json!("extra.colour")));
}

async fn scenario(client: &Client) {
    let new = json!({ "code": "A", "name": "Item A", "unit": "pcs", "currency": "EUR" });
    let item = client.post("/items", 201, new).await;
    assert_eq!(item["removal"], "fifo");
    let (item, id) = (item["id"].clone(), item["id"].as_str().unwrap().to_owned());
    let places = client.post("/warehouses", 201, json!({ "code": "MAIN", "name": "Main yard" })).await;
    let stock = places["stock"].clone();
    let shelf = json!({ "code": "MAIN/SHELF", "name": "Shelf", "kind": "internal", "parent": stock });
    let shelf = client.post("/locations", 201, shelf).await["id"].clone();
    let crate_of_6 = json!({ "code": "crate", "name": "crate", "reference": "pcs", "factor": "6", "digits": 0 });
    client.post("/units", 201, crate_of_6).await;

    let line = json!({ "item": item, "to": stock, "quantity": { "amount": "2", "unit": "crate" },
        "unit_cost": eur("30.00"), "date": "2026-02-02", "origin": "purchase 1" });
    let receipts = json!({ "lines": [line] });
    let once = client.send("POST", "/receipts", Some("k1"), Some(&receipts)).await;
    let again = client.send("POST", "/receipts", Some("k1"), Some(&receipts)).await;
    assert_eq!(once, again, "the same request is carried out once");
    let receipt = Client::expect(201, once)["moves"][0].clone();
    assert_eq!((&receipt["value"], &receipt["quantity"]), (&eur("60.00"), &pcs("12")));

    let moved =
        json!({ "lines": [{ "item": item, "from": stock, "to": shelf, "quantity": pcs("4"), "date": "2026-02-03" }] });
    client.post("/transfers", 201, moved).await;
    let wanted = json!({ "item": item, "within": places["root"], "quantity": pcs("5"), "date": "2026-02-09" });
    let held = client.post("/reservations", 201, wanted).await;
    assert_eq!(held["picks"], json!([{ "location": stock, "quantity": pcs("5") }]));
    let held = held["movement"].as_str().unwrap().to_owned();
    assert_eq!(client.get(&format!("/reservations/{held}")).await["assigned"], pcs("5"));

    let issue = |quantity: &str, reserved: Json| {
        json!({ "lines": [{ "item": item, "from": stock, "quantity": pcs(quantity), "date": "2026-02-04",
            "reserved": reserved }] })
    };
    let refused = client.post("/issues", 409, issue("4", Json::Null)).await;
    assert_eq!(refused["code"], "inventory.reserved_for_others");
    let issued = client.post("/issues", 201, issue("2", json!(held))).await;
    assert_eq!(issued["moves"][0]["value"], eur("-10.00"));
    let (status, _) = client.send("DELETE", &format!("/reservations/{held}"), None, None).await;
    assert_eq!(status, 204);
    let refused = client.post("/issues", 409, issue("7", Json::Null)).await;
    assert_eq!(refused["code"], "inventory.negative_stock");

    let receipt = receipt["movement"].as_str().unwrap();
    let (status, _) = client
        .send("POST", &format!("/receipts/{receipt}/charges"), None, Some(&json!({ "charge": eur("6.00") })))
        .await;
    assert_eq!(status, 204);
    let back = json!({ "movement": issued["moves"][0]["movement"], "place": stock, "quantity": pcs("1"), "date": "2026-02-05" });
    assert_eq!(client.post("/customer-returns", 201, back).await["moves"][0]["value"], eur("5.50"));
    let back = json!({ "movement": receipt, "place": stock, "quantity": pcs("1"), "date": "2026-02-05" });
    assert_eq!(client.post("/supplier-returns", 201, back).await["moves"][0]["value"], eur("-5.50"));
    let count = json!({ "lines": [{ "item": item, "place": stock, "found": pcs("5"), "date": "2026-02-06" }] });
    assert_eq!(client.post("/counts", 201, count).await["moves"][0]["quantity"], pcs("-1"));

    let there = client.get(&format!("/items/{id}/stock")).await;
    assert_eq!((&there["on_hand"], &there["value"]), (&pcs("9"), &eur("49.50")));
    assert_eq!(there["levels"].as_array().unwrap().len(), 2);
    assert_eq!(client.get("/stock-value?as_of=2026-02-02").await["totals"], json!([eur("66.00")]));
    assert_eq!(client.get("/stock-value").await["totals"], json!([eur("49.50")]));
    for list in ["/units", "/items", "/warehouses", "/locations", "/moves", "/levels", "/value-entries"] {
        assert!(!client.get(list).await["items"].as_array().unwrap().is_empty(), "{list}");
    }
    let renamed = json!({ "code": "A", "name": "Renamed", "unit": "pcs", "currency": "USD" });
    let refused = client.send("PUT", &format!("/items/{id}"), None, Some(&renamed)).await;
    assert_eq!(Client::expect(409, refused)["code"], "inventory.item_in_use");
    let wrong = json!({ "lines": [{ "item": item, "to": stock, "quantity": 3 }] });
    assert_eq!(client.send("POST", "/receipts", None, Some(&wrong)).await.0, 422);
}
