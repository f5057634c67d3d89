//! Migrations: brings the schema of every module up, or back, once, in need order, whoever starts first.

mod error;
mod file;
mod order;
mod run;
mod split;
mod status;
mod store;

use std::fmt;
use std::time::Duration;

use cortex_core::{Contributions, Error, MigrationFile, Modules, Result};
use semver::Version;
use sha2::{Digest, Sha256};

use crate::database::{Backend, Database};
use crate::tenancy::{ArchiveModule, PlaceVersions, Placement, SchemaVersion};

pub use error::MigrateError;
pub use file::{Migration, Part, RegisterMigrations, Step};
pub use status::{MigrationState, MigrationStatus};
pub(crate) use store::table_exists as has_table;

/// The name under which the framework's own migrations are kept.
pub const FRAMEWORK_MODULE: &str = "cortex";

/// How long a start waits for another process that is migrating the same database.
pub const LOCK_WAIT: Duration = Duration::from_secs(600);

/// The framework's own migrations: they run before those of every module.
pub const FRAMEWORK_MIGRATIONS: &[MigrationFile] = &[
    MigrationFile {
        up_postgres: Some(include_str!("../migrations/0001_cortex/up.postgres.sql")),
        down_postgres: Some(include_str!("../migrations/0001_cortex/down.postgres.sql")),
        ..MigrationFile::new(
            "0001_cortex",
            include_str!("../migrations/0001_cortex/up.sql"),
            include_str!("../migrations/0001_cortex/down.sql"),
        )
    },
    MigrationFile::new(
        "0002_modules",
        include_str!("../migrations/0002_modules/up.sql"),
        include_str!("../migrations/0002_modules/down.sql"),
    ),
    MigrationFile::new(
        "0003_idempotency",
        include_str!("../migrations/0003_idempotency/up.sql"),
        include_str!("../migrations/0003_idempotency/down.sql"),
    ),
    MigrationFile::new(
        "0004_tenancy",
        include_str!("../migrations/0004_tenancy/up.sql"),
        include_str!("../migrations/0004_tenancy/down.sql"),
    ),
    MigrationFile {
        up_postgres: Some(include_str!("../migrations/0005_custom_fields/up.postgres.sql")),
        down_postgres: Some(include_str!("../migrations/0005_custom_fields/down.postgres.sql")),
        ..MigrationFile::new(
            "0005_custom_fields",
            include_str!("../migrations/0005_custom_fields/up.sql"),
            include_str!("../migrations/0005_custom_fields/down.sql"),
        )
    },
    MigrationFile::new(
        "0006_companies",
        include_str!("../migrations/0006_companies/up.sql"),
        include_str!("../migrations/0006_companies/down.sql"),
    ),
];

/// The migrations of one module.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) module: String,
    pub(crate) version: Option<Version>,
    /// The modules that it needs, directly or not.
    pub(crate) needs: Vec<String>,
    /// In the order of their names.
    pub(crate) migrations: Vec<Migration>,
}

/// How far back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Down {
    /// The migrations that were applied last, this many.
    Last(usize),
    /// Those of a module that came after one, which stays.
    To {
        /// The module.
        module: String,
        /// The migration that stays.
        name: String,
    },
    /// All of a module.
    Module(String),
}

/// A migration that was applied or undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The module.
    pub module: String,
    /// The migration.
    pub name: String,
    /// How long it took.
    pub took: Duration,
}

/// Migrates one database for a list of modules. Cheap enough to build for each use.
///
/// Every migration runs in a transaction of its own, under a lock that other processes wait for. All verbs block
/// the thread; from async code call them through [`off_thread`](Self::off_thread).
#[derive(Clone)]
pub struct Migrator {
    db: Database,
    /// In need order; the framework first.
    sources: Vec<Source>,
    lock_wait: Duration,
    place: Placement,
    at_once: bool,
}

impl Migrator {
    /// A migrator that knows the framework's own migrations.
    #[must_use]
    pub fn new(db: &Database) -> Self {
        let version = Version::parse(env!("CARGO_PKG_VERSION")).ok();
        let migrations = FRAMEWORK_MIGRATIONS.iter().map(|file| Migration::from(*file)).collect();
        let own = Source { module: FRAMEWORK_MODULE.to_owned(), version, needs: Vec::new(), migrations };
        let (db, sources) = (db.clone(), vec![own]);
        Self { db, sources, lock_wait: LOCK_WAIT, place: Placement::Shared, at_once: false }
    }

