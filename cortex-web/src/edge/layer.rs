//! The edge as a layer: one allocation for the way in and out of it, whatever it does in between.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::Response;
use tower::{Layer, Service};

use crate::edge::Edge;

/// A future in a box.
pub(crate) type Answering<E> = Pin<Box<dyn Future<Output = Result<Response, E>> + Send>>;

/// Puts the edge around a service.
#[derive(Clone)]
pub(crate) struct EdgeLayer(pub(crate) Arc<Edge>);

impl<S> Layer<S> for EdgeLayer {
    type Service = Edged<S>;

    fn layer(&self, inner: S) -> Edged<S> {
        Edged { edge: Arc::clone(&self.0), inner }
    }
}

/// A service behind the edge.
#[derive(Clone)]
pub(crate) struct Edged<S> {
    edge: Arc<Edge>,
    inner: S,
}

impl<S> Service<Request> for Edged<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<Infallible>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The clone is for the next request: this one goes to the service that said that it is ready.
        let next = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, next);
        let (edge, mut asked) = (Arc::clone(&self.edge), Some((request, inner)));
        Box::pin(async move { Ok(edge.pass(&mut asked).await) })
    }
}
