//! Errors on the wire: problem details for HTTP APIs (RFC 9457).

use axum::body::Body;
use axum::http::{HeaderValue, Response as HttpResponse, StatusCode, header};
use axum::response::Response;
use cortex_core::{Error, FieldError, Kind, Result};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::error::RequestError;
use crate::explain::page_of;

/// The media type of a problem.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";
/// After how many seconds a client may try again where nothing better is known.
const RETRY_AFTER_SECONDS: u32 = 1;

/// What is wrong with a request, or with the server that answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// Where the code is explained: `/api/errors/<code>`.
    #[serde(rename = "type")]
    pub reference: String,
    /// The kind of problem, for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This problem, for people.
    pub detail: String,
    /// This problem, for programs: stable and dotted.
    pub code: String,
    /// How to mend it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The wrong fields of the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The trace that the request shares with logs and events.
    pub trace: Uuid,
}

/// What is wrong with one field of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldProblem {
    /// The field as people write it: `lines[2].amount`.
    pub path: String,
    /// The same as a JSON pointer into the body: `#/lines/2/amount`.
    pub pointer: String,
    /// For programs: `required`, `max_len`, ...
    pub code: String,
    /// For people.
    pub message: String,
}

impl FieldProblem {
    fn of(field: &FieldError) -> Self {
        let pointer = pointer(&field.path);
        Self { path: field.path.clone(), pointer, code: field.code.to_owned(), message: field.message.clone() }
    }
}

/// `lines[2].amount` as `#/lines/2/amount` (RFC 6901).
fn pointer(path: &str) -> String {
    let mut pointer = String::from("#");
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        pointer.push('/');
        pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

/// An error with what HTTP says besides.
#[derive(Debug)]
pub(crate) struct Failure {
    error: Error,
    status: StatusCode,
    retry_after: Option<u32>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = status(error.kind());
        let retry_after = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(RETRY_AFTER_SECONDS);
        Self { error, status, retry_after }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        let status = error.status();
        Self { status, ..Self::from(Error::from(error)) }
    }
}

impl Failure {
    /// The same, telling the client when to try again.
    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The answer, under the trace of its request. What clients may not see goes into the log instead.
    pub(crate) fn into_response(self, trace: Uuid) -> Response {
        let Self { error, status, retry_after } = self;
        let problem = problem(&error, status, trace);
        match status {
            StatusCode::INTERNAL_SERVER_ERROR => {
                tracing::error!(%trace, code = error.code(), ?error, "the request failed");
            }
            status if status.is_server_error() => {
                tracing::warn!(%trace, status = status.as_u16(), code = error.code(), ?error, "the request failed");
            }
            status => {
                tracing::debug!(%trace, status = status.as_u16(), code = error.code(), %error, "the request is refused");
            }
        }
        // A problem consists of texts and numbers, which always serialize.
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = HttpResponse::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn problem(error: &Error, status: StatusCode, trace: Uuid) -> Problem {
    let hidden = is_hidden(error);
    let code = code(error, status);
    let detail = match hidden {
        false => error.message().to_owned(),
        true if status == StatusCode::SERVICE_UNAVAILABLE => "a needed service can't be reached now".to_owned(),
        true => "the server made a mistake".to_owned(),
    };
    let help = match hidden {
        false => error.help().map(str::to_owned),
        true if status == StatusCode::SERVICE_UNAVAILABLE => Some("try again later".to_owned()),
        true => Some(format!("tell the operators the trace `{trace}`, by which they find it in the log")),
    };
    Problem {
        reference: page_of(code),
        title: title(status, error.kind()).to_owned(),
        status: status.as_u16(),
        detail,
        code: code.to_owned(),
        help,
        errors: error.fields().iter().map(FieldProblem::of).collect(),
        trace,
    }
}

/// Whether the message is for operators: defects, and how the database can't be reached (which names hosts and paths).
fn is_hidden(error: &Error) -> bool {
    match error.kind() {
        Kind::Internal | Kind::Config => true,
        Kind::Unavailable => error.code().starts_with("data."),
        _ => false,
    }
}

/// What clients see of an error's code.
fn code(error: &Error, status: StatusCode) -> &'static str {
    match is_hidden(error) {
        false => error.code(),
        true if status == StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        true => "internal",
    }
}

/// The status of a kind of error.
pub(crate) fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthorized => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict | Kind::Refused => StatusCode::CONFLICT,
        Kind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Limited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn title(status: StatusCode, kind: Kind) -> &'static str {
    match (status, kind) {
        (StatusCode::UNPROCESSABLE_ENTITY, _) => "Invalid input",
        (_, Kind::Refused) => "Refused by a rule",
        (status, _) => status.canonical_reason().unwrap_or("Error"),
    }
}

/// What an argument of a handler answers instead of a value.
#[derive(Debug)]
pub struct Rejection(pub(crate) RejectionKind);

#[derive(Debug)]
pub(crate) enum RejectionKind {
    Failure(Failure),
    /// Another extractor's answer.
    Foreign(Response),
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Self(RejectionKind::Failure(error.into()))
    }
}

impl From<RequestError> for Rejection {
    fn from(error: RequestError) -> Self {
        Self(RejectionKind::Failure(error.into()))
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        Self(RejectionKind::Failure(failure))
    }
}

impl Rejection {
    pub(crate) fn into_response(self, trace: Uuid) -> Response {
        match self.0 {
            RejectionKind::Failure(failure) => failure.into_response(trace),
            RejectionKind::Foreign(response) => response,
        }
    }
}

/// What a handler's work ends in, before it is known under which trace it is told.
pub(crate) fn answered(result: Result<Response>, trace: Uuid) -> Response {
    result.unwrap_or_else(|error| Failure::from(error).into_response(trace))
}

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn paths_become_pointers() {
        assert_eq!(pointer("lines[2].amount"), "#/lines/2/amount");
        assert_eq!(pointer("a/b"), "#/a~1b");
        assert_eq!(pointer(""), "#");
    }
}
