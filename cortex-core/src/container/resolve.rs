//! Who wins a key: provided once, replaced by a later module, wrapped by decorators.

use std::fmt;

use crate::ModuleName;
use crate::container::binding::{Bindings, Claim, Recipe};
use crate::container::key::TypeMap;
use crate::container::{Key, Problem};

/// Whether the first module starts after the second because it needs it.
pub(crate) type Follows<'a> = &'a dyn Fn(ModuleName, ModuleName) -> bool;

/// A binding that a module changed, for the boot report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// What was changed.
    pub key: String,
    /// How.
    pub change: Change,
    /// The module whose binding it was.
    pub of: ModuleName,
    /// The module that changed it.
    pub by: ModuleName,
}

/// How a binding was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Another one took its place.
    Replaced,
    /// Another one wraps it.
    Decorated,
}

impl fmt::Display for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let change = match self.change {
            Change::Replaced => "replaced",
            Change::Decorated => "decorated",
        };
        write!(f, "`{}` of `{}` {change} by `{}`", self.key, self.of, self.by)
    }
}

/// The winners.
#[derive(Default)]
pub(crate) struct Resolved {
    /// The node that answers for each key.
    pub(crate) index: TypeMap<usize>,
    /// Nodes that another one replaced.
    pub(crate) lost: Vec<bool>,
    pub(crate) overrides: Vec<Override>,
    pub(crate) problems: Vec<Problem>,
}

/// Everything that claims one key, as node numbers in module order.
struct Claims {
    key: Key,
    provides: Vec<usize>,
    quiet: Vec<usize>,
    replaces: Vec<usize>,
    /// Decorator and the node that receives the decorated value.
    decorates: Vec<(usize, usize)>,
}

/// Settles every key and links decorators to what they wrap.
pub(crate) fn resolve(bindings: &mut Bindings, follows: Follows<'_>) -> Resolved {
    let mut resolved = Resolved { lost: vec![false; bindings.nodes.len()], ..Resolved::default() };
    for claims in claims_of(bindings) {
        let Some(base) = base_of(&claims, bindings, follows, &mut resolved) else { continue };
        let outermost = decorate(&claims, base, bindings, &mut resolved);
        resolved.index.insert(claims.key.id(), outermost);
    }
    resolved
}

fn claims_of(bindings: &Bindings) -> Vec<Claims> {
    let mut all: Vec<Claims> = Vec::new();
    let mut places: TypeMap<usize> = TypeMap::default();
    for offer in &bindings.offers {
        let place = *places.entry(offer.key.id()).or_insert(all.len());
        if place == all.len() {
            let none = Vec::new;
            all.push(Claims {
                key: offer.key,
                provides: none(),
                quiet: none(),
                replaces: none(),
                decorates: Vec::new(),
            });
        }
        let Some(claims) = all.get_mut(place) else { continue };
        match offer.claim {
            Claim::Provide => claims.provides.push(offer.node),
            Claim::Quiet => claims.quiet.push(offer.node),
            Claim::Replace => claims.replaces.push(offer.node),
            Claim::Decorate { receiver } => claims.decorates.push((offer.node, receiver)),
        }
    }
    all
}

/// The node before decoration; `None` where there is none.
fn base_of(claims: &Claims, bindings: &Bindings, follows: Follows<'_>, resolved: &mut Resolved) -> Option<usize> {
    let key = claims.key.to_string();
    let module = |node: usize| bindings.nodes.get(node).map_or(ModuleName::APPLICATION, |node| node.by);
    if claims.provides.len() > 1 {
        resolved.problems.push(conflict(&key, &claims.provides, bindings));
    }
    let provided = claims.provides.first().or(claims.quiet.first()).copied();
    let changes =
        [("replaces", claims.replaces.first()), ("decorates", claims.decorates.first().map(|(node, _)| node))];
    if provided.is_none() {
        for (verb, node) in changes {
            let Some(node) = node else { continue };
            let (key, module) = (key.clone(), module(*node).to_string());
            resolved.problems.push(Problem::NothingThere { verb, key, module });
        }
        // Said once: their needs are not looked at.
        let changers = claims.replaces.iter().copied().chain(claims.decorates.iter().flat_map(|(a, b)| [*a, *b]));
        for node in changers {
            lose(node, resolved);
        }
    }
    let mut current = provided?;
    for (place, next) in claims.replaces.iter().copied().enumerate() {
        if place > 0 && module(next) != ModuleName::OVERRIDES && !follows(module(next), module(current)) {
            resolved
                .problems
                .push(Problem::Ambiguous { key: key.clone(), claims: claimants(&[current, next], bindings) });
        }
        let (of, by) = (module(current), module(next));
        resolved.overrides.push(Override { key: key.clone(), change: Change::Replaced, of, by });
        lose(current, resolved);
        current = next;
    }
    Some(current)
}

fn lose(node: usize, resolved: &mut Resolved) {
    if let Some(lost) = resolved.lost.get_mut(node) {
        *lost = true;
    }
}

/// Two or more provide the same key: the same type twice, or different types for one trait.
fn conflict(key: &str, nodes: &[usize], bindings: &Bindings) -> Problem {
    let claims = claimants(nodes, bindings);
    let same = claims.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a == b));
    let key = key.to_owned();
    if same {
        Problem::Duplicate { key, modules: claims.into_iter().map(|(_, module)| module).collect() }
    } else {
        Problem::Ambiguous { key, claims }
    }
}

/// Provider and module of each node.
fn claimants(nodes: &[usize], bindings: &Bindings) -> Vec<(String, String)> {
    let name = |node: usize| {
        let node = bindings.nodes.get(node)?;
        let provider = match node.recipe {
            Recipe::Alias(of) => bindings.nodes.get(of)?,
            Recipe::Build(_) | Recipe::Supplied => node,
        };
        Some((provider.label.to_string(), node.by.to_string()))
    };
    nodes.iter().filter_map(|node| name(*node)).collect()
}

/// Wraps `base` by every decorator in module order; answers the outermost.
fn decorate(claims: &Claims, base: usize, bindings: &mut Bindings, resolved: &mut Resolved) -> usize {
    let mut current = base;
    for (outer, receiver) in claims.decorates.iter().copied() {
        let Some((of, lifetime)) = bindings.nodes.get(current).map(|node| (node.by, node.lifetime)) else { continue };
        let Some(node) = bindings.nodes.get_mut(receiver) else { continue };
        node.inner = Some((claims.key, current));
        if outer == receiver {
            node.lifetime = lifetime; // a closure has no lifetime of its own
        }
        let by = node.by;
        if !node.needs.iter().any(|need| need.key == claims.key) {
            let (decorator, key) = (node.label.to_string(), claims.key.to_string());
            resolved.problems.push(Problem::InnerIgnored { decorator, key, module: by.to_string() });
        }
        resolved.overrides.push(Override { key: claims.key.to_string(), change: Change::Decorated, of, by });
        current = outer;
    }
    current
}
