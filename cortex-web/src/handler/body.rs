//! The body of a request, read as JSON.

use std::ops::{Deref, DerefMut};

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use cortex_core::{Error, FieldError};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::RequestError;
use crate::handler::{Arg, Call};
use crate::problem::{Failure, Rejection};

/// What can be read from the body of a request.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request",
    label = "needs `#[derive(Deserialize, JsonSchema)]`",
    note = "add `#[derive(Deserialize, JsonSchema)]` to `{Self}`"
)]
pub trait Input: DeserializeOwned + JsonSchema + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Input for T {}

/// The body of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body<T>(pub T);

impl<T> Deref for Body<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Body<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Input> Arg for Body<T> {
    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        <axum::Json<T> as OperationInput>::operation_input(ctx, operation);
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        is_json(&call.parts.headers)?;
        let bytes = call.bytes().await?;
        Ok(Self(from_json(&bytes)?))
    }
}

/// Whether the body is declared as JSON: `application/json` or `application/anything+json`.
pub(crate) fn is_json(headers: &HeaderMap) -> Result<(), RequestError> {
    let declared = headers.get(CONTENT_TYPE).map_or("nothing", |value| value.to_str().unwrap_or("something else"));
    let media = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media.strip_prefix("application/") {
        Some(kind) if kind == "json" || kind.ends_with("+json") => Ok(()),
        _ => Err(RequestError::ContentType { found: declared.to_owned() }),
    }
}

/// Reads a value; where it does not fit, a second and slower reading finds the field at fault.
pub(crate) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let error = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if error.classify() == Category::Data {
        return Err(Error::fields_invalid(vec![misfit::<T>(bytes, &error)]).into());
    }
    let reason = match (bytes.is_empty(), error.classify()) {
        (true, _) => "it is empty".to_owned(),
        (false, Category::Eof) => "it ends too early".to_owned(),
        _ => without_place(&error),
    };
    Err(RequestError::Json { reason, line: error.line(), column: error.column() }.into())
}

fn misfit<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> FieldError {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Err(error) => error.path().to_string(),
        Ok(_) => String::new(),
    };
    let path = if path == "." { String::new() } else { path };
    let reason = without_place(error);
    // A missing field is told by its name, not by the object that lacks it.
    let missing = reason.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    match missing {
        Some(name) => {
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            FieldError { path, code: "required", message: "is required".to_owned() }
        }
        None => FieldError { path, code: "type", message: reason },
    }
}

/// The parser's words without the ` at line 1 column 2` that it adds.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}
