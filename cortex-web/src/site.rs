//! What one route knows when it is called: where its needs are found, and what all routes share.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::Response;
use cortex_core::{Container, Cx, Error, ModuleName, ModuleSwitch, Result, Slots};
use cortex_data::Database;
use tower::Service;
use uuid::Uuid;

use crate::edge::Answering;
use crate::error::RequestError;
use crate::handler::{Answers, Args, Call, Handler, IDEMPOTENCY_KEY, call_body};
use crate::problem::{Failure, Rejection, answered};

/// The trace of a request, among its extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trace(pub(crate) Uuid);

/// One route at run time.
pub(crate) struct Site {
    pub(crate) module: ModuleName,
    /// `POST /api/v1/fleet/vehicles/{id}/sell`
    pub(crate) route: String,
    pub(crate) slots: Slots,
    pub(crate) shared: Arc<Shared>,
}

/// What all routes share.
pub(crate) struct Shared {
    pub(crate) container: Container,
    pub(crate) database: Database,
    pub(crate) switch: Arc<ModuleSwitch>,
    pub(crate) body_limit: usize,
}

/// A handler where it is called.
pub(crate) struct Called<H, A> {
    pub(crate) site: Arc<Site>,
    pub(crate) handler: H,
    pub(crate) args: PhantomData<fn() -> A>,
}

impl<H: Clone, A> Clone for Called<H, A> {
    fn clone(&self) -> Self {
        Self { site: Arc::clone(&self.site), handler: self.handler.clone(), args: PhantomData }
    }
}

impl<H, A> Service<Request> for Called<H, A>
where
    H: Handler<A>,
    A: Args,
    H::Output: Answers,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (site, handler) = (Arc::clone(&self.site), self.handler.clone());
        let trace = trace(&request);
        let (mut parts, body) = request.into_parts();
        Box::pin(async move {
            Ok(match site.args::<A>(&mut parts, body).await {
                Ok(args) => answered(handler.call(args).await.answer(), trace),
                Err(rejection) => rejection.into_response(trace),
            })
        })
    }
}

impl Site {
    /// What a handler asks for.
    async fn args<A: Args>(&self, parts: &mut Parts, body: Body) -> Result<A, Rejection> {
        let cx = parts.extensions.get::<Cx>().cloned();
        self.is_open(cx.as_ref(), parts.uri.path())?;
        if !A::ONCE && parts.headers.contains_key(&IDEMPOTENCY_KEY) {
            return Err(RequestError::NoOnce.into());
        }
        let container = &self.shared.container;
        let scope = match (self.slots.need_scope(), &cx) {
            (false, _) => None,
            (true, None) => return Err(RequestError::TokenMissing.into()),
            (true, Some(cx)) => {
                let scope = container.scope();
                scope.supply(Arc::new(cx.clone()))?;
                Some(scope)
            }
        };
        let resolver = match &scope {
            Some(scope) => scope.resolver(&self.slots),
            None => container.resolver(&self.slots),
        };
        let mut call = Call { parts, body: call_body(body), resolver, site: self, cx: cx.as_ref() };
        A::take(&mut call).await
    }

    /// A module that is switched off for a tenant has no routes there.
    fn is_open(&self, cx: Option<&Cx>, path: &str) -> Result<(), RequestError> {
        match cx {
            Some(cx) if !self.shared.switch.is_enabled(self.module, cx.tenant()) => {
                Err(RequestError::NoRoute { path: path.to_owned() })
            }
            _ => Ok(()),
        }
    }
}

/// The trace of a request; nil for one that did not come through the edge.
pub(crate) fn trace(request: &Request) -> Uuid {
    request.extensions().get::<Trace>().map_or(Uuid::nil(), |trace| trace.0)
}

/// The answer to a path that nothing is found at.
pub(crate) async fn no_route(request: Request) -> Response {
    let path = request.uri().path().to_owned();
    Failure::from(RequestError::NoRoute { path }).into_response(trace(&request))
}

/// The answer to a method that a path does not take.
pub(crate) async fn wrong_method(request: Request) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    Failure::from(RequestError::Method { method, path }).into_response(trace(&request))
}

/// A panic as an error.
pub(crate) fn panicked() -> Failure {
    Error::internal("panic", "a handler stopped unexpectedly").into()
}
