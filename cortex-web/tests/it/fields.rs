//! Custom fields over HTTP: defined, used in every route of an entity, described, archived.

use axum::http::Method;
use cortex_core::{Cx, Error, Id, Registrar, Result};
use cortex_data::{Check, DataRegistrar, Extra, Filter, Guard, Meta, ReadTx, Repository};
use cortex_web::WebRegistrar;
use serde_json::{Value as Json, json};

use crate::support::{Setup, TestServer, servers_of};

const FIELDS: &str = "/api/v1/cortex/fields";
const TRAILERS: &str = "/api/v1/yard/trailers";

/// A trailer: an entity with custom fields.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "fleet_trailers", tenant, versioned, audited, crate = cortex_data)]
struct Trailer {
    id: Id<Trailer>,
    #[field(max_len = 10)]
    name: String,
    extra: Extra,
}

fn register(m: &mut Registrar) {
    m.repository::<Trailer>();
    cortex_web::register_fields(m);
    m.rest::<Trailer>("/trailers");
}

fn setup() -> Setup {
    Setup::default().part("yard", register)
}

impl TestServer {
    async fn define(&self, field: Json) -> Json {
        self.post(&format!("{FIELDS}?entity=yard.trailer"), &field).await.expect(201).json()
    }

    async fn put(&self, field: &Json) -> crate::support::Reply {
        self.call(Method::PUT, &format!("{FIELDS}?entity=yard.trailer")).json(field).send().await
    }

    async fn names(&self, query: &str) -> Vec<String> {
        let page = self.get(&format!("{TRAILERS}?{query}")).await.expect(200).json();
        page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_field_lives() {
    for test in servers_of(setup) {
        let color = json!({
            "name": "color", "kind": "choice", "choices": ["red", "blue"], "labels": { "en": "Colour", "de": "Farbe" },
        });
        let defined = test.define(color).await;
        assert_eq!((&defined["path"], &defined["index"]), (&json!("extra.color"), &json!("none")), "{}", test.name);
        test.define(json!({ "name": "load", "kind": "number", "min": "0", "position": -1 })).await;
        let listed = test.get(&format!("{FIELDS}?entity=yard.trailer")).await.expect(200).json();
        let names: Vec<_> = listed.as_array().unwrap().iter().map(|field| field["name"].clone()).collect();
        assert_eq!(names, ["load", "color"]);

        let body = json!({ "name": "a", "extra": { "color": "red", "load": "12.5" } });
        let made = test.post(TRAILERS, &body).await.expect(201);
        let (path, made) = (made.header("location").to_owned(), made.json());
        assert_eq!(made["extra"], json!({ "color": "red", "load": "12.5" }));
        test.post(TRAILERS, &json!({ "name": "b", "extra": { "load": "3" } })).await.expect(201);
        assert_eq!(test.names("filter=extra.load%20%3E%205").await, ["a"]);
        assert_eq!(test.names("sort=extra.load").await, ["b", "a"]);
        let groups = test.get(&format!("{TRAILERS}/groups?by=extra.color&sum=extra.load")).await.expect(200).json();
        let red = json!({ "key": { "extra.color": "red" }, "count": 1, "sum": "12.5" });
        let none = json!({ "key": { "extra.color": null }, "count": 1, "sum": "3" });
        assert_eq!(groups, json!({ "groups": [red, none], "more": false }), "{}", test.name);
        let chosen = test.get(&format!("{path}?select=extra.color")).await.expect(200).json();
        assert_eq!((&chosen["extra"], chosen.get("name")), (&json!({ "color": "red" }), None));

        let wrong = json!({ "name": "a name too long", "extra": { "color": "pink", "load": "-1", "colr": 1 } });
        let problem = test.post(TRAILERS, &wrong).await.problem(422, "invalid_fields");
        let mut paths: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|e| e["path"].as_str().unwrap()).collect();
        paths.sort_unstable();
        assert_eq!(paths, ["extra.color", "extra.colr", "extra.load", "name"]);

        let patched = test.call(Method::PATCH, &path).json(&json!({ "extra": { "color": null } })).send().await;
        assert_eq!(patched.expect(200).json()["extra"], json!({ "load": "12.5" }));
        let history = test.get(&format!("{path}/history")).await.expect(200).json();
        assert_eq!(history[1]["before"], json!({ "extra": { "color": "red" } }));

        // A stricter rule is checked against what is stored.
        let strict = json!({ "name": "load", "kind": "number", "min": "5" });
        let report = test.post(&format!("{FIELDS}/check?entity=yard.trailer"), &strict).await.expect(200).json();
        assert_eq!((&report["checked"], &report["broken"]), (&json!(2), &json!(1)));
        test.put(&strict).await.problem(409, "custom.stored");
        test.put(&json!({ "name": "load", "kind": "number", "max": "100" })).await.expect(200);

        let named = json!({ "entity": "yard.trailer", "name": "load" });
        test.post(&format!("{FIELDS}/archive"), &named).await.expect(204);
        assert_eq!(test.get(&path).await.expect(200).json()["extra"], json!({}));
        test.get(&format!("{TRAILERS}?filter=extra.load%20%3E%205")).await.problem(422, "filter.field");
        test.post(&format!("{FIELDS}/restore"), &named).await.expect(204);
        assert_eq!(test.get(&path).await.expect(200).json()["extra"], json!({ "load": "12.5" }));

        test.get(&format!("{FIELDS}?entity=yard.lorry")).await.problem(404, "custom.entity");
        test.put(&json!({ "name": "none", "kind": "text" })).await.problem(404, "custom.unknown");
    }
}

#[tokio::test]
async fn the_description_of_the_api_shows_the_fields_of_the_tenant() {
    for test in servers_of(setup) {
        test.define(json!({ "name": "load", "kind": "number", "required": true, "unique": true, "indexed": true }))
            .await;
        let document = test.get("/api/openapi.json").await.expect(200).json();
        let schema = |name: &str| document["components"]["schemas"][name]["properties"]["extra"].clone();
        assert_eq!(schema("TrailerCreate")["required"], json!(["load"]), "{}", test.name);
        assert_eq!(schema("TrailerCreate")["properties"]["load"]["description"], "unique");
        assert_eq!(schema("TrailerPatch")["properties"]["load"]["anyOf"][1], json!({ "type": "null" }));
        assert_eq!(schema("Trailer")["properties"]["load"]["format"], "decimal");
        // Whoever is not signed in sees that there are custom fields, and not which.
        let open = test.bare(Method::GET, "/api/openapi.json").send().await.expect(200).json();
        let open = &open["components"]["schemas"]["Trailer"]["properties"]["extra"];
        assert_eq!((&open["type"], open.get("properties")), (&json!("object"), None));
        let page = test.get(&format!("{TRAILERS}?filter=extra.load%20%3D%205")).await.expect(200).json();
        assert_eq!(page["index"], json!({ "extra.load": "building" }));
        let asked = test.post(&format!("{FIELDS}/index?entity=yard.trailer"), &json!({})).await.expect(200).json();
        assert_eq!(asked, json!({ "indexes": 1 }));
    }
}

/// Lets nobody see salaries, nor set bonuses.
#[derive(Debug)]
struct Discreet;

impl Guard for Discreet {
    fn check(&self, _: &mut ReadTx, check: &Check<'_>) -> Result<()> {
        match check.action {
            "see_salary" | "set_bonus" => Err(Error::forbidden("forbidden", "no")),
            _ => Ok(()),
        }
    }

