//! What the tests share: a server over a fresh database, and requests to it.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use cortex_core::{
    Actor, Application, Clock, Config, Container, Cx, Error, FixedClock, Id, Manifest, MigrationFile, Module,
    ModuleSwitch, Registrar, Result, SystemClock, TenantId,
};
use cortex_data::{AllowAll, Backend, Data, Database, DatabaseOptions, Guard, ReadTx, TenancyOptions, Work, prepare};
use cortex_web::{DevToken, DevelopmentAuthenticator, Server, WebConfig, WebServer};
use http_body_util::BodyExt;
use serde_json::Value as Json;
use tower::ServiceExt;

use crate::fleet;

/// A module from a name and a function.
pub(crate) struct Part(pub &'static str, pub fn(&mut Registrar));

impl Module for Part {
    fn manifest(&self) -> Manifest {
        const MIGRATIONS: &[MigrationFile] = &[MigrationFile::new("0001_fleet", fleet::UP, fleet::DOWN)];
        let manifest = Manifest::new(self.0, "1.0.0");
        if self.0 == "fleet" { manifest.migrations(MIGRATIONS) } else { manifest }
    }

    fn register(&self, m: &mut Registrar) {
        (self.1)(m);
    }
}

/// How a server is put together.
pub(crate) struct Setup {
    pub parts: Vec<Part>,
    pub config: Vec<&'static str>,
    pub guard: Arc<dyn Guard>,
    /// What the database has before anything is migrated.
    pub existing: fn(Backend) -> String,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            parts: vec![Part("fleet", fleet::register)],
            config: Vec::new(),
            guard: Arc::new(AllowAll),
            existing: |_| "SELECT 1".to_owned(),
        }
    }
}

/// A server over a database that is removed with it.
pub(crate) struct TestServer {
    pub server: Server,
    pub container: Container,
    pub clock: Arc<FixedClock>,
    pub tenant: TenantId,
    pub token: String,
    pub name: &'static str,
    _folder: tempfile::TempDir,
}

impl Setup {
    pub(crate) fn config(mut self, pair: &'static str) -> Self {
        self.config.push(pair);
        self
    }

    pub(crate) fn guard(mut self, guard: impl Guard + 'static) -> Self {
        self.guard = Arc::new(guard);
        self
    }

    pub(crate) fn part(mut self, name: &'static str, register: fn(&mut Registrar)) -> Self {
        self.parts.push(Part(name, register));
        self
    }

    /// Over a file of SQLite.
    pub(crate) fn try_build(self) -> Result<TestServer> {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        self.build_on("sqlite", url, folder)
    }

    pub(crate) fn build(self) -> TestServer {
        self.try_build().unwrap()
    }

    fn build_on(self, name: &'static str, url: String, folder: tempfile::TempDir) -> Result<TestServer> {
        let clock = Arc::new(FixedClock::new("2026-03-01T08:00:00Z".parse().unwrap()));
        let tenant = Id::new();
        let tenancy = TenancyOptions { external_tenant: Some(tenant), ..TenancyOptions::default() };
        let options = DatabaseOptions { url, connections: 4 };
        let database = Database::open_with(&options, tenancy, Arc::clone(&clock) as Arc<dyn Clock>)?;
        let existing = (self.existing)(database.backend());
        system(&database).write_blocking(|tx| batch(tx, &existing))?;
        let mut config = Config::builder();
        for pair in self.config {
            config = config.set(pair);
        }
        let data = Data::new(&database).guarded(Arc::clone(&self.guard));
        let mut application = Application::new().config(config.load()?).base(data).setup(|m| {
            m.config::<WebConfig>();
        });
        for part in self.parts {
            application = application.module(part);
        }
        let assembled = application.assemble()?;
        let container = assembled.container().clone();
        prepare(&container, None, true)?;
        let (token, created) = DevToken::load_or_create(&folder.path().join("token"))?;
        assert!(created);
        let server = WebServer {
            title: "Fleet",
            version: "1.0.0",
            container: &container,
            database,
            authenticator: Arc::new(DevelopmentAuthenticator::new(token.clone(), tenant)),
            config: &*container.get::<WebConfig>()?,
        }
        .build()?;
        Ok(TestServer { server, container, clock, tenant, token: token.expose().to_owned(), name, _folder: folder })
    }
}

/// A server over a database of each kind that is at hand.
pub(crate) fn servers() -> Vec<TestServer> {
    servers_of(Setup::default)
}

/// The same, put together otherwise.
pub(crate) fn servers_of(setup: impl Fn() -> Setup) -> Vec<TestServer> {
    let mut all = vec![setup().build()];
    if let Some(url) = postgres_url() {
        all.push(setup().build_on("postgres", url, tempfile::tempdir().unwrap()).unwrap());
    }
    all
}

/// A new database on the server that `CORTEX_TEST_POSTGRES` names.
fn postgres_url() -> Option<String> {
    let Ok(server) = std::env::var("CORTEX_TEST_POSTGRES") else {
        eprintln!("skipped: PostgreSQL part, set CORTEX_TEST_POSTGRES to run it");
        return None;
    };
    if !cfg!(feature = "postgres") {
        eprintln!("skipped: PostgreSQL part, build with the feature `postgres` to run it");
        return None;
    }
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    let options = DatabaseOptions { url: server.clone(), connections: 1 };
    let admin = Database::open(&options, Arc::new(SystemClock)).unwrap();
    // Outside of any transaction.
    system(&admin).read_blocking(|tx| batch(tx, &format!("CREATE DATABASE {name}"))).unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}

fn system(database: &Database) -> Work {
    database.work(Cx::new(Id::new(), Actor::system("test")))
}

fn batch(tx: &mut ReadTx, sql: &str) -> Result<()> {
    diesel::connection::SimpleConnection::batch_execute(tx.unscoped("a test database"), sql)
        .map_err(|error| Error::internal("test", error.to_string()))
}

impl TestServer {
    /// A request with the token.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        self.bare(method, path).header("authorization", format!("Bearer {}", self.token))
    }

    /// A request without it.
    pub(crate) fn bare(&self, method: Method, path: &str) -> Call {
        let request = Request::builder().method(method).uri(path);
        Call { server: self.server.clone(), request, body: Body::empty() }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path).send().await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Reply {
        self.call(Method::POST, path).json(body).send().await
    }

    pub(crate) fn switch(&self) -> Arc<ModuleSwitch> {
        self.container.get().unwrap()
    }
}

/// A request in the making.
pub(crate) struct Call {
    server: Server,
    request: axum::http::request::Builder,
    body: Body,
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.request = self.request.header(name, value.as_ref());
        self
    }

    pub(crate) fn json(self, body: &Json) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) async fn send(self) -> Reply {
        let request = self.request.body(self.body).unwrap();
        let response = self.server.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status, headers: parts.headers, bytes: bytes.to_vec() }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Checks that it is a problem of this status and code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Json {
        let reply = self.expect(status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem = reply.json();
        assert_eq!(problem["code"], code, "{problem:#}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("/api/errors/{code}"));
        assert_eq!(problem["trace"], reply.header("x-request-id"));
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        problem
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header `{name}`: {:?}", self.headers)).to_str().unwrap()
    }
}
