//! Places of tenants: made, looked for, migrated and removed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use cortex_core::Result;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;

use super::error::TenancyError;
use super::placement::{Placement, PlacementKind};
use super::wall::is_plain_name;
use crate::Backend;
use crate::database::Database;
use crate::error::{DatabaseError, from_diesel};
use crate::statement::Statement;

/// Longest wait for a connection to make or remove a place.
const PLACE_WAIT: Duration = Duration::from_secs(60);
/// Files that SQLite keeps beside a database, and a copy that never took its name.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-new"];

/// A location without the password that a URL may hold.
pub(crate) fn shown(location: &str) -> String {
    match location.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host)),
        None => location.to_owned(),
    }
}

/// The path in a URL of a file.
pub(crate) fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether tenants can have this schema: PostgreSQL has schemas, and its name must need no quoting.
pub(crate) fn check_schema(db: &Database, name: &str) -> Result<(), TenancyError> {
    if db.backend() != Backend::Postgres {
        return Err(TenancyError::NoMode { mode: PlacementKind::Schema.as_str() });
    }
    if !is_plain_name(name) || matches!(name, "public" | "information_schema") {
        return Err(TenancyError::Location { location: shown(name) });
    }
    Ok(())
}

fn unreachable_file(path: &Path, error: &std::io::Error) -> DatabaseError {
    DatabaseError::Open(format!("{}: {error}", path.display()))
}

impl Database {
    /// The place of `kind` that a new tenant gets. Nothing is made.
    ///
    /// # Errors
    /// [`TenancyError::NoMode`] where this database has no such places.
    pub fn placement(&self, kind: PlacementKind, tenant: cortex_core::TenantId) -> Result<Placement> {
        let backend = match kind {
            PlacementKind::Database => self.tenancy().backend_of_databases(self.backend()),
            _ => self.backend(),
        };
        Ok(Placement::new(kind, tenant.uuid(), backend)?)
    }

    /// Whether there is something at a place.
    ///
    /// # Errors
    /// The database can't be reached; the location is none.
    pub(crate) fn place_exists(&self, place: &Placement) -> Result<bool> {
        match place {
            Placement::Shared => Ok(true),
            Placement::Schema(name) => {
                check_schema(self, name)?;
                let mut sql = Statement::new("SELECT count(*) FROM pg_namespace WHERE nspname = ");
                sql.bind(name.as_str());
                self.counts_any(self, sql)
            }
            Placement::Database(_) => match self.database_of(place)? {
                At::File(path) => path.try_exists().map_err(|e| unreachable_file(&path, &e).into()),
                At::Server { name, server } => {
                    let mut sql = Statement::new("SELECT count(*) FROM pg_database WHERE datname = ");
                    sql.bind(name.as_str());
                    self.counts_any(&server, sql)
                }
            },
        }
    }

    fn counts_any(&self, db: &Self, sql: Statement) -> Result<bool> {
        let mut conn = db.place_blocking(&Placement::Shared, false, PLACE_WAIT)?;
        let rows: Vec<(i64,)> = sql.rows::<(BigInt,), _>(&mut conn)?;
        Ok(rows.first().is_some_and(|(count,)| *count > 0))
    }

    /// Makes an empty place. [`TenantMigrations::create`](super::TenantMigrations::create) makes one with tables.
    ///
    /// # Errors
    /// [`TenancyError::Occupied`] where there is something; the database can't be reached.
    pub(crate) fn make_place(&self, place: &Placement, template: Option<&str>) -> Result<()> {
        if *place == Placement::Shared {
            return Ok(());
        }
        if self.place_exists(place)? {
            return Err(TenancyError::Occupied { place: place.to_string() }.into());
        }
        if let Some(url) = self.tenancy().url(place, self.url())? {
            // What is open may lead to a database that was here before.
            self.stores().renew(&url);
        }
        match place {
            Placement::Shared => Ok(()),
            Placement::Schema(name) => self.batch(&format!("CREATE SCHEMA \"{name}\"")),
            Placement::Database(_) => match self.database_of(place)? {
                // SQLite makes the file when it is opened.
                At::File(path) => match path.parent() {
                    Some(folder) => std::fs::create_dir_all(folder).map_err(|e| unreachable_file(folder, &e).into()),
                    None => Ok(()),
                },
                At::Server { name, server } => {
                    let from = template.map(|template| format!(" TEMPLATE \"{template}\"")).unwrap_or_default();
                    server.batch(&format!("CREATE DATABASE \"{name}\"{from}"))
                }
            },
        }
    }

