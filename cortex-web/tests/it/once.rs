//! Idempotency keys: the same request twice is one deed and the same answer.

use axum::http::Method;
use cortex_core::Clock;
use serde_json::json;

use crate::rest::vehicle;
use crate::support::{Reply, TestServer, servers};

const VEHICLES: &str = "/api/v1/fleet/vehicles";

async fn post(test: &TestServer, path: &str, key: &str, body: &serde_json::Value) -> Reply {
    test.call(Method::POST, path).header("idempotency-key", key).json(body).send().await
}

async fn count(test: &TestServer) -> serde_json::Value {
    test.get(&format!("{VEHICLES}?count=true")).await.json()["total"].clone()
}

#[tokio::test]
async fn a_repeated_request_gets_the_answer_of_the_first() {
    for test in servers() {
        let first = post(&test, VEHICLES, "k1", &vehicle("B-1", 5)).await.expect(201);
        let again = post(&test, VEHICLES, "k1", &vehicle("B-1", 5)).await.expect(201);
        assert_eq!((&again.bytes, again.header("etag")), (&first.bytes, "\"1\""), "{}", test.name);
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(count(&test).await, 1);

        let other = post(&test, VEHICLES, "k1", &vehicle("B-2", 5)).await.problem(422, "once.other_request");
        assert_eq!(other["detail"], "the idempotency key `k1` came with another request before");
        post(&test, VEHICLES, "k2", &vehicle("B-2", 5)).await.expect(201);
        assert_eq!(count(&test).await, 2);
    }
}

#[tokio::test]
async fn a_refused_request_keeps_no_answer() {
    for test in servers() {
        let path = format!("{VEHICLES}/0198f000-0000-7000-8000-000000000000/sell");
        post(&test, &path, "k1", &json!({ "price": 10 })).await.problem(404, "not_found");
        post(&test, VEHICLES, "k1", &vehicle("THIRTEEN-CHARS", 5)).await.problem(422, "invalid_fields");
        post(&test, VEHICLES, "k1", &vehicle("B-1", 5)).await.expect(201);
        assert_eq!(count(&test).await, 1, "{}", test.name);
    }
}

#[tokio::test]
async fn a_handler_does_its_work_once() {
    for test in servers() {
        let one = test.post(VEHICLES, &vehicle("B-1", 5)).await.header("location").to_owned();
        let two = test.post(VEHICLES, &vehicle("B-2", 5)).await.header("location").to_owned();
        let sell = format!("{one}/sell");
        let first = post(&test, &sell, "k", &json!({ "price": 10 })).await.expect(200).json();
        let again = post(&test, &sell, "k", &json!({ "price": 10 })).await.expect(200).json();
        assert_eq!(first, again, "{}: with the same new id", test.name);
        let history = test.get(&format!("{one}/history")).await.json();
        assert_eq!(history.as_array().unwrap().len(), 1, "nothing changed twice");
        post(&test, &format!("{two}/sell"), "k", &json!({ "price": 10 })).await.problem(422, "once.other_request");
    }
}

#[tokio::test]
async fn requests_at_the_same_time_are_one_deed() {
    for test in servers() {
        let body = vehicle("B-1", 5);
        let calls: Vec<_> = (0..8)
            .map(|_| tokio::spawn(test.call(Method::POST, VEHICLES).header("idempotency-key", "k").json(&body).send()))
            .collect();
        let mut answers = Vec::new();
        for call in calls {
            answers.push(call.await.unwrap().expect(201).text());
        }
        answers.dedup();
        assert_eq!((answers.len(), count(&test).await), (1, json!(1)), "{}", test.name);
    }
}

#[tokio::test]
async fn keys_are_refused_where_they_mean_nothing() {
    let test = &servers()[0];
    post(test, "/api/v1/fleet/sales", "k", &json!({ "price": 5 })).await.problem(400, "request.no_once");
    post(test, VEHICLES, "", &vehicle("B-1", 5)).await.problem(400, "request.header");
    post(test, VEHICLES, &"k".repeat(201), &vehicle("B-1", 5)).await.problem(400, "request.header");
}

#[tokio::test]
async fn answers_are_kept_for_a_day() {
    for test in servers() {
        let first = post(&test, VEHICLES, "k1", &vehicle("B-1", 5)).await.expect(201).text();
        let day = test.clock.now() + std::time::Duration::from_secs(24 * 3600);
        test.clock.set(day);
        assert_eq!(post(&test, VEHICLES, "k1", &vehicle("B-1", 5)).await.expect(201).text(), first, "{}", test.name);
        test.clock.set(day + std::time::Duration::from_secs(1));
        post(&test, VEHICLES, "k1", &vehicle("B-2", 5)).await.expect(201);
        assert_eq!(count(&test).await, 2);
    }
}
