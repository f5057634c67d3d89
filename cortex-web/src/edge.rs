//! What every request passes before its route: trace, limits, authentication, tenant, deadline; and what catches a panic.

mod catch;
mod gate;
mod layer;
mod rate;
mod tenant;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use cortex_core::{Cx, Result};
use cortex_data::{Companies, Database};
use tower::Service;
use tracing::Instrument;
use uuid::Uuid;

pub(crate) use gate::Gate;
pub(crate) use layer::{Answering, EdgeLayer};
pub(crate) use rate::Rates;
pub(crate) use tenant::{PathTenant, TENANT, Tenants};

use crate::auth::Authenticator;
use crate::error::RequestError;
use crate::explain::ERRORS;
use crate::problem::Failure;
use crate::site::{Trace, panicked};

/// Names the request in answers and logs.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Names the company that a request is about, by its id or code.
pub(crate) const COMPANY: HeaderName = HeaderName::from_static("cortex-company");
/// After how many seconds a client may come back to a server that had too much to do.
const BUSY_RETRY_SECONDS: u32 = 1;

/// What the edge knows.
pub(crate) struct Edge {
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) tenants: Tenants,
    pub(crate) gate: Arc<Gate>,
    pub(crate) rates: Option<Rates>,
    pub(crate) timeout: Duration,
    pub(crate) database: Database,
}

/// A request and the route that it goes to, until it goes.
pub(crate) type Asked<S> = Option<(Request, S)>;

/// Who may ask for a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    /// Those who are signed in.
    Api,
    /// Everybody, even when there is too much to do.
    Health,
    /// Everybody, and nobody is looked at: the documentation and the pages of errors.
    Open,
    /// Everybody; whoever is signed in sees what is its tenant's: the description of the API.
    Document,
    /// Everybody; data is seen by whoever the authenticator lets.
    Page,
}

impl Zone {
    fn of(path: &str) -> Self {
        let under =
            |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match path {
            "/api/openapi.json" => Self::Document,
            _ if under("/api/docs") || under(ERRORS) => Self::Open,
            _ if under("/api") => Self::Api,
            _ if under("/health") => Self::Health,
            _ => Self::Page,
        }
    }
}

