//! The check of the whole graph: everything missing, cyclic, ambiguous, duplicate or captive, together.

use std::collections::VecDeque;

use crate::container::binding::{Bindings, Node, Recipe, Root};
use crate::container::key::TypeMap;
use crate::container::resolve::{Follows, Override, resolve};
use crate::container::{GraphError, Key, Lifetime, Problem};

/// A graph in which everything fits.
pub(crate) struct Wiring {
    pub(crate) nodes: Vec<Node>,
    /// The node that answers for each key.
    pub(crate) index: TypeMap<usize>,
    /// Per node, the node behind each of its needs; `None` for an optional need that nobody provides.
    pub(crate) edges: Vec<Vec<Option<usize>>>,
    /// The nodes in use, each after what it needs.
    pub(crate) order: Vec<usize>,
    pub(crate) overrides: Vec<Override>,
}

/// Checks everything that was registered.
///
/// # Errors
/// [`GraphError`] with every problem.
pub(crate) fn check(mut bindings: Bindings, follows: Follows<'_>) -> Result<Wiring, GraphError> {
    let resolved = resolve(&mut bindings, follows);
    let mut problems = resolved.problems;
    let edges: Vec<_> = bindings.nodes.iter().map(|node| edges_of(node, &resolved.index)).collect();
    let reach = Reach::of(&bindings, &resolved.index, &edges, &resolved.lost);

    for root in &bindings.roots {
        for need in root.needs.iter().filter(|need| !need.optional && !resolved.index.contains_key(&need.key.id())) {
            let path = vec![root.label.clone(), need.key.to_string()];
            problems.push(Problem::Missing { path, module: root.by.to_string() });
        }
    }
    for (place, node) in bindings.nodes.iter().enumerate().filter(|(place, _)| reach.reaches(*place)) {
        problems.extend(problems_of(node, place, &edges, &bindings, &reach));
    }
    let (order, cycles) = order_of(&bindings.nodes, &edges, &reach);
    problems.extend(cycles);

    if problems.is_empty() {
        Ok(Wiring { nodes: bindings.nodes, index: resolved.index, edges, order, overrides: resolved.overrides })
    } else {
        Err(GraphError::new(problems))
    }
}

fn edges_of(node: &Node, index: &TypeMap<usize>) -> Vec<Option<usize>> {
    if let Recipe::Alias(of) = node.recipe {
        return vec![Some(of)];
    }
    let target = |key: Key| match node.inner {
        Some((own, inner)) if own == key => Some(inner),
        _ => index.get(&key.id()).copied(),
    };
    node.needs.iter().map(|need| target(need.key)).collect()
}

/// What of one node's needs is missing or would be held captive.
fn problems_of(
    node: &Node,
    place: usize,
    edges: &[Vec<Option<usize>>],
    bindings: &Bindings,
    reach: &Reach,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (need, edge) in node.needs.iter().zip(edges.get(place).into_iter().flatten()) {
        let path = || {
            let mut path = reach.path_to(place, bindings);
            path.push(need.key.to_string());
            path
        };
        match edge.and_then(|edge| bindings.nodes.get(edge)) {
            None if need.optional => {}
            None => problems.push(Problem::Missing { path: path(), module: node.by.to_string() }),
            Some(needed) => {
                if node.lifetime == Lifetime::Singleton && needed.lifetime == Lifetime::Scoped {
                    problems.push(Problem::Captive { path: path() });
                }
            }
        }
    }
    problems
}

/// How each node in use is reached.
struct Reach {
    from: Vec<Option<Origin>>,
}

#[derive(Clone, Copy)]
enum Origin {
    /// It is registered, and nobody replaced it.
    Itself,
    /// By a route, a subscriber, a job: the number of the root.
    Root(usize),
    /// By another node.
    Node(usize),
}

impl Reach {
    /// Roots first, so that a path starts at what a user calls wherever there is one.
    fn of(bindings: &Bindings, index: &TypeMap<usize>, edges: &[Vec<Option<usize>>], lost: &[bool]) -> Self {
        let mut reach = Self { from: vec![None; bindings.nodes.len()] };
        let mut queue = VecDeque::new();
        for (number, Root { needs, .. }) in bindings.roots.iter().enumerate() {
            for node in needs.iter().filter_map(|need| index.get(&need.key.id())) {
                reach.visit(*node, Origin::Root(number), &mut queue);
            }
        }
        reach.spread(edges, &mut queue);
        for node in entries(bindings, lost) {
            reach.visit(node, Origin::Itself, &mut queue);
        }
        reach.spread(edges, &mut queue);
        reach
    }

