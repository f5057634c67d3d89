//! Listening on a port, until it is time to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;

use axum::serve::Listener;
use cortex_core::Result;
use tokio::net::TcpListener;

use crate::error::ServerError;
use crate::server::Server;
use crate::server::connections::Connections;

impl Server {
    /// Opens a port.
    ///
    /// # Errors
    /// [`ServerError::PortTaken`] when another program listens there; [`ServerError::Listen`].
    pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServerError> {
        TcpListener::bind(address).await.map_err(|reason| match reason.kind() {
            io::ErrorKind::AddrInUse => ServerError::PortTaken { address },
            _ => ServerError::Listen { address, reason },
        })
    }

    /// Answers what comes in until `shutdown`. Then takes nothing new, says so at `/health/ready`, and waits for the
    /// requests that are running.
    ///
    /// # Errors
    /// [`ServerError::NotLoopback`] when the authenticator is not meant for this address;
    /// [`ServerError::Undrained`] when requests were still running at the end.
    pub async fn serve(self, mut listener: TcpListener, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        let unknown = SocketAddr::from(([0, 0, 0, 0], 0));
        self.authenticator.admit(listener.local_addr().unwrap_or(unknown))?;
        let mut connections = Connections::new(self.router.clone(), self.header_timeout);
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                // Waits where the machine has no more handles, instead of giving up.
                (stream, _) = Listener::accept(&mut listener), if connections.len() < self.connections => {
                    connections.open(stream);
                }
                () = connections.ended() => {}
                () = &mut shutdown => break,
            }
        }
        self.gate.drain();
        drop(listener);
        let drained = tokio::time::timeout(self.drain, connections.drained()).await;
        match (drained, self.gate.running()) {
            // Connections without a request: nobody waits for an answer.
            (Ok(()), _) | (Err(_), 0) => Ok(()),
            (Err(_), running) => Err(ServerError::Undrained { running, seconds: self.drain.as_secs() }.into()),
        }
    }
}
