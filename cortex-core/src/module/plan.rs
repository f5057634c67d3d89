//! The plan: which modules there are, in which order they start, and whether they fit together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use semver::{Version, VersionReq};

use crate::module::{Manifest, ModuleNeed};
use crate::{Kind, ModuleName, Refusal};

/// Where a module stands when needs say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    /// Part of the framework: before all modules.
    Base,
    /// A module of the application.
    Module,
    /// What faces the outside: starts last and drains first.
    Edge,
}

/// The modules of the application in the order in which they start. The container provides it.
#[derive(Debug, Clone)]
pub struct Modules {
    entries: Vec<Planned>,
    /// Per module, all modules that it needs, directly or not.
    needs: BTreeMap<ModuleName, BTreeSet<ModuleName>>,
}

#[derive(Debug, Clone)]
struct Planned {
    manifest: Manifest,
    version: Version,
    tier: Tier,
}

impl Modules {
    /// Every module in start order, those of the framework included.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Manifest> {
        self.entries.iter().map(|entry| &entry.manifest)
    }

    /// The modules that a tenant can switch off: all but those of the framework.
    pub fn switchable(&self) -> impl Iterator<Item = &Manifest> {
        self.entries.iter().filter(|entry| entry.tier == Tier::Module).map(|entry| &entry.manifest)
    }

    /// The module of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Manifest> {
        self.iter().find(|manifest| manifest.name.as_str() == name)
    }

    /// Its version, read.
    #[must_use]
    pub fn version(&self, name: ModuleName) -> Option<&Version> {
        self.entries.iter().find(|entry| entry.manifest.name == name).map(|entry| &entry.version)
    }

    /// Whether `module` starts after `other` because it needs it, directly or not.
    #[must_use]
    pub fn follows(&self, module: ModuleName, other: ModuleName) -> bool {
        other == ModuleName::APPLICATION || self.needs.get(&module).is_some_and(|needs| needs.contains(&other))
    }
}

/// Orders modules; answers their places in `manifests` too.
///
/// # Errors
/// [`PlanError`] with everything that does not fit.
pub(crate) fn plan(manifests: &[(Tier, Manifest)]) -> Result<(Modules, Vec<usize>), PlanError> {
    let mut problems = Vec::new();
    let mut places: BTreeMap<ModuleName, usize> = BTreeMap::new();
    let mut versions = Vec::new();
    for (place, (_, manifest)) in manifests.iter().enumerate() {
        let module = manifest.name.to_string();
        if !manifest.name.is_valid() {
            problems.push(PlanProblem::Name { module: module.clone() });
        }
        let version = Version::parse(manifest.version);
        if version.is_err() {
            problems.push(PlanProblem::NoVersion { module: module.clone(), version: manifest.version.to_owned() });
        }
        versions.push(version.ok());
        if places.insert(manifest.name, place).is_some() {
            problems.push(PlanProblem::Duplicate { module });
        }
    }
    for (_, manifest) in manifests {
        let needs = manifest.needs.iter().map(|need| (need, true));
        for (need, must) in needs.chain(manifest.optional.iter().map(|need| (need, false))) {
            let found = places.get(&need.name).and_then(|place| versions.get(*place)?.as_ref());
            let known = places.contains_key(&need.name);
            problems.extend(mismatch(manifest.name, need, must, known, found));
        }
    }
    let edges: Vec<Vec<usize>> = manifests.iter().map(|(_, manifest)| needed(manifest, &places)).collect();
    let (order, cycle) = order(manifests, &edges);
    problems.extend(cycle);
    if !problems.is_empty() {
        return Err(PlanError { problems });
    }

    let mut modules = Modules { entries: Vec::new(), needs: BTreeMap::new() };
    for place in &order {
        let (Some((tier, manifest)), Some(Some(version))) = (manifests.get(*place), versions.get(*place)) else {
            continue;
        };
        let direct = edges.get(*place).into_iter().flatten().filter_map(|need| manifests.get(*need));
        let mut all: BTreeSet<ModuleName> = BTreeSet::new();
        for (_, need) in direct {
            all.insert(need.name);
            all.extend(modules.needs.get(&need.name).into_iter().flatten());
        }
        let before = modules.entries.iter().filter(|entry| entry.tier < *tier);
        all.extend(before.map(|entry| entry.manifest.name));
        modules.needs.insert(manifest.name, all);
        modules.entries.push(Planned { manifest: *manifest, version: version.clone(), tier: *tier });
    }
    Ok((modules, order))
}

fn mismatch(
    module: ModuleName,
    need: &ModuleNeed,
    must: bool,
    known: bool,
    found: Option<&Version>,
) -> Option<PlanProblem> {
    let (module, name, range) = (module.to_string(), need.name.to_string(), need.range.to_owned());
    let Ok(wanted) = VersionReq::parse(need.range) else {
        return Some(PlanProblem::Range { module, need: name, range });
    };
    match found {
        Some(version) if wanted.matches(version) => None,
        Some(version) => Some(PlanProblem::Version { module, need: name, range, found: version.to_string() }),
        None if known || !must => None, // its version is reported already, or it need not be there
        None => Some(PlanProblem::Missing { module, need: name, range }),
    }
}