    /// A migrator for the modules of an application: what their manifests name and what they contributed by
    /// [`RegisterMigrations`].
    #[must_use]
    pub fn of(db: &Database, modules: &Modules, contributions: &Contributions) -> Self {
        let mut migrator = Self::new(db);
        for manifest in modules.iter() {
            let name = manifest.name;
            let needs = modules.iter().map(|other| other.name).filter(|other| modules.follows(name, *other));
            let inline = contributions.of::<Migration>().filter(|(by, _)| *by == name);
            migrator.add(Source {
                module: name.to_string(),
                version: modules.version(name).cloned(),
                needs: needs.map(|need| need.to_string()).collect(),
                migrations: manifest
                    .migrations
                    .iter()
                    .map(|file| Migration::from(*file))
                    .chain(inline.map(|(_, migration)| migration.clone()))
                    .collect(),
            });
        }
        migrator
    }

    /// The same with the migrations of one more module, which needs `needs`. The order of the calls is the order
    /// of the modules.
    #[must_use]
    pub fn with_module(
        mut self,
        module: &str,
        needs: &[&str],
        migrations: impl IntoIterator<Item = impl Into<Migration>>,
    ) -> Self {
        let mut all: Vec<String> = needs.iter().map(|need| (*need).to_owned()).collect();
        for need in needs {
            let deeper = self.sources.iter().find(|source| source.module == *need).map(|source| source.needs.clone());
            all.extend(deeper.unwrap_or_default());
        }
        let migrations = migrations.into_iter().map(Into::into).collect();
        self.add(Source { module: module.to_owned(), version: None, needs: all, migrations });
        self
    }

    /// The same with the version of a module, which is compared with the one that last ran.
    #[must_use]
    pub fn with_version(mut self, module: &str, version: Version) -> Self {
        if let Some(source) = self.sources.iter_mut().find(|source| source.module == module) {
            source.version = Some(version);
        }
        self
    }

    /// The same, waiting at most `wait` for another process that migrates; [`LOCK_WAIT`] otherwise.
    #[must_use]
    pub fn with_lock_wait(mut self, wait: Duration) -> Self {
        self.lock_wait = wait;
        self
    }

    /// The same for a tenant's own schema or database. A schema holds the tables of the modules, and shares those of
    /// the framework.
    #[must_use]
    pub fn at(&self, place: &Placement) -> Self {
        let mut at = self.clone();
        if matches!(place, Placement::Schema(_)) {
            at.sources.retain(|source| source.module != FRAMEWORK_MODULE);
        }
        at.place = place.clone();
        at
    }

    /// The same for another database.
    #[must_use]
    pub(crate) fn on(&self, db: &Database) -> Self {
        Self { db: db.clone(), place: Placement::Shared, ..self.clone() }
    }

    /// The same with all migrations in one transaction: for places that are new.
    #[must_use]
    pub(crate) fn at_once(mut self) -> Self {
        self.at_once = true;
        self
    }

    pub(crate) fn database(&self) -> &Database {
        &self.db
    }

    /// The versions that places have when everything is applied.
    pub(crate) fn versions(&self) -> PlaceVersions {
        let own = |source: &&Source| source.module != FRAMEWORK_MODULE;
        let schema = version(self.sources.iter().filter(own));
        PlaceVersions { schema, database: version(self.sources.iter()) }
    }

    /// The modules with their migrations, as archives tell of them.
    pub(crate) fn listing(&self) -> Vec<ArchiveModule> {
        let module = |source: &Source| ArchiveModule {
            name: source.module.clone(),
            version: source.version.as_ref().map(ToString::to_string),
            migrations: source.migrations.iter().map(|one| (one.name().to_owned(), one.checksum())).collect(),
        };
        self.sources.iter().map(module).collect()
    }

    fn backend(&self) -> Result<Backend> {
        Ok(self.db.store_of(&self.place)?.0.backend())
    }

