//! From what the modules contributed to the registry of the database; what doesn't fit is reported together.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use cortex_core::{Container, Contributions, EventInfo, Kind, ModuleName, ModuleSwitch, Refusal, Result};

use super::HookPart;
use crate::custom::{CodeFields, Fields};
use crate::dynamic::{AnyPart, Importable, KnownEntity};
use crate::meta::Meta;
use crate::registry::Registry;
use crate::seed::SeedPart;
use crate::subscriber::Subscription;

impl Registry {
    /// Entities, events, hooks, subscribers, jobs and seeds of all modules. What they inject comes from `container`;
    /// its [`ModuleSwitch`] says for which tenants a module's hooks, subscribers, jobs and seeds work.
    ///
    /// # Errors
    /// [`RegistryError`] with everything that is registered twice; `Internal` when something injected is not
    /// provided, which the check at start excludes.
    pub fn from_contributions(contributions: &Contributions, container: &Container) -> Result<Self> {
        let problems = problems(contributions);
        if !problems.is_empty() {
            return Err(RegistryError { problems }.into());
        }
        let entities: Vec<_> =
            contributions.of::<&'static Meta>().map(|(module, meta)| (module.to_string(), *meta)).collect();
        let fields = Fields::declared(contributions.of::<CodeFields>().map(|(by, part)| (by, *part)), &entities)?;
        let importable = |meta: &Meta| contributions.of::<Importable>().any(|(_, part)| part.0.table == meta.table);
        let any = contributions.of::<AnyPart>().map(|(module, part)| part.known(module, importable(part.meta())));
        let any: Vec<KnownEntity> = any.collect();
        let events = contributions.of::<EventInfo>().map(|(_, event)| *event).collect();
        let hooks = contributions.of::<HookPart>().map(|(module, part)| Ok((module, Arc::new(part.bind(container)?))));
        let consumers = contributions.of::<Subscription>().map(|(module, part)| part.bind(module, container));
        let seeds = contributions.of::<SeedPart>().map(|(module, part)| part.bind(module, container));
        let switch = container.find::<ModuleSwitch>();
        let enabled = move |module, tenant| switch.as_ref().is_none_or(|switch| switch.is_enabled(module, tenant));
        Ok(Self::default()
            .with_entities(entities)
            .with_any(any)
            .with_events(events)
            .with_fields(fields)
            .with_hooks(hooks.collect::<Result<_>>()?, Arc::new(enabled))
            .with_consumers(consumers.collect::<Result<_>>()?)
            .with_seeds(seeds.collect::<Result<_>>()?))
    }
}

fn problems(contributions: &Contributions) -> Vec<RegistryProblem> {
    let entities = || contributions.of::<&'static Meta>();
    let names = entities().map(|(module, meta)| (format!("{module}.{}", meta.name), module));
    let tables = entities().map(|(module, meta)| (meta.table.to_owned(), module));
    let events = contributions.of::<EventInfo>();
    let events = events.map(|(module, event)| (format!("`{}` in version {}", event.name, event.version), module));
    let consumers = contributions.of::<Subscription>().map(|(module, part)| (part.name.clone(), module));
    let seeds = contributions.of::<SeedPart>().map(|(module, part)| (format!("{module}.{}", part.name), module));
    let mut problems = Vec::new();
    problems.extend(twice(tables).map(|(table, modules)| RegistryProblem::Table { table, modules }));
    problems.extend(twice(names).map(|(entity, _)| RegistryProblem::Entity { entity }));
    problems.extend(twice(events).map(|(event, modules)| RegistryProblem::Event { event, modules }));
    problems.extend(twice(consumers).map(|(name, modules)| RegistryProblem::Consumer { name, modules }));
    problems.extend(twice(seeds).map(|(seed, _)| RegistryProblem::Seed { seed }));
    problems
}

/// Names that come more than once, with the modules that they come from.
fn twice(all: impl Iterator<Item = (String, ModuleName)>) -> impl Iterator<Item = (String, Vec<String>)> {
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, module) in all {
        by_name.entry(name).or_default().push(module.to_string());
    }
    by_name.into_iter().filter(|(_, modules)| modules.len() > 1)
}

/// One thing that is registered twice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryProblem {
    /// Two entities are stored in one table, or one is registered twice.
    Table {
        /// The table.
        table: String,
        /// The modules, one for each time.
        modules: Vec<String>,
    },
    /// Two entities of a module have the same name.
    Entity {
        /// Module and entity.
        entity: String,
    },
    /// An event is declared twice.
    Event {
        /// Its name and version.
        event: String,
        /// The modules, one for each time.
        modules: Vec<String>,
    },
    /// Two subscribers or job handlers have the same name.
    Consumer {
        /// The name.
        name: String,
        /// The modules, one for each time.
        modules: Vec<String>,
    },
    /// Two seeds of a module have the same name.
    Seed {
        /// Module and seed.
        seed: String,
    },
}

impl RegistryProblem {
    fn help(&self) -> &'static str {
        match self {
            Self::Table { .. } => "register each entity once, and give each a table of its own",
            Self::Entity { .. } => "give one of them another name",
            Self::Event { .. } => "declare it once, in the module that emits it",
            Self::Consumer { .. } => "register each once; two functions of one name need `on_as` with another name",
            Self::Seed { .. } => "give one of them another name; a tenant remembers seeds by their names",
        }
    }
}

impl fmt::Display for RegistryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = |modules: &[String]| {
            let modules: Vec<_> = modules.iter().map(|module| format!("module `{module}`")).collect();
            modules.join(" and by ")
        };
        match self {
            Self::Table { table, modules } => write!(f, "the table `{table}` is registered by {}", by(modules)),
            Self::Entity { entity } => write!(f, "the entity `{entity}` is registered twice"),
            Self::Event { event, modules } => write!(f, "the event {event} is declared by {}", by(modules)),
            Self::Consumer { name, modules } => {
                write!(f, "the subscriber or job `{name}` is registered by {}", by(modules))
            }
            Self::Seed { seed } => write!(f, "the seed `{seed}` is registered twice"),
        }
    }
}

/// Everything that modules registered twice, found before anything starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryError {
    problems: Vec<RegistryProblem>,
}

impl RegistryError {
    /// Every problem.
    #[must_use]
    pub fn problems(&self) -> &[RegistryProblem] {
        &self.problems
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the modules register the same thing twice")?;
        for problem in &self.problems {
            write!(f, "\n  - {problem}\n    {}", problem.help())?;
        }
        Ok(())
    }
}

impl std::error::Error for RegistryError {}

impl Refusal for RegistryError {
    fn kind(&self) -> Kind {
        Kind::Config
    }

    fn code(&self) -> &'static str {
        "data.registry"
    }
}
