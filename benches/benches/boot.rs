//! From nothing to a started application on SQLite whose data is there already.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]

use benches::{Product, places, product};
use codexion::core::{Application, Manifest, Module, Registrar, TenantId};
use codexion::data::{
    AllowAll, Data, DataRegistrar, Database, DatabaseOptions, Entity, RegisterMigrations, Repository, create_table_sql,
};
use codexion::web::{WebConfig, WebRegistrar};
use criterion::Criterion;
use std::sync::Arc;

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

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut criterion = Criterion::default().configure_from_args();
    for place in places() {
        let (_, db) = place.application(|app| app.module(Shop));
        let work = benches::Place::work(&db, TenantId::new());
        work.write_blocking(|tx| Product::insert(tx, &product(1))).expect("a product");
        criterion.bench_function(&format!("boot_{}", place.kind), |b| {
            b.to_async(&runtime).iter(|| async {
                let options = DatabaseOptions { url: place.url.clone(), connections: 4 };
                let db = Database::open(&options, Arc::new(codexion::core::SystemClock)).expect("a database");
                let data = Data::new(&db).guarded(Arc::new(AllowAll));
                let assembled = Application::new().base(data).module(Shop).assemble().expect("an application");
                let running = assembled.start().await.expect("a started application");
                running.shutdown().await.expect("a clean end");
            });
        });
    }
    criterion.final_summary();
}
