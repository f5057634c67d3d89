//! Arguments and answers of handlers.

use axum::http::Method;
use serde_json::json;

use crate::support::{Setup, servers};

#[tokio::test]
async fn arguments_are_read_and_answers_written() {
    let test = Setup::default().build();
    let reply = test.get("/api/v1/fleet/search?word=ab&times=3").await.expect(200);
    assert_eq!((reply.json(), reply.header("content-type")), (json!("ababab"), "application/json"));
    assert_eq!(reply.header("x-content-type-options"), "nosniff");

    let reply = test.post("/api/v1/fleet/sales", &json!({ "price": 5 })).await.expect(201);
    assert_eq!((reply.json(), reply.header("location")), (json!(5), "/api/v1/fleet/sales/1"));

    let closure = test.call(Method::PUT, "/api/v1/fleet/closure").json(&json!({ "price": 5 })).send().await;
    assert_eq!(closure.expect(200).json(), 6);

    assert!(test.post("/api/v1/fleet/nothing", &json!(null)).await.expect(204).bytes.is_empty());
    assert!(test.call(Method::DELETE, "/api/v1/fleet/sales").send().await.expect(204).bytes.is_empty());

    let sum = test.get("/api/v1/fleet/sum/2/3").await.expect(200).json();
    assert_eq!(sum, json!({ "absent": true, "sum": 5 }));
    test.get("/api/v1/fleet/sum/2/x").await.expect(400);
}

#[tokio::test]
async fn a_service_works_in_one_unit_of_work() {
    for test in servers() {
        let vehicle = json!({ "plate": "B-1", "price": { "amount": "10.00", "currency": "EUR" }, "seats": 5 });
        let id = test.post("/api/v1/fleet/vehicles", &vehicle).await.expect(201).json()["id"].clone();
        let path = format!("/api/v1/fleet/vehicles/{}/sell", id.as_str().unwrap());
        let sale = test.post(&path, &json!({ "price": 10 })).await.expect(200).json();
        assert_eq!((&sale["plate"], &sale["price"]), (&json!("B-1"), &json!(10)), "{}", test.name);

        let problem = test.post(&path, &json!({ "price": 9 })).await.problem(409, "fleet.too_cheap");
        assert_eq!((&problem["title"], &problem["help"]), (&json!("Refused by a rule"), &json!("ask for more")));
    }
}

#[tokio::test]
async fn the_context_has_actor_trace_locale_and_deadline() {
    let test = Setup::default().build();
    let trace = uuid::Uuid::now_v7();
    let call = test.call(Method::GET, "/api/v1/fleet/whoami").header("accept-language", "de-AT, en;q=0.5");
    let reply = call.header("x-request-id", trace.to_string()).send().await.expect(200);
    assert_eq!(reply.header("x-request-id"), trace.to_string());
    let expected = json!({
        "name": "developer", "roles": ["owner"], "tenant": test.tenant, "trace": trace, "locale": "de-AT",
        "deadline": true,
    });
    assert_eq!(reply.json(), expected);

    let other = test.call(Method::GET, "/api/v1/fleet/whoami").header("x-request-id", "not-a-uuid").send().await;
    assert_eq!(other.json()["trace"], other.header("x-request-id"), "a new one");
}

#[tokio::test]
async fn a_page_sees_data_as_a_visitor() {
    let test = Setup::default().build();
    let page = test.bare(Method::GET, "/").send().await.expect(200);
    assert_eq!(
        (page.text().as_str(), page.header("content-type")),
        ("<h1>0 vehicles</h1>", "text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_ask() {
    let test = Setup::default().build();
    let path = "/api/v1/fleet/search?word=abcdefgh&times=200";
    let packed = test.call(Method::GET, path).header("accept-encoding", "gzip").send().await.expect(200);
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() < 200, "{} bytes", packed.bytes.len());
    let plain = test.get(path).await.expect(200);
    assert_eq!((plain.bytes.len(), plain.headers.contains_key("content-encoding")), (1_602, false));
}
