//! `data import`, `data export` and `data template`.

use codexion::core::{Clock, Command, Error};
use codexion::data::{Placement, Tenant, TenantStatus};
use cortex_exchange::{DefaultTenant, ExchangeModule};
use cortex_testing::TestApp;

use crate::shop::{Shop, brands, each};

fn run(app: &TestApp, words: &[&str]) -> Result<(), Error> {
    run_as(app, words, &app.tenant().to_string())
}

fn run_as(app: &TestApp, words: &[&str], tenant: &str) -> Result<(), Error> {
    let contributions = app.assembled().contributions();
    let (_, command) = contributions.of::<Command>().find(|(_, command)| command.name() == "data").unwrap();
    let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    words.extend(["--tenant".to_owned(), tenant.to_owned()]);
    let done = command.run(app.container().clone(), words);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(done)
}

#[test]
fn files_come_in_and_go_out() {
    each(|app| {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("in.csv"), "Code;Name\nA;Acme\nB;Bolt\nA;Again\n").unwrap();
        let words =
            ["import", "shop.brand", &path("in.csv"), "--map=Code=code", "--map", "Name=name", "--delimiter", ";"];
        let error = run(app, &words).unwrap_err();
        assert_eq!(error.code(), "exchange.rows", "{error:?}");
        assert!(brands(app).is_empty());
        let report = path("report.json");
        run(app, &[words.as_slice(), &["--skip-bad", "--report", &report]].concat()).unwrap();
        assert_eq!(brands(app).len(), 2, "{}", app.kind());
        let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
        assert_eq!((&report["refused"], &report["errors"][0]["line"]), (&1.into(), &4.into()));
        run(app, &["export", "shop.brand", &path("out.csv"), "--fields", "code,name", "--sort", "code"]).unwrap();
        assert_eq!(std::fs::read_to_string(path("out.csv")).unwrap(), "code,name\nA,Acme\nB,Bolt\n");
        run(app, &["template", "shop.brand", &path("new.csv")]).unwrap();
        assert_eq!(std::fs::read_to_string(path("new.csv")).unwrap(), "code,name\n");
    });
}

#[test]
fn what_fails_leaves_no_file() {
    each(|app| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("out.csv").display().to_string();
        let error = run(app, &["export", "shop.brand", &file, "--fields", "x"]).unwrap_err();
        assert_eq!(error.code(), "exchange.column");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(run(app, &["import", "shop.brand", &file]).unwrap_err().code(), "exchange.file");
        assert_eq!(run(app, &["import", "shop.brand"]).unwrap_err().code(), "exchange.usage");
    });
}

#[test]
fn the_tenant_of_the_installation_is_the_default() {
    TestApp::each(
        |app| {
            app.module(ExchangeModule).module(Shop).setup(|m| {
                m.instance(std::sync::Arc::new(DefaultTenant(codexion::DEVELOPMENT_TENANT)));
            })
        },
        |app| {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("in.csv");
            std::fs::write(&file, "code,name\nA,Acme\n").unwrap();
            let words = ["import".to_owned(), "shop.brand".to_owned(), file.display().to_string()];
            let contributions = app.assembled().contributions();
            let (_, command) = contributions.of::<Command>().find(|(_, command)| command.name() == "data").unwrap();
            let done = command.run(app.container().clone(), words.to_vec());
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(done).unwrap();
            let work = app.work_of(codexion::DEVELOPMENT_TENANT);
            let exported = crate::shop::export_with(
                &work,
                "shop.brand",
                &cortex_exchange::ExportOptions::new(cortex_exchange::Format::Csv),
            );
            assert_eq!(String::from_utf8(exported).unwrap().lines().count(), 2, "{}", app.kind());
        },
    );
}

#[test]
fn the_tenant_is_named_by_its_name_or_its_id() {
    each(|app| {
        let directory = app.database().directory();
        let mut tenant = Tenant::new(app.tenant(), "acme", Placement::Shared, app.clock().now());
        tenant.status = TenantStatus::Active;
        directory.work("test").write_blocking(|tx| directory.insert(tx, &tenant)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("in.csv").display().to_string();
        std::fs::write(&file, "code,name\nA,Acme\n").unwrap();
        run_as(app, &["import", "shop.brand", &file], "acme").unwrap();
        assert_eq!(brands(app).len(), 1, "{}", app.kind());
        let error = run_as(app, &["import", "shop.brand", &file], "nobody").unwrap_err();
        assert_eq!((error.code(), error.message()), ("tenancy.unknown", "there is no tenant `nobody`"));
    });
}
