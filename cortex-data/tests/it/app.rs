//! Applications of a few modules over a database of each kind, for what modules register.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use cortex_core::{
    Actor, Application, Assembled, Cx, Event, FixedClock, Id, Inject, Manifest, Module, ModuleSwitch, Registrar,
    Result, TenantId,
};
use cortex_data::{DataRegistrar, Database, DatabaseOptions, Drained, Migrator, ReadTx, Registry, Relay, Tx, Work};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};

use crate::support::{now, postgres_url};

/// Names of modules, each with what it registers.
pub(crate) type Modules<'a> = &'a [(&'static str, fn(&mut Registrar))];

/// A module from a name and a function.
pub(crate) struct Part(pub &'static str, pub fn(&mut Registrar));

impl Module for Part {
    fn manifest(&self) -> Manifest {
        Manifest::new(self.0, "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        (self.1)(m);
    }
}

/// What functions under test write down outside of any transaction.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Vec<String>>);

impl Journal {
    pub(crate) fn note(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Which subjects fail now.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<String>>);

impl Faults {
    pub(crate) fn set(&self, subjects: &[&str]) {
        *self.0.lock().unwrap() = subjects.iter().map(|s| (*s).to_owned()).collect();
    }

    pub(crate) fn check(&self, subject: &str) -> Result<()> {
        if self.0.lock().unwrap().iter().any(|s| s == subject) {
            return Err(cortex_core::Error::refused("test.fault", format!("`{subject}` is refused")));
        }
        Ok(())
    }
}

/// Stops whoever passes it first after it was armed.
#[derive(Debug, Default)]
pub(crate) struct Gate(Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>>);

impl Gate {
    /// Says when somebody stands there; lets them go when the sender is dropped.
    pub(crate) fn arm(&self) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
        let ((reached, wait), (go, gate)) = (mpsc::channel(), mpsc::channel());
        *self.0.lock().unwrap() = Some((reached, gate));
        (wait, go)
    }

    pub(crate) fn pass(&self) {
        let armed = self.0.lock().unwrap().take();
        if let Some((reached, gate)) = armed {
            reached.send(()).unwrap();
            gate.recv().unwrap_err();
        }
    }
}

/// A sale of a vehicle; the vehicle is the aggregate.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Sold {
    pub vehicle: String,
    pub number: u32,
}

impl Event for Sold {
    const NAME: &'static str = "fleet.sold";
    const VERSION: u32 = 1;

    fn aggregate(&self) -> Option<String> {
        Some(self.vehicle.clone())
    }
}

impl Sold {
    pub(crate) fn new(vehicle: &str, number: u32) -> Self {
        Self { vehicle: vehicle.into(), number }
    }

    pub(crate) fn label(&self) -> String {
        format!("{}{}", self.vehicle, self.number)
    }
}

/// A built application over one database.
pub(crate) struct App {
    pub app: Assembled,
    pub db: Database,
    pub clock: Arc<FixedClock>,
    pub journal: Arc<Journal>,
    pub faults: Arc<Faults>,
    pub tenant: TenantId,
    pub url: String,
    _folder: Option<Arc<tempfile::TempDir>>,
}

const TABLES: &str = "
CREATE TABLE test_effects (id text NOT NULL PRIMARY KEY);
CREATE TABLE test_links (id text NOT NULL REFERENCES test_effects (id) DEFERRABLE INITIALLY DEFERRED);
";

/// `modules` over a new database of each kind that is at hand.
pub(crate) fn apps(modules: Modules<'_>) -> Vec<App> {
    urls()
        .into_iter()
        .map(|(url, folder)| {
            let app = App::open(url, folder, modules);
            Migrator::new(&app.db).up().unwrap();
            app.write(|tx| {
                tx.unscoped("create test tables").batch_execute(TABLES).unwrap();
                Ok(())
            });
            app
        })
        .collect()
}

fn urls() -> Vec<(String, Option<Arc<tempfile::TempDir>>)> {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let sqlite = (format!("sqlite:{}", folder.path().join("test.db").display()), Some(folder));
    std::iter::once(sqlite).chain(postgres_url().map(|url| (url, None))).collect()
}

/// Puts `modules` together.
pub(crate) fn assemble(modules: Modules<'_>) -> Result<Assembled> {
    assemble_with(modules, &Arc::default(), &Arc::default())
}

fn assemble_with(modules: Modules<'_>, journal: &Arc<Journal>, faults: &Arc<Faults>) -> Result<Assembled> {
    let (journal, faults) = (Arc::clone(journal), Arc::clone(faults));
    let start = Application::new().setup(move |m| {
        m.instance(journal).instance(faults).instance(Arc::new(Gate::default())).event::<Sold>();
    });
    modules.iter().fold(start, |app, (name, register)| app.module(Part(name, *register))).assemble()
}

impl App {
    fn open(url: String, folder: Option<Arc<tempfile::TempDir>>, modules: Modules<'_>) -> Self {
        Self::open_with(url, folder, modules, Arc::default(), Arc::default())
    }

    fn open_with(
        url: String,
        folder: Option<Arc<tempfile::TempDir>>,
        modules: Modules<'_>,
        journal: Arc<Journal>,
        faults: Arc<Faults>,
    ) -> Self {
        let app = assemble_with(modules, &journal, &faults).unwrap();
        let clock = Arc::new(FixedClock::new(now()));
        let options = DatabaseOptions { url: url.clone(), connections: 4 };
        let db = Database::open(&options, Arc::clone(&clock) as Arc<dyn cortex_core::Clock>).unwrap();
        db.install(Registry::from_contributions(app.contributions(), app.container()).unwrap());
        Self { app, db, clock, journal, faults, tenant: Id::new(), url, _folder: folder }
    }

    /// Another process on the same data, with the same journal.
    pub(crate) fn twin(&self, modules: Modules<'_>) -> Self {
        let (journal, faults) = (Arc::clone(&self.journal), Arc::clone(&self.faults));
        Self::open_with(self.url.clone(), self._folder.clone(), modules, journal, faults)
    }

    pub(crate) fn work(&self) -> Work {
        self.db.work(Cx::new(self.tenant, Actor::system("test")))
    }

    #[track_caller]
    pub(crate) fn write<R>(&self, f: impl Fn(&mut Tx) -> Result<R>) -> R {
        self.work().write_blocking(f).unwrap()
    }

    #[track_caller]
    pub(crate) fn emit(&self, events: &[Sold]) {
        self.write(|tx| {
            events.iter().for_each(|event| tx.emit(event.clone()));
            Ok(())
        });
    }

    pub(crate) fn gate(&self) -> Arc<Gate> {
        self.app.container().get().unwrap()
    }

    pub(crate) fn relay(&self) -> Relay {
        Relay::new(self.db.clone())
    }

    #[track_caller]
    pub(crate) fn drain(&self) -> Drained {
        self.relay().drain().unwrap()
    }

    /// Later, when every retry is due.
    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time.try_into().unwrap());
    }

    /// What was written into the database, in order.
    pub(crate) fn effects(&self) -> Vec<String> {
        self.work().read_blocking(effects).unwrap()
    }

    pub(crate) fn count(&self, table: &str) -> i64 {
        self.work()
            .read_blocking(|tx| {
                let sql = format!("SELECT count(*) AS count FROM {table}");
                Ok(diesel::sql_query(sql).get_result::<Count>(tx.unscoped("count rows")).unwrap().count)
            })
            .unwrap()
    }

    pub(crate) fn disable(&self, module: &str) {
        self.app.container().get::<ModuleSwitch>().unwrap().disable(module, self.tenant).unwrap();
    }

    pub(crate) fn enable(&self, module: &str) {
        self.app.container().get::<ModuleSwitch>().unwrap().enable(module, self.tenant).unwrap();
    }
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

pub(crate) fn effects(tx: &mut ReadTx) -> Result<Vec<String>> {
    let sql = diesel::sql_query("SELECT id FROM test_effects ORDER BY id");
    let lines: Vec<Line> = sql.load(tx.unscoped("read what was done")).unwrap();
    Ok(lines.into_iter().map(|line| line.id).collect())
}

/// Writes a line into the database; a second one of the same text is an error.
pub(crate) fn effect(tx: &mut Tx, line: &str) -> Result<()> {
    let sql = diesel::sql_query(format!("INSERT INTO test_effects (id) VALUES ('{line}')"));
    sql.execute(tx.unscoped("write what is done"))
        .map(|_| ())
        .map_err(|e| cortex_core::Error::conflict("test.twice", format!("`{line}` is done twice")).with_source(e))
}

/// Writes a line that is only checked at the commit, which it makes fail.
pub(crate) fn broken_link(tx: &mut Tx) -> Result<()> {
    let sql = diesel::sql_query("INSERT INTO test_links (id) VALUES ('nowhere')");
    sql.execute(tx.unscoped("write what breaks the commit")).unwrap();
    Ok(())
}

/// A subscriber that most tests share: refuses where it should, writes down the rest.
pub(crate) fn note_sale(
    tx: &mut Tx,
    event: &Sold,
    Inject(journal): Inject<Journal>,
    Inject(faults): Inject<Faults>,
) -> Result<()> {
    let module = tx.cx().actor().name.clone();
    effect(tx, &format!("{module}:{}", event.label()))?;
    faults.check(&event.label())?;
    journal.note(format!("{module}:{}", event.label()));
    Ok(())
}
