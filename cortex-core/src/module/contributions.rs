//! What modules contribute besides bindings: typed lists, so that the crates above add kinds of their own.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;

use crate::ModuleName;
use crate::container::TypeMap;

/// Everything that modules contributed, by type, in module order. The container provides it.
#[derive(Default)]
pub struct Contributions {
    /// A `List<C>` each.
    lists: TypeMap<Box<dyn Any + Send + Sync>>,
}

/// Module and contribution, in module order.
type List<C> = Vec<(ModuleName, C)>;

impl Contributions {
    /// Everything of type `C`, with the module that contributed it.
    pub fn of<C: Send + Sync + 'static>(&self) -> impl Iterator<Item = (ModuleName, &C)> {
        let list = self.lists.get(&std::any::TypeId::of::<C>()).and_then(|list| list.downcast_ref::<List<C>>());
        list.into_iter().flatten().map(|(module, contribution)| (*module, contribution))
    }

    pub(crate) fn add<C: Send + Sync + 'static>(&mut self, module: ModuleName, contribution: C) {
        let list = self.lists.entry(std::any::TypeId::of::<C>()).or_insert_with(|| Box::new(List::<C>::new()));
        if let Some(list) = list.downcast_mut::<List<C>>() {
            list.push((module, contribution));
        }
    }
}

impl fmt::Debug for Contributions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contributions({} kinds)", self.lists.len())
    }
}

/// Something that an actor may be allowed to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Dotted, starting with the module: `finance.entry.post`.
    pub name: Cow<'static, str>,
    /// For people: one line.
    pub about: &'static str,
}
