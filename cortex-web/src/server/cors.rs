//! Which browser applications of other origins may call the API.

use axum::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION, RETRY_AFTER,
};
use axum::http::{HeaderValue, Method};
use cortex_core::Result;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::edge::{COMPANY, REQUEST_ID, TENANT};
use crate::error::ServerError;
use crate::handler::IDEMPOTENCY_KEY;

/// The layer for these origins; `None` where there are none: browsers then let no other origin in.
///
/// # Errors
/// [`ServerError::Origin`] when one is no origin.
pub(super) fn layer(origins: &[String]) -> Result<Option<CorsLayer>> {
    if origins.is_empty() {
        return Ok(None);
    }
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().map(|origin| header(origin)).collect::<Result<Vec<_>, _>>()?)
    };
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let own = [REQUEST_ID, IDEMPOTENCY_KEY, TENANT, COMPANY];
    let headers = [AUTHORIZATION, CONTENT_TYPE, ACCEPT_LANGUAGE, IF_MATCH, IF_NONE_MATCH].into_iter().chain(own);
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods(methods)
        .allow_headers(headers.collect::<Vec<_>>())
        .expose_headers([ETAG, LOCATION, RETRY_AFTER, REQUEST_ID]);
    Ok(Some(layer))
}

/// `https://shop.example:8443`, without a path.
fn header(origin: &str) -> Result<HeaderValue, ServerError> {
    let wrong = || ServerError::Origin { origin: origin.to_owned() };
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).ok_or_else(wrong)?;
    if host.is_empty() || host.contains(['/', ' ', '*', '?', '#']) {
        return Err(wrong());
    }
    HeaderValue::from_str(origin).map_err(|_| wrong())
}
