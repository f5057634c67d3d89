//! The list of everything that modules bind, as it is collected before the check.

use std::any::Any;
use std::sync::Arc;

use crate::container::factory::Factory;
use crate::container::{Binds, Key, Lifetime, Need, Parts, Provider, Resolver, Scope, Task};
use crate::{ModuleName, Result};

/// A built value without its type: an `Arc<P>` of a provider, or an `Arc<Arc<T>>` of everything else.
pub(crate) type Cell = Arc<dyn Any + Send + Sync>;

/// An `Arc<T>` without its type, ready to be cloned out.
pub(crate) type Value = Box<dyn Any + Send + Sync>;

/// Reads a `T` out of a cell.
pub(crate) type Read<T> = fn(&Cell) -> Option<Arc<T>>;

/// Looks up the parts once, at start; what it answers fills a cell whenever one is needed.
pub(crate) type Prepare = Box<dyn Fn(&mut Resolver<'_>) -> Result<Fill> + Send + Sync>;
pub(crate) type Fill = Box<dyn Fn(Option<&Scope>) -> Result<Cell> + Send + Sync>;

type Publish = Box<dyn Fn(&Cell) -> Option<Value> + Send + Sync>;
pub(crate) type ErasedHook = Box<dyn Fn(&Cell) -> Option<Task> + Send + Sync>;

/// How the value of one key is read out of its cell, with the type erased.
pub(crate) struct Shape {
    publish: Publish,
    read: Value,
}

impl Shape {
    pub(crate) fn new<T: ?Sized + Send + Sync + 'static>(read: Read<T>) -> Self {
        Self { publish: Box::new(move |cell| read(cell).map(|value| Box::new(value) as Value)), read: Box::new(read) }
    }

    /// The cell as an `Arc<T>` in a box.
    pub(crate) fn publish(&self, cell: &Cell) -> Option<Value> {
        (self.publish)(cell)
    }

    /// The `Read<T>`, in a box.
    pub(crate) fn into_read(self) -> Value {
        self.read
    }
}

/// One thing in the graph.
pub(crate) struct Node {
    pub(crate) label: Key,
    pub(crate) by: ModuleName,
    pub(crate) lifetime: Lifetime,
    pub(crate) needs: Vec<Need>,
    /// A decorator's need for its own key means the node that it wraps.
    pub(crate) inner: Option<(Key, usize)>,
    pub(crate) recipe: Recipe,
    pub(crate) shape: Shape,
    pub(crate) init: Option<ErasedHook>,
    pub(crate) stop: Option<ErasedHook>,
}

/// Where the value of a node comes from.
pub(crate) enum Recipe {
    /// It is built.
    Build(Prepare),
    /// It is another node's value, read as another type.
    Alias(usize),
    /// Whoever opens a scope supplies it.
    Supplied,
}

/// What a node wants to be in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The one binding of its key.
    Provide,
    /// The same, but silent where somebody else provides it: the own type of a replacement.
    Quiet,
    /// It takes the place of the binding of its key.
    Replace,
    /// It wraps the binding of its key; the wrapped value is given to the node `receiver`.
    Decorate { receiver: usize },
}

pub(crate) struct Offer {
    pub(crate) key: Key,
    pub(crate) node: usize,
    pub(crate) claim: Claim,
}

/// Needs of something that is not in the container: a route, a subscriber, a job.
pub(crate) struct Root {
    pub(crate) by: ModuleName,
    pub(crate) label: String,
    pub(crate) needs: Vec<Need>,
}

/// Everything that was registered, in the order of registration.
#[derive(Default)]
pub(crate) struct Bindings {
    pub(crate) nodes: Vec<Node>,
    pub(crate) offers: Vec<Offer>,
    pub(crate) roots: Vec<Root>,
}

impl Bindings {
    pub(crate) fn provide<P: Provider>(&mut self, by: ModuleName) {
        let node = self.push(node_of::<P>(by), Claim::Provide);
        for bound in P::bindings() {
            let alias = alias(bound.key, by, P::LIFETIME, node, (bound.shape)());
            self.push(alias, Claim::Provide);
        }
    }

    pub(crate) fn factory<T, A>(&mut self, by: ModuleName, lifetime: Lifetime, factory: impl Factory<T, A>)
    where
        T: ?Sized + Send + Sync + 'static,
    {
        let node = made::<T, A>(by, lifetime, factory);
        self.push(node, Claim::Provide);
    }

    /// A singleton from needs that are only known at run time; `make` takes them in their order.
    pub(crate) fn made_of<T: Send + Sync + 'static>(
        &mut self,
        by: ModuleName,
        needs: Vec<Need>,
        make: impl Fn(&mut Resolver<'_>) -> Result<Arc<T>> + Send + Sync + 'static,
    ) {
        let mut node = made::<T, ()>(by, Lifetime::Singleton, || Err(not_supplied()));
        node.needs = needs;
        node.recipe = Recipe::Build(Box::new(move |from| {
            let made = make(from)?;
            Ok(Box::new(move |_| Ok(Arc::new(Arc::clone(&made)) as Cell)))
        }));
        self.push(node, Claim::Provide);
    }

