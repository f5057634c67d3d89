//! Switches the triggers of a table off while rows come in or go: they guard what people do, and would refuse rows
//! that have been through them already.

use cortex_core::Result;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;

use crate::conn::Conn;
use crate::error::from_diesel;
use crate::statement::Statement;
use crate::tx::Tx;

/// How long PostgreSQL waits for whoever writes to the same table now: everybody else waits behind.
#[cfg(any(feature = "postgres", feature = "postgres-system"))]
const LOCK_WAIT: &str = "SET LOCAL lock_timeout = '10s'";

/// Runs `part` without the table's triggers. They come back before the transaction ends, however it ends.
pub(super) fn without<R>(tx: &mut Tx, table: &str, part: impl FnOnce(&mut Tx) -> Result<R>) -> Result<R> {
    let back = off(tx.conn_mut(), table)?;
    let result = part(tx)?;
    for sql in back {
        tx.conn_mut().batch_execute(&sql).map_err(from_diesel)?;
    }
    Ok(result)
}

/// Switches them off, and answers what switches them on again.
fn off(conn: &mut Conn, table: &str) -> Result<Vec<String>> {
    match conn {
        Conn::Sqlite(_) => {
            let mut sql = Statement::new("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ");
            sql.bind(table);
            let triggers: Vec<(String, String)> = sql.rows::<(Text, Text), _>(conn)?;
            for (name, _) in &triggers {
                conn.batch_execute(&format!("DROP TRIGGER \"{name}\"")).map_err(from_diesel)?;
            }
            Ok(triggers.into_iter().map(|(_, sql)| sql).collect())
        }
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(_) => {
            let mut sql = Statement::new(
                "SELECT t.tgname::text, t.tgenabled::text FROM pg_trigger t WHERE NOT t.tgisinternal \
                 AND t.tgenabled <> 'D' AND t.tgrelid = ",
            );
            sql.bind(format!("\"{table}\"")).push("::text::regclass ORDER BY t.tgname");
            let triggers: Vec<(String, String)> = sql.rows::<(Text, Text), _>(conn)?;
            if triggers.is_empty() {
                return Ok(Vec::new());
            }
            let sql = format!("{LOCK_WAIT}; ALTER TABLE \"{table}\" DISABLE TRIGGER USER");
            conn.batch_execute(&sql).map_err(from_diesel)?;
            let on = |(name, when): (String, String)| {
                let how = match when.as_str() {
                    "A" => "ENABLE ALWAYS",
                    "R" => "ENABLE REPLICA",
                    _ => "ENABLE",
                };
                format!("ALTER TABLE \"{table}\" {how} TRIGGER \"{name}\"")
            };
            // What was put off until the commit would stand in the way of the next statement.
            let checks = std::iter::once("SET CONSTRAINTS ALL IMMEDIATE".to_owned());
            Ok(checks.chain(triggers.into_iter().map(on)).collect())
        }
    }
}
