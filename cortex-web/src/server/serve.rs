//! Listening on a port, until it is time to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use cortex_core::Result;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::error::ServerError;
use crate::server::Server;

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
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let unknown = SocketAddr::from(([0, 0, 0, 0], 0));
        let address = listener.local_addr().unwrap_or(unknown);
        self.authenticator.admit(address)?;
        let (stop, stopped) = oneshot::channel();
        let gate = self.gate.clone();
        let signal = async move {
            shutdown.await;
            gate.drain();
            // Nobody listens any more where the server has failed.
            let _ = stop.send(());
        };
        let serving = axum::serve(listener, self.router.clone()).with_graceful_shutdown(signal);
        let deadline = async {
            match stopped.await {
                Ok(()) => tokio::time::sleep(self.drain).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            served = async { serving.await } => served.map_err(|reason| ServerError::Listen { address, reason }.into()),
            () = deadline => match self.gate.running() {
                // Connections without a request: nobody waits for an answer.
                0 => Ok(()),
                running => Err(ServerError::Undrained { running, seconds: self.drain.as_secs() }.into()),
            },
        }
    }
}
