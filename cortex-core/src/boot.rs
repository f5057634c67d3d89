//! Putting an application together: the list of modules becomes a checked, built and startable whole.

use std::fmt;
use std::sync::Arc;

use crate::container::{build, check, together};
use crate::lifecycle::Life;
use crate::module::{HealthPart, Tier, plan};
use crate::{
    BootError, Clock, Config, Container, Contributions, Cx, Health, Module, ModuleName, ModuleSwitch, Modules,
    Override, Registrar, Result, Running, SectionInfo, SystemClock,
};

type Setup = Box<dyn FnOnce(&mut Registrar) + Send>;

/// The list of modules of an application.
///
/// ```
/// use cortex_core::{Application, Manifest, Module, Registrar};
///
/// struct Fleet;
///
/// impl Module for Fleet {
///     fn manifest(&self) -> Manifest {
///         Manifest::new("fleet", "1.0.0")
///     }
///
///     fn register(&self, m: &mut Registrar) {
///         m.permission("fleet.sell", "Sell vehicles");
///     }
/// }
///
/// let application = Application::new().module(Fleet).assemble()?;
/// assert_eq!(application.modules().iter().count(), 1);
/// # Ok::<(), cortex_core::Error>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct Application {
    modules: Vec<(Tier, Box<dyn Module>)>,
    config: Option<Config>,
    setup: Vec<Setup>,
    overrides: Vec<Setup>,
}

impl Application {
    /// An application without modules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a module. Start order comes from needs, then names, never from the place in the list.
    pub fn module(self, module: impl Module) -> Self {
        self.add(Tier::Module, module)
    }

    /// Adds a part of the framework that every module may use without naming it as a need.
    pub fn base(self, module: impl Module) -> Self {
        self.add(Tier::Base, module)
    }

    /// Adds a part of the framework that faces the outside: it is ready last and drains first.
    pub fn edge(self, module: impl Module) -> Self {
        self.add(Tier::Edge, module)
    }

    fn add(mut self, tier: Tier, module: impl Module) -> Self {
        self.modules.push((tier, Box::new(module)));
        self
    }

    /// Reads the sections of the modules from `config`; without it every section has its defaults.
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// Registers what the application itself provides, before every module.
    pub fn setup(mut self, setup: impl FnOnce(&mut Registrar) + Send + 'static) -> Self {
        self.setup.push(Box::new(setup));
        self
    }

    /// Replaces and decorates after every module, whatever their needs: the last word of `main` or of a test.
    pub fn overrides(mut self, overrides: impl FnOnce(&mut Registrar) + Send + 'static) -> Self {
        self.overrides.push(Box::new(overrides));
        self
    }

    /// Orders the modules, registers them, checks configuration and graph as a whole and builds every singleton.
    /// Nothing is started.
    ///
    /// Besides what modules provide, the container has the [`Config`](struct@Config), a [`Clock`], the list of
    /// [`Modules`], their [`ModuleSwitch`], all [`Contributions`] and the [`Health`]; a scope may be supplied with a [`Cx`].
    ///
    /// # Errors
    /// [`PlanError`](crate::PlanError) when the modules do not fit together; what modules refused to register;
    /// [`GraphError`](crate::GraphError) when their bindings do not;
    /// [`ConfigError`](crate::ConfigError) when the configuration is wrong; what constructors refused. Each with
    /// everything that is wrong, not only the first.
    pub fn assemble(self) -> Result<Assembled> {
        let manifests: Vec<_> = self.modules.iter().map(|(tier, module)| (*tier, module.manifest())).collect();
        let (modules, order) = plan(&manifests)?;
        let modules = Arc::new(modules);
        let config = match self.config {
            Some(config) => config,
            None => Config::builder().load()?,
        };

        let mut registrar = Registrar::new();
        provide_own(&mut registrar, &config, &modules);
        self.setup.into_iter().for_each(|setup| setup(&mut registrar));
        for place in order {
            let (Some((_, module)), Some((_, manifest))) = (self.modules.get(place), manifests.get(place)) else {
                continue;
            };
            registrar.module = manifest.name;
            module.register(&mut registrar);
        }
        registrar.module = ModuleName::OVERRIDES;
        self.overrides.into_iter().for_each(|overrides| overrides(&mut registrar));
        finish(registrar, &config, modules)
    }
}

/// What the container has without any module.
fn provide_own(m: &mut Registrar, config: &Config, modules: &Arc<Modules>) {
    m.errors(include_str!("../docs/errors.md"))
        .supplied::<Cx>()
        .instance(Arc::new(config.clone()))
        .instance::<dyn Clock>(Arc::new(SystemClock))
        .instance(Arc::clone(modules))
        .instance(Arc::new(ModuleSwitch::new(modules)));
}

fn finish(registrar: Registrar, config: &Config, modules: Arc<Modules>) -> Result<Assembled> {
    let Registrar { mut bindings, contributions, refused, .. } = registrar;
    if let Some(error) = together(refused) {
        return Err(error);
    }
    let contributions = Arc::new(contributions);
    bindings.instance(ModuleName::APPLICATION, Arc::clone(&contributions));
    let checks = Arc::clone(&contributions);
    let needs = checks.of::<HealthPart>().filter_map(|(_, part)| part.need()).collect();
    bindings.made_of(ModuleName::APPLICATION, needs, move |from| {
        let checks = checks.of::<HealthPart>().map(|(_, part)| part.take(from)).collect::<Result<_>>()?;
        Health::new(checks).map(Arc::new)
    });

    let wiring = check(bindings, &|module, other| modules.follows(module, other))?;
    let sections: Vec<_> = contributions.of::<SectionInfo>().map(|(_, section)| *section).collect();
    config.check(&sections)?;
    let overrides = wiring.overrides.clone();
    let (container, hooked) = build(wiring)?;
    Ok(Assembled(Life { container, contributions, modules, hooked, overrides }))
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.modules.iter().map(|(_, module)| module.manifest().name);
        f.debug_tuple("Application").field(&names.collect::<Vec<_>>()).finish()
    }
}

/// An application that fits together and is built, but not started.
pub struct Assembled(Life);

impl Assembled {
    /// Everything that the modules provide.
    #[must_use]
    pub fn container(&self) -> &Container {
        &self.0.container
    }

    /// Everything that the modules contribute.
    #[must_use]
    pub fn contributions(&self) -> &Arc<Contributions> {
        &self.0.contributions
    }

    /// The modules in start order.
    #[must_use]
    pub fn modules(&self) -> &Arc<Modules> {
        &self.0.modules
    }

    /// Every binding that was replaced or decorated.
    #[must_use]
    pub fn overrides(&self) -> &[Override] {
        &self.0.overrides
    }

    /// Runs every stage up to ready, in need order.
    ///
    /// # Errors
    /// [`BootError`] with module, stage and cause; what had started was stopped again, in reverse order.
    pub async fn start(self) -> Result<Running, BootError> {
        self.0.start().await
    }
}

impl fmt::Debug for Assembled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Assembled({:?})", self.0.container)
    }
}
