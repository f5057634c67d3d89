//! `/health`, for machines.

use axum::http::Method;
use cortex_core::{Error, HealthCheck, HealthKind, Probe, Registrar, Result, async_trait};
use serde_json::json;

use crate::support::Setup;

struct Printer;

#[async_trait]
impl HealthCheck for Printer {
    fn name(&self) -> &str {
        "printer"
    }

    fn kinds(&self) -> &[HealthKind] {
        &[HealthKind::Ready]
    }

    async fn check(&self) -> Result<Probe> {
        Err(Error::unavailable("printer.paper", "out of paper"))
    }
}

#[tokio::test]
async fn checks_answer_by_kind() {
    fn register(m: &mut Registrar) {
        m.health(Printer);
    }
    let test = Setup::default().part("printing", register).build();
    let ready = test.bare(Method::GET, "/health/ready").send().await.expect(503);
    assert_eq!(ready.header("content-type"), "application/health+json");
    assert_eq!(ready.header("cache-control"), "no-store");
    assert_eq!(ready.json()["status"], "fail");
    assert_eq!(ready.json()["checks"]["printer:responseTime"][0]["output"], "out of paper");
    assert_eq!(ready.json()["checks"]["database:responseTime"][0]["status"], "pass");

    let live = test.bare(Method::GET, "/health/live").send().await.expect(200);
    assert_eq!(live.json()["status"], json!("pass"));
    test.bare(Method::GET, "/health/startup").send().await.expect(200);
    test.bare(Method::GET, "/health/other").send().await.problem(404, "request.no_route");
    test.bare(Method::POST, "/health/live").send().await.problem(405, "request.method");
}
