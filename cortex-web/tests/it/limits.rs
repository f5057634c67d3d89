//! Limits: body, time, requests at once, requests per second; and what browsers of other origins may do.

use axum::body::Body;
use axum::http::Method;
use serde_json::json;

use crate::fleet::Hold;
use crate::support::Setup;

#[tokio::test]
async fn bodies_have_a_limit() {
    let test = Setup::default().config("web.body_limit=1 KiB").build();
    let large = || format!("{{\"price\": 5, \"x\": \"{}\"}}", "x".repeat(2_000));
    let call = || test.call(Method::POST, "/api/v1/fleet/sales").header("content-type", "application/json");
    let problem = call().header("content-length", "2020").body(large()).send().await.problem(413, "request.too_large");
    assert_eq!(problem["detail"], "the body is larger than 1024 bytes");
    // Without a declared length the body is read up to the limit.
    let stream = Body::new(http_body_util::Full::from(large()));
    call().body(stream).send().await.problem(413, "request.too_large");
    call().body("{\"price\": 5}").send().await.expect(201);
}

#[tokio::test(start_paused = true)]
async fn requests_have_a_time_limit() {
    let test = Setup::default().config("web.timeout=5s").build();
    let problem = test.get("/api/v1/fleet/forever").await.problem(504, "server.timeout");
    assert_eq!(problem["detail"], "the request took longer than allowed");
    assert_eq!(test.server.running(), 0);
}

#[tokio::test]
async fn requests_at_once_have_a_limit() {
    let test = Setup::default().config("web.concurrency=1").build();
    let hold = test.container.get::<Hold>().unwrap();
    let first = tokio::spawn(test.call(Method::GET, "/api/v1/fleet/held").send());
    hold.arrived.acquire().await.unwrap().forget();
    let busy = test.get("/api/v1/fleet/whoami").await;
    assert_eq!(busy.header("retry-after"), "1");
    busy.problem(503, "server.busy");
    test.bare(Method::GET, "/health/live").send().await.expect(200);
    hold.go_on.add_permits(1);
    first.await.unwrap().expect(200);
    test.get("/api/v1/fleet/whoami").await.expect(200);
}

#[tokio::test(start_paused = true)]
async fn requests_per_second_have_a_limit() {
    let test = Setup::default().config("web.rate=2").config("web.burst=3").build();
    for _ in 0..3 {
        test.get("/api/v1/fleet/whoami").await.expect(200);
    }
    let slow = test.get("/api/v1/fleet/whoami").await;
    assert_eq!(slow.header("retry-after"), "1");
    assert_eq!(slow.problem(429, "server.rate")["detail"], "more than 2 requests per second");
    tokio::time::advance(std::time::Duration::from_millis(500)).await;
    test.get("/api/v1/fleet/whoami").await.expect(200);
    test.get("/api/v1/fleet/whoami").await.problem(429, "server.rate");
}

#[tokio::test(start_paused = true)]
async fn an_actor_has_a_limit_unless_it_is_taken_away() {
    let test = Setup::default().build();
    for _ in 0..200 {
        test.get("/api/v1/fleet/whoami").await.expect(200);
    }
    let slow = test.get("/api/v1/fleet/whoami").await;
    assert_eq!(slow.problem(429, "server.rate")["detail"], "more than 100 requests per second");
    tokio::time::advance(std::time::Duration::from_millis(10)).await;
    test.get("/api/v1/fleet/whoami").await.expect(200);
    // Health checks are nobody's.
    test.bare(Method::GET, "/health/live").send().await.expect(200);

    let free = Setup::default().config("web.rate=0").build();
    for _ in 0..300 {
        free.get("/api/v1/fleet/whoami").await.expect(200);
    }
}

#[tokio::test]
async fn other_origins_are_let_in_by_name() {
    let preflight = |test: &crate::support::TestServer, origin: &str| {
        let call = test.bare(Method::OPTIONS, "/api/v1/fleet/sales").header("origin", origin);
        call.header("access-control-request-method", "POST").send()
    };
    let closed = Setup::default().build();
    let reply = preflight(&closed, "https://shop.example").await;
    assert!(!reply.headers.contains_key("access-control-allow-origin"));

    let open = Setup::default().config("web.cors_origins=[\"https://shop.example\"]").build();
    let reply = preflight(&open, "https://shop.example").await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), "https://shop.example");
    assert!(!preflight(&open, "https://evil.example").await.headers.contains_key("access-control-allow-origin"));
    let reply = open.call(Method::GET, "/api/v1/fleet/whoami").header("origin", "https://shop.example").send().await;
    assert_eq!(reply.expect(200).header("access-control-allow-origin"), "https://shop.example");

    let error = Setup::default().config("web.cors_origins=[\"shop.example/a\"]").try_build().err().unwrap();
    assert_eq!(error.code(), "server.origin");
    assert_eq!(error.message(), "`shop.example/a` is not an origin");
}

#[tokio::test]
async fn a_panic_costs_one_request() {
    let test = Setup::default().config("web.concurrency=1").build();
    test.get("/api/v1/fleet/boom").await.problem(500, "internal");
    assert_eq!(test.server.running(), 0);
    test.post("/api/v1/fleet/sales", &json!({ "price": 1 })).await.expect(201);
}