    pub(crate) fn instance<T: ?Sized + Send + Sync + 'static>(&mut self, by: ModuleName, value: Arc<T>) {
        let node = made::<T, ()>(by, Lifetime::Singleton, move || Ok(Arc::clone(&value)));
        self.push(node, Claim::Provide);
    }

    pub(crate) fn supplied<T: ?Sized + Send + Sync + 'static>(&mut self, by: ModuleName) {
        let mut node = made::<T, ()>(by, Lifetime::Scoped, || Err(not_supplied()));
        node.recipe = Recipe::Supplied;
        self.push(node, Claim::Provide);
    }

    pub(crate) fn replace<T: ?Sized + Send + Sync + 'static, P: Binds<T>>(&mut self, by: ModuleName) {
        let node = self.quiet::<P>(by);
        self.push(alias(Key::of::<T>(), by, P::LIFETIME, node, bound_shape::<P, T>()), Claim::Replace);
    }

    pub(crate) fn replace_instance<T: ?Sized + Send + Sync + 'static>(&mut self, by: ModuleName, value: Arc<T>) {
        let node = made::<T, ()>(by, Lifetime::Singleton, move || Ok(Arc::clone(&value)));
        self.push(node, Claim::Replace);
    }

    pub(crate) fn decorate<T: ?Sized + Send + Sync + 'static>(
        &mut self,
        by: ModuleName,
        decorator: impl Fn(Arc<T>) -> Arc<T> + Send + Sync + 'static,
    ) {
        let node = made::<T, (Arc<T>,)>(by, Lifetime::Singleton, move |inner: Arc<T>| Ok(decorator(inner)));
        let receiver = self.nodes.len();
        self.push(node, Claim::Decorate { receiver });
    }

    pub(crate) fn decorate_by<T: ?Sized + Send + Sync + 'static, P: Binds<T>>(&mut self, by: ModuleName) {
        let receiver = self.nodes.len();
        self.nodes.push(node_of::<P>(by));
        let alias = alias(Key::of::<T>(), by, P::LIFETIME, receiver, bound_shape::<P, T>());
        self.push(alias, Claim::Decorate { receiver });
    }

    pub(crate) fn offers_key(&self, key: Key) -> bool {
        self.offers.iter().any(|offer| offer.key == key)
    }

    /// The node of `P`, registered once per module, so that a provider that replaces two traits is one value.
    fn quiet<P: Provider>(&mut self, by: ModuleName) -> usize {
        let key = Key::of::<P>();
        let own = |offer: &&Offer| offer.key == key && self.nodes.get(offer.node).is_some_and(|node| node.by == by);
        match self.offers.iter().find(own) {
            Some(offer) => offer.node,
            None => self.push(node_of::<P>(by), Claim::Quiet),
        }
    }

    fn push(&mut self, node: Node, claim: Claim) -> usize {
        let index = self.nodes.len();
        self.offers.push(Offer { key: node.label, node: index, claim });
        self.nodes.push(node);
        index
    }
}

fn alias(key: Key, by: ModuleName, lifetime: Lifetime, of: usize, shape: Shape) -> Node {
    let recipe = Recipe::Alias(of);
    Node { label: key, by, lifetime, needs: Vec::new(), inner: None, recipe, shape, init: None, stop: None }
}

/// The binding of a provider under its own type.
fn node_of<P: Provider>(by: ModuleName) -> Node {
    let hooks = P::hooks();
    let erase = |hook: fn(Arc<P>) -> Task| -> ErasedHook { Box::new(move |cell| concrete::<P>(cell).map(hook)) };
    Node {
        label: Key::of::<P>(),
        by,
        lifetime: P::LIFETIME,
        needs: needs_of::<P::Parts>(),
        inner: None,
        recipe: built_from::<P::Parts>(|parts| Ok(Arc::new(P::build(parts)?))),
        shape: Shape::new::<P>(concrete::<P>),
        init: hooks.init.map(erase),
        stop: hooks.stop.map(erase),
    }
}

/// How a `T` is read out of the cell of a `P`.
pub(crate) fn bound_shape<P: Binds<T>, T: ?Sized + Send + Sync + 'static>() -> Shape {
    Shape::new::<T>(|cell| concrete::<P>(cell).map(P::bind))
}

fn concrete<P: Send + Sync + 'static>(cell: &Cell) -> Option<Arc<P>> {
    Arc::clone(cell).downcast().ok()
}

/// The binding of what a factory makes.
fn made<T, A>(by: ModuleName, lifetime: Lifetime, factory: impl Factory<T, A>) -> Node
where
    T: ?Sized + Send + Sync + 'static,
{
    fn parts<T: ?Sized + Send + Sync + 'static, A, F: Factory<T, A>>(factory: F) -> (Vec<Need>, Recipe) {
        let make = move |parts| Ok(Arc::new(factory.make(parts)?) as Cell);
        (needs_of::<F::Parts>(), built_from::<F::Parts>(make))
    }
    let (needs, recipe) = parts(factory);
    Node {
        label: Key::of::<T>(),
        by,
        lifetime,
        needs,
        inner: None,
        recipe,
        shape: Shape::new::<T>(|cell| cell.downcast_ref::<Arc<T>>().cloned()),
        init: None,
        stop: None,
    }
}

fn needs_of<P: Parts>() -> Vec<Need> {
    let mut needs = Vec::new();
    P::needs(&mut needs);
    needs
}

fn built_from<P: Parts>(build: impl Fn(P) -> Result<Cell> + Send + Sync + 'static) -> Recipe {
    let build = Arc::new(build);
    Recipe::Build(Box::new(move |from| {
        let places = P::places(from)?;
        let build = Arc::clone(&build);
        Ok(Box::new(move |scope| build(P::at(&places, scope)?)))
    }))
}

fn not_supplied() -> crate::Error {
    crate::Error::internal("container.not_supplied", "this scope was opened without a value that it must be given")
}
