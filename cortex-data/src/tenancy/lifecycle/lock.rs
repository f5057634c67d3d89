//! One operation at a time on each tenant, over all processes: a lock that a dead process does not hold.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cortex_core::{Result, TenantId};

use super::error::LifecycleError;
use crate::Backend;
use crate::database::Database;
use crate::error::DatabaseError;
use crate::tenancy::{Placement, Pooled};

/// Longest wait for a connection that holds a lock.
const LOCK_WAIT: Duration = Duration::from_secs(30);

/// The lock of a tenant.
#[derive(Debug)]
pub(super) enum Lock {
    /// Beside the files of tenants.
    File { path: PathBuf, _file: File },
    /// Of a session with the server of the main database.
    Session { conn: Option<Box<Pooled>>, key: i64 },
}

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`LifecycleError::Busy`] where somebody has it.
    pub(super) fn take(db: &Database, tenant: TenantId, name: &str) -> Result<Self> {
        Self::try_take(db, tenant)?.ok_or_else(|| LifecycleError::Busy { name: name.to_owned() }.into())
    }

    /// Takes the lock; `None` where somebody has it.
    pub(super) fn try_take(db: &Database, tenant: TenantId) -> Result<Option<Self>> {
        match db.backend() {
            Backend::Sqlite => {
                let folder = db.tenancy().folder(db.url());
                let path = folder.join(format!(".lock-{}", tenant.uuid().simple()));
                in_file(&folder, path).map_err(|e| DatabaseError::Open(format!("{}: {e}", folder.display())).into())
            }
            Backend::Postgres => in_session(db, tenant),
        }
    }
}

fn in_file(folder: &Path, path: PathBuf) -> std::io::Result<Option<Lock>> {
    std::fs::create_dir_all(folder)?;
    loop {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Whoever had it before removes the file: a lock on what has no name any more is none.
        if is_same(&file, &path) {
            return Ok(Some(Lock::File { path, _file: file }));
        }
    }
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let ids = |data: std::fs::Metadata| (data.dev(), data.ino());
    let (open, named) = (file.metadata().map(ids), std::fs::metadata(path).map(ids));
    matches!((open, named), (Ok(open), Ok(named)) if open == named)
}

#[cfg(not(unix))]
fn is_same(_: &File, path: &Path) -> bool {
    path.exists()
}

fn in_session(db: &Database, tenant: TenantId) -> Result<Option<Lock>> {
    let bits = tenant.uuid().as_u64_pair();
    let key = i64::from_ne_bytes((bits.0 ^ bits.1.rotate_left(32)).to_ne_bytes());
    let mut conn = db.place_blocking(&Placement::Shared, false, LOCK_WAIT)?;
    let mut sql = crate::statement::Statement::new("SELECT pg_try_advisory_lock(");
    sql.bind(key).push(")");
    let rows: Vec<(bool,)> = sql.rows::<(diesel::sql_types::Bool,), _>(&mut conn)?;
    let locked = rows.first().is_some_and(|(locked,)| *locked);
    Ok(locked.then_some(Lock::Session { conn: Some(Box::new(conn)), key }))
}

impl Drop for Lock {
    fn drop(&mut self) {
        match self {
            // While it is still held, so that nobody holds a file that vanishes later.
            Self::File { path, .. } => drop(std::fs::remove_file(path)),
            Self::Session { conn, key } => {
                let Some(mut conn) = conn.take() else { return };
                let mut sql = crate::statement::Statement::new("SELECT pg_advisory_unlock(");
                sql.bind(*key).push(")");
                // A session that ends gives its locks back too.
                if sql.execute(&mut conn).is_err() {
                    conn.discard();
                }
            }
        }
    }
}
