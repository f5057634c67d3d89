//! Links checks to those that they need, or says why that cannot be done.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{HealthCheck, Node};
use crate::{Kind, Refusal};

/// Why health checks do not fit together: every reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the health checks do not fit together: {}", .0.join("; "))]
pub struct HealthError(Vec<String>);

impl HealthError {
    /// The reasons.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.0
    }
}

impl Refusal for HealthError {
    fn kind(&self) -> Kind {
        Kind::Config
    }

    fn code(&self) -> &'static str {
        "health.checks"
    }
}

pub(super) fn link(checks: Vec<Arc<dyn HealthCheck>>) -> Result<Vec<Node>, HealthError> {
    let mut reasons = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, check) in checks.iter().enumerate() {
        if places.insert(check.name().to_owned(), place).is_some() {
            reasons.push(format!("two checks are called `{}`", check.name()));
        }
    }
    let mut nodes = Vec::new();
    for check in checks {
        let mut needs = Vec::new();
        for need in check.needs() {
            match places.get(*need) {
                Some(place) => needs.push(*place),
                None => reasons.push(format!("`{}` needs `{need}`, which does not exist", check.name())),
            }
        }
        nodes.push(Node { check, needs });
    }
    if let Some(names) = in_cycles(&nodes) {
        reasons.push(format!("these need each other in a circle: {names}"));
    }
    if reasons.is_empty() { Ok(nodes) } else { Err(HealthError(reasons)) }
}

/// The checks that are left when those without open needs are taken away again and again.
fn in_cycles(nodes: &[Node]) -> Option<String> {
    let mut open: Vec<usize> = (0..nodes.len()).collect();
    loop {
        let blocked = |place: &usize| nodes.get(*place).is_some_and(|node| node.needs.iter().any(|n| open.contains(n)));
        let rest: Vec<usize> = open.iter().copied().filter(blocked).collect();
        if rest.len() == open.len() {
            break;
        }
        open = rest;
    }
    // What merely leads to a circle is not on it.
    let circle: Vec<String> = open
        .iter()
        .filter(|place| reaches(nodes, **place, **place))
        .filter_map(|place| nodes.get(*place).map(|node| format!("`{}`", node.check.name())))
        .collect();
    (!circle.is_empty()).then(|| circle.join(", "))
}

fn reaches(nodes: &[Node], from: usize, to: usize) -> bool {
    let mut seen = vec![from];
    let mut next = vec![from];
    while let Some(place) = next.pop() {
        for need in nodes.get(place).map(|node| node.needs.as_slice()).unwrap_or_default() {
            if *need == to {
                return true;
            }
            if !seen.contains(need) {
                seen.push(*need);
                next.push(*need);
            }
        }
    }
    false
}
