//! Units of work and their context as arguments.

use cortex_core::Cx;
use cortex_data::Work;

use crate::handler::{Arg, Call};
use crate::problem::Rejection;

impl Arg for Work {
    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(call.site.shared.database.work(call.cx()?.clone()))
    }
}

impl Arg for Cx {
    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(call.cx()?.clone())
    }
}
