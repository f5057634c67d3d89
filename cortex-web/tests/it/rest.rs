//! Generated REST from the first record to the last: created, shown, listed, changed, deleted, restored.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Setup, TestServer, servers};

const VEHICLES: &str = "/api/v1/fleet/vehicles";

pub(crate) fn vehicle(plate: &str, seats: i32) -> Json {
    json!({ "plate": plate, "price": { "amount": "10.00", "currency": "EUR" }, "seats": seats, "pin": "1234" })
}

pub(crate) async fn created(test: &TestServer, plate: &str, seats: i32) -> String {
    let reply = test.post(VEHICLES, &vehicle(plate, seats)).await.expect(201);
    reply.header("location").to_owned()
}

#[tokio::test]
async fn a_record_lives() {
    for test in servers() {
        let reply = test.post(VEHICLES, &vehicle("B-1", 5)).await.expect(201);
        let made = reply.json();
        let path = reply.header("location").to_owned();
        assert_eq!(path, format!("{VEHICLES}/{}", made["id"].as_str().unwrap()));
        assert_eq!(reply.header("etag"), "\"1\"");
        assert_eq!((&made["version"], &made["driver"], made.get("pin")), (&json!(1), &Json::Null, None));
        assert_eq!(made["created_by"], "00000000-0000-0000-0000-000000000002");
        assert_eq!(test.get(&path).await.expect(200).json(), made, "{}", test.name);

        let change = json!({ "driver": "Ada", "seats": 4 });
        let reply = test.call(Method::PATCH, &path).json(&change).send().await.expect(200);
        assert_eq!(reply.header("etag"), "\"2\"");
        assert_eq!((&reply.json()["driver"], &reply.json()["seats"]), (&json!("Ada"), &json!(4)));
        let cleared = test.call(Method::PATCH, &path).header("content-type", "application/merge-patch+json");
        let cleared = cleared.body("{\"driver\": null}").send().await.expect(200).json();
        assert_eq!((&cleared["driver"], &cleared["version"]), (&Json::Null, &json!(3)));

        assert!(test.call(Method::DELETE, &path).send().await.expect(204).bytes.is_empty());
        test.get(&path).await.problem(404, "not_found");
        test.call(Method::DELETE, &path).send().await.problem(404, "not_found");
        let back = test.call(Method::POST, &format!("{path}/restore")).send().await.expect(200).json();
        assert_eq!(back["plate"], "B-1");

        let history = test.get(&format!("{path}/history")).await.expect(200).json();
        let actions: Vec<_> = history.as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
        assert_eq!(actions, ["insert", "update", "update", "delete", "restore"]);
        assert_eq!(history[1]["after"], json!({ "driver": "Ada", "seats": 4 }));
        assert!(!history.to_string().contains("1234"), "what clients can't read is not in the history either");
    }
}

#[tokio::test]
async fn input_is_checked_as_a_whole() {
    for test in servers() {
        let wrong = json!({ "plate": "THIRTEEN-CHARS", "seats": 0, "colour": "red", "id": "x", "price": 12 });
        let problem = test.post(VEHICLES, &wrong).await.problem(422, "invalid_fields");
        let mut codes: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|e| (&e["path"], &e["code"])).collect();
        codes.sort_by_key(|(path, _)| path.to_string());
        let expected = [
            (&json!("colour"), &json!("unknown")),
            (&json!("id"), &json!("read_only")),
            (&json!("plate"), &json!("max_len")),
            (&json!("price"), &json!("type")),
            (&json!("seats"), &json!("min")),
        ];
        assert_eq!(codes, expected, "{}", test.name);
        let array = test.post(VEHICLES, &json!([1])).await.problem(422, "invalid_fields");
        assert_eq!(array["errors"][0]["code"], "type");

        created(&test, "B-1", 5).await;
        let twice = test.post(VEHICLES, &vehicle("B-1", 5)).await.problem(409, "unique");
        assert!(twice["detail"].as_str().unwrap().contains("already"));
    }
}

