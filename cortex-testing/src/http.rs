//! Requests to an application, answered in process: no port, no network, the same routes and layers.

use std::sync::Arc;

use codexion::web::axum::Router;
use codexion::web::axum::body::{Body, to_bytes};
use codexion::web::axum::http::{HeaderMap, Method, Request, StatusCode, header};
use codexion::web::{DevToken, DevelopmentAuthenticator, Server, WebConfig, WebServer};
use serde_json::Value;
use tower::ServiceExt;

use crate::app::TestApp;

/// Largest answer that a test reads.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// A client of a [`TestApp`], signed in as the developer of the application's tenant.
#[derive(Debug, Clone)]
pub struct Client {
    server: Server,
    token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, where it is JSON; `Null` otherwise.
    pub json: Value,
    /// The body as text.
    pub text: String,
}

impl Client {
    pub(crate) fn of(app: &TestApp) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        let (token, _) =
            DevToken::load_or_create(&folder.path().join("token")).unwrap_or_else(|e| panic!("no token: {e:?}"));
        let text = token.expose().to_owned();
        let config = app.container().find::<WebConfig>().unwrap_or_default();
        let server = WebServer {
            title: "test",
            version: "0.0.0",
            container: app.container(),
            database: app.database().clone(),
            authenticator: Arc::new(DevelopmentAuthenticator::new(token, app.tenant())),
            config: &config,
        };
        Self { server: server.build().unwrap_or_else(|e| panic!("{e:?}")), token: text }
    }

    /// All routes as one service.
    pub fn router(&self) -> Router {
        self.server.router()
    }

    /// The OpenAPI document.
    ///
    /// # Panics
    /// When it is not JSON.
    #[must_use]
    pub fn openapi(&self) -> Value {
        serde_json::from_slice(self.server.openapi()).unwrap_or_else(|e| panic!("the OpenAPI document: {e}"))
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Answered {
        self.send(Method::GET, path, None, &[]).await
    }

    /// `POST path` with JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answered {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// `PATCH path` with JSON, if the record still has the version `etag`.
    pub async fn patch(&self, path: &str, etag: &str, body: Value) -> Answered {
        self.send(Method::PATCH, path, Some(body), &[("if-match", etag)]).await
    }

    /// `POST path` with a file.
    pub async fn upload(&self, path: &str, bytes: Vec<u8>) -> Answered {
        self.request(Method::POST, path, Body::from(bytes), &[]).await
    }

    /// Any request with JSON.
    ///
    /// # Panics
    /// When the request is not one, or its answer can't be read.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Answered {
        match body {
            Some(json) => {
                let mut all = vec![(header::CONTENT_TYPE.as_str(), "application/json")];
                all.extend_from_slice(headers);
                self.request(method, path, Body::from(json.to_string()), &all).await
            }
            None => self.request(method, path, Body::empty(), headers).await,
        }
    }

    async fn request(&self, method: Method, path: &str, body: Body, headers: &[(&str, &str)]) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap_or_else(|e| panic!("{path}: {e}"));
        let response = match self.router().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, ANSWER_MAX).await.unwrap_or_else(|e| panic!("{path}: {e}"));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answered { status: parts.status, headers: parts.headers, json, text }
    }
}