fn needed(manifest: &Manifest, places: &BTreeMap<ModuleName, usize>) -> Vec<usize> {
    let needs = manifest.needs.iter().chain(manifest.optional);
    needs.filter_map(|need| places.get(&need.name).copied()).collect()
}

/// Needs first; where they say nothing, by tier and name.
fn order(manifests: &[(Tier, Manifest)], edges: &[Vec<usize>]) -> (Vec<usize>, Option<PlanProblem>) {
    let mut order: Vec<usize> = Vec::new();
    let mut waiting: BTreeSet<(Tier, ModuleName, usize)> =
        manifests.iter().enumerate().map(|(place, (tier, manifest))| (*tier, manifest.name, place)).collect();
    while !waiting.is_empty() {
        let free = |place: usize| edges.get(place).into_iter().flatten().all(|need| order.contains(need));
        let Some(next) = waiting.iter().copied().find(|(_, _, place)| free(*place)) else { break };
        waiting.remove(&next);
        order.push(next.2);
    }
    let cycle = waiting.first().map(|(_, _, place)| ring(*place, manifests, edges, &order));
    (order, cycle)
}

/// Follows needs that cannot be met from `start` until a module comes twice.
fn ring(start: usize, manifests: &[(Tier, Manifest)], edges: &[Vec<usize>], order: &[usize]) -> PlanProblem {
    let mut path = vec![start];
    let mut current = start;
    loop {
        let stuck = edges.get(current).into_iter().flatten().find(|need| !order.contains(need));
        let Some(next) = stuck.copied() else { break };
        if let Some(first) = path.iter().position(|place| *place == next) {
            path.drain(..first);
            path.push(next);
            break;
        }
        path.push(next);
        current = next;
    }
    let name = |place: usize| manifests.get(place).map(|(_, manifest)| manifest.name.to_string());
    PlanProblem::Cycle { path: path.into_iter().filter_map(name).collect() }
}

/// One thing that does not fit between modules.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanProblem {
    /// Two modules have the same name.
    Duplicate {
        /// The name.
        module: String,
    },
    /// The name is not one.
    Name {
        /// What was given.
        module: String,
    },
    /// The version is not one.
    NoVersion {
        /// The module.
        module: String,
        /// What was given.
        version: String,
    },
    /// The range of a need is not one.
    Range {
        /// The module that needs.
        module: String,
        /// What it needs.
        need: String,
        /// What was given.
        range: String,
    },
    /// A needed module is not there.
    Missing {
        /// The module that needs.
        module: String,
        /// What it needs.
        need: String,
        /// Which versions.
        range: String,
    },
    /// A needed module is there in a version that does not fit.
    Version {
        /// The module that needs.
        module: String,
        /// What it needs.
        need: String,
        /// Which versions.
        range: String,
        /// Which version is there.
        found: String,
    },
    /// Modules need each other in a ring.
    Cycle {
        /// The ring; the first one is repeated at the end.
        path: Vec<String>,
    },
}

impl fmt::Display for PlanProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { module } => write!(f, "two modules are named `{module}`"),
            Self::Name { module } => {
                write!(f, "`{module}` is not a module name; names are lower case letters, digits, `-` and `_`")
            }
            Self::NoVersion { module, version } => {
                write!(f, "`{version}` of module `{module}` is not a version; versions look like `1.4.0`")
            }
            Self::Range { module, need, range } => {
                write!(f, "module `{module}` needs `{need} {range}`, which is not a range; ranges look like `>=1, <2`")
            }
            Self::Missing { module, need, range } => {
                write!(f, "module `{module}` needs `{need} {range}`, which is not in the list of modules")
            }
            Self::Version { module, need, range, found } => {
                write!(f, "module `{module}` needs `{need} {range}`, but the list has version {found}")
            }
            Self::Cycle { path } => write!(f, "modules need each other in a ring: {}", path.join(" -> ")),
        }
    }
}

/// Everything that does not fit between modules, found before anything starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanError {
    problems: Vec<PlanProblem>,
}

impl PlanError {
    /// Every problem.
    #[must_use]
    pub fn problems(&self) -> &[PlanProblem] {
        &self.problems
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list of modules does not fit together")?;
        for problem in &self.problems {
            write!(f, "\n  - {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PlanError {}

impl Refusal for PlanError {
    fn kind(&self) -> Kind {
        Kind::Config
    }

    fn code(&self) -> &'static str {
        "modules.plan"
    }

    fn help(&self) -> Option<String> {
        Some("change the list of modules where the application is put together, or the needs of the module".to_owned())
    }
}
