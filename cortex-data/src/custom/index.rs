//! Indexes on custom fields: wished for in a definition, built by a job, shared by all tenants of a table.
//!
//! One index serves the fields of one name and kind of all tenants in the table, since its expression fails for no
//! value. On PostgreSQL it is built concurrently, before the transaction of the job: it waits for all others. A build
//! that dies leaves an invalid index, which the next attempt finds and drops. On SQLite it is built in the transaction
//! of the job.

use std::collections::BTreeSet;

use cortex_core::{Actor, Cx, Error, Kind, Result};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Bool, Text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::catalogue::{FieldCatalogue, StoredField};
use super::field::{CustomField, IndexState};
use super::{CustomColumn, Part};
use crate::database::{Backend, Database};
use crate::error::from_diesel;
use crate::job::Job;
use crate::meta::Meta;
use crate::module::NOBODY;
use crate::repository::Repository as _;
use crate::statement::Statement;
use crate::tx::{ReadTx, Tx};
use crate::work::Work;

/// Most indexes on custom fields of one table, over all tenants in it.
pub const INDEXES_MAX: usize = 64;
/// How long an index may wait for transactions of others before the attempt fails; the job is tried again later.
/// A number of milliseconds.
const BUILD_WAIT_MAX: u32 = 5_000;
/// The code of the refusal of one index too many.
pub(super) const FULL: &str = "custom.indexes";
/// How the names of all these indexes start.
const PREFIX: &str = "cxf_";

/// What an index is: its name and its statement follow from it.
struct Index {
    table: &'static str,
    name: String,
    columns: Vec<CustomColumn>,
}

impl Index {
    fn of(meta: &'static Meta, field: &CustomField) -> Self {
        // The currency first: amounts compare within one.
        let columns: Vec<_> = [Part::Currency, Part::Value].into_iter().filter_map(|part| field.column(part)).collect();
        let what: Vec<String> = columns.iter().map(|column| column.sql(Backend::Postgres)).collect();
        let digest = Sha256::digest(format!("{}|{}", meta.table, what.join("|")));
        let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let table: String = meta.table.chars().take(40).collect();
        Self { table: meta.table, name: format!("{PREFIX}{table}_{short}"), columns }
    }

    fn create(&self, backend: Backend) -> String {
        let how = if backend == Backend::Postgres { "CONCURRENTLY " } else { "" };
        let what: Vec<String> = self.columns.iter().map(|column| column.sql(backend)).collect();
        format!("CREATE INDEX {how}\"{}\" ON \"{}\" (tenant_id, {}, id)", self.name, self.table, what.join(", "))
    }

    /// Whether it is there, and whether it answers.
    fn state(&self, tx: &mut ReadTx) -> Result<Option<bool>> {
        let mut sql = match tx.backend() {
            Backend::Sqlite => Statement::new("SELECT 1 = 1 FROM sqlite_master WHERE type = 'index' AND tbl_name = "),
            Backend::Postgres => Statement::new(
                "SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                 WHERE i.indrelid = to_regclass(",
            ),
        };
        match tx.backend() {
            Backend::Sqlite => sql.bind(self.table).push(" AND name = ").bind(self.name.as_str()),
            Backend::Postgres => sql.bind(self.table).push(") AND c.relname = ").bind(self.name.as_str()),
        };
        Ok(sql.rows::<(Bool,), (bool,)>(tx.conn())?.pop().map(|(valid,)| valid))
    }
}

/// Asks for the index that a definition wishes; how far it is by now.
pub(super) fn wish(tx: &mut Tx, meta: &'static Meta, field: &CustomField) -> Result<IndexState> {
    if !field.definition.indexed {
        return Ok(IndexState::None);
    }
    let index = Index::of(meta, field);
    if index.state(tx)? == Some(true) {
        return Ok(IndexState::Ready);
    }
    let mut names: BTreeSet<String> = existing(tx, meta)?.into_iter().collect();
    names.extend(wished_by_all(tx, meta, UNBUILT)?);
    if names.len() >= INDEXES_MAX && !names.contains(&index.name) {
        return Err(full(meta));
    }
    tx.enqueue(BuildIndex { entity: meta.table.to_owned(), field: Some(field.definition.name.clone()) });
    Ok(IndexState::Building)
}

fn full(meta: &Meta) -> Error {
    let message = format!(
        "`{}` has {INDEXES_MAX} indexes on custom fields already: every one slows down the writing of all tenants in its table",
        meta.table
    );
    Error::new(Kind::Refused, FULL, message)
        .with_help("give up the index of another field, or move the tenant to a schema or database of its own")
}

