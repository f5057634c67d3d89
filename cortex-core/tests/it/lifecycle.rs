//! The life of an application: order of stages, what a failure undoes, reports, upgrades and derived providers.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cortex_core::{
    Application, BootError, Command, Container, Error, Kind, Manifest, Module, ModuleName, ModuleNeed, Provider,
    Registrar, Result, Stage, VersionStore, async_trait,
};
use semver::Version;

/// What happened, in order.
#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

const LOGGED: [Stage; 5] = [Stage::Preboot, Stage::Boot, Stage::Ready, Stage::Drain, Stage::Stop];

/// A module that logs every stage, and does more.
struct Part<F>(Manifest, F);

impl<F: Fn(&mut Registrar) + Send + Sync + 'static> Module for Part<F> {
    fn manifest(&self) -> Manifest {
        self.0
    }

    fn register(&self, m: &mut Registrar) {
        self.1(m);
        let name = self.0.name;
        for stage in LOGGED {
            m.at(stage, move |container: Container| async move {
                container.get::<Log>()?.add(format!("{stage} {name}"));
                Ok(())
            });
        }
    }
}

fn part(
    manifest: Manifest,
    register: impl Fn(&mut Registrar) + Send + Sync + 'static,
) -> Part<impl Fn(&mut Registrar) + Send + Sync + 'static> {
    Part(manifest, register)
}

const AFTER_BANK: &[ModuleNeed] = &[ModuleNeed::new("bank", "*")];

fn bank() -> Manifest {
    Manifest::new("bank", "1.0.0")
}

fn agency() -> Manifest {
    Manifest::new("agency", "1.0.0").needs(AFTER_BANK)
}

/// A bank with a connection, and an agency that uses it and does more.
fn application(log: &Arc<Log>, register: impl Fn(&mut Registrar) + Send + Sync + 'static) -> Application {
    let log = Arc::clone(log);
    Application::new()
        .module(part(agency(), move |m| {
            m.provide::<Agent>();
            register(m);
        }))
        .module(part(bank(), |m| {
            m.provide::<Connection>();
        }))
        .setup(move |m| {
            m.instance(log);
        })
}

trait Line: Send + Sync {
    fn call(&self);
}

#[derive(Provider)]
#[provider(singleton, binds = dyn Line, init = connect, stop = close, crate = cortex_core)]
struct Connection {
    log: Arc<Log>,
    #[provider(default)]
    calls: Mutex<u32>,
}

impl Connection {
    async fn connect(&self) -> Result<()> {
        self.log.add("init connection");
        Ok(())
    }

    async fn close(&self) -> Result<()> {
        self.log.add(format!("stop connection after {} calls", self.calls.lock().unwrap()));
        Ok(())
    }
}

impl Line for Connection {
    fn call(&self) {
        *self.calls.lock().unwrap() += 1;
    }
}

#[derive(Provider)]
#[provider(singleton, init, stop, crate = cortex_core)]
struct Agent {
    log: Arc<Log>,
    line: Arc<dyn Line>,
}

impl Agent {
    async fn init(&self) -> Result<()> {
        self.line.call();
        self.log.add("init agent");
        Ok(())
    }

    async fn stop(&self) -> Result<()> {
        self.log.add("stop agent");
        Ok(())
    }
}

async fn failed(application: Application) -> BootError {
    application.assemble().unwrap().start().await.unwrap_err()
}

#[tokio::test]
async fn stages_run_in_need_order_and_back_in_reverse() {
    let log = Arc::new(Log::default());
    let running = application(&log, |_| {}).assemble().unwrap().start().await.unwrap();
    assert_eq!(
        log.take(),
        [
            "preboot bank",
            "preboot agency",
            "init connection",
            "init agent",
            "boot bank",
            "boot agency",
            "ready bank",
            "ready agency"
        ]
    );
    running.until(async {}).await.unwrap();
    assert_eq!(
        log.take(),
        ["drain agency", "drain bank", "stop agency", "stop bank", "stop agent", "stop connection after 1 calls"]
    );
}