#[tokio::test]
async fn lists_are_filtered_sorted_counted_and_paged() {
    for test in servers() {
        for (plate, seats) in [("A", 2), ("B", 5), ("C", 5), ("D", 7), ("E", 9)] {
            created(&test, plate, seats).await;
        }
        let query = "filter=seats%20%3E=%205&sort=-seats,plate&limit=3&select=plate&count=true";
        let page = test.get(&format!("{VEHICLES}?{query}")).await.expect(200).json();
        assert_eq!((plates(&page), &page["total"]), (vec!["E", "D", "B"], &json!(4)), "{}", test.name);
        let first = page["items"][0].as_object().unwrap();
        assert_eq!(first.keys().collect::<Vec<_>>(), ["id", "plate"]);
        let next = page["next"].as_str().unwrap();
        let page = test.get(&format!("{VEHICLES}?{query}&cursor={next}")).await.expect(200).json();
        assert_eq!((plates(&page), page.get("next")), (vec!["C"], None));
        let other = format!("{VEHICLES}?sort=plate&cursor={next}");
        test.get(&other).await.problem(422, "page.cursor");
    }
}

fn plates(page: &Json) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["plate"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn wrong_questions_are_named() {
    let test = Setup::default().build();
    for (query, status, code) in [
        ("filter=wheels%20=%204", 422, "filter.field"),
        ("sort=wheels", 422, "page.sort"),
        ("select=wheels", 422, "select.field"),
        ("limit=0", 422, "page.limit"),
        ("limit=501", 422, "page.limit"),
        ("limit=many", 400, "request.query"),
        ("cursor=x", 422, "page.cursor"),
        ("page=2", 400, "request.query"),
        // Nobody may look for what nobody may read.
        ("filter=pin%20=%20%221234%22", 422, "filter.field"),
    ] {
        let reply = test.get(&format!("{VEHICLES}?{query}")).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["code"]), (status, &json!(code)), "{query}: {}", reply.text());
    }
}

#[tokio::test]
async fn an_entity_offers_what_it_keeps() {
    let test = Setup::default().build();
    let reply = test.post("/api/v1/fleet/notes", &json!({ "text": "hello" })).await.expect(201);
    assert!(!reply.headers.contains_key("etag"), "it has no versions");
    let path = reply.header("location").to_owned();
    test.get(&format!("{path}/history")).await.problem(404, "request.no_route");
    test.call(Method::POST, &format!("{path}/restore")).send().await.problem(404, "request.no_route");
    let patch = test.call(Method::PATCH, &path).header("if-match", "\"1\"").json(&json!({ "text": "x" })).send().await;
    patch.problem(412, "request.unversioned");
    let patch = test.call(Method::PATCH, &path).json(&json!({ "text": "x" })).send().await.expect(200);
    assert_eq!(patch.json()["text"], "x");
    test.call(Method::DELETE, &path).send().await.expect(204);
}

#[tokio::test]
async fn what_is_browsed_cannot_be_changed() {
    let test = Setup::default().build();
    let id = created(&test, "B-1", 5).await.rsplit('/').next().unwrap().to_owned();
    let path = format!("/api/v1/fleet/archive/{id}");
    assert_eq!(test.get(&path).await.expect(200).json()["plate"], "B-1");
    assert_eq!(plates(&test.get("/api/v1/fleet/archive").await.expect(200).json()), ["B-1"]);
    assert_eq!(test.get(&format!("{path}/history")).await.expect(200).json()[0]["action"], "insert");
    test.post("/api/v1/fleet/archive", &vehicle("B-2", 5)).await.problem(405, "request.method");
    test.call(Method::PATCH, &path).json(&json!({ "seats": 6 })).send().await.problem(405, "request.method");
    test.call(Method::DELETE, &path).send().await.problem(405, "request.method");
}
