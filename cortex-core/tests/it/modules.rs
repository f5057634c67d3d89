//! Modules: order, what does not fit, contributions, settings and the switch per tenant.

use std::sync::Arc;

use cortex_core::{
    Application, Assembled, Config, Contributions, Health, HealthCheck, HealthKind, HealthStatus, Id, Kind, Manifest,
    Module, ModuleName, ModuleNeed, ModuleSwitch, Modules, Permission, Probe, Registers, Registrar, Result, Setting,
    SettingInfo, async_trait,
};

/// A module of which only the manifest matters.
struct Bare(Manifest);

impl Module for Bare {
    fn manifest(&self) -> Manifest {
        self.0
    }

    fn register(&self, m: &mut Registrar) {
        m.contribute(self.0.version);
    }
}

fn bare(name: &'static str, needs: &'static [ModuleNeed]) -> Bare {
    Bare(Manifest::new(name, "1.2.0").needs(needs))
}

fn names(app: &Assembled) -> Vec<&'static str> {
    app.modules().iter().map(|manifest| manifest.name.as_str()).collect()
}

#[track_caller]
fn refused(application: Application, expected: &[&str]) {
    let error = application.assemble().unwrap_err();
    let problems: Vec<_> = error.message().lines().filter_map(|line| line.strip_prefix("  - ")).collect();
    assert_eq!(problems, expected);
    assert_eq!((error.kind(), error.code()), (Kind::Config, "modules.plan"));
}

const NEEDS_FLEET: &[ModuleNeed] = &[ModuleNeed::new("fleet", ">=1, <2")];
const NEEDS_SHOP: &[ModuleNeed] = &[ModuleNeed::new("shop", "*")];
const NEEDS_STRANGERS: &[ModuleNeed] = &[ModuleNeed::new("nobody", ">=1"), ModuleNeed::new("fleet", ">=2")];
const BAD_RANGE: &[ModuleNeed] = &[ModuleNeed::new("fleet", "about 2")];

#[test]
fn order_comes_from_needs_then_names() {
    let app = Application::new()
        .edge(bare("api", &[]))
        .module(bare("zoo", &[]))
        .module(bare("ant", NEEDS_SHOP))
        .module(bare("shop", NEEDS_FLEET))
        .module(bare("fleet", &[]))
        .base(bare("store", &[]))
        .assemble()
        .unwrap();
    assert_eq!(names(&app), ["store", "fleet", "shop", "ant", "zoo", "api"]);
    let follows = |a, b| app.modules().follows(ModuleName::new(a), ModuleName::new(b));
    assert!(follows("ant", "fleet") && follows("zoo", "store") && follows("api", "zoo"));
    assert!(!follows("fleet", "ant") && !follows("zoo", "ant"));
}

#[test]
fn optional_needs_order_what_is_there() {
    let after_zoo = Bare(Manifest::new("ant", "1.0.0").optional(const { &[ModuleNeed::new("zoo", "*")] }));
    let app = Application::new().module(after_zoo).module(bare("zoo", &[])).assemble().unwrap();
    assert_eq!(names(&app), ["zoo", "ant"]);
    let alone = Bare(Manifest::new("ant", "1.0.0").optional(const { &[ModuleNeed::new("zoo", "*")] }));
    assert_eq!(names(&Application::new().module(alone).assemble().unwrap()), ["ant"]);
}

#[test]
fn everything_that_does_not_fit_is_named_together() {
    refused(
        Application::new()
            .module(bare("fleet", &[]))
            .module(bare("fleet", &[]))
            .module(bare("Ant Farm", &[]))
            .module(Bare(Manifest::new("old", "one")))
            .module(bare("zoo", NEEDS_STRANGERS))
            .module(bare("sea", BAD_RANGE)),
        &[
            "two modules are named `fleet`",
            "`Ant Farm` is not a module name; names are lower case letters, digits, `-` and `_`",
            "`one` of module `old` is not a version; versions look like `1.4.0`",
            "module `zoo` needs `nobody >=1`, which is not in the list of modules",
            "module `zoo` needs `fleet >=2`, but the list has version 1.2.0",
            "module `sea` needs `fleet about 2`, which is not a range; ranges look like `>=1, <2`",
        ],
    );
}

