//! The container: builds what modules provide from what other modules provide.
//!
//! Everything is registered explicitly and checked as a whole before anything is built; after that a value
//! is found by an array index.

mod binding;
mod build;
mod check;
mod factory;
mod key;
mod part;
mod problem;
mod provider;
mod resolve;
mod scope;

use std::fmt;
use std::sync::{Arc, Weak};

use crate::Result;
use build::{Inner, Slot};

pub(crate) use binding::Bindings;
pub(crate) use binding::Root;
pub(crate) use build::{Hooked, build, together};
pub(crate) use check::check;
pub use factory::Factory;
pub use key::Key;
pub(crate) use key::TypeMap;
pub use part::{Both, Need, Part, Parts};
pub use problem::{GraphError, Problem};
pub use provider::{Binds, Bound, Hooks, Lifetime, Provider, Task};
pub use resolve::{Change, Override};
pub use scope::{Handle, Resolver, Scope, Slots};

/// Everything that the modules of an application provide. Cheap to clone.
#[derive(Clone)]
pub struct Container(Arc<Inner>);

impl Container {
    fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The application's `T`.
    ///
    /// # Errors
    /// `Internal` when nobody provides `T`, or when it lives in a scope.
    pub fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Result<Arc<T>> {
        let key = Key::of::<T>();
        match self.0.index.get(&key.id()) {
            Some(Slot::Single(place)) => scope::single(&self.0.singles, *place),
            Some(Slot::Scoped(_)) => Err(scope::no_scope(key)),
            Some(Slot::Absent) | None => Err(scope::not_provided(key)),
        }
    }

    /// The application's `T`, where somebody provides it.
    #[must_use]
    pub fn find<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.get().ok()
    }

    /// Where `T` is found, to be kept from start-up.
    ///
    /// # Errors
    /// `Internal` when nobody provides `T`.
    pub fn handle<T: ?Sized + Send + Sync + 'static>(&self) -> Result<Handle<T>> {
        let key = Key::of::<T>();
        let slot = self.0.index.get(&key.id()).copied().unwrap_or(Slot::Absent);
        self.0.handle(slot)?.ok_or_else(|| scope::not_provided(key))
    }

    /// Where a list of needs is found, to be kept from start-up.
    ///
    /// # Errors
    /// `Internal` when nobody provides one that is not optional.
    pub fn slots(&self, needs: &[Need]) -> Result<Slots> {
        let slot = |need: &Need| match self.0.index.get(&need.key.id()) {
            Some(slot) => Ok(*slot),
            None if need.optional => Ok(Slot::Absent),
            None => Err(scope::not_provided(need.key)),
        };
        needs.iter().map(slot).collect::<Result<_>>().map(Slots)
    }

    /// A resolver outside of any scope.
    #[must_use]
    pub fn resolver<'a>(&'a self, slots: &'a Slots) -> Resolver<'a> {
        Resolver::new(&self.0, None, &slots.0)
    }

    /// Opens the scope of one request or job.
    #[inline]
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::open(Arc::clone(&self.0))
    }

    /// The same container without keeping it alive: for what the container itself holds.
    #[must_use]
    pub fn downgrade(&self) -> WeakContainer {
        WeakContainer(Arc::downgrade(&self.0))
    }
}

/// A container as long as somebody else keeps it.
#[derive(Clone)]
pub struct WeakContainer(Weak<Inner>);

impl WeakContainer {
    /// The container, where the application still has it.
    #[must_use]
    pub fn upgrade(&self) -> Option<Container> {
        self.0.upgrade().map(Container)
    }
}

impl fmt::Debug for WeakContainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakContainer")
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Container({} singletons, {} scoped)", self.0.singles.len(), self.0.cells.len())
    }
}
