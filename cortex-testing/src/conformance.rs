//! What every module must be, checked for any module in the same way.

mod document;

use std::collections::BTreeSet;

use codexion::core::{Application, EventInfo, ModuleName, Permission};
use codexion::data::{Down, Meta, Migrator};

use crate::app::TestApp;

type Build<'a> = dyn Fn(Application) -> Application + 'a;
type Fill<'a> = dyn Fn(&TestApp, usize) + 'a;

/// The suite for one module.
///
/// ```no_run
/// # use codexion::prelude::*;
/// # use cortex_testing::Conformance;
/// # #[derive(Module)]
/// # #[module(name = "fleet")]
/// # struct Fleet;
/// # impl Registers for Fleet { fn register(&self, _: &mut Registrar) {} }
/// Conformance::of("fleet", |app| app.module(Fleet)).check();
/// ```
///
/// It holds the module to this: its manifest says what it is for; its migrations go up, down and up again; every
/// entity belongs to a tenant and its table has the keys for it; permissions and events are described; the OpenAPI
/// document is sound; every list answers, within the tenant's scope, with as many statements for many records as for
/// few.
pub struct Conformance<'a> {
    module: &'static str,
    build: Box<Build<'a>>,
    fill: Option<Box<Fill<'a>>>,
    shared: &'static [&'static str],
}

impl std::fmt::Debug for Conformance<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Conformance({})", self.module)
    }
}

impl<'a> Conformance<'a> {
    /// The suite for `module` in the application of `build`.
    pub fn of(module: &'static str, build: impl Fn(Application) -> Application + 'a) -> Self {
        Self { module, build: Box::new(build), fill: None, shared: &[] }
    }

    /// The same with a function that writes so many records of everything that lists show: lists must then take as
    /// many statements for many as for few.
    #[must_use]
    pub fn filled_by(mut self, fill: impl Fn(&TestApp, usize) + 'a) -> Self {
        self.fill = Some(Box::new(fill));
        self
    }

    /// The same where these tables belong to no tenant on purpose.
    #[must_use]
    pub fn shared_tables(mut self, tables: &'static [&'static str]) -> Self {
        self.shared = tables;
        self
    }

    /// Runs the suite on every database at hand.
    ///
    /// # Panics
    /// When the module does not conform, with everything that is wrong.
    pub fn check(&self) {
        let run = |app: &TestApp| {
            let mut wrong = Vec::new();
            self.manifest(app, &mut wrong);
            self.entities(app, &mut wrong);
            self.permissions(app, &mut wrong);
            self.events(app, &mut wrong);
            self.lists(app, &mut wrong);
            self.migrations(app, &mut wrong);
            assert!(wrong.is_empty(), "module `{}` on {}:\n- {}", self.module, app.kind(), wrong.join("\n- "));
        };
        TestApp::each(&self.build, run);
    }

    fn is_own(&self, module: ModuleName) -> bool {
        module.as_str() == self.module
    }

    fn manifest(&self, app: &TestApp, wrong: &mut Vec<String>) {
        let modules = app.assembled().modules();
        match modules.iter().find(|manifest| self.is_own(manifest.name)) {
            None => wrong.push(format!("the application has no module `{}`", self.module)),
            Some(manifest) if manifest.about.trim().is_empty() => {
                wrong.push("the manifest does not say what the module is for: write a doc comment on it".to_owned());
            }
            Some(_) => {}
        }
    }

    fn metas(&self, app: &TestApp) -> Vec<&'static Meta> {
        let all = app.assembled().contributions().of::<&'static Meta>();
        all.filter(|(module, _)| self.is_own(*module)).map(|(_, meta)| *meta).collect()
    }

    /// Keys and columns were compared with the schema when the application started; here, that there is a tenant.
    fn entities(&self, app: &TestApp, wrong: &mut Vec<String>) {
        for meta in self.metas(app) {
            if !meta.tenant && !self.shared.contains(&meta.table) {
                wrong.push(format!("`{}` belongs to no tenant: add `tenant` to its attribute", meta.name));
            }
            if !meta.table.starts_with(&self.module.replace('-', "_")) {
                wrong.push(format!("the table `{}` does not begin with the module's name", meta.table));
            }
        }
    }

    fn permissions(&self, app: &TestApp, wrong: &mut Vec<String>) {
        let mut seen = BTreeSet::new();
        for (_, permission) in app.assembled().contributions().of::<Permission>().filter(|(m, _)| self.is_own(*m)) {
            if permission.about.trim().is_empty() {
                wrong.push(format!("the permission `{}` does not say what it allows", permission.name));
            }
            if !permission.name.starts_with(&format!("{}.", self.module)) {
                wrong.push(format!("the permission `{}` does not begin with the module's name", permission.name));
            }
            if !seen.insert(&permission.name) {
                wrong.push(format!("the permission `{}` is declared twice", permission.name));
            }
        }
    }

    fn events(&self, app: &TestApp, wrong: &mut Vec<String>) {
        for (_, event) in app.assembled().contributions().of::<EventInfo>().filter(|(m, _)| self.is_own(*m)) {
            if event.about.trim().is_empty() {
                wrong.push(format!("the event `{}` does not say what happened: write a doc comment on it", event.name));
            }
            if !event.name.starts_with(&format!("{}.", self.module)) {
                wrong.push(format!("the event `{}` does not begin with the module's name", event.name));
            }
            if event.version == 0 {
                wrong.push(format!("the event `{}` has the version 0: versions begin with 1", event.name));
            }
        }
    }

    fn lists(&self, app: &TestApp, wrong: &mut Vec<String>) {
        let client = app.client();
        let document = client.openapi();
        wrong.extend(document::problems(&document));
        let paths = document::plain_gets(&document, &format!("/api/v1/{}/", self.module));
        let runtime = tokio::runtime::Runtime::new().unwrap_or_else(|e| panic!("{e}"));
        let mut counts = Vec::new();
        for (round, records) in [0, 2, 5].into_iter().enumerate() {
            if records > 0 {
                let Some(fill) = &self.fill else { break };
                fill(app, records);
            }
            for path in &paths {
                let _ = app.seen();
                let answer = runtime.block_on(client.get(path));
                let (seen, leaks) = app.take();
                if !answer.status.is_success() {
                    wrong.push(format!("GET {path} answers {}: {}", answer.status, answer.text));
                }
                wrong.extend(leaks.into_iter().map(|leak| format!("GET {path} leaves the tenant: {leak}")));
                counts.push((round, path, seen.statements.len()));
            }
        }
        for path in &paths {
            let of =
                |wanted: usize| counts.iter().find(|(round, p, _)| *round == wanted && *p == path).map(|(.., n)| *n);
            if let (Some(few), Some(many)) = (of(1), of(2))
                && many > few
            {
                wrong.push(format!("GET {path} takes {few} statements for few records and {many} for more"));
            }
        }
    }

    fn migrations(&self, app: &TestApp, wrong: &mut Vec<String>) {
        let assembled = app.assembled();
        let migrator = Migrator::of(app.database(), assembled.modules(), assembled.contributions());
        let needed = assembled
            .modules()
            .iter()
            .any(|other| !self.is_own(other.name) && other.needs.iter().any(|need| need.name.as_str() == self.module));
        if needed {
            wrong.push("another module of this application needs it: check it in an application of its own".to_owned());
            return;
        }
        let done = migrator.down(&Down::Module(self.module.to_owned())).and_then(|_| migrator.up());
        if let Err(error) = done {
            wrong.push(format!("migrations don't go down and up again: {error:?}"));
        }
    }
}
