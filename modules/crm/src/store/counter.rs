//! Numbers of documents, in the order in which they are confirmed.

use codexion::data::Statement;
use codexion::prelude::{Error, Execute, Id, Repository, Result, Tx};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;

/// The last number of a kind of document.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_counters", tenant)]
pub(crate) struct Counter {
    /// Its id.
    pub(crate) id: Id<Counter>,
    /// What the numbers begin with.
    #[field(unique, max_len = 8)]
    pub(crate) kind: String,
    /// The last number given.
    pub(crate) last: i64,
}

/// The next number of a kind: `SO-000042`. Its row stays locked until the commit, so take it late; a unit of work
/// that fails leaves no gap, but nothing here depends on that.
///
/// # Errors
/// The database refuses a statement.
pub(crate) fn next_number(tx: &mut Tx, kind: &str) -> Result<String> {
    let mut last = advance(tx, kind)?;
    if last.is_none() {
        begin(tx, kind)?;
        last = advance(tx, kind)?;
    }
    let last = last.ok_or_else(|| Error::internal("crm.counter", "a series of numbers could not be begun"))?;
    Ok(format!("{kind}-{last:06}"))
}

#[derive(QueryableByName)]
struct Advanced {
    #[diesel(sql_type = BigInt)]
    last: i64,
}

fn advance(tx: &mut Tx, kind: &str) -> Result<Option<i64>> {
    let mut sql = Statement::new("UPDATE crm_counters SET last = last + 1 WHERE tenant_id = ");
    sql.bind(tx.tenant()).push(" AND kind = ").bind(kind).push(" RETURNING last");
    Ok(sql.rows::<Advanced>(tx)?.pop().map(|row| row.last))
}

/// Two units of work may begin a series at the same time; one of them does.
fn begin(tx: &mut Tx, kind: &str) -> Result<()> {
    let mut sql = Statement::new("INSERT INTO crm_counters (tenant_id, id, kind, last) VALUES (");
    sql.bind(tx.tenant()).push(", ").bind(tx.new_id::<Counter>()).push(", ").bind(kind);
    sql.push(", 0) ON CONFLICT (tenant_id, kind) DO NOTHING");
    Execute::run(sql, tx)?;
    Ok(())
}