    /// Removes a place with everything in it; one that is not there is fine. The shared place stays.
    ///
    /// # Errors
    /// The database can't be reached, or is still in use.
    pub(crate) fn drop_place(&self, place: &Placement) -> Result<()> {
        match place {
            Placement::Shared => Ok(()),
            Placement::Schema(name) => {
                check_schema(self, name)?;
                self.batch(&format!("DROP SCHEMA IF EXISTS \"{name}\" CASCADE"))
            }
            Placement::Database(_) => {
                if let Some(url) = self.tenancy().url(place, self.url())? {
                    self.stores().close(&url);
                }
                match self.database_of(place)? {
                    At::File(path) => remove_files(&path),
                    At::Server { name, server } => {
                        server.batch(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"))
                    }
                }
            }
        }
    }

    /// Runs a statement that can't be in a transaction, on a connection of its own.
    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        let mut conn = self.place_blocking(&Placement::Shared, true, PLACE_WAIT)?;
        conn.batch_execute(sql).map_err(from_diesel)
    }

    /// Where the database of a place is, and from where it can be made.
    pub(crate) fn database_of(&self, place: &Placement) -> Result<At> {
        let wrong = || TenancyError::Location { location: shown(place.location().unwrap_or_default()) };
        let url = self.tenancy().url(place, self.url())?.ok_or_else(wrong)?;
        if let Some(path) = file_of(&url) {
            return Ok(At::File(path));
        }
        let (before, _) = url.split_once('?').unwrap_or((&url, ""));
        let name = before.rsplit_once('/').map(|(_, name)| name.to_owned()).filter(|name| is_plain_name(name));
        let name = name.ok_or_else(wrong)?;
        let server = self.server_of(&url)?;
        Ok(At::Server { name, server })
    }

    /// The database from which others of its server are made: the main one where they share it.
    fn server_of(&self, url: &str) -> Result<Self> {
        let own = super::config::replace_database(url, "postgres");
        let main = super::config::replace_database(self.url(), "postgres");
        match own {
            Some(own) if main.as_deref() != Some(own.as_str()) => {
                let options = crate::DatabaseOptions { url: own, connections: 1 };
                Self::open(&options, std::sync::Arc::clone(self.clock()))
            }
            _ => Ok(self.clone()),
        }
    }
}

/// Where a database of its own is.
pub(crate) enum At {
    /// A file of SQLite.
    File(PathBuf),
    /// A database of a server, which is reached by another one.
    Server {
        /// Its name.
        name: String,
        /// Another database on that server.
        server: Database,
    },
}

/// Removes a file of SQLite and what is beside it; the file first, so that a half removed one is not opened again.
pub(crate) fn remove_files(path: &Path) -> Result<()> {
    let all = std::iter::once(path.to_owned()).chain(BESIDE.map(|suffix| beside(path, suffix)));
    for path in all {
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(unreachable_file(&path, &e).into()),
        }
    }
    Ok(())
}

/// Copies a file of SQLite that nobody has open, to a place where nothing is.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let new = beside(to, "-new");
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(|e| unreachable_file(folder, &e))?;
    }
    std::fs::copy(from, &new).map_err(|e| unreachable_file(&new, &e))?;
    std::fs::rename(&new, to).map_err(|e| unreachable_file(to, &e))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(shown("postgres://u:secret@h:1/x"), "postgres://h:1/x");
        assert_eq!(shown("acme.db"), "acme.db");
        assert_eq!(Placement::Database("postgres://u:secret@h/x".into()).to_string(), "database");
    }
}
