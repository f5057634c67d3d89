//! Building: every singleton once, each after what it needs, and a recipe for everything scoped.

use std::sync::Arc;

use crate::container::binding::{Cell, ErasedHook, Fill, Node, Prepare, Recipe, Value};
use crate::container::check::Wiring;
use crate::container::key::TypeMap;
use crate::container::{Container, Key, Lifetime, Resolver};
use crate::{Error, ModuleName, Result};

/// Where the value of a key is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Slot {
    Single(usize),
    Scoped(usize),
    /// An optional need that nobody provides.
    Absent,
}

/// What containers and scopes share.
pub(crate) struct Inner {
    pub(crate) index: TypeMap<Slot>,
    /// An `Arc<T>` each.
    pub(crate) singles: Vec<Value>,
    pub(crate) scoped: Vec<ScopedKey>,
    pub(crate) cells: Vec<CellRecipe>,
}

/// One key of something scoped: several keys may read the same cell.
pub(crate) struct ScopedKey {
    pub(crate) cell: usize,
    /// A `Read<T>`.
    pub(crate) read: Value,
}

/// How a scope fills one of its cells.
pub(crate) struct CellRecipe {
    pub(crate) label: Key,
    /// `None` where whoever opens the scope supplies the value.
    pub(crate) fill: Option<Fill>,
}

/// A built singleton that does something at start or stop.
pub(crate) struct Hooked {
    pub(crate) label: Key,
    pub(crate) by: ModuleName,
    pub(crate) cell: Cell,
    pub(crate) init: Option<ErasedHook>,
    pub(crate) stop: Option<ErasedHook>,
}

/// Builds every singleton.
///
/// # Errors
/// What constructors refused, all of them together.
pub(crate) fn build(wiring: Wiring) -> Result<(Container, Vec<Hooked>)> {
    let Wiring { nodes, index, edges, order, .. } = wiring;
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let mut builder = Builder {
        inner: Inner { index: TypeMap::default(), singles: Vec::new(), scoped: Vec::new(), cells: Vec::new() },
        places: vec![None; nodes.len()],
        hooked: Vec::new(),
        refused: Vec::new(),
    };
    for place in order {
        let Some(node) = nodes.get_mut(place).and_then(Option::take) else { continue };
        let needs = edges.get(place).map_or(&[][..], Vec::as_slice);
        builder.add(place, node, needs);
    }
    if let Some(error) = together(builder.refused) {
        return Err(error);
    }
    let slots = index.into_iter().filter_map(|(id, node)| Some((id, builder.places.get(node)?.as_ref()?.slot)));
    builder.inner.index = slots.collect();
    Ok((Container::new(builder.inner), builder.hooked))
}

struct Builder {
    inner: Inner,
    /// Per node: where its value is; `None` where it was refused or is not in use.
    places: Vec<Option<Place>>,
    hooked: Vec<Hooked>,
    refused: Vec<Error>,
}

#[derive(Clone)]
struct Place {
    slot: Slot,
    /// The value of a singleton.
    cell: Option<Cell>,
}

impl Builder {
    fn add(&mut self, node: usize, recipe: Node, needs: &[Option<usize>]) {
        // What needs something that was refused is passed over: its cause is reported already.
        let Some(slots) = self.slots(needs) else { return };
        let place = match recipe.lifetime {
            Lifetime::Singleton => self.single(recipe, needs, &slots),
            Lifetime::Scoped => self.scoped(recipe, &slots),
        };
        if let Some(entry) = self.places.get_mut(node) {
            *entry = place;
        }
    }

    fn slots(&self, needs: &[Option<usize>]) -> Option<Box<[Slot]>> {
        let slot = |need: &Option<usize>| match need {
            None => Some(Slot::Absent),
            Some(node) => self.place(*node).map(|place| place.slot),
        };
        needs.iter().map(slot).collect()
    }

    fn place(&self, node: usize) -> Option<&Place> {
        self.places.get(node)?.as_ref()
    }

    fn single(&mut self, node: Node, needs: &[Option<usize>], slots: &[Slot]) -> Option<Place> {
        let built = match &node.recipe {
            Recipe::Build(prepare) => self.prepare(prepare, slots).and_then(|fill| fill(None)),
            Recipe::Alias(_) | Recipe::Supplied => {
                let cell = needs.first().copied().flatten().and_then(|of| self.place(of)?.cell.clone());
                cell.ok_or_else(|| broken(node.label))
            }
        };
        let published = built.and_then(|cell| {
            let value = node.shape.publish(&cell).ok_or_else(|| broken(node.label))?;
            Ok((cell, value))
        });
        let (cell, value) = match published {
            Ok(both) => both,
            Err(error) => {
                self.refused.push(explain(error, &node));
                return None;
            }
        };
        let slot = Slot::Single(self.inner.singles.len());
        self.inner.singles.push(value);
        if node.init.is_some() || node.stop.is_some() {
            let (label, by, cell) = (node.label, node.by, Arc::clone(&cell));
            self.hooked.push(Hooked { label, by, cell, init: node.init, stop: node.stop });
        }
        Some(Place { slot, cell: Some(cell) })
    }

    fn prepare(&self, prepare: &Prepare, slots: &[Slot]) -> Result<Fill> {
        prepare(&mut Resolver::new(&self.inner, None, slots))
    }

    fn scoped(&mut self, node: Node, slots: &[Slot]) -> Option<Place> {
        let cell = match (&node.recipe, slots.first()) {
            (Recipe::Alias(_), Some(Slot::Scoped(of))) => self.inner.scoped.get(*of)?.cell,
            (Recipe::Alias(_), _) | (Recipe::Supplied, _) => self.cell(node.label, None),
            (Recipe::Build(prepare), _) => match self.prepare(prepare, slots) {
                Ok(fill) => self.cell(node.label, Some(fill)),
                Err(error) => {
                    self.refused.push(explain(error, &node));
                    return None;
                }
            },
        };
        self.inner.scoped.push(ScopedKey { cell, read: node.shape.into_read() });
        Some(Place { slot: Slot::Scoped(self.inner.scoped.len() - 1), cell: None })
    }

    fn cell(&mut self, label: Key, fill: Option<Fill>) -> usize {
        self.inner.cells.push(CellRecipe { label, fill });
        self.inner.cells.len() - 1
    }
}

/// Says which provider refused. A wrong setting explains itself.
fn explain(error: Error, node: &Node) -> Error {
    if error.kind() == crate::Kind::Config {
        return error;
    }
    let message = format!("`{}` of module `{}` cannot be built: {}", node.label, node.by, error.message());
    let help = error.help().map(str::to_owned);
    let explained = Error::new(error.kind(), error.code(), message).with_source(error);
    match help {
        Some(help) => explained.with_help(help),
        None => explained,
    }
}

/// One error for many.
pub(crate) fn together(mut errors: Vec<Error>) -> Option<Error> {
    if errors.len() < 2 {
        return errors.pop();
    }
    let mut message = format!("{} things are wrong", errors.len());
    for error in &errors {
        message.push_str("\n  - ");
        message.push_str(error.message());
        if let Some(help) = error.help() {
            message.push_str("\n    ");
            message.push_str(help);
        }
    }
    let first = errors.swap_remove(0);
    Some(Error::new(first.kind(), first.code(), message).with_source(first))
}

fn broken(label: Key) -> Error {
    Error::internal("container.broken", format!("the binding of `{label}` is not what its registration says"))
}
