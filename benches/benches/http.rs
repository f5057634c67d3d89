//! One record and a list of 100 through the whole service, in process, against bare axum and diesel.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]

use std::hint::black_box;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use benches::{Place, Product, Ratio, floor_postgres, floor_sqlite, places, print_ratios, product};
use codexion::DEVELOPMENT_TENANT;
use codexion::core::{Error, Manifest, Module, Registrar};
use codexion::data::{DataRegistrar, Entity, RegisterMigrations, Repository, create_table_sql};
use codexion::web::{DevToken, DevelopmentAuthenticator, WebConfig, WebRegistrar, WebServer};
use criterion::{Criterion, Throughput};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// Records in the table.
const RECORDS: u32 = 10_000;

struct Shop;

impl Module for Shop {
    fn manifest(&self) -> Manifest {
        Manifest::new("shop", "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        m.migration("0001_products", create_table_sql(Product::META), "DROP TABLE bench_products");
        m.config::<WebConfig>().repository::<Product>().rest::<Product>("/products");
    }
}

/// Both services over one filled database, with a record's id and the token.
fn services(place: &Place) -> Result<(Router, Router, String, String), Error> {
    let (assembled, db) = place.application(|app| app.module(Shop));
    let all: Vec<Product> = (0..RECORDS).map(product).collect();
    Place::work(&db, DEVELOPMENT_TENANT).write_blocking(|tx| Product::insert_many(tx, &all))?;
    let (token, _) = DevToken::load_or_create(&std::env::temp_dir().join("cortex-bench-token"))?;
    let text = token.expose().to_owned();
    let config = assembled.container().get::<WebConfig>()?;
    let server = WebServer {
        title: "bench",
        version: "1.0.0",
        container: assembled.container(),
        database: db,
        authenticator: Arc::new(DevelopmentAuthenticator::new(token, DEVELOPMENT_TENANT)),
        config: &config,
    };
    let ours = server.build()?.router();
    let floor = match place.kind {
        "sqlite" => floor_sqlite(&place.url, DEVELOPMENT_TENANT, &text),
        _ => floor_postgres(&place.url, DEVELOPMENT_TENANT, &text),
    };
    let id = all.get(5_000).map(|p| p.id.to_string()).unwrap_or_default();
    Ok((ours, floor, id, text))
}

async fn get(service: Router, path: String, token: String) -> usize {
    let request = Request::get(path).header("authorization", format!("Bearer {token}")).body(Body::empty());
    let response = service.oneshot(request.expect("a request")).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body().collect().await.expect("a body").to_bytes().len()
}

fn measure(criterion: &mut Criterion, place: &Place, ratios: &mut Vec<Ratio>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let (ours, floor, id, token) = services(place).expect("services");
    let kinds = [
        ("one", format!("/api/v1/shop/products/{id}"), format!("/products/{id}")),
        ("list100", "/api/v1/shop/products?limit=100".to_owned(), "/products".to_owned()),
    ];
    for (what, our_path, floor_path) in kinds {
        let name = format!("http_{what}_{}", place.kind);
        let mut group = criterion.benchmark_group(&name);
        group.throughput(Throughput::Elements(1));
        for (side, service, path) in [("ours", &ours, &our_path), ("floor", &floor, &floor_path)] {
            group.bench_function(side, |b| {
                b.to_async(&runtime).iter(|| black_box(get(service.clone(), path.clone(), token.clone())));
            });
        }
        group.finish();
        let what = format!("GET {what}, {}", place.kind);
        let (ours, floor) = (format!("{name}/ours"), format!("{name}/floor"));
        ratios.push(Ratio { what, ours, floor, goal: ">= 0.85x throughput" });
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut ratios = Vec::new();
    for place in places() {
        measure(&mut criterion, &place, &mut ratios);
    }
    criterion.final_summary();
    print_ratios(&ratios);
}
