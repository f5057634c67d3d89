//! Taking values out: resolvers, scopes and handles.

use std::fmt;
use std::slice;
use std::sync::{Arc, OnceLock};

use crate::container::Key;
use crate::container::binding::{Cell, Read, Value};
use crate::container::build::{Inner, Slot};
use crate::{Error, Result};

/// How many scoped values a scope holds without an allocation of its own.
const CELLS_INLINE: usize = 4;

/// Hands out parts, one after the other, in the order in which they were declared as needs.
pub struct Resolver<'a> {
    singles: &'a [Value],
    scope: Option<&'a Scope>,
    slots: slice::Iter<'a, Slot>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(singles: &'a [Value], scope: Option<&'a Scope>, slots: &'a [Slot]) -> Self {
        Self { singles, scope, slots: slots.iter() }
    }

    /// The next part.
    ///
    /// # Errors
    /// What a scoped constructor refuses; `Internal` when the parts are not taken in the order of the needs.
    #[inline]
    pub fn take<P: super::Part>(&mut self) -> Result<P> {
        P::take(self)
    }

    #[inline]
    pub(crate) fn required<T: ?Sized + Send + Sync + 'static>(&mut self) -> Result<Arc<T>> {
        if let Some(Slot::Single(place)) = self.slots.as_slice().first()
            && let Some(value) = self.singles.get(*place).and_then(|value| value.downcast_ref::<Arc<T>>())
        {
            self.slots.next();
            return Ok(Arc::clone(value));
        }
        self.optional()?.ok_or_else(|| out_of_order(Key::of::<T>()))
    }

    pub(crate) fn optional<T: ?Sized + Send + Sync + 'static>(&mut self) -> Result<Option<Arc<T>>> {
        match self.slots.next() {
            Some(Slot::Single(place)) => single(self.singles, *place).map(Some),
            Some(Slot::Scoped(place)) => match self.scope {
                Some(scope) => scope.read(*place).map(Some),
                None => Err(no_scope(Key::of::<T>())),
            },
            Some(Slot::Absent) => Ok(None),
            None => Err(out_of_order(Key::of::<T>())),
        }
    }
}

impl fmt::Debug for Resolver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resolver({} left)", self.slots.len())
    }
}

#[inline]
pub(crate) fn single<T: ?Sized + Send + Sync + 'static>(singles: &[Value], place: usize) -> Result<Arc<T>> {
    match singles.get(place).and_then(|value| value.downcast_ref::<Arc<T>>()) {
        Some(value) => Ok(Arc::clone(value)),
        None => Err(out_of_order(Key::of::<T>())),
    }
}

/// The life of one request or job. What is scoped is built here when it is first asked for, once.
pub struct Scope {
    inner: Arc<Inner>,
    few: [OnceLock<Cell>; CELLS_INLINE],
    rest: Box<[OnceLock<Cell>]>,
}

impl Scope {
    pub(crate) fn open(inner: Arc<Inner>) -> Self {
        let rest = (CELLS_INLINE..inner.cells.len()).map(|_| OnceLock::new()).collect();
        Self { inner, few: [const { OnceLock::new() }; CELLS_INLINE], rest }
    }

    /// The `T` of this scope, or the application's where `T` is a singleton.
    ///
    /// # Errors
    /// What a scoped constructor refuses; `Internal` when nobody provides `T`.
    pub fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Result<Arc<T>> {
        let key = Key::of::<T>();
        match self.inner.index.get(&key.id()) {
            Some(Slot::Single(place)) => single(&self.inner.singles, *place),
            Some(Slot::Scoped(place)) => self.read(*place),
            Some(Slot::Absent) | None => Err(not_provided(key)),
        }
    }

