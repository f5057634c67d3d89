//! Parts: what providers, factories, handlers and subscribers are given by the container.

use std::sync::Arc;

use crate::Result;
use crate::container::{Handle, Key, Resolver, Scope};

/// One thing that something needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub(crate) key: Key,
    pub(crate) optional: bool,
}

impl Need {
    /// Somebody must provide `T`.
    #[must_use]
    pub fn of<T: ?Sized + 'static>() -> Self {
        Self { key: Key::of::<T>(), optional: false }
    }

    /// `T` is taken where somebody provides it.
    #[must_use]
    pub fn optional<T: ?Sized + 'static>() -> Self {
        Self { key: Key::of::<T>(), optional: true }
    }

    /// What is needed.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key
    }

    /// Whether it may be absent.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.optional
    }
}

/// One part that a provider, factory or handler is built from.
#[diagnostic::on_unimplemented(
    message = "the container cannot inject a `{Self}`",
    label = "not injectable",
    note = "write `Arc<T>`, or `Option<Arc<T>>` for what may be absent",
    note = "a field that nobody injects is marked `#[provider(default)]`"
)]
pub trait Part: Sized {
    /// Where it is found, looked up once at start.
    type Place: Send + Sync + 'static;

    /// What it asks for.
    #[must_use]
    fn need() -> Need;

    /// Looks up where it is found.
    ///
    /// # Errors
    /// `Internal` when the resolver has something else at its turn.
    fn place(from: &mut Resolver<'_>) -> Result<Self::Place>;

    /// Takes it from its place.
    ///
    /// # Errors
    /// What a scoped constructor refuses; `Internal` when it lives in a scope and there is none.
    fn at(place: &Self::Place, scope: Option<&Scope>) -> Result<Self>;

    /// Takes it from the resolver.
    ///
    /// # Errors
    /// What [`place`](Self::place) and [`at`](Self::at) refuse.
    fn take(from: &mut Resolver<'_>) -> Result<Self> {
        Self::at(&Self::place(from)?, from.scope())
    }
}

impl<T: ?Sized + Send + Sync + 'static> Part for Arc<T> {
    type Place = Handle<T>;

    fn need() -> Need {
        Need::of::<T>()
    }

    fn place(from: &mut Resolver<'_>) -> Result<Handle<T>> {
        from.handle()
    }

    #[inline(always)]
    fn at(place: &Handle<T>, scope: Option<&Scope>) -> Result<Self> {
        place.at(scope)
    }

    fn take(from: &mut Resolver<'_>) -> Result<Self> {
        from.required()
    }
}

impl<T: ?Sized + Send + Sync + 'static> Part for Option<Arc<T>> {
    type Place = Option<Handle<T>>;

    fn need() -> Need {
        Need::optional::<T>()
    }

    fn place(from: &mut Resolver<'_>) -> Result<Self::Place> {
        from.find_handle()
    }

    #[inline(always)]
    fn at(place: &Self::Place, scope: Option<&Scope>) -> Result<Self> {
        place.as_ref().map(|place| place.at(scope)).transpose()
    }
}

/// The parts of one thing: a tuple of at most twelve [`Part`]s, or [`Both`] of two such tuples.
pub trait Parts: Sized {
    /// Where they are found, looked up once at start.
    type Places: Send + Sync + 'static;

    /// What they ask for.
    fn needs(needs: &mut Vec<Need>);

    /// Looks up where they are found.
    ///
    /// # Errors
    /// `Internal` when the resolver has something else at its turn.
    fn places(from: &mut Resolver<'_>) -> Result<Self::Places>;

    /// Takes them from their places.
    ///
    /// # Errors
    /// What scoped constructors refuse.
    fn at(places: &Self::Places, scope: Option<&Scope>) -> Result<Self>;
}

/// The parts of one thing with more parts than a tuple has room for.
#[derive(Debug)]
pub struct Both<A, B>(pub A, pub B);

impl<A: Parts, B: Parts> Parts for Both<A, B> {
    type Places = (A::Places, B::Places);

    fn needs(needs: &mut Vec<Need>) {
        A::needs(needs);
        B::needs(needs);
    }

    fn places(from: &mut Resolver<'_>) -> Result<Self::Places> {
        Ok((A::places(from)?, B::places(from)?))
    }

    fn at((a, b): &Self::Places, scope: Option<&Scope>) -> Result<Self> {
        Ok(Self(A::at(a, scope)?, B::at(b, scope)?))
    }
}

macro_rules! parts {
    ($($part:ident $place:ident)*) => {
        impl<$($part: Part),*> Parts for ($($part,)*) {
            type Places = ($($part::Place,)*);

            fn needs(_needs: &mut Vec<Need>) {
                $(_needs.push($part::need());)*
            }

            fn places(_from: &mut Resolver<'_>) -> Result<Self::Places> {
                Ok(($($part::place(_from)?,)*))
            }

            #[inline(always)]
            fn at(($($place,)*): &Self::Places, _scope: Option<&Scope>) -> Result<Self> {
                Ok(($($part::at($place, _scope)?,)*))
            }
        }
    };
}

parts!();
parts!(A a);
parts!(A a B b);
parts!(A a B b C c);
parts!(A a B b C c D d);
parts!(A a B b C c D d E e);
parts!(A a B b C c D d E e F f);
parts!(A a B b C c D d E e F f G g);
parts!(A a B b C c D d E e F f G g H h);
parts!(A a B b C c D d E e F f G g H h I i);
parts!(A a B b C c D d E e F f G g H h I i J j);
parts!(A a B b C c D d E e F f G g H h I i J j K k);
parts!(A a B b C c D d E e F f G g H h I i J j K k L l);
