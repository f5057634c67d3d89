//! `/t/<tenant>/…`: every route once more, with the name of a tenant in front of its path.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use tower::Service;

use crate::edge::{Answering, PathTenant};

/// What such paths begin with.
const PREFIX: &str = "/t/";

/// Takes the prefix off and asks the routes. It stands where no route fits, so that paths without it cost nothing.
#[derive(Clone)]
pub(super) struct Prefixed(pub(super) Router);

impl Service<Request> for Prefixed {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let mut routes = self.0.clone();
        let Some((name, rest)) = split(request.uri()) else {
            return Box::pin(async move { routes.call(request).await });
        };
        *request.uri_mut() = rest;
        request.extensions_mut().insert(PathTenant(name.clone()));
        Box::pin(async move {
            let mut response = routes.call(request).await?;
            lead_back(&mut response, &name);
            Ok(response)
        })
    }
}

/// `/t/acme/api/v1?q=1` as `acme` and `/api/v1?q=1`.
fn split(uri: &Uri) -> Option<(String, Uri)> {
    let after = uri.path().strip_prefix(PREFIX)?;
    let (name, rest) = after.find('/').map_or((after, "/"), |at| after.split_at(at));
    if name.is_empty() {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(format!("{rest}{query}")).ok()?);
    Some((name.to_owned(), Uri::from_parts(parts).ok()?))
}

/// Where an answer sends its client on to another path of this server, that is the same tenant's.
fn lead_back(response: &mut Response, name: &str) {
    let Some(location) = response.headers_mut().get_mut(header::LOCATION) else { return };
    let path = location.to_str().ok().filter(|text| text.starts_with('/') && !text.starts_with("//"));
    if let Some(Ok(led)) = path.map(|path| HeaderValue::try_from(format!("{PREFIX}{name}{path}"))) {
        *location = led;
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_prefix_comes_off() {
        for (uri, name, rest) in [
            ("/t/acme/api/v1/fleet?q=1&r=/t/x/", "acme", "/api/v1/fleet?q=1&r=/t/x/"),
            ("/t/acme", "acme", "/"),
            ("/t/acme/", "acme", "/"),
            ("/t/acme?a", "acme", "/?a"),
            ("/t/acme//x", "acme", "//x"),
            ("/t/a/t/b/api", "a", "/t/b/api"),
            ("/t/%61cme/api", "%61cme", "/api"),
            ("http://erp.example/t/acme/api", "acme", "http://erp.example/api"),
        ] {
            let (found, left) = split(&uri.parse().unwrap()).unwrap();
            assert_eq!((found.as_str(), left.to_string().as_str()), (name, rest), "{uri}");
        }
        for uri in ["/", "/t", "/t/", "/t//api", "/tea/acme", "/api/t/acme"] {
            assert_eq!(split(&uri.parse().unwrap()), None, "{uri}");
        }
    }
}
