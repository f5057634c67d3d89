//! Authors' own queries: plain diesel that starts from the tenant scope and runs in a unit of work.

use cortex_core::{Result, TenantId};
use diesel::backend::Backend;
use diesel::dsl;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::JoinOnDsl;
use diesel::query_dsl::methods::{ExecuteDsl, FilterDsl, LoadQuery};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType};
use diesel::{JoinTo, RunQueryDsl, Table};

use crate::conn::{Conn, MultiBackend as Db};
use crate::entity::Entity;
use crate::error::from_diesel;
use crate::sqltype::Guid;
use crate::tx::{ReadTx, Tx};

/// `("table"."tenant_id" = ?)`: composes with joins, grouping, subqueries and boxing.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct TenantIs<C> {
    column: C,
    id: TenantId,
}

impl<C: Expression> Expression for TenantIs<C> {
    type SqlType = Bool;
}

impl<C: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for TenantIs<C> {}

impl<C: SelectableExpression<QS>, QS> SelectableExpression<QS> for TenantIs<C> {}

impl<C: ValidGrouping<G>, G> ValidGrouping<G> for TenantIs<C> {
    type IsAggregate = C::IsAggregate;
}

impl<C: QueryId> QueryId for TenantIs<C> {
    type QueryId = TenantIs<C::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}

impl<C, DB> QueryFragment<DB> for TenantIs<C>
where
    DB: Backend + HasSqlType<Guid>,
    C: QueryFragment<DB>,
    TenantId: ToSql<Guid, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ");
        out.push_bind_param::<Guid, TenantId>(&self.id)?;
        out.push_sql(")");
        Ok(())
    }
}

/// A type whose rows belong to tenants.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tenant entity",
    label = "its rows have no tenant",
    note = "add `tenant` to `#[repository(...)]`"
)]
pub trait Scoped: Sized {
    /// The diesel table.
    type Table: Table + Default + FilterDsl<TenantIs<Self::TenantColumn>>;
    /// Its column `tenant_id`.
    type TenantColumn: Expression<SqlType = Guid> + Default;

    /// The predicate alone: for updates, deletes, `exists` and aliases.
    fn tenant_scope(tx: &ReadTx) -> TenantIs<Self::TenantColumn> {
        TenantIs { column: Self::TenantColumn::default(), id: tx.tenant() }
    }

    /// The scoped table: everything of plain diesel goes after it.
    fn scoped(tx: &ReadTx) -> Scope<Self> {
        FilterDsl::filter(Self::Table::default(), Self::tenant_scope(tx))
    }
}

/// A table, filtered to the tenant.
pub type Scope<T> = dsl::Filter<<T as Scoped>::Table, TenantIs<<T as Scoped>::TenantColumn>>;

/// The ON clause of a join with the tenant's predicate added.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct ScopedOn<On, C> {
    on: On,
    scope: TenantIs<C>,
}

impl<On: Expression, C> Expression for ScopedOn<On, C> {
    type SqlType = On::SqlType;
}

impl<On: AppearsOnTable<QS>, C: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for ScopedOn<On, C> {}

impl<On, C, DB> QueryFragment<DB> for ScopedOn<On, C>
where
    DB: Backend,
    On: QueryFragment<DB>,
    TenantIs<C>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.on.walk_ast(out.reborrow())?;
        out.push_sql(" AND ");
        self.scope.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// The right side of a join of `L` with the tenant's rows of `R`.
pub type Joined<L, R> = dsl::On<
    <L as JoinTo<<R as Scoped>::Table>>::FromClause,
    ScopedOn<<L as JoinTo<<R as Scoped>::Table>>::OnClause, <R as Scoped>::TenantColumn>,
>;

/// The right side of a join, scoped in its ON clause so that a left join keeps its rows:
/// `Vehicle::query(tx).left_join(joined::<vehicles::table, Branch>(tx))`.
pub fn joined<L, R>(tx: &ReadTx) -> Joined<L, R>
where
    R: Scoped,
    L: JoinTo<R::Table>,
    <L as JoinTo<R::Table>>::FromClause: JoinOnDsl,
{
    let (from, on) = L::join_target(R::Table::default());
    JoinOnDsl::on(from, ScopedOn { on, scope: R::tenant_scope(tx) })
}

/// Holds always, or never where the rows of an external table belong to another tenant.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct OpenTo(bool);

impl Expression for OpenTo {
    type SqlType = Bool;
}

impl<QS> AppearsOnTable<QS> for OpenTo {}

impl<QS> SelectableExpression<QS> for OpenTo {}

impl<G> ValidGrouping<G> for OpenTo {
    type IsAggregate = is_aggregate::Never;
}

// Its text differs, so that no statement may be known by its type alone.
impl QueryId for OpenTo {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend> QueryFragment<DB> for OpenTo {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(if self.0 { "1 = 1" } else { "1 = 0" });
        Ok(())
    }
}

/// An external table, without rows where they are those of another tenant.
pub type OpenRows<T> = dsl::Filter<T, OpenTo>;

/// The external table of `E`: the derive's `query`.
pub fn open_rows<E: Entity, T: Table + Default + FilterDsl<OpenTo>>(tx: &ReadTx) -> OpenRows<T> {
    FilterDsl::filter(T::default(), OpenTo(E::META.is_open_to(tx)))
}

/// Runs a diesel query in a unit of work.
pub trait Execute: Sized {
    /// All rows.
    ///
    /// # Errors
    /// The database refuses the statement.
    fn rows<'q, U>(self, tx: &mut ReadTx) -> Result<Vec<U>>
    where
        Self: LoadQuery<'q, Conn, U>,
    {
        self.internal_load(tx.conn()).and_then(Iterator::collect).map_err(from_diesel)
    }

    /// The first row; a row that is not there is an error.
    ///
    /// # Errors
    /// [`Kind::NotFound`](cortex_core::Kind::NotFound), or the database refuses the statement.
    fn row<'q, U>(self, tx: &mut ReadTx) -> Result<U>
    where
        Self: LoadQuery<'q, Conn, U>,
    {
        match self.maybe_row(tx)? {
            Some(row) => Ok(row),
            None => Err(from_diesel(diesel::result::Error::NotFound)),
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// The database refuses the statement.
    fn maybe_row<'q, U>(self, tx: &mut ReadTx) -> Result<Option<U>>
    where
        Self: LoadQuery<'q, Conn, U>,
    {
        let mut rows = self.internal_load(tx.conn()).map_err(from_diesel)?;
        rows.next().transpose().map_err(from_diesel)
    }

    /// Runs a statement that writes and returns the number of rows it touched.
    ///
    /// # Errors
    /// The database refuses the statement.
    fn run(self, tx: &mut Tx) -> Result<usize>
    where
        Self: RunQueryDsl<Conn> + ExecuteDsl<Conn>,
    {
        RunQueryDsl::execute(self, tx.conn_mut()).map_err(from_diesel)
    }
}

// Only for what is a query: a method of the same name on another type must not be hidden.
impl<Q: QueryFragment<Db>> Execute for Q {}
