//! The OpenAPI document and the page that shows it.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::Setup;

/// Every object in `value`, `value` itself included.
fn objects<'a>(value: &'a Json, out: &mut Vec<&'a serde_json::Map<String, Json>>) {
    match value {
        Json::Object(object) => {
            out.push(object);
            object.values().for_each(|inner| objects(inner, out));
        }
        Json::Array(items) => items.iter().for_each(|inner| objects(inner, out)),
        _ => {}
    }
}

async fn document() -> Json {
    let test = Setup::default().build();
    let reply = test.get("/api/openapi.json").await.expect(200);
    assert_eq!(reply.bytes, test.server.openapi());
    reply.json()
}

#[tokio::test]
async fn the_document_is_whole() {
    let document = document().await;
    assert_eq!((&document["openapi"], &document["info"]["title"]), (&json!("3.1.0"), &json!("Fleet")));
    let mut all = Vec::new();
    objects(&document, &mut all);
    let references: BTreeSet<_> = all.iter().filter_map(|object| object.get("$ref")?.as_str()).collect();
    assert!(references.len() > 5, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("`{reference}` is outside"));
        assert!(document.pointer(pointer).is_some(), "`{reference}` leads nowhere");
    }
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{place} has no id"));
            assert!(ids.insert(id.to_owned()), "`{id}` is used twice");
            assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{id}");
            assert_eq!(operation["tags"], json!(["fleet"]), "{place}");
            assert_eq!(operation["security"], json!([{ "bearer": [] }]), "{place}");
            let responses = operation["responses"].as_object().unwrap();
            assert_eq!(responses["default"]["$ref"], "#/components/responses/Problem", "{place}");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{place}");
            for response in responses.values().filter(|response| response.get("$ref").is_none()) {
                assert!(response["description"].is_string(), "{place}");
            }
            let named = operation["parameters"].as_array().into_iter().flatten();
            let named: Vec<_> = named.filter(|p| p["in"] == "path").map(|p| p["name"].as_str().unwrap()).collect();
            let wanted: Vec<_> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(named, wanted, "{place}");
        }
    }
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
}

#[tokio::test]
async fn handlers_are_described_by_their_types() {
    let document = document().await;
    let sell = &document["paths"]["/api/v1/fleet/vehicles/{id}/sell"]["post"];
    assert_eq!((&sell["operationId"], &sell["summary"]), (&json!("fleet_sell"), &json!("Sell")));
    let body = &sell["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body, &json!({ "$ref": "#/components/schemas/SellRequest" }));
    let answer = &sell["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(answer, &json!({ "$ref": "#/components/schemas/Sale" }));
    for status in ["400", "401", "403", "404", "413", "415", "422"] {
        assert_eq!(sell["responses"][status]["$ref"], "#/components/responses/Problem", "{status}");
    }
    let headers: Vec<_> = sell["parameters"].as_array().unwrap().iter().map(|p| (&p["in"], &p["name"])).collect();
    assert!(headers.contains(&(&json!("header"), &json!("Idempotency-Key"))), "{headers:?}");

    let nothing = &document["paths"]["/api/v1/fleet/nothing"]["post"]["responses"]["204"];
    assert!(nothing["description"].is_string());
    assert!(document["paths"]["/api/v1/fleet/closure"]["put"]["operationId"] == "put_fleet_closure");
    assert!(document["paths"].get("/").is_none(), "pages are no part of the API");
}

#[tokio::test]
async fn generated_routes_are_described_by_the_entity() {
    let document = document().await;
    let list = &document["paths"]["/api/v1/fleet/vehicles"]["get"];
    assert_eq!(list["operationId"], "fleet_list_vehicles");
    let names: BTreeSet<_> =
        list["parameters"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Cortex-Company", "count", "cursor", "filter", "limit", "select", "sort"].into());
    assert!(list["parameters"].as_array().unwrap().iter().all(|p| p["required"] != true));
    let one = &document["paths"]["/api/v1/fleet/vehicles/{id}"];
    assert!(one["get"]["responses"]["200"]["headers"]["ETag"].is_object());
    assert!(one["get"]["responses"]["304"].is_object());
    assert!(one["patch"]["responses"]["412"].is_object());
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Vehicle"]["properties"]["plate"]["maxLength"], 12);
    assert!(schemas["Vehicle"]["properties"].get("pin").is_none(), "it can only be written");
    assert_eq!(schemas["VehicleCreate"]["required"], json!(["plate", "price", "seats"]));
    assert!(schemas["VehiclePatch"]["properties"]["pin"].is_object());
    assert!(schemas["Problem"]["properties"]["trace"].is_object());
}

#[tokio::test]
async fn the_page_comes_from_this_server_alone() {
    let test = Setup::default().build();
    let page = test.bare(Method::GET, "/api/docs").send().await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(!policy.contains("http") && !policy.contains('*'), "{policy}");
    let text = page.text();
    assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("src=\"//"), "{text}");
    let links = text.split('"').filter(|part| part.starts_with("/api/docs/"));
    let links: Vec<_> = links.collect();
    assert_eq!(links, ["/api/docs/swagger.css", "/api/docs/swagger.js", "/api/docs/start.js"]);
    for link in links {
        let asset = test.bare(Method::GET, link).send().await.expect(200);
        assert!(asset.bytes.len() > 300, "{link} is empty");
        assert!(!asset.text().contains("</script>"), "{link}");
    }
    let script = test.bare(Method::GET, "/api/docs/swagger.js").send().await;
    assert!(script.text().contains("SwaggerUIBundle"));
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
}
