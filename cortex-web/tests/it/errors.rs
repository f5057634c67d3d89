//! Every error as a problem, named as the documentation names it.

use axum::http::Method;
use serde_json::json;

use crate::support::Setup;

const SELL: &str = "/api/v1/fleet/sales";

#[tokio::test]
async fn wrong_places_are_named() {
    let test = Setup::default().build();
    let problem = test.get("/api/v1/fleet/nowhere").await.problem(404, "request.no_route");
    assert_eq!(problem["detail"], "there is nothing at `/api/v1/fleet/nowhere`");
    test.bare(Method::GET, "/nowhere").send().await.problem(404, "request.no_route");

    let reply = test.call(Method::PUT, SELL).json(&json!({})).send().await;
    let mut allowed: Vec<_> = reply.header("allow").split(',').map(str::to_owned).collect();
    allowed.sort();
    assert_eq!(allowed, ["DELETE", "POST"]);
    assert_eq!(reply.problem(405, "request.method")["detail"], "`/api/v1/fleet/sales` does not take PUT");

    let problem = test.get("/api/v1/fleet/vehicles/x").await.problem(404, "not_found");
    assert_eq!(problem["detail"], "`x` is not an id");
    let missing = test.get("/api/v1/fleet/vehicles/0198f000-0000-7000-8000-000000000000").await;
    missing.problem(404, "not_found");
}

#[tokio::test]
async fn bodies_that_are_not_json_are_named_with_their_place() {
    let test = Setup::default().build();
    let raw = |body: &'static str| test.call(Method::POST, SELL).header("content-type", "application/json").body(body);
    let problem = raw("{\n  \"price\": 5,,\n}").send().await.problem(400, "request.json");
    assert_eq!(problem["detail"], "the body is not JSON: key must be a string at line 2 column 14");
    let problem = raw("{\"price\": 5").send().await.problem(400, "request.json");
    assert_eq!(problem["detail"], "the body is not JSON: it ends too early at line 1 column 11");
    let problem = raw("").send().await.problem(400, "request.json");
    assert_eq!(problem["detail"], "the body is not JSON: it is empty at line 1 column 0");

    let text = test.call(Method::POST, SELL).header("content-type", "text/plain").body("{\"price\": 5}").send().await;
    let problem = text.problem(415, "request.content_type");
    assert_eq!(problem["detail"], "the body is declared as `text/plain`, JSON is expected");
    assert_eq!(problem["help"], "send `Content-Type: application/json`");
    let none = test.call(Method::POST, SELL).body("{\"price\": 5}").send().await;
    assert_eq!(
        none.problem(415, "request.content_type")["detail"],
        "the body is declared as `nothing`, JSON is expected"
    );
    let charset = test.call(Method::POST, SELL).header("content-type", "application/vnd.x+json; charset=utf-8");
    charset.body("{\"price\": 5}").send().await.expect(201);
}

#[tokio::test]
async fn fields_that_do_not_fit_are_named_with_their_path() {
    let test = Setup::default().build();
    let body = json!({ "price": 5, "lines": [{ "amount": 1 }, { "amount": "two" }] });
    let problem = test.post(SELL, &body).await.problem(422, "invalid_fields");
    let expected = json!([{
        "path": "lines[1].amount", "pointer": "#/lines/1/amount", "code": "type",
        "message": "invalid type: string \"two\", expected i64",
    }]);
    assert_eq!(problem["errors"], expected);
    let problem = test.post(SELL, &json!({})).await.problem(422, "invalid_fields");
    let expected = json!([{ "path": "price", "pointer": "#/price", "code": "required", "message": "is required" }]);
    assert_eq!(problem["errors"], expected);

    let problem = test.get("/api/v1/fleet/search?times=1").await.problem(400, "request.query");
    assert_eq!(problem["detail"], "the query string does not fit: missing field `word`");
}

#[tokio::test]
async fn defects_and_panics_tell_clients_nothing() {
    let test = Setup::default().build();
    for path in ["/api/v1/fleet/defect", "/api/v1/fleet/boom"] {
        let reply = test.get(path).await;
        for secret in ["secret", "hunter2", "node 7", "swordfish", "fleet."] {
            assert!(!reply.text().contains(secret), "{secret}: {}", reply.text());
        }
        let problem = reply.problem(500, "internal");
        assert_eq!(problem["detail"], "the server made a mistake");
        assert!(problem["help"].as_str().unwrap().contains(problem["trace"].as_str().unwrap()));
    }
    let reply = test.get("/api/v1/fleet/down").await;
    assert!(!reply.text().contains("secret"), "{}", reply.text());
    assert_eq!(reply.header("retry-after"), "1");
    reply.problem(503, "unavailable");

    // Work that authorises nothing is a defect of the module.
    test.post("/api/v1/fleet/unguarded", &json!({})).await.problem(500, "internal");
    assert_eq!(test.get("/api/v1/fleet/notes").await.expect(200).json()["items"], json!([]));
}
