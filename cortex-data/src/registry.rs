//! What the modules registered with the data layer, put together at boot.

use std::sync::Arc;

use cortex_core::{Event, EventInfo, ModuleName, TenantId};

use crate::company::{Cache, Company};
use crate::custom::Fields;
use crate::dynamic::KnownEntity;
use crate::entity::Entity as _;
use crate::guard::{ChangeSink, DenyAll, Guard};
use crate::history::ChangeTable;
use crate::hook::{Enabled, Hook, Hooks};
use crate::meta::Meta;
use crate::outbox::Bell;
use crate::seed::BoundSeed;
use crate::subscriber::{Consumer, Consumers};
use crate::watch::Observer;

/// Entities, events, hooks, consumers of messages, seeds, the guard and the change sink of an application.
#[derive(Debug)]
pub struct Registry {
    entities: Vec<(String, &'static Meta)>,
    any: Vec<KnownEntity>,
    guard: Arc<dyn Guard>,
    sink: Arc<dyn ChangeSink>,
    events: Vec<EventInfo>,
    fields: Fields,
    companies: Cache,
    has_companies: bool,
    hooks: Hooks,
    consumers: Consumers,
    seeds: Vec<BoundSeed>,
    bell: Bell,
    observer: Option<Observer>,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            entities: Vec::new(),
            any: Vec::new(),
            guard: Arc::new(DenyAll),
            sink: Arc::new(ChangeTable),
            events: Vec::new(),
            fields: Fields::default(),
            companies: Cache::default(),
            has_companies: false,
            hooks: Hooks::new(Vec::new(), Arc::new(|_, _| true)),
            consumers: Consumers::default(),
            seeds: Vec::new(),
            bell: Bell::default(),
            observer: None,
        }
    }
}

impl Registry {
    /// The same with `entities`, each with the module that owns it.
    #[must_use]
    pub fn with_entities(mut self, entities: Vec<(String, &'static Meta)>) -> Self {
        self.has_companies = entities.iter().any(|(_, meta)| meta.table == Company::META.table);
        self.entities = entities;
        self
    }

    pub(crate) fn with_any(mut self, any: Vec<KnownEntity>) -> Self {
        self.any = any;
        self
    }

    pub(crate) fn any(&self) -> &[KnownEntity] {
        &self.any
    }

    pub(crate) fn with_fields(mut self, fields: Fields) -> Self {
        self.fields = fields;
        self
    }

    pub(crate) fn with_events(mut self, events: Vec<EventInfo>) -> Self {
        self.events = events;
        self
    }

    /// The same under `guard`.
    #[must_use]
    pub fn with_guard(mut self, guard: Arc<dyn Guard>) -> Self {
        self.guard = guard;
        self
    }

    /// The same with changes kept by `sink`.
    #[must_use]
    pub fn with_sink(mut self, sink: Arc<dyn ChangeSink>) -> Self {
        self.sink = sink;
        self
    }

    /// The same with `hooks`, each with its module, in boot order; `enabled` says for which tenants a module is on.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Vec<(ModuleName, Arc<Hook>)>, enabled: Arc<Enabled>) -> Self {
        self.hooks = Hooks::new(hooks, enabled);
        self
    }

    pub(crate) fn with_consumers(mut self, consumers: Vec<Consumer>) -> Self {
        self.consumers = Consumers::new(consumers);
        self
    }

    pub(crate) fn with_seeds(mut self, seeds: Vec<BoundSeed>) -> Self {
        self.seeds = seeds;
        self
    }

    /// The same with every statement shown to `observer`: for tests.
    #[must_use]
    pub fn with_observer(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// All entities with the modules that own them.
    #[must_use]
    pub fn entities(&self) -> &[(String, &'static Meta)] {
        &self.entities
    }

    /// Who decides.
    #[must_use]
    pub fn guard(&self) -> &dyn Guard {
        self.guard.as_ref()
    }

    /// The custom fields that modules declare and tenants defined.
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The companies of tenants that were read lately.
    pub(crate) fn companies(&self) -> &Cache {
        &self.companies
    }

    /// Whether the application knows companies: it does unless the data layer is used without its own module.
    pub(crate) fn has_companies(&self) -> bool {
        self.has_companies
    }

    pub(crate) fn sink(&self) -> &dyn ChangeSink {
        self.sink.as_ref()
    }

    /// Whether some module declares that it emits `E`.
    pub(crate) fn declares<E: Event>(&self) -> bool {
        self.events.iter().any(|event| event.name == E::NAME && event.version == E::VERSION)
    }

    pub(crate) fn hooks(&self) -> &Hooks {
        &self.hooks
    }

    pub(crate) fn consumers(&self) -> &Consumers {
        &self.consumers
    }

    pub(crate) fn seeds(&self) -> &[BoundSeed] {
        &self.seeds
    }

    /// Whether `module` works for `tenant`.
    #[must_use]
    pub fn is_enabled(&self, module: ModuleName, tenant: TenantId) -> bool {
        self.hooks.is_enabled(module, tenant)
    }

    /// Rung after a commit that emitted events.
    #[must_use]
    pub fn outbox_bell(&self) -> &Bell {
        &self.bell
    }

    pub(crate) fn observer(&self) -> Option<&Observer> {
        self.observer.as_ref()
    }
}
