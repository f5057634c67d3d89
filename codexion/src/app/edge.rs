//! The outside of the application: listens when everything is ready, and drains first.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use cortex_core::{Container, Id, Manifest, Module, Registrar, Result, Stage, TenantId};
use cortex_data::Database;
use cortex_web::{
    DevToken, DevelopmentAuthenticator, Server, WebConfig, WebServer, register_companies, register_fields,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::run::print;

/// The tenant of the development token: the one that a new installation begins with.
pub const DEVELOPMENT_TENANT: TenantId = Id::from_uuid(Uuid::from_u128(0x0001_0000_0000_7000_8000_0000_0000_0001));

/// The web server as a part of the framework.
#[derive(Debug)]
pub(super) struct Edge {
    title: String,
    /// Where the development token is kept; without it nothing listens.
    token: Option<PathBuf>,
    serving: Arc<Serving>,
}

impl Edge {
    /// An edge that knows its routes and does not listen: for commands.
    pub(super) fn closed(title: &str) -> Self {
        Self { title: title.to_owned(), token: None, serving: Arc::default() }
    }

    /// The same, listening once the application is ready.
    pub(super) fn listening(mut self, token: PathBuf) -> Self {
        self.token = Some(token);
        self
    }
}

/// The server of an application that does not listen.
pub(super) fn server(container: &Container, title: &str, token: DevToken) -> Result<Server> {
    let config = container.get::<WebConfig>()?;
    let database = container.get::<Database>()?;
    WebServer {
        title,
        version: env!("CARGO_PKG_VERSION"),
        container,
        database: database.as_ref().clone(),
        authenticator: Arc::new(DevelopmentAuthenticator::new(token, DEVELOPMENT_TENANT)),
        config: &config,
    }
    .build()
}

impl Module for Edge {
    fn manifest(&self) -> Manifest {
        Manifest::new("web", env!("CARGO_PKG_VERSION"))
    }

    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../../docs/errors.md")).config::<WebConfig>();
        register_companies(m);
        register_fields(m);
        let Some(token) = self.token.clone() else { return };
        let (title, start, stop) = (self.title.clone(), Arc::clone(&self.serving), Arc::clone(&self.serving));
        m.at(Stage::Ready, move |container| {
            let (title, token, serving) = (title.clone(), token.clone(), Arc::clone(&start));
            async move { serving.start(&container, &title, &token).await }
        });
        m.at(Stage::Drain, move |_| {
            let serving = Arc::clone(&stop);
            async move { serving.stop().await }
        });
    }
}

/// The server while it runs.
#[derive(Debug, Default)]
struct Serving(Mutex<Option<Task>>);

#[derive(Debug)]
struct Task {
    stop: oneshot::Sender<()>,
    done: JoinHandle<Result<()>>,
}

impl Serving {
    async fn start(&self, container: &Container, title: &str, token: &std::path::Path) -> Result<()> {
        let listen = container.get::<WebConfig>()?.listen;
        let (token, created) = DevToken::load_or_create(token)?;
        let shown = created.then(|| token.expose().to_owned());
        let server = server(container, title, token)?;
        let listener = Server::bind(listen).await?;
        let address = listener.local_addr().unwrap_or(listen);
        print(&format!("  start page   http://{address}/\n  API          http://{address}/api/docs\n"));
        if let Some(token) = shown {
            print(&format!("  development token, shown this once: {token}\n"));
        }
        let (stop, stopped) = oneshot::channel();
        let done = tokio::spawn(server.serve(listener, async {
            // A dropped sender means the same as a message.
            let _ = stopped.await;
        }));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Task { stop, done });
        Ok(())
    }

    async fn stop(&self) -> Result<()> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Task { stop, done }) = running else { return Ok(()) };
        let _ = stop.send(());
        match done.await {
            Ok(result) => result,
            Err(e) => std::panic::resume_unwind(e.into_panic()),
        }
    }
}
