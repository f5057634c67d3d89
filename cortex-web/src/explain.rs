//! `/api/errors/{code}`: what an error means and what to do, in the words of the module that it comes from.

mod markup;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use cortex_core::{Contributions, ErrorPage};

use crate::error::RequestError;
use crate::problem::Failure;
use crate::site::trace;

/// Where the list of all codes is; the page of each is below.
pub(crate) const ERRORS: &str = "/api/errors";

/// Nothing is loaded from anywhere, and nothing runs.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}\
                     code{background:#8882;padding:0 .25em;border-radius:3px}dt{margin-top:.75rem}dd{margin:0 0 0 1rem}\
                     :root{color-scheme:light dark}";

/// Where the code is explained.
pub(crate) fn page_of(code: &str) -> String {
    format!("{ERRORS}/{code}")
}

/// The pages of the edge's own errors and of all that modules explain. A later one of the same code is better.
pub(crate) fn routes(title: &str, own: Vec<ErrorPage>, contributions: &Contributions) -> Router {
    let all = own.into_iter().chain(contributions.of::<ErrorPage>().map(|(_, page)| *page));
    let pages = Pages { title: markup::escaped(title), pages: all.map(|page| (page.code, page)).collect() };
    let pages = Arc::new(pages);
    let list = Arc::clone(&pages);
    Router::new()
        .route(ERRORS, get(move || async move { html(list.list()) }))
        .route(&page_of("{code}"), get(move |request: Request| async move { pages.answer(&request) }))
}

struct Pages {
    /// Of the application, as markup.
    title: String,
    pages: BTreeMap<&'static str, ErrorPage>,
}

impl Pages {
    fn answer(&self, request: &Request) -> Response {
        // Codes consist of characters that stand in a path as they are.
        let code = request.uri().path().rsplit('/').next().unwrap_or_default();
        match self.pages.get(code) {
            Some(page) => html(self.page(page)),
            None => Failure::from(RequestError::UnknownCode { code: code.to_owned() }).into_response(trace(request)),
        }
    }

    fn page(&self, page: &ErrorPage) -> String {
        let ErrorPage { code, status, text } = page;
        let (status, text) = (markup::inline(status), markup::blocks(text));
        let body = format!(
            "<h1><code>{code}</code></h1>\n<p>Status: {status}</p>\n{text}<p><a href=\"{ERRORS}\">All errors</a></p>\n"
        );
        self.document(code, &body)
    }

    fn list(&self) -> String {
        let entry = |page: &ErrorPage| {
            let first = page.text.split("\n\n").next().unwrap_or_default();
            let (code, link, first) = (page.code, page_of(page.code), markup::inline(first));
            format!("<dt><a href=\"{link}\"><code>{code}</code></a></dt>\n<dd>{first}</dd>\n")
        };
        let entries: String = self.pages.values().map(entry).collect();
        self.document("errors", &format!("<h1>Errors</h1>\n<dl>\n{entries}</dl>\n"))
    }

    fn document(&self, what: &str, body: &str) -> String {
        let title = &self.title;
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}: {what}</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
        )
    }
}

fn html(document: String) -> Response {
    let mut response = Response::new(Body::from(document));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
