//! Taking values out: resolvers, scopes and handles.

use std::fmt;
use std::slice;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::container::binding::{Cell, Read, Value};
use crate::container::build::{Inner, Slot};
use crate::container::{Key, Part};
use crate::{Error, Result};

/// How many scoped values a scope holds without an allocation of its own.
const CELLS_INLINE: usize = 4;

/// Hands out parts, one after the other, in the order in which they were declared as needs.
pub struct Resolver<'a> {
    inner: &'a Inner,
    scope: Option<&'a Scope>,
    slots: slice::Iter<'a, Slot>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(inner: &'a Inner, scope: Option<&'a Scope>, slots: &'a [Slot]) -> Self {
        Self { inner, scope, slots: slots.iter() }
    }

    /// The next part.
    ///
    /// # Errors
    /// What a scoped constructor refuses; `Internal` when the parts are not taken in the order of the needs.
    #[inline]
    pub fn take<P: Part>(&mut self) -> Result<P> {
        P::take(self)
    }

    pub(crate) fn scope(&self) -> Option<&'a Scope> {
        self.scope
    }

    /// Where the next part is found.
    pub(crate) fn handle<T: ?Sized + Send + Sync + 'static>(&mut self) -> Result<Handle<T>> {
        self.find_handle()?.ok_or_else(|| out_of_order(Key::of::<T>()))
    }

    /// Where the next part is found; `None` where nobody provides it.
    pub(crate) fn find_handle<T: ?Sized + Send + Sync + 'static>(&mut self) -> Result<Option<Handle<T>>> {
        match self.slots.next() {
            Some(slot) => self.inner.handle(*slot),
            None => Err(out_of_order(Key::of::<T>())),
        }
    }

    #[inline]
    pub(crate) fn required<T: ?Sized + Send + Sync + 'static>(&mut self) -> Result<Arc<T>> {
        if let Some(Slot::Single(place)) = self.slots.as_slice().first()
            && let Some(value) = self.inner.singles.get(*place).and_then(|value| value.downcast_ref::<Arc<T>>())
        {
            self.slots.next();
            return Ok(Arc::clone(value));
        }
        self.handle()?.at(self.scope)
    }
}

impl fmt::Debug for Resolver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resolver({} left)", self.slots.len())
    }
}

impl Inner {
    pub(crate) fn handle<T: ?Sized + Send + Sync + 'static>(&self, slot: Slot) -> Result<Option<Handle<T>>> {
        let place = match slot {
            Slot::Single(place) => Some(Place::Single(single(&self.singles, place)?)),
            Slot::Scoped(place) => {
                let key = self.scoped.get(place).and_then(|key| Some((key.cell, key.read.downcast_ref::<Read<T>>()?)));
                let Some((cell, read)) = key else { return Err(out_of_order(Key::of::<T>())) };
                Some(Place::Scoped { cell, read: *read })
            }
            Slot::Absent => None,
        };
        Ok(place.map(Handle))
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
    // A lock that nobody waits for costs less than a cell that is written once, of which each value would need one.
    built: Mutex<Built>,
}

/// What a scope has built by now.
#[derive(Default)]
struct Built {
    few: [Option<Cell>; CELLS_INLINE],
    rest: Vec<Option<Cell>>,
}

impl Built {
    #[inline]
    fn get(&self, number: usize) -> Option<&Cell> {
        match self.few.get(number) {
            None => self.rest.get(number - CELLS_INLINE)?.as_ref(),
            Some(found) => found.as_ref(),
        }
    }

    #[inline]
    fn place(&mut self, number: usize) -> Option<&mut Option<Cell>> {
        if number < CELLS_INLINE {
            return self.few.get_mut(number);
        }
        let place = number - CELLS_INLINE;
        if self.rest.len() <= place {
            self.rest.resize(place + 1, None);
        }
        self.rest.get_mut(place)
    }
}

impl Scope {
    #[inline]
    pub(crate) fn open(inner: Arc<Inner>) -> Self {
        Self { inner, built: Mutex::default() }
    }

    #[inline]
    fn built(&self) -> MutexGuard<'_, Built> {
        // Nothing is half done while the lock is held.
        self.built.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The `T` of this scope, or the application's where `T` is a singleton.
    ///
    /// # Errors
    /// What a scoped constructor refuses; `Internal` when nobody provides `T`.
    pub fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Result<Arc<T>> {
        let key = Key::of::<T>();
        match self.inner.index.get(&key.id()) {
            Some(Slot::Single(place)) => single(&self.inner.singles, *place),
            Some(slot) => match self.inner.handle::<T>(*slot)? {
                Some(handle) => handle.get(self),
                None => Err(not_provided(key)),
            },
            None => Err(not_provided(key)),
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
        let supplied = |cell: &usize| self.inner.cells.get(*cell).is_some_and(|recipe| recipe.fill.is_none());
        let mut built = self.built();
        match place.filter(supplied).and_then(|cell| built.place(cell)) {
            Some(empty @ None) => {
                *empty = Some(Arc::new(value));
                Ok(())
            }
            _ => Err(Error::internal("container.supply", format!("`{key}` cannot be supplied to this scope"))
                .with_help(format!(
                    "declare it once with `supplied::<{key}>()`, and supply it once, before it is used"
                ))),
        }
    }

    /// A resolver for needs whose slots were looked up at start.
    #[must_use]
    pub fn resolver<'a>(&'a self, slots: &'a Slots) -> Resolver<'a> {
        Resolver::new(&self.inner, Some(self), &slots.0)
    }

    #[inline]
    fn read<T: ?Sized + Send + Sync + 'static>(&self, number: usize, read: Read<T>) -> Result<Arc<T>> {
        if let Some(value) = self.built().get(number) {
            return read(value).ok_or_else(|| out_of_order(Key::of::<T>()));
        }
        // Built without the lock, since it may ask for others. Where two threads of one scope both build, the first
        // one to finish is kept, for both.
        let fresh = self.fill(number)?;
        let mut built = self.built();
        let value = built.place(number).and_then(|place| read(place.get_or_insert(fresh)));
        value.ok_or_else(|| out_of_order(Key::of::<T>()))
    }

    fn fill(&self, number: usize) -> Result<Cell> {
        let Some(recipe) = self.inner.cells.get(number) else { return Err(out_of_order(Key::of::<Self>())) };
        match &recipe.fill {
            Some(fill) => fill(Some(self)),
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
        let built = self.built();
        let built = built.few.iter().chain(&built.rest).flatten().count();
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
    Scoped { cell: usize, read: Read<T> },
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
            Place::Scoped { cell, read } => scope.read(*cell, *read),
        }
    }

    #[inline(always)]
    pub(crate) fn at(&self, scope: Option<&Scope>) -> Result<Arc<T>> {
        match (&self.0, scope) {
            (Place::Single(value), _) => Ok(Arc::clone(value)),
            (Place::Scoped { cell, read }, Some(scope)) => scope.read(*cell, *read),
            (Place::Scoped { .. }, None) => Err(no_scope(Key::of::<T>())),
        }
    }

    /// The application's `T`; `None` where `T` is scoped.
    #[inline]
    #[must_use]
    pub fn singleton(&self) -> Option<&Arc<T>> {
        match &self.0 {
            Place::Single(value) => Some(value),
            Place::Scoped { .. } => None,
        }
    }
}

impl<T: ?Sized> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Place::Single(value) => Place::Single(Arc::clone(value)),
            Place::Scoped { cell, read } => Place::Scoped { cell: *cell, read: *read },
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