    fn visit(&mut self, node: usize, origin: Origin, queue: &mut VecDeque<usize>) {
        if let Some(from @ None) = self.from.get_mut(node) {
            *from = Some(origin);
            queue.push_back(node);
        }
    }

    fn spread(&mut self, edges: &[Vec<Option<usize>>], queue: &mut VecDeque<usize>) {
        while let Some(node) = queue.pop_front() {
            for next in edges.get(node).into_iter().flatten().flatten() {
                self.visit(*next, Origin::Node(node), queue);
            }
        }
    }

    fn reaches(&self, node: usize) -> bool {
        self.from.get(node).is_some_and(Option::is_some)
    }

    /// Who asks for `node`, from the outside in.
    fn path_to(&self, node: usize, bindings: &Bindings) -> Vec<String> {
        let mut path = Vec::new();
        let mut current = node;
        loop {
            path.extend(bindings.nodes.get(current).map(|node| node.label.to_string()));
            match self.from.get(current).copied().flatten() {
                Some(Origin::Node(next)) => current = next,
                Some(Origin::Root(root)) => {
                    path.extend(bindings.roots.get(root).map(|root| root.label.clone()));
                    break;
                }
                Some(Origin::Itself) | None => break,
            }
        }
        path.reverse();
        path
    }
}

/// The nodes that are in use of themselves: not replaced, and not a provider of which nothing but replaced
/// trait objects is left. What a test replaces is so neither built nor connected.
fn entries(bindings: &Bindings, lost: &[bool]) -> Vec<usize> {
    let is_lost = |node: usize| lost.get(node).copied().unwrap_or(false);
    let mut aliases = vec![(0_usize, 0_usize); bindings.nodes.len()];
    for (place, node) in bindings.nodes.iter().enumerate() {
        let Recipe::Alias(of) = node.recipe else { continue };
        if let Some((all, gone)) = aliases.get_mut(of) {
            *all += 1;
            *gone += usize::from(is_lost(place));
        }
    }
    let kept = |(place, (all, gone)): (usize, (usize, usize))| {
        let replaced = is_lost(place) || (all > 0 && all == gone);
        (!replaced).then_some(place)
    };
    aliases.into_iter().enumerate().filter_map(kept).collect()
}

/// The nodes in use, each after what it needs; and every ring.
fn order_of(nodes: &[Node], edges: &[Vec<Option<usize>>], reach: &Reach) -> (Vec<usize>, Vec<Problem>) {
    let mut walk = Walk {
        nodes,
        edges,
        marks: vec![Mark::New; nodes.len()],
        stack: Vec::new(),
        order: Vec::new(),
        cycles: Vec::new(),
    };
    for node in (0..nodes.len()).filter(|node| reach.reaches(*node)) {
        walk.visit(node);
    }
    (walk.order, walk.cycles)
}

struct Walk<'a> {
    nodes: &'a [Node],
    edges: &'a [Vec<Option<usize>>],
    marks: Vec<Mark>,
    stack: Vec<usize>,
    order: Vec<usize>,
    cycles: Vec<Problem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    OnStack,
    Done,
}

impl Walk<'_> {
    fn visit(&mut self, node: usize) {
        match self.marks.get(node) {
            Some(Mark::New) => {}
            Some(Mark::OnStack) => return self.report(node),
            Some(Mark::Done) | None => return,
        }
        self.mark(node, Mark::OnStack);
        self.stack.push(node);
        for next in self.edges.get(node).into_iter().flatten().flatten() {
            self.visit(*next);
        }
        self.stack.pop();
        self.mark(node, Mark::Done);
        self.order.push(node);
    }

    fn mark(&mut self, node: usize, mark: Mark) {
        if let Some(place) = self.marks.get_mut(node) {
            *place = mark;
        }
    }

    fn report(&mut self, node: usize) {
        let start = self.stack.iter().position(|other| *other == node).unwrap_or(0);
        let ring = self.stack.iter().skip(start).chain(std::iter::once(&node));
        let path = ring.filter_map(|node| self.nodes.get(*node)).map(|node| node.label.to_string()).collect();
        self.cycles.push(Problem::Cycle { path });
    }
}