impl Edge {
    /// Lets a request through to its route. Until then it stays where it is: what waits carries a reference to it.
    pub(crate) async fn pass<S>(&self, asked: &mut Asked<S>) -> Response
    where
        S: Service<Request, Response = Response, Error = Infallible>,
    {
        let Some((request, _)) = asked else { return panicked().into_response(Uuid::nil()) };
        let (trace, zone) = (trace(request.headers()), Zone::of(request.uri().path()));
        request.extensions_mut().insert(Trace(trace));
        let span = tracing::info_span!(
            "request",
            %trace,
            method = request.method().as_str(),
            route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str),
            status = tracing::field::Empty,
        );
        let begun = Instant::now();
        let mut response = self.admitted(asked, zone, trace, begun).instrument(span.clone()).await;
        span.record("status", response.status().as_u16());
        tracing::debug!(parent: &span, elapsed = ?begun.elapsed(), "answered");
        let headers = response.headers_mut();
        let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
        if let Ok(id) = HeaderValue::from_str(trace.hyphenated().encode_lower(&mut text)) {
            headers.insert(REQUEST_ID, id);
        }
        headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
        response
    }

    async fn admitted<S>(&self, asked: &mut Asked<S>, zone: Zone, trace: Uuid, begun: Instant) -> Response
    where
        S: Service<Request, Response = Response, Error = Infallible>,
    {
        if zone == Zone::Health {
            return routed(asked).await;
        }
        let Some(_permit) = self.gate.enter() else {
            return Failure::from(RequestError::Busy).retry_after(BUSY_RETRY_SECONDS).into_response(trace);
        };
        let answered = tokio::time::timeout(self.timeout, async {
            match self.recognise(asked, zone, trace, begun + self.timeout).await {
                Ok(()) => catch::unwinding(routed(asked)).await.unwrap_or_else(|()| panicked().into_response(trace)),
                Err(failure) => failure.into_response(trace),
            }
        });
        answered.await.unwrap_or_else(|_| Failure::from(RequestError::Timeout).into_response(trace))
    }

    /// Adds the context of whoever sent the request.
    async fn recognise<S>(
        &self,
        asked: &mut Asked<S>,
        zone: Zone,
        trace: Uuid,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let Some((request, route)) = asked.take() else { return Ok(()) };
        let (mut parts, body) = request.into_parts();
        let known = self.cx(&parts, zone).await;
        if let Some(cx) = known? {
            if let Some(rates) = &self.rates {
                rates.take(cx.tenant(), cx.actor().id).map_err(|busy| busy.into_failure(rates.per_second()))?;
            }
            let cx = self.tenants.enter(cx, &parts, &*self.authenticator).await?;
            let cx = with_locale(cx.with_trace(trace).with_deadline(deadline), &parts.headers);
            let cx = self.in_company(cx, &parts.headers).await?;
            parts.extensions.insert(cx);
        }
        *asked = Some((Request::from_parts(parts, body), route));
        Ok(())
    }

    /// The context in the company that the request names, if it names one that the actor may enter.
    async fn in_company(&self, cx: Cx, headers: &HeaderMap) -> Result<Cx, Failure> {
        let Some(value) = headers.get(&COMPANY) else { return Ok(cx) };
        let reason = || "only printable ASCII characters are allowed".to_owned();
        let wrong = |_| RequestError::Header { name: "Cortex-Company", reason: reason() };
        let name = value.to_str().map_err(wrong)?.to_owned();
        let company = self.database.work(cx.clone()).read(move |tx| Companies::find(tx, &name)).await?;
        Ok(cx.with_company(company.key()))
    }

    async fn cx(&self, parts: &Parts, zone: Zone) -> Result<Option<Cx>> {
        match zone {
            Zone::Health | Zone::Open => Ok(None),
            Zone::Page if !parts.headers.contains_key(AUTHORIZATION) => Ok(self.authenticator.visitor(parts)),
            Zone::Document if !parts.headers.contains_key(AUTHORIZATION) => Ok(None),
            Zone::Page | Zone::Document | Zone::Api => self.authenticator.authenticate(parts).await.map(Some),
        }
    }
}

/// Asks the route, which never fails.
async fn routed<S>(asked: &mut Asked<S>) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let Some((request, mut route)) = asked.take() else { return panicked().into_response(Uuid::nil()) };
    let Ok(response) = route.call(request).await;
    response
}

/// The client's id of the request where it is a UUID, a new one otherwise.
fn trace(headers: &HeaderMap) -> Uuid {
    let sent = headers.get(&REQUEST_ID).and_then(|value| Uuid::parse_str(value.to_str().ok()?).ok());
    sent.filter(|uuid| !uuid.is_nil()).unwrap_or_else(Uuid::now_v7)
}

/// The language that the client names first.
fn with_locale(cx: Cx, headers: &HeaderMap) -> Cx {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = accepted.split([',', ';']).next().unwrap_or_default().trim();
    let is_tag = first.len() <= 35 && first.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if first.is_empty() || !is_tag { cx } else { cx.with_locale(first) }
}

#[cfg(test)]
mod tests {
    use super::Zone;

    #[test]
    fn paths_have_zones() {
        for (path, zone) in [
            ("/api/v1/fleet/vehicles", Zone::Api),
            ("/api", Zone::Api),
            ("/api/openapi.json", Zone::Document),
            ("/api/openapi.json.secret", Zone::Api),
            ("/api/docs", Zone::Open),
            ("/api/docs/swagger.js", Zone::Open),
            ("/api/docsecret", Zone::Api),
            ("/api/errors/server.rate", Zone::Open),
            ("/health/live", Zone::Health),
            ("/healthy", Zone::Page),
            ("/apiary", Zone::Page),
            ("/", Zone::Page),
        ] {
            assert_eq!(Zone::of(path), zone, "{path}");
        }
    }
}
