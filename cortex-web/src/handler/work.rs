//! Units of work and their context as arguments.

use aide::generate::GenContext;
use aide::openapi::Operation;
use cortex_core::Cx;
use cortex_data::Work;

use crate::handler::{Arg, Call};
use crate::openapi::parameter;
use crate::problem::Rejection;

impl Arg for Work {
    fn describe(_: &mut GenContext, operation: &mut Operation) {
        let about = "The company that this is about, by its id or code; the tenant's main one if it is not said";
        parameter::header(operation, "Cortex-Company", about);
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(call.site.shared.database.work(call.cx()?.clone()))
    }
}

impl Arg for Cx {
    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(call.cx()?.clone())
    }
}
