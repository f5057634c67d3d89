//! Numbers of documents, in the order in which they are confirmed.

use codexion::data::Statement;
use codexion::prelude::{Execute, Id, Repository, Result, Tx};
use diesel::prelude::{ExpressionMethods, QueryDsl};

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
    if !advance(tx, kind)? {
        begin(tx, kind)?;
        advance(tx, kind)?;
    }
    let last: i64 = Counter::query(tx).filter(crm_counters::kind.eq(kind)).select(crm_counters::last).row(tx)?;
    Ok(format!("{kind}-{last:06}"))
}

fn advance(tx: &mut Tx, kind: &str) -> Result<bool> {
    let counter = crm_counters::table.filter(Counter::scope(tx)).filter(crm_counters::kind.eq(kind));
    Ok(diesel::update(counter).set(crm_counters::last.eq(crm_counters::last + 1)).run(tx)? > 0)
}

/// Two units of work may begin a series at the same time; one of them does.
fn begin(tx: &mut Tx, kind: &str) -> Result<()> {
    let mut sql = Statement::new("INSERT INTO crm_counters (tenant_id, id, kind, last) VALUES (");
    sql.bind(tx.tenant()).push(", ").bind(tx.new_id::<Counter>()).push(", ").bind(kind);
    sql.push(", 0) ON CONFLICT (tenant_id, kind) DO NOTHING");
    Execute::run(sql, tx)?;
    Ok(())
}