#[tokio::test]
async fn a_failed_boot_undoes_what_was_started() {
    let log = Arc::new(Log::default());
    let error = failed(application(&log, |m| {
        m.at(Stage::Boot, |_| async { Err(Error::unavailable("rates", "no rates today").with_help("try tomorrow")) });
    }))
    .await;
    assert_eq!(error.to_string(), "module `agency` failed at boot: no rates today");
    assert_eq!((error.module().as_str(), error.stage()), ("agency", Stage::Boot));
    let error = Error::from(error);
    assert_eq!((error.kind(), error.help()), (Kind::Unavailable, Some("try tomorrow")));
    // The agency had run its preboot, so that it stops too; nobody was ready, so that nobody drains.
    let log = log.take();
    assert_eq!(log[4..], ["boot bank", "stop agency", "stop bank", "stop agent", "stop connection after 1 calls"]);
}

#[tokio::test]
async fn a_module_that_was_not_reached_is_not_stopped() {
    let log = Arc::new(Log::default());
    let app = application(&log, |_| {}).module(part(Manifest::new("atm", "1.0.0"), |m| {
        m.at(Stage::Preboot, |_| async { Err(Error::internal("atm", "no cash")) });
    }));
    let error = failed(app).await;
    assert_eq!(error.to_string(), "module `atm` failed at preboot: no cash");
    assert!(log.take().is_empty());
}

#[tokio::test]
async fn a_failed_init_names_the_provider_and_stops_those_before_it() {
    #[derive(Provider)]
    #[provider(singleton, init, crate = cortex_core)]
    struct Broken {
        #[expect(dead_code, reason = "only the order matters")]
        line: Arc<dyn Line>,
    }
    impl Broken {
        #[expect(clippy::unused_async, reason = "the shape of the hook")]
        async fn init(&self) -> Result<()> {
            Err(Error::unavailable("line", "the line is dead"))
        }
    }
    let log = Arc::new(Log::default());
    let app = Application::new().module(part(bank(), |m| {
        m.provide::<Connection>().provide::<Broken>();
    }));
    let own = Arc::clone(&log);
    let error = failed(app.setup(move |m| {
        m.instance(own);
    }))
    .await;
    assert_eq!(error.to_string(), "module `bank` failed at init of `Broken`: the line is dead");
    assert_eq!(log.take(), ["preboot bank", "init connection", "stop bank", "stop connection after 0 calls"]);
}

#[tokio::test]
async fn a_hook_that_is_late_or_panics_is_a_failed_boot() {
    let log = Arc::new(Log::default());
    let late = failed(application(&log, |m| {
        m.at_within(Stage::Ready, Duration::from_millis(1), |_| pending());
    }))
    .await;
    assert_eq!(late.to_string(), "module `agency` failed at ready: it was not done within 1ms");
    assert_eq!(Error::from(late).kind(), Kind::Timeout);
    let lines = log.take();
    assert!(lines.contains(&"drain bank".to_owned()) && !lines.contains(&"drain agency".to_owned()), "{lines:?}");

    let panicked = failed(application(&log, |m| {
        m.at(Stage::Boot, |_| async { panic!("out of {}", "paper") });
    }))
    .await;
    assert_eq!(panicked.to_string(), "module `agency` failed at boot: it panicked: out of paper");
}

#[tokio::test]
async fn what_fails_while_stopping_does_not_keep_the_rest_from_stopping() {
    let log = Arc::new(Log::default());
    let fails = |m: &mut Registrar| {
        m.at(Stage::Drain, |_| async { Err(Error::internal("drain", "still busy")) })
            .at(Stage::Stop, |_| async { Err(Error::internal("stop", "no keys")) });
    };
    let running = application(&log, fails).assemble().unwrap().start().await.unwrap();
    log.take();
    let error = running.shutdown().await.unwrap_err();
    assert_eq!(
        error.failures(),
        ["module `agency` failed at drain: still busy", "module `agency` failed at stop: no keys"]
    );
    assert_eq!(log.take().len(), 6);

    let error = failed(application(&log, move |m| {
        fails(m);
        m.at(Stage::Boot, |_| async { Err(Error::internal("boot", "no light")) });
    }))
    .await;
    assert_eq!(error.undo_failures(), ["module `agency` failed at stop: no keys"]);
}

