//! The operating system's wish that the application ends.

/// Ends at ctrl-C, and on Unix at SIGTERM. Where neither can be watched it never ends, and says so in the log.
pub async fn shutdown_signal() {
    tokio::select! {
        () = interrupt() => tracing::info!("stopping: interrupted"),
        () = terminate() => tracing::info!("stopping: asked to terminate"),
    }
}

async fn interrupt() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "ctrl-C cannot be watched");
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminate() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be watched");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending::<()>().await;
}
