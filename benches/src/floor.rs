//! The floor: bare axum and diesel with the same statements, a pool of the same kind, and the same thread hop.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use codexion::core::{Currency, Id, Money, TenantId, Timestamp};
use codexion::data::arg;
use codexion::data::sqltype::Instant;
use deadpool::managed::{Metrics, Pool, RecycleResult};
use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::Serialize;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::place::CONNECTIONS;
use crate::product::{Product, bench_products};

/// Records of a list.
const PAGE: i64 = 100;

/// A time as this file reads it.
#[derive(Debug, Clone, Copy, FromSqlRow)]
struct At(Timestamp);

impl FromSql<Instant, Sqlite> for At {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        <Timestamp as FromSql<Instant, Sqlite>>::from_sql(value).map(Self)
    }
}

impl FromSql<Instant, Pg> for At {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Timestamp as FromSql<Instant, Pg>>::from_sql(value).map(Self)
    }
}

/// What both sides answer.
#[derive(Debug, Serialize)]
struct FloorProduct {
    id: Uuid,
    sku: String,
    name: String,
    price: FloorMoney,
    box_size: i32,
    active: bool,
    notes: Option<String>,
    version: i64,
    created_at: String,
    created_by: Uuid,
    updated_at: String,
    updated_by: Uuid,
}

#[derive(Debug, Serialize)]
struct FloorMoney {
    amount: String,
    currency: String,
}

type Row = (Uuid, String, String, i64, String, i32, bool, Option<String>, i64, At, Uuid, At, Uuid);

fn shaped(row: Row) -> FloorProduct {
    let (id, sku, name, minor, currency, box_size, active, notes, version, created, created_by, updated, updated_by) =
        row;
    let amount = Money::from_minor(minor, Currency::parse(&currency).unwrap_or(Currency::EUR)).to_decimal();
    FloorProduct {
        id,
        sku,
        name,
        price: FloorMoney { amount: amount.to_string(), currency },
        box_size,
        active,
        notes,
        version,
        created_at: created.0.to_string(),
        created_by,
        updated_at: updated.0.to_string(),
        updated_by,
    }
}

/// What a handler of the floor knows.
struct Floor<M: deadpool::managed::Manager> {
    pool: Pool<M>,
    tenant: TenantId,
    token: String,
}

impl<M: deadpool::managed::Manager> Floor<M> {
    fn admits(&self, headers: &HeaderMap) -> bool {
        let sent = headers.get("authorization").and_then(|v| v.to_str().ok()?.strip_prefix("Bearer ")).unwrap_or("");
        sent.as_bytes().ct_eq(self.token.as_bytes()).into()
    }
}

macro_rules! floor {
    ($name:ident, $manager:ident, $conn:ty, $setup:literal) => {
        /// Opens connections of one kind.
        #[derive(Debug)]
        struct $manager(String);

        impl deadpool::managed::Manager for $manager {
            type Type = $conn;
            type Error = String;

            async fn create(&self) -> Result<$conn, String> {
                let mut conn = <$conn>::establish(&self.0).map_err(|e| e.to_string())?;
                conn.batch_execute($setup).map_err(|e| e.to_string())?;
                Ok(conn)
            }

            async fn recycle(&self, _: &mut $conn, _: &Metrics) -> RecycleResult<String> {
                Ok(())
            }
        }

        /// The floor on this database.
        ///
        /// # Panics
        /// When the pool can't be made.
        pub(crate) fn $name(url: &str, tenant: TenantId, token: &str) -> Router {
            let url = url.strip_prefix("sqlite:").unwrap_or(url).to_owned();
            let pool = Pool::builder($manager(url)).max_size(CONNECTIONS).build().unwrap_or_else(|e| panic!("{e}"));
            let floor = Arc::new(Floor { pool, tenant, token: token.to_owned() });
            type Known = State<Arc<Floor<$manager>>>;

            async fn one(State(floor): Known, headers: HeaderMap, Path(id): Path<Uuid>) -> Response {
                if !floor.admits(&headers) {
                    return StatusCode::UNAUTHORIZED.into_response();
                }
                let Ok(mut conn) = floor.pool.get().await else {
                    return StatusCode::SERVICE_UNAVAILABLE.into_response();
                };
                let tenant = floor.tenant;
                let found = tokio::task::spawn_blocking(move || {
                    bench_products::table
                        .filter(bench_products::tenant_id.eq(arg(tenant)))
                        .filter(bench_products::id.eq(arg(Id::<Product>::from_uuid(id))))
                        .select(columns())
                        .get_result::<Row>(&mut *conn)
                });
                match found.await {
                    Ok(Ok(row)) => Json(shaped(row)).into_response(),
                    _ => StatusCode::NOT_FOUND.into_response(),
                }
            }

            async fn list(State(floor): Known, headers: HeaderMap) -> Response {
                if !floor.admits(&headers) {
                    return StatusCode::UNAUTHORIZED.into_response();
                }
                let Ok(mut conn) = floor.pool.get().await else {
                    return StatusCode::SERVICE_UNAVAILABLE.into_response();
                };
                let tenant = floor.tenant;
                let found = tokio::task::spawn_blocking(move || {
                    bench_products::table
                        .filter(bench_products::tenant_id.eq(arg(tenant)))
                        .order(bench_products::id)
                        .limit(PAGE + 1)
                        .select(columns())
                        .load::<Row>(&mut *conn)
                });
                match found.await {
                    Ok(Ok(mut rows)) => {
                        rows.truncate(100);
                        let items: Vec<_> = rows.into_iter().map(shaped).collect();
                        Json(Items { items }).into_response()
                    }
                    _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
                }
            }

            Router::new().route("/products/{id}", get(one)).route("/products", get(list)).with_state(floor)
        }
    };
}

#[derive(Debug, Serialize)]
struct Items {
    items: Vec<FloorProduct>,
}

type Columns = (
    bench_products::id,
    bench_products::sku,
    bench_products::name,
    bench_products::price,
    bench_products::price_currency,
    bench_products::box_size,
    bench_products::active,
    bench_products::notes,
    bench_products::version,
    bench_products::created_at,
    bench_products::created_by,
    bench_products::updated_at,
    bench_products::updated_by,
);

fn columns() -> Columns {
    use bench_products as t;
    (
        t::id,
        t::sku,
        t::name,
        t::price,
        t::price_currency,
        t::box_size,
        t::active,
        t::notes,
        t::version,
        t::created_at,
        t::created_by,
        t::updated_at,
        t::updated_by,
    )
}

floor!(
    floor_sqlite,
    SqliteManager,
    SqliteConnection,
    "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA cache_size = -16384;"
);
floor!(floor_postgres, PostgresManager, PgConnection, "SET TIME ZONE 'UTC'");
