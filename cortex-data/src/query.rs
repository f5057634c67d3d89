//! Authors' own queries: plain diesel that starts from the tenant scope and runs in a unit of work.

use cortex_core::{CompanyId, Result, TenantId};
use diesel::backend::Backend;
use diesel::dsl;
use diesel::expression::{
    AppearsOnTable, Expression, MixedAggregates, SelectableExpression, ValidGrouping, is_aggregate,
};
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

/// `("table"."tenant_id" = ? AND "table"."company_id" = ?)`: composes as [`TenantIs`] does.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct CompanyIs<T, C> {
    tenant: TenantIs<T>,
    column: C,
    id: CompanyId,
}

impl<T: Expression, C: Expression> Expression for CompanyIs<T, C> {
    type SqlType = Bool;
}

impl<T: AppearsOnTable<QS>, C: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for CompanyIs<T, C> {}

impl<T: SelectableExpression<QS>, C: SelectableExpression<QS>, QS> SelectableExpression<QS> for CompanyIs<T, C> {}

impl<T, C, G> ValidGrouping<G> for CompanyIs<T, C>
where
    T: ValidGrouping<G>,
    C: ValidGrouping<G>,
    T::IsAggregate: MixedAggregates<C::IsAggregate>,
{
    type IsAggregate = <T::IsAggregate as MixedAggregates<C::IsAggregate>>::Output;
}

impl<T: QueryId, C: QueryId> QueryId for CompanyIs<T, C> {
    type QueryId = CompanyIs<T::QueryId, C::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = T::HAS_STATIC_QUERY_ID && C::HAS_STATIC_QUERY_ID;
}

impl<T, C, DB> QueryFragment<DB> for CompanyIs<T, C>
where
    DB: Backend + HasSqlType<Guid>,
    TenantIs<T>: QueryFragment<DB>,
    C: QueryFragment<DB>,
    CompanyId: ToSql<Guid, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.tenant.walk_ast(out.reborrow())?;
        out.push_sql(" AND ");
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ");
        out.push_bind_param::<Guid, CompanyId>(&self.id)?;
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
    type Table: Table + Default + FilterDsl<Self::Predicate>;
    /// What holds its rows to those of the unit of work: [`TenantIs`] or [`CompanyIs`].
    type Predicate: ScopePredicate;

    /// The predicate alone: for updates, deletes, `exists` and aliases.
    fn predicate(tx: &ReadTx) -> Self::Predicate {
        Self::Predicate::of(tx)
    }

    /// The scoped table: everything of plain diesel goes after it.
    fn scoped(tx: &ReadTx) -> Scope<Self> {
        FilterDsl::filter(Self::Table::default(), Self::predicate(tx))
    }
}

/// Holds rows to those that a unit of work may see.
pub trait ScopePredicate: Expression<SqlType = Bool> {
    /// Those of `tx`.
    fn of(tx: &ReadTx) -> Self;
}

impl<C: Expression<SqlType = Guid> + Default> ScopePredicate for TenantIs<C> {
    fn of(tx: &ReadTx) -> Self {
        Self { column: C::default(), id: tx.tenant() }
    }
}

impl<T, C> ScopePredicate for CompanyIs<T, C>
where
    T: Expression<SqlType = Guid> + Default,
    C: Expression<SqlType = Guid> + Default,
{
    fn of(tx: &ReadTx) -> Self {
        Self { tenant: TenantIs::of(tx), column: C::default(), id: tx.company() }
    }
}

/// A table, filtered to the tenant (and the company, where one keeps its rows).
pub type Scope<T> = dsl::Filter<<T as Scoped>::Table, <T as Scoped>::Predicate>;

/// The ON clause of a join with the predicate of the joined side added.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct ScopedOn<On, P> {
    on: On,
    scope: P,
}

impl<On: Expression, P> Expression for ScopedOn<On, P> {
    type SqlType = On::SqlType;
}

impl<On: AppearsOnTable<QS>, P: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for ScopedOn<On, P> {}

impl<On, P, DB> QueryFragment<DB> for ScopedOn<On, P>
where
    DB: Backend,
    On: QueryFragment<DB>,
    P: QueryFragment<DB>,
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

/// The right side of a join of `L` with those rows of `R` that the unit of work may see.
pub type Joined<L, R> = dsl::On<
    <L as JoinTo<<R as Scoped>::Table>>::FromClause,
    ScopedOn<<L as JoinTo<<R as Scoped>::Table>>::OnClause, <R as Scoped>::Predicate>,
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
    JoinOnDsl::on(from, ScopedOn { on, scope: R::predicate(tx) })
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