#[test]
fn a_ring_of_modules_is_named() {
    const NEEDS_ANT: &[ModuleNeed] = &[ModuleNeed::new("ant", "*")];
    refused(
        Application::new()
            .module(bare("fleet", NEEDS_ANT))
            .module(bare("ant", NEEDS_SHOP))
            .module(bare("shop", NEEDS_FLEET))
            .module(bare("above", NEEDS_SHOP)),
        &["modules need each other in a ring: shop -> fleet -> ant -> shop"],
    );
}

// What a module says.

const LATE_FEE: Setting<u32> = Setting::new("fleet.late_fee", "Percent that is charged after 30 days", || 5);

struct Garage;

#[async_trait]
impl HealthCheck for Garage {
    fn name(&self) -> &str {
        "garage"
    }

    async fn check(&self) -> Result<Probe> {
        Ok(Probe::warn("nearly full"))
    }
}

/// Vehicles and who drives them.
#[derive(Module)]
#[module(
    name = "fleet",
    needs = ["finance >=1, <2"],
    optional = ["crm"],
    migrations = "tests/it/migrations",
    crate = cortex_core
)]
struct Fleet;

impl Registers for Fleet {
    fn register(&self, m: &mut Registrar) {
        m.permission("fleet.sell", "Sell vehicles")
            .permission("fleet.buy", "Buy vehicles")
            .setting(&LATE_FEE)
            .instance(Arc::new(Garage))
            .health_of::<Garage>();
    }
}

fn fleet() -> Assembled {
    Application::new().module(Fleet).module(bare("finance", &[])).assemble().unwrap()
}

#[test]
fn the_derived_manifest_says_what_the_attribute_says() {
    let manifest = Fleet.manifest();
    assert_eq!(manifest.name.as_str(), "fleet");
    assert_eq!(manifest.about, "Vehicles and who drives them.");
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.needs, [ModuleNeed::new("finance", ">=1, <2")]);
    assert_eq!(manifest.optional, [ModuleNeed::new("crm", "*")]);
}

#[test]
fn migrations_are_embedded_in_order() {
    let migrations = Fleet.manifest().migrations;
    let names: Vec<_> = migrations.iter().map(|migration| migration.name).collect();
    assert_eq!(names, ["0001_vehicles", "0002_prices"]);
    assert_eq!(migrations[0].up, "CREATE TABLE fleet_vehicles (id uuid PRIMARY KEY);\n");
    assert_eq!(migrations[0].down, "DROP TABLE fleet_vehicles;\n");
    assert_eq!(migrations[0].up_sqlite, None);
    assert_eq!(migrations[1].up_sqlite, Some("PRAGMA user_version = 2;\n"));
    assert_eq!(migrations[1].down_postgres, Some("SELECT 2;\n"));
}

#[test]
fn contributions_are_lists_by_type() {
    let app = fleet();
    let permissions: Vec<_> =
        app.contributions().of::<Permission>().map(|(by, p)| format!("{by} {}", p.name)).collect();
    assert_eq!(permissions, ["fleet fleet.sell", "fleet fleet.buy"]);
    let versions: Vec<_> =
        app.contributions().of::<&'static str>().map(|(by, version)| (by.as_str(), *version)).collect();
    assert_eq!(versions, [("finance", "1.2.0")]);
    assert_eq!(app.contributions().of::<u8>().count(), 0);
    let injected = app.container().get::<Contributions>().unwrap();
    assert!(Arc::ptr_eq(&injected, app.contributions()));
}

