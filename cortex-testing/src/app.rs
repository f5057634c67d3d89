//! An application as a test sees it.

use std::sync::Arc;

use codexion::core::{Actor, Application, Assembled, Clock, CompanyId, Container, Cx, FixedClock, Id, TenantId};
use codexion::data::{
    AllowAll, Companies, Company, Data, Database, Drained, NewCompany, Observer, Relay, Seen, Work, prepare,
};

use crate::database::TestDatabase;
use crate::http::Client;
use crate::watched::Watched;

/// When a test's clock stands: a Monday morning.
const NOW: &str = "2026-03-02T08:00:00Z";

/// An application, assembled and migrated on a fresh database, with everything allowed. It does not listen.
///
/// Every statement of its units of work is looked at, in [`seen`](Self::seen), [`budget`](Self::budget) and when it is
/// dropped: one that names a table of tenants and does not hold its rows to one tenant fails the test.
#[derive(Debug)]
pub struct TestApp {
    // Dropped before the database.
    assembled: Assembled,
    watched: Watched,
    clock: Arc<FixedClock>,
    tenant: TenantId,
    database: TestDatabase,
}

impl TestApp {
    /// The application of `build` on SQLite.
    ///
    /// # Panics
    /// When it does not start, with everything that is wrong.
    pub fn new(build: impl Fn(Application) -> Application) -> Self {
        let clock = fixed_clock();
        let database = TestDatabase::sqlite(Arc::clone(&clock) as Arc<dyn Clock>);
        Self::on(database, clock, build)
    }

    /// Runs `test` with the application of `build` on every database at hand: SQLite, and PostgreSQL where
    /// [`POSTGRES_VARIABLE`](crate::POSTGRES_VARIABLE) names a server.
    ///
    /// # Panics
    /// When it does not start, or `test` fails.
    pub fn each(build: impl Fn(Application) -> Application, test: impl Fn(&Self)) {
        test(&Self::new(&build));
        let clock = fixed_clock();
        if let Some(database) = TestDatabase::postgres(Arc::clone(&clock) as Arc<dyn Clock>) {
            test(&Self::on(database, clock, &build));
        }
    }

    fn on(database: TestDatabase, clock: Arc<FixedClock>, build: impl Fn(Application) -> Application) -> Self {
        let observer = Observer::default();
        let data = Data::new(database.database()).guarded(Arc::new(AllowAll)).observed(observer.clone());
        let time = Arc::clone(&clock);
        let application = build(Application::new().base(data)).overrides(move |m| {
            m.replace_instance::<dyn Clock>(time);
        });
        let assembled = application.assemble().unwrap_or_else(|e| panic!("{e:?}"));
        prepare(assembled.container(), Some(observer.clone()), true).unwrap_or_else(|e| panic!("{e:?}"));
        let tenant = Id::new();
        // The companies of a tenant are read by its first unit of work: tests count from the second on.
        let first = database.database().work(Cx::new(tenant, Actor::system("test"))).read_blocking(|_| Ok(()));
        first.unwrap_or_else(|e| panic!("{e:?}"));
        let watched = Watched::new(observer, database.database());
        Self { assembled, watched, clock, tenant, database }
    }

    /// `sqlite` or `postgres`, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.database.kind()
    }

    /// The application.
    #[must_use]
    pub fn assembled(&self) -> &Assembled {
        &self.assembled
    }

    /// What the modules provide.
    #[must_use]
    pub fn container(&self) -> &Container {
        self.assembled.container()
    }

    /// A `T` that some module provides.
    ///
    /// # Panics
    /// When none does.
    #[must_use]
    pub fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Arc<T> {
        self.container().get::<T>().unwrap_or_else(|e| panic!("{e:?}"))
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        self.database.database()
    }

    /// The clock, which moves when told to.
    #[must_use]
    pub fn clock(&self) -> &FixedClock {
        &self.clock
    }

    /// The tenant of [`work`](Self::work).
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Units of work of the system itself.
    #[must_use]
    pub fn work(&self) -> Work {
        self.database().work(Cx::new(self.tenant, Actor::system("test")))
    }

    /// Units of work of a person, whose verbs must authorise what they write.
    #[must_use]
    pub fn work_as(&self, name: &str, roles: &[&str]) -> Work {
        self.database().work(Cx::new(self.tenant, Actor::person(Id::new(), name, roles)))
    }

    /// Units of work in another tenant.
    #[must_use]
    pub fn work_of(&self, tenant: TenantId) -> Work {
        self.database().work(Cx::new(tenant, Actor::system("test")))
    }

    /// Founds a company of the tenant, or a branch of one.
    ///
    /// # Panics
    /// When it is refused.
    pub fn found(&self, company: &NewCompany) -> Company {
        let founded = self.work().write_blocking(|tx| Companies::create(tx, company));
        founded.unwrap_or_else(|e| panic!("{e:?}"))
    }

    /// Units of work of the system itself in a company of the tenant.
    #[must_use]
    pub fn work_in(&self, company: CompanyId) -> Work {
        self.database().work(self.work().cx().clone().with_company(company))
    }

    /// A client of its routes, answered in process.
    ///
    /// # Panics
    /// When the routes don't fit together.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::of(self)
    }

    /// What the statements were since the last call.
    ///
    /// # Panics
    /// When one of them leaves its tenant.
    #[must_use]
    #[track_caller]
    pub fn seen(&self) -> Seen {
        let (seen, wrong) = self.take();
        assert!(wrong.is_empty(), "statements leave the tenant on {}:\n- {}", self.kind(), wrong.join("\n- "));
        seen
    }

    /// The same with those that leave their tenant.
    pub(crate) fn take(&self) -> (Seen, Vec<String>) {
        self.watched.take()
    }

    /// Lets statements leave the tenant that run on `tx.unscoped(reason)` with this very reason: for a test that
    /// looks at several tenants at once.
    pub fn allow_unscoped(&self, reason: &'static str) {
        self.watched.allow(reason);
    }

    /// Runs `part` and fails when it took more than `statements`: a budget that an N+1 query breaks.
    ///
    /// # Panics
    /// When the budget is broken, with all statements; when a statement leaves its tenant.
    #[track_caller]
    pub fn budget<R>(&self, statements: usize, part: impl FnOnce() -> R) -> R {
        let _ = self.seen();
        let result = part();
        let seen = self.seen().statements;
        assert!(
            seen.len() <= statements,
            "{} statements where {statements} are allowed:\n{}",
            seen.len(),
            seen.join("\n")
        );
        result
    }

    /// Delivers all events and jobs that are due.
    ///
    /// # Panics
    /// When the relay can't run.
    pub fn deliver(&self) -> Drained {
        Relay::new(self.database().clone()).drain().unwrap_or_else(|e| panic!("{e:?}"))
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // A second panic would hide what the first one says.
        if !std::thread::panicking() {
            let _ = self.seen();
        }
    }
}

fn fixed_clock() -> Arc<FixedClock> {
    let now = NOW.parse().unwrap_or_else(|e| panic!("{e}"));
    Arc::new(FixedClock::new(now))
}
