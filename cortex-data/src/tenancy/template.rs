//! Templates: a database with all tables and no rows, from which those of new tenants are copied.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cortex_core::Result;

use super::place::{At, copy_file, remove_files};
use super::placement::Placement;
use super::tenant::SchemaVersion;
use crate::database::{Database, DatabaseOptions};
use crate::migrate::Migrator;
use crate::tenancy::TenancyOptions;

/// Makes the database of a new tenant, with all tables, from the template of the running version; the template is
/// made when it is first needed.
pub(super) fn make_database(migrator: &Migrator, place: &Placement, version: SchemaVersion) -> Result<()> {
    let db = migrator.database();
    match db.database_of(place)? {
        At::File(path) => {
            // Answers where there is something already.
            db.make_place(place, None)?;
            let folder = path.parent().unwrap_or_else(|| Path::new(""));
            copy_file(&file_template(migrator, folder, version)?, &path)
        }
        At::Server { server, .. } => {
            let name = server_template(migrator, &server, version)?;
            db.make_place(place, Some(&name))
        }
    }
}

fn file_template(migrator: &Migrator, folder: &Path, version: SchemaVersion) -> Result<PathBuf> {
    let template = folder.join(format!(".template-{version}.db"));
    if template.exists() {
        return Ok(template);
    }
    // Two that make it at the same time make the same, and the last one stays.
    let made = folder.join(format!(".template-{}.db", uuid::Uuid::new_v4().simple()));
    let migrated = migrate(migrator, format!("sqlite:{}", made.display())).and_then(|()| copy_file(&made, &template));
    remove_files(&made)?;
    migrated.map(|()| template)
}

fn server_template(migrator: &Migrator, server: &Database, version: SchemaVersion) -> Result<String> {
    let name = format!("cortex_template_{}", version.to_string().replace('-', "_"));
    let made = format!("cortex_template_{}", uuid::Uuid::new_v4().simple());
    let main = server.url().to_owned();
    let place = Placement::Database(name.clone());
    let bare = TenancyOptions::default();
    let at_server = |name: &str| bare.url(&Placement::Database(name.to_owned()), &main);
    if server.with_tenancy_of_server(&place)? {
        return Ok(name);
    }
    server.batch(&format!("CREATE DATABASE \"{made}\""))?;
    let migrated = at_server(&made).map_err(Into::into).and_then(|url| migrate(migrator, url.unwrap_or_default()));
    let renamed = migrated.and_then(|()| server.batch(&format!("ALTER DATABASE \"{made}\" RENAME TO \"{name}\"")));
    if renamed.is_err() {
        server.batch(&format!("DROP DATABASE IF EXISTS \"{made}\" WITH (FORCE)"))?;
        // Somebody else was faster.
        if server.with_tenancy_of_server(&place)? {
            return Ok(name);
        }
    }
    renamed.map(|()| name)
}

impl Database {
    /// Whether the server of this database has the one of `place`.
    fn with_tenancy_of_server(&self, place: &Placement) -> Result<bool> {
        let mut sql = crate::statement::Statement::new("SELECT count(*) FROM pg_database WHERE datname = ");
        sql.bind(place.location().unwrap_or_default());
        let mut conn = self.main_blocking(false)?;
        let rows: Vec<(i64,)> = sql.rows::<(diesel::sql_types::BigInt,), _>(&mut conn)?;
        Ok(rows.first().is_some_and(|(count,)| *count > 0))
    }
}

/// Migrates a database that nobody else knows, and closes it.
fn migrate(migrator: &Migrator, url: String) -> Result<()> {
    let db = Database::open(&DatabaseOptions { url, connections: 1 }, Arc::clone(migrator.database().clock()))?;
    migrator.on(&db).at_once().up().map(drop)
}
