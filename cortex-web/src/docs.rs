//! `/api/openapi.json`, and `/api/docs`: the same as an interactive page whose parts all come from this program.

mod tenant;

use std::sync::{Arc, OnceLock};

use aide::swagger::Swagger;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use cortex_core::Cx;
use cortex_data::Database;

/// Where the document is.
const DOCUMENT: &str = "/api/openapi.json";

/// Browsers are told to load nothing from anywhere else, whatever the page's script may want.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const START: &str = r##"window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#swagger-ui",
    layout: "BaseLayout",
    deepLinking: true,
    docExpansion: "none",
    persistAuthorization: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
};
"##;

/// Script and style sheet of the page; taken out of their crate when the page is first opened.
struct Assets {
    script: Bytes,
    style: Bytes,
}

/// The routes of the documentation.
pub(crate) fn routes(title: &str, document: Bytes, database: Database) -> Router {
    let page = Bytes::from(page(title));
    let assets: Arc<OnceLock<Assets>> = Arc::default();
    let style = Arc::clone(&assets);
    Router::new()
        .route(
            DOCUMENT,
            get(move |request: Request| async move {
                let asked = request.extensions().get::<Cx>().cloned();
                match asked {
                    Some(cx) => {
                        respond("application/json", "no-store", tenant::document(&database, cx, document).await)
                    }
                    None => respond("application/json", "no-cache", document),
                }
            }),
        )
        .route("/api/docs", get(move || async move { html(page) }))
        .route("/api/docs/start.js", get(|| async { respond(SCRIPT, CACHED, Bytes::from_static(START.as_bytes())) }))
        .route(
            "/api/docs/swagger.js",
            get(move || async move { respond(SCRIPT, CACHED, assets.get_or_init(Assets::unpack).script.clone()) }),
        )
        .route(
            "/api/docs/swagger.css",
            get(move || async move { respond("text/css", CACHED, style.get_or_init(Assets::unpack).style.clone()) }),
        )
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const CACHED: &str = "max-age=86400";

impl Assets {
    /// The crate only gives a whole page with both in it.
    fn unpack() -> Self {
        let page = Swagger::new(DOCUMENT).html();
        let part = |open: &str, close: &str| {
            let inner = page.split_once(open).and_then(|(_, rest)| rest.split_once(close));
            Bytes::from(inner.map_or(String::new(), |(inner, _)| inner.to_owned()))
        };
        Self { script: part("<script>", "</script>"), style: part("<style>", "</style>") }
    }
}

fn page(title: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}: API</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/api/docs/swagger.css\">\n</head>\n\
         <body>\n<div id=\"swagger-ui\"></div>\n<script src=\"/api/docs/swagger.js\"></script>\n\
         <script src=\"/api/docs/start.js\"></script>\n</body>\n</html>\n"
    )
}

fn html(page: Bytes) -> Response {
    let mut response = respond("text/html; charset=utf-8", "no-cache", page);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn respond(media: &'static str, cache: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
