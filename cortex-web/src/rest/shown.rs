//! One record as an answer: with its version as the entity tag.

use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use cortex_core::Result;
use cortex_data::{Entity, Read};
use serde::{Deserialize, Serialize};

use crate::handler::{Reply, bytes_response, json_response};
use crate::openapi::response;
use crate::rest::condition::tag;

/// A record that was asked for or changed.
pub(crate) enum Shown<E> {
    Record(Read<E>),
    /// The client has this version already.
    Unchanged {
        version: Option<i64>,
    },
}

impl<E: Entity> Reply for Shown<E> {
    fn reply(self) -> Result<Response> {
        match self {
            Self::Record(read) => {
                let mut response = json_response(StatusCode::OK, &read)?;
                add_tag(&mut response, read.record().system.version);
                Ok(response)
            }
            Self::Unchanged { version } => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                add_tag(&mut response, version);
                Ok(response)
            }
        }
    }

    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        response::json::<Read<E>>(ctx, operation, StatusCode::OK, "The record");
        describe_tag::<E>(operation, StatusCode::OK);
    }
}

/// A record that was created, as it is kept for whoever sends the same request again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) location: String,
    pub(crate) version: Option<i64>,
    /// The record as JSON.
    pub(crate) body: String,
}

/// The answer to the creation of an `E`.
pub(crate) struct New<E> {
    stored: Stored,
    entity: std::marker::PhantomData<fn() -> E>,
}

impl<E> From<Stored> for New<E> {
    fn from(stored: Stored) -> Self {
        Self { stored, entity: std::marker::PhantomData }
    }
}

impl<E: Entity> Reply for New<E> {
    fn reply(self) -> Result<Response> {
        let Stored { location, version, body } = self.stored;
        let mut response = bytes_response(StatusCode::CREATED, body.into_bytes());
        add_tag(&mut response, version);
        if let Ok(location) = HeaderValue::try_from(location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    }

    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        response::json::<Read<E>>(ctx, operation, StatusCode::CREATED, "The new record");
        response::header(operation, StatusCode::CREATED, "Location", "Where the record is found");
        describe_tag::<E>(operation, StatusCode::CREATED);
        response::problem(operation, StatusCode::CONFLICT);
    }
}

fn describe_tag<E: Entity>(operation: &mut Operation, status: StatusCode) {
    if E::META.versioned {
        response::header(operation, status, "ETag", "The version of the record, for `If-Match`");
    }
}

fn add_tag(response: &mut Response, version: Option<i64>) {
    if let Some(tag) = version.and_then(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
}
