//! Services as arguments. That somebody provides them is part of the check at start.

use cortex_core::{Inject, Need};

use crate::handler::{Arg, Call};
use crate::problem::Rejection;

impl<T: ?Sized + Send + Sync + 'static> Arg for Inject<T> {
    fn needs(out: &mut Vec<Need>) {
        out.push(Need::of::<T>());
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(call.resolver.take::<Self>()?)
    }
}

impl<T: ?Sized + Send + Sync + 'static> Arg for Option<Inject<T>> {
    fn needs(out: &mut Vec<Need>) {
        out.push(Need::optional::<T>());
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(call.resolver.take::<Option<std::sync::Arc<T>>>()?.map(Inject))
    }
}