/// Gives an index up; it goes when no tenant wishes it any more.
pub(super) fn unwish(tx: &mut Tx, meta: &'static Meta) {
    tx.enqueue(BuildIndex { entity: meta.table.to_owned(), field: None });
}

/// Builds the index of a field; without a field, drops the indexes that no tenant wishes any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BuildIndex {
    entity: String,
    field: Option<String>,
}

impl Job for BuildIndex {
    type Needs = ();
    const NAME: &'static str = "cortex.build_index";
    const PREPARES: bool = true;

    fn prepare(&self, work: &Work) -> Result<()> {
        let Some(meta) = self.entity(work.database()) else { return Ok(()) };
        if work.read_blocking(|tx| Ok(tx.backend()))? == Backend::Sqlite {
            return Ok(());
        }
        let Some(name) = &self.field else { return work.read_blocking(|tx| sweep(tx, meta)) };
        let Some(index) = work.read_blocking(|tx| wanted_index(tx, meta, name))? else { return Ok(()) };
        let built = work.read_blocking(|tx| build_concurrently(tx, meta, &index));
        if let Err(error) = &built {
            work.write_blocking(|tx| note(tx, meta, name, IndexState::Failed, Some(error.message())))?;
        }
        built
    }

    fn run(&self, tx: &mut Tx, (): ()) -> Result<()> {
        let db = tx.database().clone();
        let Some(meta) = self.entity(&db) else { return Ok(()) };
        let Some(name) = &self.field else {
            return if tx.backend() == Backend::Sqlite { sweep(tx, meta) } else { Ok(()) };
        };
        let Some(index) = wanted_index(tx, meta, name)? else { return Ok(()) };
        if tx.backend() == Backend::Sqlite && index.state(tx)?.is_none() {
            tx.conn_mut().batch_execute(&index.create(Backend::Sqlite)).map_err(from_diesel)?;
        }
        note(tx, meta, name, IndexState::Ready, None)
    }
}

impl BuildIndex {
    /// The entity, where this program has it.
    fn entity(&self, db: &Database) -> Option<&'static Meta> {
        db.registry().entities().iter().find(|(_, meta)| meta.table == self.entity).map(|(_, meta)| *meta)
    }
}

/// The index of a field that wishes for one.
fn wanted_index(tx: &mut ReadTx, meta: &'static Meta, name: &str) -> Result<Option<Index>> {
    let set = FieldCatalogue::list(tx, meta)?;
    Ok(set.get(name).filter(|field| field.definition.indexed).map(|field| Index::of(meta, field)))
}

/// Writes down how far the index of a field is.
pub(super) fn note(
    tx: &mut Tx,
    meta: &'static Meta,
    name: &str,
    state: IndexState,
    problem: Option<&str>,
) -> Result<()> {
    let stored = FieldCatalogue::stored(tx, meta, name)?;
    StoredField::update(tx, stored.id, |stored| {
        stored.index_state = state;
        stored.index_problem = problem.map(str::to_owned);
        Ok(())
    })?;
    FieldCatalogue::changed(tx, meta);
    Ok(())
}

/// Builds an index while others read and write. The unit of work reads, so that it has no transaction.
///
/// One process at a time: what looks like the ruin of a failed attempt may be the work of another one.
fn build_concurrently(tx: &mut ReadTx, meta: &'static Meta, index: &Index) -> Result<()> {
    let mut lock = Statement::new("SELECT pg_try_advisory_lock(hashtextextended(");
    lock.bind(index.name.as_str()).push(", 0))");
    if !lock.rows::<(Bool,), (bool,)>(tx.conn())?.pop().is_some_and(|(locked,)| locked) {
        return Err(Error::new(Kind::Unavailable, "custom.index_busy", "another process builds the index now"));
    }
    let built = usable(tx).and_then(|()| replace(tx, meta, index));
    let mut end = Statement::new("SELECT pg_advisory_unlock(hashtextextended(");
    end.bind(index.name.as_str()).push(", 0))");
    end.rows::<(Bool,), (bool,)>(tx.conn()).and(built)
}

/// Row-level security lets an index answer leakproof conditions only, and only a superuser can say that ours are.
fn usable(tx: &mut ReadTx) -> Result<()> {
    if !tx.is_walled() {
        return Ok(());
    }
    let sql = Statement::new(
        "SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) OR bool_and(proleakproof) \
         FROM pg_proc WHERE oid IN ('cortex_number(jsonb, text[])'::regprocedure, \
         'cortex_text(jsonb, text[])'::regprocedure, 'cortex_flag(jsonb, text[])'::regprocedure)",
    );
    if sql.rows::<(Bool,), (bool,)>(tx.conn())?.pop().is_some_and(|(usable,)| usable) {
        return Ok(());
    }
    let message = "row-level security would keep the index from answering: `cortex_number`, `cortex_text` and \
                   `cortex_flag` are not declared leakproof";
    Err(Error::refused("custom.index_walled", message).with_help(
        "have a superuser run `ALTER FUNCTION cortex_number(jsonb, text[]) LEAKPROOF` and the same for the others",
    ))
}

