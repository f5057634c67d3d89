//! The id or the key in the path of a request.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::{FromRequestParts, RawPathParams};
use cortex_core::{Error, Id};
use cortex_data::{Entity, Field};

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
        parsed(call, "an id").await.map(Self)
    }
}

/// The record that `{id}` in the path names by its key, for entities whose keys are no ids.
pub struct PathKey<E: Entity>(pub E::Key);

impl<E: Entity> Deref for PathKey<E> {
    type Target = E::Key;

    fn deref(&self) -> &E::Key {
        &self.0
    }
}

impl<E: Entity> Clone for PathKey<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<E: Entity> fmt::Debug for PathKey<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PathKey({})", self.0)
    }
}

impl<E: Entity> Arg for PathKey<E> {
    fn describe(_: &mut GenContext, operation: &mut Operation) {
        parameter::path_key(operation, E::Key::KIND);
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        parsed(call, if E::META.has_ids() { "an id" } else { "a key" }).await.map(Self)
    }
}

/// `{id}` of the path; what is no `what` names nothing.
async fn parsed<T: FromStr>(call: &mut Call<'_>, what: &str) -> Result<T, Rejection> {
    let params = RawPathParams::from_request_parts(call.parts, &()).await;
    let params = params.map_err(|error| Error::internal("request.path", error.body_text()))?;
    let Some((_, text)) = params.iter().find(|(name, _)| *name == "id") else {
        let path = call.site.route.clone();
        return Err(Error::internal("request.path", format!("`{path}` has no `{{id}}`")).into());
    };
    text.parse().map_err(|_| Error::not_found("not_found", format!("`{text}` is not {what}")).into())
}

/// A key as one segment of a path (RFC 3986): texts may hold anything.
pub(crate) fn path_segment(key: &impl fmt::Display) -> String {
    let mut out = String::new();
    for byte in key.to_string().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
