//! Companies over HTTP: founded, named by requests, archived.

use axum::http::Method;
use cortex_core::{CompanyId, Cx, Error, Id, Registrar, Result};
use cortex_data::{
    Check, DataRegistrar, Entity, Filter, Guard, Meta, ReadTx, RegisterMigrations, Repository, Value, create_table_sql,
};
use cortex_web::WebRegistrar;
use serde_json::{Value as Json, json};

use crate::support::{Reply, Setup, TestServer, servers_of};

const COMPANIES: &str = "/api/v1/cortex/companies";
const LORRIES: &str = "/api/v1/yard/lorries";

/// A lorry: each company has its own.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "fleet_lorries", tenant, company, versioned, audited, crate = cortex_data)]
struct Lorry {
    id: Id<Lorry>,
    #[field(unique, max_len = 10)]
    plate: String,
}

fn register(m: &mut Registrar) {
    m.repository::<Lorry>();
    m.migration("0001_lorries", create_table_sql(Lorry::META), "DROP TABLE fleet_lorries");
    cortex_web::register_companies(m);
    m.rest::<Lorry>("/lorries");
}

fn setup() -> Setup {
    Setup::default().part("yard", register)
}

impl TestServer {
    async fn found(&self, company: Json) -> Json {
        self.post(COMPANIES, &company).await.expect(201).json()
    }

    /// A request that names its company.
    async fn ask(&self, company: &str, method: Method, path: &str, body: Option<Json>) -> Reply {
        let call = self.call(method, path).header("cortex-company", company);
        match body {
            Some(body) => call.json(&body).send().await,
            None => call.send().await,
        }
    }

    async fn plates(&self, company: &str) -> Vec<String> {
        let page = self.ask(company, Method::GET, LORRIES, None).await.expect(200).json();
        page["items"].as_array().unwrap().iter().map(|item| item["plate"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_company_lives() {
    for test in servers_of(setup) {
        let main = test.found(json!({ "code": "us", "name": "Demo Inc", "currency": "USD" })).await;
        assert_eq!(main["id"], json!(CompanyId::MAIN), "{}", test.name);
        let branch = test.found(json!({ "code": "b1", "name": "Branch", "parent": main["id"] })).await;
        assert_eq!((&branch["currency"], &branch["time_zone"]), (&json!("USD"), &json!("UTC")));
        let path = format!("{COMPANIES}/{}", branch["id"].as_str().unwrap());
        let change = json!({ "code": "b2", "name": "Branch", "parent": main["id"], "time_zone": "Europe/Berlin" });
        let changed = test.call(Method::PUT, &path).json(&change).send().await.expect(200).json();
        assert_eq!((&changed["code"], &changed["time_zone"]), (&json!("b2"), &json!("Europe/Berlin")));
        assert_eq!(test.get(&path).await.expect(200).json(), changed);
        let codes = test.get(COMPANIES).await.expect(200).json();
        assert_eq!((&codes[0]["code"], &codes[1]["code"]), (&json!("b2"), &json!("us")));

        let lorry = json!({ "plate": "A 1" });
        test.ask("b2", Method::POST, LORRIES, Some(lorry.clone())).await.expect(201);
        test.ask("b2", Method::POST, LORRIES, Some(lorry.clone())).await.problem(409, "unique");
        test.post(LORRIES, &lorry).await.expect(201);
        assert_eq!((test.plates("b2").await, test.plates("us").await), (vec!["A 1".into()], vec!["A 1".into()]));

        test.post(&format!("{path}/archive"), &json!({})).await.expect(200);
        let refused = test.ask("b2", Method::POST, LORRIES, Some(json!({ "plate": "A 2" }))).await;
        refused.problem(409, "company.archived");
        assert_eq!(test.plates("b2").await, ["A 1"]);
        test.post(&format!("{path}/restore"), &json!({})).await.expect(200);
        test.ask("b2", Method::POST, LORRIES, Some(json!({ "plate": "A 2" }))).await.expect(201);
        test.ask("b3", Method::GET, LORRIES, None).await.problem(404, "company.unknown");
        test.ask(&Id::<Lorry>::new().to_string(), Method::GET, LORRIES, None).await.problem(404, "company.unknown");
        let document = test.get("/api/openapi.json").await.expect(200).json();
        let parameters = document["paths"][LORRIES]["get"]["parameters"].as_array().unwrap().clone();
        assert!(parameters.iter().any(|one| one["name"] == "Cortex-Company"), "{parameters:?}");
    }
}

/// Lets nobody into the company `secret`.
#[derive(Debug)]
struct Doorkeeper;

impl Guard for Doorkeeper {
    fn check(&self, _: &mut ReadTx, check: &Check<'_>) -> Result<()> {
        let secret = |(name, value): &(&str, Value)| *name == "code" && *value == Value::Text("secret".to_owned());
        match (check.resource, check.action) {
            ("cortex.company", "enter") if check.subject.attributes().iter().any(secret) => {
                Err(Error::forbidden("forbidden", "nobody enters it"))
            }
            _ => Ok(()),
        }
    }

    fn predicate(&self, _: &Cx, _: &'static Meta) -> Result<Filter> {
        Ok(Filter::All)
    }

    fn mask(&self, _: &Cx, _: &'static Meta) -> Vec<String> {
        Vec::new()
    }
}

#[tokio::test]
async fn nobody_works_in_a_company_that_the_guard_closes() {
    for test in servers_of(|| setup().guard(Doorkeeper)) {
        test.found(json!({ "code": "us", "name": "Demo Inc", "currency": "USD" })).await;
        let secret = test.found(json!({ "code": "secret", "name": "Secret", "currency": "EUR" })).await;
        test.ask("secret", Method::GET, LORRIES, None).await.problem(403, "forbidden");
        test.get(&format!("{COMPANIES}/{}", secret["id"].as_str().unwrap())).await.problem(403, "forbidden");
        let seen = test.get(COMPANIES).await.expect(200).json();
        assert_eq!(seen.as_array().unwrap().len(), 1, "{}", test.name);
    }
}