#[tokio::test]
async fn the_report_has_a_row_per_stage_and_module_and_names_what_was_changed() {
    let log = Arc::new(Log::default());
    struct Silent;
    impl Line for Silent {
        fn call(&self) {}
    }
    let app = application(&log, |_| {}).overrides(|m| {
        m.replace_instance::<dyn Line>(Arc::new(Silent));
    });
    let running = app.assemble().unwrap().start().await.unwrap();
    let rows: Vec<_> = running.report().rows().iter().map(|row| format!("{} {}", row.stage, row.module)).collect();
    assert_eq!(
        rows,
        ["preboot bank", "preboot agency", "init agency", "boot bank", "boot agency", "ready bank", "ready agency"]
    );
    let table = running.report().to_string();
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), rows.len() + 3);
    assert!(lines[0].starts_with("stage     module") && lines[1].starts_with("preboot   bank "), "{table}");
    assert_eq!(lines.last(), Some(&"`dyn Line` of `bank` replaced by `overrides`"));
    running.shutdown().await.unwrap();
}

#[derive(Default)]
struct Versions(Mutex<BTreeMap<ModuleName, Version>>);

#[async_trait]
impl VersionStore for Versions {
    async fn stored(&self, module: ModuleName) -> Result<Option<Version>> {
        Ok(self.0.lock().unwrap().get(&module).cloned())
    }

    async fn record(&self, module: ModuleName, version: &Version) -> Result<()> {
        self.0.lock().unwrap().insert(module, version.clone());
        Ok(())
    }
}

#[tokio::test]
async fn an_upgrade_runs_once_where_the_stored_version_is_older() {
    let versions = Arc::new(Versions::default());
    let start = async |version: &'static str| {
        let (log, store) = (Arc::new(Log::default()), Arc::clone(&versions));
        let own = Arc::clone(&log);
        let module = part(Manifest::new("bank", version), |m| {
            m.upgrade(|container: Container, stored| async move {
                container.get::<Log>()?.add(format!("upgrade from {stored}"));
                Ok(())
            });
        });
        let app = Application::new().module(module).setup(move |m| {
            m.instance::<dyn VersionStore>(store).instance(own);
        });
        let running = app.assemble().unwrap().start().await.unwrap();
        running.shutdown().await.unwrap();
        log.take().into_iter().filter(|line| line.starts_with("upgrade")).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(start("1.0.0").await, none); // new here: nothing to bring up to date
    assert_eq!(start("1.1.0").await, ["upgrade from 1.0.0"]);
    assert_eq!(start("1.1.0").await, none);
    assert_eq!(start("1.0.5").await, none); // rolled back: the newer data stays as it is
    assert_eq!(versions.0.lock().unwrap()[&ModuleName::new("bank")], Version::new(1, 1, 0));
}

#[tokio::test]
async fn commands_run_with_their_arguments() {
    let log = Arc::new(Log::default());
    let app = application(&log, |m| {
        let import = |container: Container, args: Vec<String>| async move {
            container.get::<Log>()?.add(format!("import {}", args.join(" ")));
            Ok(())
        };
        m.command(Command::new("import", "Read a folder", import).usage("DIR"));
    })
    .assemble()
    .unwrap();
    let (by, command) = app.contributions().of::<Command>().next().unwrap();
    assert_eq!((by.as_str(), command.name(), command.arguments()), ("agency", "import", "DIR"));
    command.run(app.container().clone(), vec!["here".to_owned()]).await.unwrap();
    assert_eq!(log.take(), ["import here"]);
}
