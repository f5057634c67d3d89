//! The fence in front of a tenant that is to be moved: nobody writes behind it.
//!
//! The state of the tenant is `moving` or `suspended` before it is drawn. Every process knows that after
//! [`DIRECTORY_TTL`], and a unit of work looks once more after it has begun; those that began before are waited for.

use std::time::{Duration, Instant};

use cortex_core::Result;
use diesel::connection::SimpleConnection;

use super::error::LifecycleError;
use crate::Backend;
use crate::database::Database;
use crate::error::from_diesel;
use crate::tenancy::place::At;
use crate::tenancy::transfer::SESSION;
use crate::tenancy::{DIRECTORY_TTL, Placement, Tenant};

/// Longest wait for units of work that began before.
const OPEN_WORK_WAIT: Duration = Duration::from_secs(60);
/// The same where a process died. It is looked after again later.
const DEAD_WORK_WAIT: Duration = Duration::from_secs(10);
/// Ages of knowledge are whole milliseconds, cut off: a little longer than the directory may be relied on is enough.
const KNOWN_AFTER: Duration = DIRECTORY_TTL.saturating_add(Duration::from_millis(10));
/// Pause between two looks.
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// Waits until nobody writes to the tenant any more. PostgreSQL tells of transactions of its own role only, so all
/// processes use the same one.
///
/// # Errors
/// [`LifecycleError::OpenWork`].
pub(super) fn draw(db: &Database, tenant: &Tenant) -> Result<()> {
    wait_for_knowledge();
    let place = &tenant.placement;
    let (store, _) = db.store_of(place)?;
    match store.backend() {
        // There is one writer: whoever writes after it began after it.
        Backend::Sqlite => {
            let mut conn = db.place_blocking(place, true, OPEN_WORK_WAIT)?;
            conn.batch_execute("BEGIN IMMEDIATE; COMMIT").map_err(from_diesel)
        }
        Backend::Postgres => sessions(db, place, &tenant.name, OPEN_WORK_WAIT),
    }
}

/// Waits until nothing that a dead process asked a server for is still on its way: the server notices only after the
/// statement that its client died.
///
/// # Errors
/// [`LifecycleError::OpenWork`].
pub(super) fn wait_for_the_dead(db: &Database, tenant: &Tenant, place: &Placement) -> Result<()> {
    let made_by = match place {
        Placement::Shared | Placement::Schema(_) => db.clone(),
        Placement::Database(_) => match db.database_of(place)? {
            At::Server { server, .. } => server,
            At::File(_) => return Ok(()),
        },
    };
    match made_by.backend() {
        // What a dead process did not commit is gone.
        Backend::Sqlite => Ok(()),
        Backend::Postgres => sessions(&made_by, &Placement::Shared, &tenant.name, DEAD_WORK_WAIT),
    }
}

/// Waits until every process knows what the directory says now.
pub(super) fn wait_for_knowledge() {
    std::thread::sleep(KNOWN_AFTER);
}

fn sessions(db: &Database, place: &Placement, name: &str, wait: Duration) -> Result<()> {
    let mut conn = db.place_blocking(place, false, OPEN_WORK_WAIT)?;
    let now = crate::statement::Statement::new("SELECT clock_timestamp()");
    let rows: Vec<(cortex_core::Timestamp,)> = now.rows::<(crate::sqltype::Instant,), _>(&mut conn)?;
    let Some((fence,)) = rows.first().copied() else { return Ok(()) };
    let begun = Instant::now();
    loop {
        let mut sql = crate::statement::Statement::new(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
             AND backend_type = 'client backend' AND application_name <> ",
        );
        sql.bind(SESSION).push(" AND xact_start < ").bind(fence);
        let rows: Vec<(i64,)> = sql.rows::<(diesel::sql_types::BigInt,), _>(&mut conn)?;
        if rows.first().is_none_or(|(open,)| *open == 0) {
            return Ok(());
        }
        if begun.elapsed() >= wait {
            return Err(LifecycleError::OpenWork { name: name.to_owned() }.into());
        }
        std::thread::sleep(LOOK_PAUSE);
    }
}
