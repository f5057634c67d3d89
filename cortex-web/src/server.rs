//! The server: all routes behind the edge, as one service that can be driven in process or listen on a port.

mod connections;
mod cors;
mod prefix;
mod routes;
mod serve;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use cortex_core::{Container, Contributions, ErrorPage, Health, ModuleSwitch, Result};
use cortex_data::{Database, TenancyConfig, TenantSource};
use tower_http::compression::CompressionLayer;

use crate::auth::Authenticator;
use crate::config::WebConfig;
use crate::edge::{Edge, EdgeLayer, Gate, Rates, Tenants};
use crate::route::Route;
use crate::server::prefix::Prefixed;
use crate::site::{Shared, no_route, wrong_method};
use crate::{docs, explain, health, openapi};

/// What a server is made of.
///
/// ```no_run
/// # use std::path::Path;
/// # use std::sync::Arc;
/// # use cortex_core::{Container, Result, TenantId};
/// # use cortex_data::Database;
/// # use cortex_web::{DevToken, DevelopmentAuthenticator, Server, WebConfig, WebServer};
/// # async fn serve(container: Container, database: Database, tenant: TenantId) -> Result<()> {
/// let (token, created) = DevToken::load_or_create(Path::new("data/dev-token"))?;
/// let config = container.get::<WebConfig>()?;
/// let server = WebServer {
///     title: "fleet",
///     version: "1.0.0",
///     container: &container,
///     database,
///     authenticator: Arc::new(DevelopmentAuthenticator::new(token, tenant)),
///     config: &config,
/// }
/// .build()?;
/// let listener = Server::bind(config.listen).await?;
/// server.serve(listener, cortex_core::shutdown_signal()).await
/// # }
/// ```
pub struct WebServer<'a> {
    /// The name of the API in its documentation.
    pub title: &'a str,
    /// Its version.
    pub version: &'a str,
    /// What the modules provide and contribute.
    pub container: &'a Container,
    /// Where handlers work.
    pub database: Database,
    /// Who asks.
    pub authenticator: Arc<dyn Authenticator>,
    /// Address and limits.
    pub config: &'a WebConfig,
}

impl fmt::Debug for WebServer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebServer({} {})", self.title, self.version)
    }
}

impl WebServer<'_> {
    /// Puts all routes together.
    ///
    /// # Errors
    /// [`ServerError`](crate::ServerError) when two routes are the same, the address does not fit the authenticator,
    /// or an allowed origin is none.
    pub fn build(self) -> Result<Server> {
        self.authenticator.admit(self.config.listen)?;
        let contributions = self.container.get::<Contributions>()?;
        let routes: Vec<&Route> = contributions.of::<Route>().map(|(_, route)| route).collect();
        routes::check(&routes)?;
        let api: Vec<&Route> = routes.iter().copied().filter(|route| route.api).collect();
        let document = Bytes::from(openapi::document(self.title, self.version, &api)?);

        let gate = Arc::new(Gate::new(usize::try_from(self.config.concurrency).unwrap_or(usize::MAX)));
        let shared = Arc::new(Shared {
            container: self.container.clone(),
            database: self.database.clone(),
            switch: self.container.get::<ModuleSwitch>()?,
            body_limit: self.config.body_limit.length(),
        });
        let router = routes::router(&routes, &shared)?;
        let router = routes::merge_raw(router, &contributions, &shared)?;
        let router = router
            .merge(docs::routes(self.title, document.clone(), self.database.clone()))
            .merge(explain::routes(self.title, own_errors()?, &contributions))
            .merge(health::routes(&self.container.get::<Health>()?, &gate))
            .fallback(no_route)
            .method_not_allowed_fallback(wrong_method);
        let from = self.container.get::<TenancyConfig>()?.from.clone();
        let edge = Arc::new(Edge {
            authenticator: Arc::clone(&self.authenticator),
            tenants: Tenants::new(self.database.directory(), from.clone()),
            gate: Arc::clone(&gate),
            rates: Rates::new(self.config.rate, self.config.burst),
            timeout: self.config.timeout.get(),
            database: self.database.clone(),
        });
        // Layers one by one would each put every route into a box of its own.
        let mut router = router.layer((CompressionLayer::new(), EdgeLayer(edge)));
        if let Some(cors) = cors::layer(&self.config.cors_origins)? {
            router = router.layer(cors);
        }
        // Without a state that is given here, axum builds each route again for every request.
        let mut router = router.with_state(());
        if from.contains(&TenantSource::Path) {
            router = router.clone().fallback_service(Prefixed(router)).with_state(());
        }
        Ok(Server {
            router,
            document,
            gate,
            authenticator: self.authenticator,
            connections: self.config.most_connections(),
            header_timeout: self.config.header_timeout.get(),
            drain: self.config.drain.get(),
        })
    }
}

/// The pages of the edge's own errors.
fn own_errors() -> Result<Vec<ErrorPage>> {
    Ok(ErrorPage::all_of(include_str!("../docs/errors.md"))?)
}

/// A server that is put together. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    router: Router,
    document: Bytes,
    gate: Arc<Gate>,
    authenticator: Arc<dyn Authenticator>,
    connections: usize,
    header_timeout: Duration,
    drain: Duration,
}

impl Server {
    /// All routes as one service: to be called in process, by tests and by benchmarks.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The OpenAPI document, as JSON.
    #[must_use]
    pub fn openapi(&self) -> &[u8] {
        &self.document
    }

    /// How many requests are running.
    #[must_use]
    pub fn running(&self) -> usize {
        self.gate.running()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("running", &self.running()).finish_non_exhaustive()
    }
}
