//! The connections of a server: each has so long to send the head of a request, and all are told when to end.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The connections that are open. Those that are left when this is dropped are cut off.
pub(super) struct Connections {
    protocol: http1::Builder,
    service: TowerToHyperService<Router>,
    open: JoinSet<()>,
    end: watch::Sender<bool>,
}

impl Connections {
    /// None yet. One that does not send the head of a request within `header_timeout`, from when it is opened or
    /// from its last answer on, is closed.
    pub(super) fn new(router: Router, header_timeout: Duration) -> Self {
        let mut protocol = http1::Builder::new();
        // What `axum::serve` uses looks for HTTP/2 first, and for as long as the client likes.
        protocol.timer(TokioTimer::new()).header_read_timeout(header_timeout);
        let (end, _) = watch::channel(false);
        Self { protocol, service: TowerToHyperService::new(router), open: JoinSet::new(), end }
    }

    /// Answers the requests of one more.
    pub(super) fn open(&mut self, stream: TcpStream) {
        let connection = self.protocol.serve_connection(TokioIo::new(stream), self.service.clone()).with_upgrades();
        let mut end = self.end.subscribe();
        self.open.spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => Some(ended),
                // The sender is dropped together with this task.
                () = async { drop(end.wait_for(|end| *end).await) } => None,
            };
            let ended = match ended {
                Some(ended) => ended,
                None => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }

    /// How many are open, or ended and not yet noticed.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// Waits until one ends; for ever where none is open.
    pub(super) async fn ended(&mut self) {
        if self.open.join_next().await.is_none() {
            std::future::pending().await
        }
    }

    /// Closes the idle ones, and waits for the others to be answered.
    pub(super) async fn drained(&mut self) {
        self.end.send_replace(true);
        while self.open.join_next().await.is_some() {}
    }
}