/// Drops what a failed attempt left, and builds.
fn replace(tx: &mut ReadTx, meta: &'static Meta, index: &Index) -> Result<()> {
    let state = index.state(tx)?;
    if state == Some(true) {
        return Ok(());
    }
    if state.is_none() && existing(tx, meta)?.len() >= INDEXES_MAX {
        return Err(full(meta));
    }
    patiently(tx, |tx| {
        if state == Some(false) {
            drop_concurrently(tx, &index.name)?;
        }
        tx.conn().batch_execute(&index.create(Backend::Postgres)).map_err(from_diesel)?;
        // The planner knows nothing of an expression before that.
        tx.conn().batch_execute(&format!("ANALYZE \"{}\"", index.table)).map_err(from_diesel)
    })
}

/// Runs statements that wait for transactions of others no longer than [`BUILD_WAIT_MAX`].
fn patiently(tx: &mut ReadTx, run: impl FnOnce(&mut ReadTx) -> Result<()>) -> Result<()> {
    tx.conn().batch_execute(&format!("SET lock_timeout = {BUILD_WAIT_MAX}")).map_err(from_diesel)?;
    let ran = run(tx);
    tx.conn().batch_execute("RESET lock_timeout").map_err(from_diesel).and(ran)
}

fn drop_concurrently(tx: &mut ReadTx, name: &str) -> Result<()> {
    tx.conn().batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS \"{name}\"")).map_err(from_diesel)
}

/// Drops the indexes of a table that no field of any tenant wishes.
fn sweep(tx: &mut ReadTx, meta: &'static Meta) -> Result<()> {
    let wanted = wished_by_all(tx, meta, "")?;
    for name in existing(tx, meta)? {
        if wanted.contains(&name) {
            continue;
        }
        match tx.backend() {
            Backend::Sqlite => tx.conn().batch_execute(&format!("DROP INDEX \"{name}\"")).map_err(from_diesel)?,
            Backend::Postgres => patiently(tx, |tx| drop_concurrently(tx, &name))?,
        }
    }
    Ok(())
}

/// Fields whose index is not there yet.
const UNBUILT: &str = " AND index_state IN ('building', 'failed')";

/// Names of the indexes that all tenants in the same table wish, as far as their fields satisfy `which`.
fn wished_by_all(tx: &mut ReadTx, meta: &'static Meta, which: &str) -> Result<Vec<String>> {
    let mut names = wished(tx, meta, which)?;
    if tx.is_shared() {
        let everybody = tx.database().work(Cx::new(NOBODY, Actor::system("fields")));
        names.extend(everybody.read_blocking(|tx| wished(tx, meta, which))?);
    }
    Ok(names)
}

/// The same of one tenant, or of all where the unit of work is nobody's.
fn wished(tx: &mut ReadTx, meta: &'static Meta, which: &str) -> Result<Vec<String>> {
    let mut sql = Statement::new("SELECT definition FROM cortex_fields WHERE archived_at IS NULL AND entity = ");
    sql.bind(meta.table).push(which);
    let conn = if tx.tenant() == NOBODY {
        tx.unscoped("an index serves all tenants of its table")
    } else {
        sql.push(" AND tenant_id = ").bind(tx.tenant());
        tx.conn()
    };
    let rows: Vec<(serde_json::Value,)> = sql.rows::<(crate::sqltype::Json,), _>(conn)?;
    let definitions = rows.into_iter().filter_map(|(json,)| serde_json::from_value(json).ok());
    let fields = definitions.filter_map(|definition| CustomField::compile(definition).ok());
    Ok(fields.filter(|field| field.definition.indexed).map(|field| Index::of(meta, &field).name).collect())
}

/// Names of the indexes on custom fields that the table has, whether they answer or not.
fn existing(tx: &mut ReadTx, meta: &'static Meta) -> Result<Vec<String>> {
    let mut sql = match tx.backend() {
        Backend::Sqlite => Statement::new("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = "),
        Backend::Postgres => Statement::new(
            "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass(",
        ),
    };
    sql.bind(meta.table);
    if tx.backend() == Backend::Postgres {
        sql.push(")");
    }
    let rows = sql.rows::<(Text,), (String,)>(tx.conn())?;
    Ok(rows.into_iter().map(|(name,)| name).filter(|name| name.starts_with(PREFIX)).collect())
}