#[test]
fn settings_are_typed_and_listed() {
    let app = fleet();
    let (by, info): (_, &SettingInfo) = app.contributions().of().next().unwrap();
    assert_eq!((by.as_str(), info.name, info.default.clone()), ("fleet", "fleet.late_fee", serde_json::json!(5)));
    let error = info.check(&serde_json::json!("a lot")).unwrap_err();
    assert!(error.message().starts_with("`\"a lot\"` is not a value of the setting `fleet.late_fee`: "), "{error}");
    assert_eq!(LATE_FEE.read(Some(&LATE_FEE.write(&7).unwrap())).unwrap(), 7);
    assert_eq!(LATE_FEE.read(None).unwrap(), 5);
}

#[tokio::test]
async fn health_is_put_together_from_what_modules_provide() {
    let report = fleet().container().get::<Health>().unwrap().run(HealthKind::Ready).await;
    assert_eq!(report.status(), HealthStatus::Degraded);
}

/// A section that two modules read.
#[derive(Debug, Config)]
#[config(key = "fleet", crate = cortex_core)]
struct FleetConfig {
    #[config(default = 10)]
    vehicles: u32,
}

struct Reader(&'static str);

impl Module for Reader {
    fn manifest(&self) -> Manifest {
        Manifest::new(self.0, "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        m.config::<FleetConfig>();
    }
}

#[test]
fn a_section_is_provided_from_the_configuration() {
    let config = Config::builder().set("fleet.vehicles=3").load().unwrap();
    let app = Application::new().module(Reader("a")).module(Reader("b")).config(config).assemble().unwrap();
    assert_eq!(app.container().get::<FleetConfig>().unwrap().vehicles, 3);
    let app = Application::new().module(Reader("a")).assemble().unwrap();
    assert_eq!(app.container().get::<FleetConfig>().unwrap().vehicles, 10);
}

#[test]
fn a_wrong_configuration_stops_the_start() {
    let config = Config::builder().set("fleet.vehicles=many").set("fleet.colour=red").load().unwrap();
    let error = Application::new().module(Reader("a")).config(config).assemble().unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    assert!(error.message().contains("vehicles") && error.message().contains("colour"), "{error}");
}

// The switch.

fn switch() -> (Assembled, Arc<ModuleSwitch>) {
    let app = Application::new()
        .base(bare("store", &[]))
        .module(bare("fleet", &[]))
        .module(bare("shop", NEEDS_FLEET))
        .assemble()
        .unwrap();
    let switch = app.container().get::<ModuleSwitch>().unwrap();
    (app, switch)
}

#[test]
fn a_module_is_switched_off_for_one_tenant() {
    let (_, switch) = switch();
    let (shop, one, two) = (ModuleName::new("shop"), Id::new(), Id::new());
    switch.disable("shop", one).unwrap();
    assert!(!switch.is_enabled(shop, one) && switch.is_enabled(shop, two));
    switch.enable("shop", one).unwrap();
    assert!(switch.is_enabled(shop, one));
}

#[test]
fn needs_are_kept_when_switching() {
    let (_, switch) = switch();
    let tenant = Id::new();
    let message = |result: Result<(), cortex_core::SwitchError>| result.unwrap_err().to_string();
    assert_eq!(message(switch.disable("fleet", tenant)), "`shop` needs `fleet`");
    assert_eq!(message(switch.disable("store", tenant)), "`store` is part of the framework and cannot be switched");
    assert_eq!(message(switch.enable("zoo", tenant)), "there is no module `zoo`");
    switch.disable("shop", tenant).unwrap();
    switch.disable("fleet", tenant).unwrap();
    assert_eq!(message(switch.enable("shop", tenant)), "`shop` needs `fleet`, which is disabled");
}

#[test]
fn what_is_switched_off_is_kept_and_loaded() {
    let (app, switch) = switch();
    let tenant = Id::new();
    switch.disable("shop", tenant).unwrap();
    let kept = switch.disabled();
    let next = ModuleSwitch::new(&app.container().get::<Modules>().unwrap());
    next.load(kept.iter().map(|(tenant, module)| (*tenant, module.as_str())).chain([(tenant, "sold")]));
    assert_eq!(next.disabled(), kept);
    assert!(!next.is_enabled(ModuleName::new("shop"), tenant));
}
