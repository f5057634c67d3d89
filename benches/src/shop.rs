//! One entity over HTTP: our whole service and the floor, over the same filled database.
#![expect(clippy::missing_panics_doc, reason = "a benchmark that can't be set up stops, and says why")]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use codexion::DEVELOPMENT_TENANT;
use codexion::core::{Application, Error, Manifest, Module, Registrar, SystemClock};
use codexion::data::{
    AllowAll, Data, DataRegistrar, Database, DatabaseOptions, Entity, RegisterMigrations, Repository, create_table_sql,
};
use codexion::web::{DevToken, DevelopmentAuthenticator, WebConfig, WebRegistrar, WebServer};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::floor::{floor_postgres, floor_sqlite};
use crate::place::Place;
use crate::product::{Product, product};

/// The module with the products.
#[derive(Debug, Clone, Copy)]
pub struct Shop;

impl Module for Shop {
    fn manifest(&self) -> Manifest {
        Manifest::new("shop", "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        m.migration("0001_products", create_table_sql(Product::META), "DROP TABLE bench_products");
        m.config::<WebConfig>().repository::<Product>().rest::<Product>("/products");
    }
}

/// More requests per second than one client of a benchmark sends.
const RATE: u32 = 100_000_000;

/// One service, and how it is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    router: Router,
    token: String,
    /// The path of one record.
    pub one: String,
    /// The path of a list of 100.
    pub list: String,
}

impl Asked {
    /// Ours and the floor, over a database with so many records.
    ///
    /// # Errors
    /// The database can't be filled.
    pub fn both(place: &Place, records: u32) -> Result<(Self, Self), Error> {
        let (assembled, db) = place.application(|app| app.module(Shop));
        let all: Vec<Product> = (0..records).map(product).collect();
        Place::work(&db, DEVELOPMENT_TENANT).write_blocking(|tx| Product::insert_many(tx, &all))?;
        let (secret, _) = DevToken::load_or_create(&std::env::temp_dir().join("cortex-bench-token"))?;
        let token = secret.expose().to_owned();
        let config = assembled.container().get::<WebConfig>()?;
        // Every request is counted, and none is refused.
        let config = WebConfig { rate: RATE, burst: RATE, ..WebConfig::clone(&config) };
        let server = WebServer {
            title: "bench",
            version: "1.0.0",
            container: assembled.container(),
            database: db,
            authenticator: Arc::new(DevelopmentAuthenticator::new(secret, DEVELOPMENT_TENANT)),
            config: &config,
        };
        let ours = server.build()?.router();
        let floor = match place.kind {
            "sqlite" => floor_sqlite(&place.url, DEVELOPMENT_TENANT, &token),
            _ => floor_postgres(&place.url, DEVELOPMENT_TENANT, &token),
        };
        let id = all.get(all.len() / 2).map(|p| p.id.to_string()).unwrap_or_default();
        let (one, list) = (format!("/api/v1/shop/products/{id}"), "/api/v1/shop/products?limit=100".to_owned());
        let ours = Self { router: ours, token: token.clone(), one, list };
        let (one, list) = (format!("/products/{id}"), "/products".to_owned());
        Ok((ours, Self { router: floor, token, one, list }))
    }

    /// Asks for `path`; answers the length of the body.
    pub async fn get(&self, path: &str) -> usize {
        let request = Request::get(path).header("authorization", format!("Bearer {}", self.token)).body(Body::empty());
        let request = request.unwrap_or_else(|e| panic!("{e}"));
        let Ok(response) = self.router.clone().oneshot(request).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().collect().await.unwrap_or_else(|e| panic!("{e}")).to_bytes().len()
    }
}

/// From nothing to a started application on the database at `url`, and back.
pub async fn boot(url: &str) {
    let options = DatabaseOptions { url: url.to_owned(), connections: 4 };
    let db = Database::open(&options, Arc::new(SystemClock)).unwrap_or_else(|e| panic!("{e:?}"));
    let data = Data::new(&db).guarded(Arc::new(AllowAll));
    let assembled = Application::new().base(data).module(Shop).assemble().unwrap_or_else(|e| panic!("{e:?}"));
    let running = assembled.start().await.unwrap_or_else(|e| panic!("{e:?}"));
    running.shutdown().await.unwrap_or_else(|e| panic!("{e:?}"));
}
