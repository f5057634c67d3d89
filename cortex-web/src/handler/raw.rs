//! The way out: any extractor of axum as an argument.

use std::ops::Deref;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::FromRequestParts;
use axum::response::IntoResponse;

use crate::handler::{Arg, Call};
use crate::problem::{Rejection, RejectionKind};

/// An extractor of axum over the parts of the request: headers, cookies, several path parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw<T>(pub T);

impl<T> Deref for Raw<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: FromRequestParts<()> + OperationInput + Send + 'static> Arg for Raw<T> {
    fn describe(ctx: &mut GenContext, operation: &mut Operation) {
        T::operation_input(ctx, operation);
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        match T::from_request_parts(call.parts, &()).await {
            Ok(value) => Ok(Self(value)),
            Err(refused) => Err(Rejection(RejectionKind::Foreign(refused.into_response()))),
        }
    }
}
