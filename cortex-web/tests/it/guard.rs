//! What an actor may see and do, as the guard says it.

use axum::http::Method;
use cortex_core::{Cx, Error, Result};
use cortex_data::{Check, DenyAll, Filter, Guard, Meta, ReadTx, Value};
use serde_json::{Value as Json, json};

use crate::rest::{created, vehicle};
use crate::support::Setup;

const VEHICLES: &str = "/api/v1/fleet/vehicles";

/// Sees vehicles with few seats, and no drivers; may do everything but delete.
#[derive(Debug)]
struct Clerk;

impl Guard for Clerk {
    fn check(&self, _: &mut ReadTx, check: &Check<'_>) -> Result<()> {
        assert!(["fleet.vehicle", "fleet.note"].contains(&check.resource), "{check:?}");
        let secret = check.subject.attributes().contains(&("plate", Value::from("SECRET")));
        match check.action {
            "delete" => Err(Error::forbidden("forbidden", "clerks don't delete")),
            "read" | "update" if secret => Err(Error::forbidden("forbidden", "this one is secret")),
            _ => Ok(()),
        }
    }

    fn predicate(&self, _: &Cx, entity: &'static Meta) -> Result<Filter> {
        match entity.name {
            "Vehicle" => Ok(Filter::Compare { column: "seats", op: cortex_data::Op::Lt, value: 6.into() }),
            _ => Err(Error::forbidden("forbidden", "clerks see no notes")),
        }
    }

    fn mask(&self, _: &Cx, _: &'static Meta) -> Vec<String> {
        vec!["driver".to_owned()]
    }
}

#[tokio::test]
async fn lists_and_counts_show_what_the_actor_may_see() {
    let test = Setup::default().guard(Clerk).build();
    created(&test, "SMALL", 5).await;
    created(&test, "LARGE", 9).await;
    let page = test.get(&format!("{VEHICLES}?count=true")).await.expect(200).json();
    assert_eq!((&page["total"], &page["items"][0]["plate"]), (&json!(1), &json!("SMALL")));
    assert_eq!(page["items"][0].get("driver"), None);
    test.get(&format!("{VEHICLES}?filter=driver%20=%20%22Ada%22")).await.problem(422, "filter.field");
    test.get(&format!("{VEHICLES}?sort=driver")).await.problem(422, "page.sort");
    test.get(&format!("{VEHICLES}?select=driver")).await.problem(422, "select.field");
    test.get("/api/v1/fleet/notes").await.problem(403, "forbidden");
}

#[tokio::test]
async fn records_and_histories_are_masked() {
    let test = Setup::default().guard(Clerk).build();
    let mut body = vehicle("B-1", 5);
    body["driver"] = json!("Ada");
    let reply = test.post(VEHICLES, &body).await.expect(201);
    assert!(!reply.text().contains("Ada"));
    let path = reply.header("location").to_owned();
    let read = test.get(&path).await.expect(200);
    assert!(!read.text().contains("Ada"));
    let history = test.get(&format!("{path}/history")).await.expect(200);
    assert_eq!((history.json()[0]["after"]["plate"].as_str(), history.text().contains("Ada")), (Some("B-1"), false));
    let hidden = test.call(Method::PATCH, &path).json(&json!({ "driver": "Eve" })).send().await;
    assert_eq!(hidden.problem(403, "forbidden")["detail"], "you may not change `driver`");
}

#[tokio::test]
async fn acts_are_checked_on_the_record() {
    let test = Setup::default().guard(Clerk).build();
    let path = created(&test, "SECRET", 5).await;
    test.get(&path).await.problem(403, "forbidden");
    test.get(&format!("{path}/history")).await.problem(403, "forbidden");
    let patch = test.call(Method::PATCH, &path).json(&json!({ "plate": "OPEN" })).send().await;
    patch.problem(403, "forbidden");
    let delete = test.call(Method::DELETE, &path).send().await.problem(403, "forbidden");
    assert_eq!(delete["detail"], "clerks don't delete");
    let path = format!("{path}/restore");
    test.call(Method::POST, &path).send().await.problem(403, "forbidden");
}

#[tokio::test]
async fn without_a_guard_nothing_is_allowed() {
    let test = Setup::default().guard(DenyAll).build();
    let problem: Json = test.get(VEHICLES).await.problem(403, "forbidden");
    assert!(problem["help"].as_str().unwrap().contains("--dev"));
    test.post(VEHICLES, &vehicle("B-1", 5)).await.problem(403, "forbidden");
    test.bare(Method::GET, "/").send().await.expect(200);
}
