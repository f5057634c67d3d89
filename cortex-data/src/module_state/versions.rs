//! The version of each module that last ran on this data.

use cortex_core::{Error, ModuleName, Result, Timestamp, VersionStore, async_trait};
use diesel::sql_types::Text;
use semver::Version;

use crate::conn::Conn;
use crate::database::Database;
use crate::statement::Statement;

/// Keeps the versions of modules in the table `cortex_modules`. Bind it as `dyn VersionStore`, and the application
/// runs upgrades where a stored version is older than the running one.
#[derive(Debug, Clone)]
pub struct ModuleVersions(Database);

impl ModuleVersions {
    /// The versions in `db`, whose migrations must have run.
    #[must_use]
    pub fn new(db: &Database) -> Self {
        Self(db.clone())
    }

    async fn run<R: Send + 'static>(
        &self,
        write: bool,
        f: impl FnOnce(&mut Conn) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let db = self.0.clone();
        match tokio::task::spawn_blocking(move || f(&mut *db.main_blocking(write)?)).await {
            Ok(result) => result,
            Err(e) => Err(Error::internal("panic", "reading versions stopped unexpectedly").with_source(e)),
        }
    }
}

#[async_trait]
impl VersionStore for ModuleVersions {
    async fn stored(&self, module: ModuleName) -> Result<Option<Version>> {
        self.run(false, move |conn| stored(conn, module.as_str(), "")).await
    }

    async fn record(&self, module: ModuleName, version: &Version) -> Result<()> {
        let (version, now) = (version.clone(), self.0.clock().now());
        self.run(true, move |conn| record(conn, module.as_str(), &version, now)).await
    }
}

/// The version that last ran; `lock` goes to the end of the statement.
pub(super) fn stored(conn: &mut Conn, module: &str, lock: &str) -> Result<Option<Version>> {
    let mut sql = Statement::new("SELECT version FROM cortex_modules WHERE name = ");
    sql.bind(module).push(lock);
    let Some((version,)) = sql.rows::<(Text,), (String,)>(conn)?.into_iter().next() else { return Ok(None) };
    match Version::parse(&version) {
        Ok(version) => Ok(Some(version)),
        Err(e) => {
            let message = format!("the stored version `{version}` of `{module}` is not a version");
            Err(Error::internal("modules.stored_version", message).with_source(e))
        }
    }
}

pub(super) fn record(conn: &mut Conn, module: &str, version: &Version, now: Timestamp) -> Result<()> {
    let mut sql = Statement::new("INSERT INTO cortex_modules (name, version, updated_at) VALUES (");
    sql.bind(module).push(", ").bind(version.to_string()).push(", ").bind(now);
    sql.push(") ON CONFLICT (name) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at");
    sql.execute(conn).map(|_| ())
}
