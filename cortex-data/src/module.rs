//! The data layer as a part of the framework: it migrates, checks tables, installs the registry and runs the relay.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cortex_core::{
    Actor, Config, Container, Contributions, Cx, HealthCheck, HealthKind, Manifest, Module, ModuleSwitch, Modules,
    Probe, Registrar, Result, Stage, TenantId, VersionStore, async_trait,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::company::{Company, EnterCompany, ManageCompanies};
use crate::custom::{BuildIndex, FieldChanged, ManageFields, StoredField};
use crate::database::{Database, DatabaseOptions};
use crate::guard::{DenyAll, Guard};
use crate::meta::require_tenant;
use crate::migrate::Migrator;
use crate::module_state::{ModuleVersions, SwitchStore};
use crate::outbox::Relay;
use crate::register::DataRegistrar as _;
use crate::registry::Registry;
use crate::schema::require_schema;
use crate::tenancy::{TenancyConfig, TenantMigrations, Tenants};
use crate::watch::Observer;

/// `[database]` of the configuration.
#[derive(Debug, Clone, Config)]
#[config(key = "database", crate = cortex_core)]
pub struct DatabaseConfig {
    /// `sqlite:path/to/file.db` or `postgres://user:password@host:5432/name`.
    #[config(default = "sqlite:cortex.db")]
    pub url: String,
    /// Most connections open at once; on SQLite these are readers, and there is one writer.
    #[config(default = 16)]
    pub connections: u16,
    /// Whether a starting application applies pending migrations itself.
    #[config(default = true)]
    pub migrate: bool,
}

impl DatabaseConfig {
    /// What [`Database::open`] asks for.
    #[must_use]
    pub fn options(&self) -> DatabaseOptions {
        DatabaseOptions { url: self.url.clone(), connections: usize::from(self.connections) }
    }
}

/// The tenant under whose name the framework reads what belongs to none.
pub(crate) const NOBODY: TenantId = TenantId::from_uuid(Uuid::nil());

/// The data layer as the application starts it, before every other module.
#[derive(Debug)]
pub struct Data {
    db: Database,
    guard: Arc<dyn Guard>,
    observer: Option<Observer>,
    migrate: bool,
    relay: Arc<RelayTask>,
}

impl Data {
    /// The data layer over `db`, with nothing allowed.
    #[must_use]
    pub fn new(db: &Database) -> Self {
        Self { db: db.clone(), guard: Arc::new(DenyAll), observer: None, migrate: true, relay: Arc::default() }
    }

    /// The same under `guard`, which a later module may still replace.
    #[must_use]
    pub fn guarded(mut self, guard: Arc<dyn Guard>) -> Self {
        self.guard = guard;
        self
    }

    /// The same with every statement shown to `observer`: for tests.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The same without applying migrations at start: tables must be there.
    #[must_use]
    pub fn without_migrations(mut self) -> Self {
        self.migrate = false;
        self
    }
}

impl Module for Data {
    fn manifest(&self) -> Manifest {
        Manifest::new("cortex", env!("CARGO_PKG_VERSION"))
    }

    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../docs/errors.md"))
            .config::<DatabaseConfig>()
            .config::<TenancyConfig>()
            .repository::<StoredField>()
            .policy::<ManageFields>()
            .event::<FieldChanged>()
            .repository::<Company>()
            .policy::<ManageCompanies>()
            .policy::<EnterCompany>()
            .job::<BuildIndex>()
            .instance(Arc::new(self.db.clone()))
            .instance::<dyn Guard>(Arc::clone(&self.guard))
            .instance::<dyn VersionStore>(Arc::new(ModuleVersions::new(&self.db)))
            .health(DatabaseHealth(self.db.clone()))
            .errors(include_str!("../docs/tenants.md"))
            .factory::<Tenants, _>(|db: Arc<Database>, modules: Arc<Modules>, all: Arc<Contributions>| {
                Ok(Arc::new(Tenants::of(&db, &modules, &all)))
            });
        let (observer, migrate) = (self.observer.clone(), self.migrate);
        m.at(Stage::Preboot, move |container| {
            let observer = observer.clone();
            async move {
                let prepared = tokio::task::spawn_blocking(move || prepare(&container, observer, migrate));
                prepared.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))
            }
        });
        let (start, stop) = (Arc::clone(&self.relay), Arc::clone(&self.relay));
        let db = self.db.clone();
        m.at(Stage::Ready, move |container| {
            let started = container.get::<Tenants>().map(|tenants| start.start(&db, &tenants));
            async { started }
        });
        let used = self.db.clone();
        m.at(Stage::Drain, move |_| {
            let (stop, used) = (Arc::clone(&stop), used.clone());
            async move {
                stop.stop().await?;
                let saved = tokio::task::spawn_blocking(move || used.save_all_usage()).await;
                if let Ok(Err(error)) = saved {
                    tracing::warn!(?error, "what tenants used since the last saving is lost; count it anew");
                }
                Ok(())
            }
        });
    }
}

