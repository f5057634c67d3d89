//! The request as the arguments of a handler see it, one after the other.

use std::fmt;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use cortex_core::{Cx, Resolver};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::error::RequestError;
use crate::site::Site;

/// One call of a handler.
pub struct Call<'a> {
    pub(crate) parts: &'a mut Parts,
    pub(crate) body: CallBody,
    pub(crate) resolver: Resolver<'a>,
    pub(crate) site: &'a Site,
    /// Absent where nobody is signed in, on pages.
    pub(crate) cx: Option<&'a Cx>,
}

/// The body, read when the first argument asks for it.
pub(crate) enum CallBody {
    Open(Body),
    Read(Bytes),
}

pub(crate) fn call_body(body: Body) -> CallBody {
    CallBody::Open(body)
}

impl Call<'_> {
    /// Who asks.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub(crate) fn cx(&self) -> Result<&Cx, RequestError> {
        self.cx.ok_or(RequestError::TokenMissing)
    }

    /// The body as it comes, without a limit.
    pub(crate) fn stream(&mut self) -> Body {
        match &mut self.body {
            CallBody::Read(bytes) => Body::from(bytes.clone()),
            CallBody::Open(body) => std::mem::take(body),
        }
    }

    /// The whole body, up to the limit.
    ///
    /// # Errors
    /// It is too large, or ends early.
    pub(crate) async fn bytes(&mut self) -> Result<Bytes, RequestError> {
        let limit = self.site.shared.body_limit;
        let body = match &mut self.body {
            CallBody::Read(bytes) => return Ok(bytes.clone()),
            CallBody::Open(body) => std::mem::take(body),
        };
        let declared = self.parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if declared.is_some_and(|length: usize| length > limit) {
            return Err(RequestError::TooLarge { limit });
        }
        let bytes = match Limited::new(body, limit).collect().await {
            Ok(whole) => whole.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Err(RequestError::TooLarge { limit }),
            Err(_) => return Err(RequestError::Broken),
        };
        self.body = CallBody::Read(bytes.clone());
        Ok(bytes)
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({} {})", self.parts.method, self.parts.uri.path())
    }
}
