//! The body of a request as it comes: for files that are too large to be kept in memory.

use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, ReferenceOr, RequestBody};
use axum::body::Body;

use crate::handler::{Arg, Call};
use crate::problem::Rejection;

/// The body as it comes, of any length and any type: the handler that takes it sets its own limit. The time limit of
/// requests holds for it too.
#[derive(Debug)]
pub struct Streamed(pub Body);

impl Arg for Streamed {
    fn describe(_: &mut GenContext, operation: &mut Operation) {
        let content = [("application/octet-stream".to_owned(), MediaType::default())];
        let body = RequestBody { content: content.into_iter().collect(), required: true, ..RequestBody::default() };
        operation.request_body = Some(ReferenceOr::Item(body));
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(Self(call.stream()))
    }
}