    fn predicate(&self, _: &Cx, _: &'static Meta) -> Result<Filter> {
        Ok(Filter::All)
    }

    fn mask(&self, _: &Cx, _: &'static Meta) -> Vec<String> {
        vec!["extra.masked".to_owned()]
    }
}

#[tokio::test]
async fn fields_are_hidden_from_those_who_lack_their_permission() {
    for test in servers_of(|| setup().guard(Discreet)) {
        test.define(json!({ "name": "salary", "kind": "number", "read_permission": "yard.trailer.see_salary" })).await;
        test.define(json!({ "name": "bonus", "kind": "number", "write_permission": "yard.trailer.set_bonus" })).await;
        test.define(json!({ "name": "masked", "kind": "number", "default": "1" })).await;
        let body = json!({ "name": "a", "extra": { "salary": "5", "bonus": "1" } });
        let problem = test.post(TRAILERS, &body).await.problem(422, "invalid_fields");
        assert_eq!(
            (&problem["errors"][0]["path"], &problem["errors"][0]["code"]),
            (&json!("extra.bonus"), &json!("read_only"))
        );
        let made = test.post(TRAILERS, &json!({ "name": "a", "extra": { "salary": "5" } })).await.expect(201);
        assert_eq!(made.json()["extra"], json!({}), "{}", test.name);
        let path = made.header("location").to_owned();
        for field in ["salary", "masked"] {
            test.get(&format!("{TRAILERS}?filter=extra.{field}%20%3D%205")).await.problem(422, "filter.field");
            test.get(&format!("{TRAILERS}/groups?by=extra.{field}")).await.problem(422, "group.by");
            let patch = json!({ "extra": { field: "6" } });
            test.call(Method::PATCH, &path).json(&patch).send().await.problem(403, "forbidden");
        }
        let history = test.get(&format!("{path}/history")).await.expect(200).json();
        assert!(!history.to_string().contains("salary"), "{history:#}");
        let document = test.get("/api/openapi.json").await.expect(200).text();
        assert!(document.contains("\"bonus\"") && !document.contains("\"salary\""), "hidden fields are not described");
        let listed = test.get(&format!("{FIELDS}?entity=yard.trailer")).await.expect(200).text();
        assert!(!listed.contains("salary"), "{listed}");
    }
}

const GUIDE: &str = include_str!("../../../docs/guides/custom-fields.md");

/// The blocks of the guide: what stands behind the fence, and the text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let mut parts = GUIDE.split("```");
    let mut blocks = Vec::new();
    while let (Some(_), Some(block)) = (parts.next(), parts.next()) {
        let (info, text) = block.split_once('\n').unwrap();
        blocks.push((info, text));
    }
    blocks
}

/// Whether `found` has all that `expected` names.
fn has(found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::Object(found), Json::Object(expected)) => {
            expected.iter().all(|(name, value)| found.get(name).is_some_and(|found| has(found, value)))
        }
        (Json::Array(found), Json::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| has(found, expected))
        }
        _ => found == expected,
    }
}

#[tokio::test]
async fn the_guide_does_what_it_says() {
    for test in servers_of(setup) {
        let (mut answer, mut asked) = (Json::Null, 0);
        for (info, text) in blocks() {
            if info == "json" {
                let expected: Json = serde_json::from_str(text).unwrap();
                assert!(has(&answer, &expected), "{}: {answer:#} has not all of {expected:#}", test.name);
            }
            let Some(status) = info.strip_prefix("http ") else { continue };
            let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
            let (method, path) = head.trim().split_once(' ').unwrap();
            let path = path.replace(' ', "%20").replace('>', "%3E");
            let mut request = test.call(method.parse().unwrap(), &path);
            if !body.is_empty() {
                request = request.json(&serde_json::from_str(body).unwrap());
            }
            let reply = request.send().await.expect(status.parse().unwrap());
            answer = if reply.text().is_empty() { Json::Null } else { reply.json() };
            asked += 1;
        }
        assert_eq!(asked, 14, "requests of the guide");
    }
}
