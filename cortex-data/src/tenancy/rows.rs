//! Row-level security of PostgreSQL: the second wall between tenants that share tables.
//!
//! Where a query forgets its tenant, the server itself leaves out the rows of others. It binds neither superusers nor
//! roles with `BYPASSRLS`.

use cortex_core::Result;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Bool, Text};

use super::placement::Placement;
use super::wall::{ALL, SETTING};
use crate::Backend;
use crate::conn::Conn;
use crate::database::{ACQUIRE_TIMEOUT, Database};
use crate::error::from_diesel;
use crate::statement::Statement;

/// The name of the policy on every table.
const POLICY: &str = "cortex_tenant";

/// Tables with a tenant column in the schema of the main database, and whether each is walled as it should be.
const TABLES: &str = "SELECT c.relname::text, c.relrowsecurity AND c.relforcerowsecurity AND EXISTS \
    (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'cortex_tenant') \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace \
    AND a.attname = 'tenant_id' AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped ORDER BY c.relname";

impl Database {
    /// Puts the wall in front of every table with a tenant column in the main database, or takes it away where it is
    /// switched off. SQLite has no such thing.
    ///
    /// # Errors
    /// The role of the program does not own a table.
    pub(crate) fn wall_in(&self) -> Result<()> {
        if self.backend() != Backend::Postgres {
            return Ok(());
        }
        let mut conn = self.place_blocking(&Placement::Shared, true, ACQUIRE_TIMEOUT)?;
        let wanted = self.tenancy().row_security;
        let tables: Vec<(String, bool)> = Statement::new(TABLES).rows::<(Text, Bool), _>(&mut conn)?;
        for (table, _) in tables.iter().filter(|(_, walled)| *walled != wanted) {
            let sql = if wanted { wall(table) } else { no_wall(table) };
            conn.batch_execute(&sql).map_err(from_diesel)?;
        }
        if wanted && is_unbound(&mut conn)? {
            tracing::warn!(
                "row-level security does not bind this role: it is a superuser or has BYPASSRLS, so that tenants in \
                 shared tables are kept apart by queries alone"
            );
        }
        Ok(())
    }
}

/// One message, which is one transaction. A setting that nobody made compares with nothing; the setting is read once
/// per statement and not once per row.
fn wall(table: &str) -> String {
    let whose = format!(
        "tenant_id = (SELECT nullif(nullif(current_setting('{SETTING}', true), ''), '{ALL}')::uuid) \
         OR (SELECT current_setting('{SETTING}', true)) = '{ALL}'"
    );
    format!(
        "DROP POLICY IF EXISTS {POLICY} ON \"{table}\"; \
         CREATE POLICY {POLICY} ON \"{table}\" USING ({whose}) WITH CHECK ({whose}); \
         ALTER TABLE \"{table}\" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
    )
}

fn no_wall(table: &str) -> String {
    format!(
        "DROP POLICY IF EXISTS {POLICY} ON \"{table}\"; \
         ALTER TABLE \"{table}\" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;"
    )
}

fn is_unbound(conn: &mut Conn) -> Result<bool> {
    let sql = Statement::new("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user");
    let rows: Vec<(bool,)> = sql.rows::<(Bool,), _>(conn)?;
    Ok(rows.first().is_some_and(|(unbound,)| *unbound))
}
