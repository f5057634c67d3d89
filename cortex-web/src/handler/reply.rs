//! What handlers answer.

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{self, Operation};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use cortex_core::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::openapi::response;

/// What a handler's future ends in: `Answer<T>`.
#[diagnostic::on_unimplemented(
    message = "a handler cannot answer with `{Self}`",
    label = "this handler answers `{Self}`",
    note = "answer with `Answer<T>`, where `T: Serialize + JsonSchema`"
)]
pub trait Answers: Send {
    /// The response, or what went wrong.
    ///
    /// # Errors
    /// What the handler refuses.
    fn answer(self) -> Result<Response>;

    /// What the documentation says about it.
    fn describe(ctx: &mut GenContext, operation: &mut Operation);
}

impl<R: Reply> Answers for Result<R, Error> {
    fn answer(self) -> Result<Response> {
        self?.reply()
    }

    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        R::describe(ctx, operation);
    }
}

/// What can be sent to a client.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to a client",
    label = "needs `#[derive(Serialize, JsonSchema)]`",
    note = "add `#[derive(Serialize, JsonSchema)]` to `{Self}`"
)]
pub trait Reply: Send {
    /// The response.
    ///
    /// # Errors
    /// The value can't be serialized.
    fn reply(self) -> Result<Response>;

    /// What the documentation says about it.
    fn describe(ctx: &mut GenContext, operation: &mut Operation);
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + Send> Reply for T {
    fn reply(self) -> Result<Response> {
        if is_nothing::<T>() {
            return NoContent.reply();
        }
        json_response(StatusCode::OK, &self)
    }

    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        if is_nothing::<T>() {
            return NoContent::describe(ctx, operation);
        }
        response::json::<T>(ctx, operation, StatusCode::OK, "Done");
    }
}

/// Whether `T` is `()`, which says nothing: the answer then has no body.
fn is_nothing<T: JsonSchema>() -> bool {
    size_of::<T>() == 0 && T::schema_id() == <() as JsonSchema>::schema_id()
}

/// A new record, and where it is found: `201 Created`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created<T> {
    /// What was created.
    pub value: T,
    /// Its path.
    pub location: Option<String>,
}

impl<T> Created<T> {
    /// `value` was created.
    pub fn new(value: T) -> Self {
        Self { value, location: None }
    }

    /// The same with the path at which it is found.
    #[must_use]
    pub fn at(mut self, location: impl Into<String>) -> Self {
        self.location = Some(location.into());
        self
    }
}

impl<T: Serialize + JsonSchema + Send> Reply for Created<T> {
    fn reply(self) -> Result<Response> {
        let mut response = json_response(StatusCode::CREATED, &self.value)?;
        if let Some(location) = self.location.and_then(|location| HeaderValue::try_from(location).ok()) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    }

    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        response::json::<T>(ctx, operation, StatusCode::CREATED, "Created");
    }
}

/// Done, and nothing to say: `204 No Content`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoContent;

impl Reply for NoContent {
    fn reply(self) -> Result<Response> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        Ok(response)
    }

    fn describe(_: &mut GenContext, operation: &mut Operation) {
        response::empty(operation, StatusCode::NO_CONTENT, "Done");
    }
}

/// A page for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub String);

impl Reply for Html {
    fn reply(self) -> Result<Response> {
        let mut response = Response::new(Body::from(self.0));
        let media = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        Ok(response)
    }

    fn describe(_: &mut GenContext, operation: &mut Operation) {
        response::empty(operation, StatusCode::OK, "A page");
    }
}

/// Whatever axum can answer with: the way out.
impl<R: axum::response::IntoResponse + OperationOutput + Send> Reply for super::Raw<R> {
    fn reply(self) -> Result<Response> {
        Ok(self.0.into_response())
    }

    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        let inferred = R::inferred_responses(ctx, operation);
        let responses = operation.responses.get_or_insert_default();
        for (status, response) in inferred {
            let response = openapi::ReferenceOr::Item(response);
            match status {
                Some(status) => drop(responses.responses.insert(openapi::StatusCode::Code(status), response)),
                None => responses.default = Some(response),
            }
        }
    }
}

/// A value as the body of a response.
pub(crate) fn json_response<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Result<Response> {
    let body = serde_json::to_vec(value)
        .map_err(|error| Error::internal("response.json", "the answer can't be written as JSON").with_source(error))?;
    Ok(bytes_response(status, body))
}

/// JSON that is written already as the body of a response.
pub(crate) fn bytes_response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