    fn add(&mut self, mut source: Source) {
        match self.sources.iter_mut().find(|known| known.module == source.module) {
            // The framework itself, when the application lists it as a module too.
            Some(known) => {
                source.migrations.retain(|migration| !known.migrations.contains(migration));
                known.migrations.append(&mut source.migrations);
                known.version = source.version.or(known.version.take());
            }
            None => {
                source.needs.push(FRAMEWORK_MODULE.to_owned());
                self.sources.push(source);
            }
        }
        for source in &mut self.sources {
            source.migrations.sort_by(|one, other| one.name().cmp(other.name()));
        }
    }

    /// What is applied, pending, changed since it was applied, or unknown to this program; in the order of running.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn status(&self) -> Result<Vec<MigrationStatus>> {
        let state = self.state()?;
        Ok(status::status(&self.sources, &state.applied))
    }

    /// Applies everything that is pending.
    ///
    /// # Errors
    /// [`MigrateError`] when what is applied doesn't fit to this program, when a migration fails (it is then not
    /// applied in part, those before it are), or when another process holds the lock for too long.
    pub fn up(&self) -> Result<Vec<Migrated>> {
        let state = self.state()?;
        status::warn_of_strangers(&self.sources, &state.applied);
        if order::next_up(&self.sources, &state)?.is_none() {
            return Ok(Vec::new());
        }
        run::up(self)
    }

    /// What [`up`](Self::up) would run.
    ///
    /// # Errors
    /// As `up`, but for failures of the migrations themselves.
    pub fn plan_up(&self) -> Result<Vec<Step>> {
        let mut state = self.state()?;
        let mut steps = Vec::new();
        while let Some((source, migration)) = order::next_up(&self.sources, &state)? {
            steps.push(Step::up(&source.module, migration, self.backend()?));
            state.pretend(&source.module, migration);
        }
        Ok(steps)
    }

    /// Undoes migrations, the last one first. The stored version of each module that it touches is forgotten, so
    /// that the older program may run.
    ///
    /// # Errors
    /// [`MigrateError`] when there is no way back, when a later migration of another module may rest on it, when
    /// what is applied doesn't fit to this program, or when a migration fails (those undone before it stay undone).
    pub fn down(&self, how_far: &Down) -> Result<Vec<Migrated>> {
        order::check_target(&self.sources, how_far)?;
        run::down(self, how_far)
    }

    /// What [`down`](Self::down) would run.
    ///
    /// # Errors
    /// As `down`, but for failures of the migrations themselves.
    pub fn plan_down(&self, how_far: &Down) -> Result<Vec<Step>> {
        order::check_target(&self.sources, how_far)?;
        let mut state = self.state()?;
        let mut steps = Vec::new();
        while let Some((source, migration)) = order::next_down(&self.sources, &state, how_far, steps.len())? {
            steps.push(Step::down(&source.module, migration, self.backend()?));
            state.forget(&source.module, migration.name());
        }
        Ok(steps)
    }

    /// Runs a verb on a thread that may block: `migrator.off_thread(Migrator::up).await`.
    ///
    /// # Errors
    /// What the verb answers.
    pub async fn off_thread<R: Send + 'static>(
        &self,
        verb: impl FnOnce(&Self) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let migrator = self.clone();
        match tokio::task::spawn_blocking(move || verb(&migrator)).await {
            Ok(result) => result,
            Err(e) => Err(Error::internal("panic", "the migration stopped unexpectedly").with_source(e)),
        }
    }

    /// What the database says now, without the lock.
    fn state(&self) -> Result<store::State> {
        order::check_sources(&self.sources)?;
        let mut conn = self.db.place_blocking(&self.place, false, self.lock_wait)?;
        store::State::load(&mut conn)
    }
}

/// How many migrations, and a digest of what they are called and say.
fn version<'a>(sources: impl Iterator<Item = &'a Source>) -> SchemaVersion {
    let mut hash = Sha256::new();
    let mut migrations = 0;
    for source in sources {
        for migration in &source.migrations {
            migrations += 1;
            hash.update(format!("{} {} {}\n", source.module, migration.name(), migration.checksum()));
        }
    }
    let digest = hash.finalize().iter().take(8).fold(0, |digest: u64, byte| digest << 8 | u64::from(*byte));
    SchemaVersion { migrations, digest }
}

impl fmt::Debug for Migrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modules = self.sources.iter().map(|source| (&source.module, source.migrations.len()));
        f.debug_map().entries(modules).finish()
    }
}
