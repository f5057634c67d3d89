//! What a handler, a subscriber, a hook or a job is given by the container.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::{Handle, Need, Part, Resolver, Result, Scope};

/// A service as an argument: `fn recost(tx: &mut Tx, event: &PeriodClosed, costs: Inject<CostService>)`.
///
/// That somebody provides it is checked when the application starts.
pub struct Inject<T: ?Sized>(pub Arc<T>);

impl<T: ?Sized> Deref for Inject<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> Clone for Inject<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: ?Sized> fmt::Debug for Inject<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inject({})", std::any::type_name::<T>())
    }
}

impl<T: ?Sized + Send + Sync + 'static> Part for Inject<T> {
    type Place = Handle<T>;

    fn need() -> Need {
        Need::of::<T>()
    }

    fn place(from: &mut Resolver<'_>) -> Result<Handle<T>> {
        <Arc<T> as Part>::place(from)
    }

    fn at(place: &Handle<T>, scope: Option<&Scope>) -> Result<Self> {
        <Arc<T> as Part>::at(place, scope).map(Self)
    }

    fn take(from: &mut Resolver<'_>) -> Result<Self> {
        from.take::<Arc<T>>().map(Self)
    }
}
