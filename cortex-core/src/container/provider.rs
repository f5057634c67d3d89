//! What can be built: the provider trait, the parts it is built from, and what it stands in for.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::Result;
use crate::container::binding::{Shape, bound_shape};
use crate::container::{Key, Parts};

/// How long a value lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// One for the application, built at start.
    Singleton,
    /// One per scope: a request or a job. Built when it is first asked for.
    Scoped,
}

/// Something the container can build from its parts; written by `#[derive(Provider)]`.
///
/// By hand it is:
///
/// ```
/// use std::sync::Arc;
///
/// use cortex_core::{Lifetime, Provider, Result};
///
/// struct Mailer;
/// struct Reminders {
///     mailer: Arc<Mailer>,
/// }
///
/// impl Provider for Reminders {
///     const LIFETIME: Lifetime = Lifetime::Singleton;
///     type Parts = (Arc<Mailer>,);
///
///     fn build((mailer,): Self::Parts) -> Result<Self> {
///         Ok(Self { mailer })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how it is built",
    label = "not a provider",
    note = "add `#[derive(Provider)]` with `#[provider(singleton)]` or `#[provider(scoped)]` to `{Self}`, or register it with `instance` or `factory`"
)]
pub trait Provider: Sized + Send + Sync + 'static {
    /// How long it lives.
    const LIFETIME: Lifetime;

    /// What it is built from.
    type Parts: Parts;

    /// Builds it. Cheap and without input or output: what must connect or read does so in the `init` hook.
    ///
    /// # Errors
    /// What the constructor refuses.
    fn build(parts: Self::Parts) -> Result<Self>;

    /// The trait objects it is asked for as, besides its own type.
    #[must_use]
    fn bindings() -> Vec<Bound<Self>> {
        Vec::new()
    }

    /// What runs when the application starts and stops.
    #[must_use]
    fn hooks() -> Hooks<Self> {
        Hooks::none()
    }
}

/// A provider that can stand in for `T`, mostly a trait object; written by `#[provider(binds = dyn T)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in for `{T}`",
    label = "not bound to `{T}`",
    note = "add `binds = {T}` to the `#[provider(..)]` attribute of `{Self}`"
)]
pub trait Binds<T: ?Sized>: Provider {
    /// The same value, seen as `T`.
    fn bind(this: Arc<Self>) -> Arc<T>;
}

/// One trait object that `P` is asked for as.
pub struct Bound<P> {
    pub(crate) key: Key,
    pub(crate) shape: fn() -> Shape,
    _of: std::marker::PhantomData<fn() -> P>,
}

impl<P: Provider> Bound<P> {
    /// `P` is asked for as `T`.
    #[must_use]
    pub fn to<T: ?Sized + Send + Sync + 'static>() -> Self
    where
        P: Binds<T>,
    {
        Self { key: Key::of::<T>(), shape: bound_shape::<P, T>, _of: std::marker::PhantomData }
    }
}

impl<P> fmt::Debug for Bound<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bound({})", self.key)
    }
}

/// A future that a hook runs.
pub type Task = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// What a provider does when the application starts and stops. Only singletons have hooks.
pub struct Hooks<P> {
    pub(crate) init: Option<fn(Arc<P>) -> Task>,
    pub(crate) stop: Option<fn(Arc<P>) -> Task>,
}

impl<P> Hooks<P> {
    /// Nothing to do.
    #[must_use]
    pub const fn none() -> Self {
        Self { init: None, stop: None }
    }

    /// Runs before any module boots, after the `init` of everything it needs.
    #[must_use]
    pub const fn init(mut self, hook: fn(Arc<P>) -> Task) -> Self {
        self.init = Some(hook);
        self
    }

    /// Runs at shutdown, before the `stop` of everything it needs.
    #[must_use]
    pub const fn stop(mut self, hook: fn(Arc<P>) -> Task) -> Self {
        self.stop = Some(hook);
        self
    }
}

impl<P> fmt::Debug for Hooks<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hooks {{ init: {}, stop: {} }}", self.init.is_some(), self.stop.is_some())
    }
}