/// Migrates (where asked) the main database and then those of tenants, checks the tables of all entities against the
/// schema, and installs the registry. A tenant whose migration fails is refused until it is mended; the others work.
///
/// # Errors
/// A migration of the main database fails; a table differs from its entity; what modules registered does not fit together.
pub fn prepare(container: &Container, observer: Option<Observer>, migrate: bool) -> Result<()> {
    let db = container.get::<Database>()?;
    let (contributions, modules) = (container.get::<Contributions>()?, container.get::<Modules>()?);
    let migrator = Migrator::of(&db, &modules, &contributions);
    db.versions().set(migrator.versions());
    if migrate {
        migrator.up()?;
        let report = TenantMigrations::new(&migrator).up()?;
        if !report.failed.is_empty() {
            tracing::error!(%report, "some tenants can't be migrated");
        }
    }
    let mut registry =
        Registry::from_contributions(&contributions, container)?.with_guard(container.get::<dyn Guard>()?);
    if let Some(observer) = observer {
        registry = registry.with_observer(observer);
    }
    let entities: Vec<_> = registry.entities().iter().map(|(_, meta)| *meta).collect();
    let work = db.work(Cx::new(NOBODY, Actor::system("start")));
    work.read_blocking(|tx| Ok(require_tenant(tx, &entities)?))?;
    work.read_blocking(|tx| require_schema(tx, &entities))?;
    let switches = SwitchStore::new(container.get::<ModuleSwitch>()?, modules);
    work.read_blocking(|tx| switches.load(tx))?;
    db.install(registry);
    // What another process died of must not stand in the way of this one.
    container.get::<Tenants>()?.recover().map(drop)
}

/// How often unused databases of tenants are closed, and what tenants use is saved.
const LOOK_AFTER_INTERVAL: Duration = Duration::from_secs(5);

/// Closes what nobody uses, saves what tenants use, and removes what is to be removed, until it is told to stop.
fn look_after(db: &Database, tenants: &Tenants) -> JoinHandle<()> {
    let (db, tenants) = (db.clone(), tenants.clone());
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOK_AFTER_INTERVAL).await;
            let (db, tenants) = (db.clone(), tenants.clone());
            let round = tokio::task::spawn_blocking(move || {
                db.close_idle(db.tenancy().idle);
                db.save_all_usage().and(tenants.sweep())
            });
            match round.await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::warn!(?error, "tenants can't be looked after now"),
                Err(error) => tracing::error!(%error, "looking after tenants stopped unexpectedly and goes on"),
            }
        }
    })
}

/// The relay while it runs, and what looks after tenants.
#[derive(Debug, Default)]
struct RelayTask(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    stop: oneshot::Sender<()>,
    relay: JoinHandle<()>,
    caretaker: JoinHandle<()>,
}

impl RelayTask {
    fn start(&self, db: &Database, tenants: &Tenants) {
        let relay = Relay::new(db.clone());
        let (stop, stopped) = oneshot::channel();
        let relay = tokio::spawn(async move {
            relay
                .run_until(async {
                    // A dropped sender means the same as a message.
                    let _ = stopped.await;
                })
                .await;
        });
        let running = Running { stop, relay, caretaker: look_after(db, tenants) };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
    }

    async fn stop(&self) -> Result<()> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Running { stop, relay, caretaker }) = running {
            caretaker.abort();
            let _ = stop.send(());
            if let Err(e) = relay.await {
                tracing::error!(error = %e, "the relay stopped unexpectedly");
            }
        }
        Ok(())
    }
}

/// Can a statement be answered?
#[derive(Debug)]
struct DatabaseHealth(Database);

#[async_trait]
impl HealthCheck for DatabaseHealth {
    fn name(&self) -> &str {
        "database"
    }

    fn kinds(&self) -> &[HealthKind] {
        &[HealthKind::Startup, HealthKind::Ready]
    }

    async fn check(&self) -> Result<Probe> {
        let work = self.0.work(Cx::new(NOBODY, Actor::system("health")));
        work.read(|tx| crate::statement::Statement::new("SELECT 1").execute(tx.conn())).await?;
        Ok(Probe::pass())
    }
}
