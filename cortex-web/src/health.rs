//! `/health/{startup,live,ready}`: what the checks of the modules say, for machines.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use cortex_core::{Health, HealthKind, HealthReport};

use crate::edge::Gate;

/// The routes of the health checks.
pub(crate) fn routes(health: &Arc<Health>, gate: &Arc<Gate>) -> Router {
    let route = |kind: HealthKind| {
        let (health, gate) = (Arc::clone(health), Arc::clone(gate));
        get(move || {
            let (health, gate) = (Arc::clone(&health), Arc::clone(&gate));
            async move {
                match kind == HealthKind::Ready && gate.is_draining() {
                    true => respond(false, br#"{"status":"fail","output":"the server is stopping"}"#.to_vec()),
                    false => report(&health.run(kind).await),
                }
            }
        })
    };
    Router::new()
        .route("/health/startup", route(HealthKind::Startup))
        .route("/health/live", route(HealthKind::Live))
        .route("/health/ready", route(HealthKind::Ready))
}

fn report(report: &HealthReport) -> Response {
    // A report consists of texts and numbers, which always serialize.
    respond(report.is_usable(), serde_json::to_vec(report).unwrap_or_default())
}

fn respond(usable: bool, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    if !usable {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(HealthReport::MEDIA_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
