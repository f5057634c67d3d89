//! Who asks: turns a request into a context.

mod development;

use std::net::SocketAddr;

use axum::http::request::Parts;
use cortex_core::{Cx, Result, async_trait};
use cortex_data::TenantEntry;

pub use development::{DevToken, DevelopmentAuthenticator};

/// Knows who sends a request. The security crate brings its own.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// The context of a request to the API.
    ///
    /// # Errors
    /// [`Kind::Unauthorized`](cortex_core::Kind::Unauthorized) when nobody is signed in, or the proof is wrong.
    async fn authenticate(&self, request: &Parts) -> Result<Cx>;

    /// The context of a page that is asked for without a proof; `None` where such pages see no data.
    fn visitor(&self, request: &Parts) -> Option<Cx> {
        let _ = request;
        None
    }

    /// Whether an actor may act in a tenant that is not the one of its token: support, operators. Nobody may, where
    /// nothing else is said. `cx` is what [`authenticate`](Self::authenticate) or [`visitor`](Self::visitor) answered;
    /// its actor keeps its roles.
    ///
    /// # Errors
    /// It can't be found out.
    async fn may_enter(&self, cx: &Cx, tenant: &TenantEntry) -> Result<bool> {
        let _ = (cx, tenant);
        Ok(false)
    }

    /// Whether a server may listen on this address under this authenticator.
    ///
    /// # Errors
    /// Why not.
    fn admit(&self, listen: SocketAddr) -> Result<()> {
        let _ = listen;
        Ok(())
    }
}