    /// Gives this scope a value that its providers ask for, such as the context of the request.
    ///
    /// # Errors
    /// `Internal` when `T` was not declared as supplied, or was supplied or used before.
    pub fn supply<T: ?Sized + Send + Sync + 'static>(&self, value: Arc<T>) -> Result<()> {
        let key = Key::of::<T>();
        let place = match self.inner.index.get(&key.id()) {
            Some(Slot::Scoped(place)) => self.inner.scoped.get(*place).map(|scoped| scoped.cell),
            _ => None,
        };
        let supplied = |cell: &usize| self.inner.cells.get(*cell).is_some_and(|recipe| recipe.build.is_none());
        let cell = place.filter(supplied).and_then(|cell| self.cell(cell));
        match cell.map(|cell| cell.set(Arc::new(value))) {
            Some(Ok(())) => Ok(()),
            _ => Err(Error::internal("container.supply", format!("`{key}` cannot be supplied to this scope"))
                .with_help(format!(
                    "declare it once with `supplied::<{key}>()`, and supply it once, before it is used"
                ))),
        }
    }

    /// A resolver for needs whose slots were looked up at start.
    #[must_use]
    pub fn resolver<'a>(&'a self, slots: &'a Slots) -> Resolver<'a> {
        Resolver::new(&self.inner.singles, Some(self), &slots.0)
    }

    #[inline]
    fn cell(&self, place: usize) -> Option<&OnceLock<Cell>> {
        match self.few.get(place) {
            None => self.rest.get(place - CELLS_INLINE),
            found => found,
        }
    }

    fn read<T: ?Sized + Send + Sync + 'static>(&self, place: usize) -> Result<Arc<T>> {
        let found = self.inner.scoped.get(place);
        let read = found.and_then(|key| Some((self.cell(key.cell)?, key.cell, key.read.downcast_ref::<Read<T>>()?)));
        let Some((cell, number, read)) = read else { return Err(out_of_order(Key::of::<T>())) };
        if let Some(value) = cell.get() {
            return read(value).ok_or_else(|| out_of_order(Key::of::<T>()));
        }
        // Two threads of one scope may both build; the first one to finish is kept, for both.
        let built = self.fill(number)?;
        read(cell.get_or_init(move || built)).ok_or_else(|| out_of_order(Key::of::<T>()))
    }

    fn fill(&self, number: usize) -> Result<Cell> {
        let Some(recipe) = self.inner.cells.get(number) else { return Err(out_of_order(Key::of::<Self>())) };
        match &recipe.build {
            Some(build) => build(&mut Resolver::new(&self.inner.singles, Some(self), &recipe.slots)),
            None => Err(Error::internal(
                "container.not_supplied",
                format!("`{}` was not supplied to this scope", recipe.label),
            )
            .with_help("supply it right after the scope is opened")),
        }
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let built = self.few.iter().chain(&self.rest).filter(|cell| cell.get().is_some()).count();
        write!(f, "Scope({built} of {} built)", self.inner.cells.len())
    }
}

/// Where a list of needs is found, looked up once at start: after that, resolving is an array index.
#[derive(Debug, Clone)]
pub struct Slots(pub(crate) Box<[Slot]>);

impl Slots {
    /// Whether one of them lives in a scope.
    #[must_use]
    pub fn need_scope(&self) -> bool {
        self.0.iter().any(|slot| matches!(slot, Slot::Scoped(_)))
    }
}

/// Where one `T` is found, looked up once at start. Resolving a singleton is one clone of an `Arc`.
pub struct Handle<T: ?Sized>(pub(crate) Place<T>);

pub(crate) enum Place<T: ?Sized> {
    Single(Arc<T>),
    Scoped(usize),
}

impl<T: ?Sized + Send + Sync + 'static> Handle<T> {
    /// The `T` of `scope`, or the application's where `T` is a singleton.
    ///
    /// # Errors
    /// What a scoped constructor refuses.
    #[inline]
    pub fn get(&self, scope: &Scope) -> Result<Arc<T>> {
        match &self.0 {
            Place::Single(value) => Ok(Arc::clone(value)),
            Place::Scoped(place) => scope.read(*place),
        }
    }

    /// The application's `T`; `None` where `T` is scoped.
    #[inline]
    #[must_use]
    pub fn singleton(&self) -> Option<&Arc<T>> {
        match &self.0 {
            Place::Single(value) => Some(value),
            Place::Scoped(_) => None,
        }
    }
}

impl<T: ?Sized> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Place::Single(value) => Place::Single(Arc::clone(value)),
            Place::Scoped(place) => Place::Scoped(*place),
        })
    }
}

impl<T: ?Sized + 'static> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", Key::of::<T>())
    }
}

pub(crate) fn not_provided(key: Key) -> Error {
    Error::internal("container.not_provided", format!("no module provides `{key}`"))
        .with_help("declare what is taken at run time as a need, so that it is checked at start")
}

pub(crate) fn no_scope(key: Key) -> Error {
    Error::internal("container.no_scope", format!("`{key}` lives in a scope, and there is none here"))
        .with_help("open one with `scope()` and take it from there")
}

fn out_of_order(key: Key) -> Error {
    Error::internal(
        "container.out_of_order",
        format!("`{key}` is taken in another order than it is declared as a need"),
    )
}
