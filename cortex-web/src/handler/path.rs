//! The id in the path of a request.

use std::fmt;
use std::ops::Deref;

use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::{FromRequestParts, RawPathParams};
use cortex_core::{Error, Id};

use crate::handler::{Arg, Call};
use crate::openapi::parameter;
use crate::problem::Rejection;

/// The record that `{id}` in the path names.
pub struct PathId<T: ?Sized>(pub Id<T>);

impl<T: ?Sized> Deref for PathId<T> {
    type Target = Id<T>;

    fn deref(&self) -> &Id<T> {
        &self.0
    }
}

impl<T: ?Sized> Clone for PathId<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for PathId<T> {}

impl<T: ?Sized> fmt::Debug for PathId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PathId({})", self.0)
    }
}

impl<T: ?Sized + 'static> Arg for PathId<T> {
    fn describe(_: &mut GenContext, operation: &mut Operation) {
        parameter::path_id(operation);
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        let params = RawPathParams::from_request_parts(call.parts, &()).await;
        let params = params.map_err(|error| Error::internal("request.path", error.body_text()))?;
        let Some((_, text)) = params.iter().find(|(name, _)| *name == "id") else {
            let path = call.site.route.clone();
            return Err(Error::internal("request.path", format!("`{path}` has no `{{id}}`")).into());
        };
        match text.parse() {
            Ok(id) => Ok(Self(id)),
            Err(_) => Err(Error::not_found("not_found", format!("`{text}` is not an id")).into()),
        }
    }
}
