//! The query string of a request.

use std::ops::Deref;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;

use crate::error::RequestError;
use crate::handler::{Arg, Call, Input};
use crate::problem::Rejection;

/// The parameters in the query string, each a field of `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Input> Arg for Query<T> {
    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        <axum::extract::Query<T> as OperationInput>::operation_input(ctx, operation);
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        match axum::extract::Query::<T>::try_from_uri(&call.parts.uri) {
            Ok(query) => Ok(Self(query.0)),
            Err(error) => {
                let text = error.body_text();
                let reason = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text).to_owned();
                Err(RequestError::Query { reason }.into())
            }
        }
    }
}
