//! Every statement of an application under test, none of which may leave its tenant.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use codexion::core::{Actor, Cx, Id};
use codexion::data::{Backend, Database, Observer, Seen};
use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use crate::scan;

/// The framework's tables that it reads across tenants itself, and why.
const ACROSS: &[(&str, &str)] = &[
    ("cortex_outbox", "the relay carries the messages of all tenants"),
    ("cortex_deliveries", "the relay carries the messages of all tenants"),
    ("cortex_module_switches", "which modules are off is read for all tenants when the application starts"),
];

/// Reasons for which the framework reads other tables across tenants.
const REASONS: [&str; 1] = ["an index serves all tenants of its table"];

/// The framework's tables with a company that it reads across companies itself.
const ACROSS_COMPANIES: &[&str] = &["cortex_outbox", "cortex_changes"];

/// What is seen of the statements, and which of them may leave their tenant.
#[derive(Debug)]
pub(crate) struct Watched {
    observer: Observer,
    /// Tables with a `tenant_id`.
    tables: BTreeSet<String>,
    /// Those of them with a `company_id`.
    companies: BTreeSet<String>,
    allowed: Mutex<BTreeSet<&'static str>>,
    /// Texts that were looked at already, with what leaks in them.
    known: Mutex<HashMap<String, String>>,
}

impl Watched {
    /// Watches through `observer`, in a database that is migrated.
    pub(crate) fn new(observer: Observer, database: &Database) -> Self {
        let mut tables = tables(database, scan::TENANT);
        tables.retain(|table| !ACROSS.iter().any(|(across, _)| across == table));
        let mut companies = self::tables(database, scan::COMPANY);
        companies.retain(|table| !ACROSS_COMPANIES.contains(&table.as_str()));
        let _ = observer.take();
        let allowed = Mutex::new(BTreeSet::from(REASONS));
        Self { observer, tables, companies, allowed, known: Mutex::default() }
    }

    pub(crate) fn allow(&self, reason: &'static str) {
        self.allowed.lock().unwrap_or_else(PoisonError::into_inner).insert(reason);
    }

    /// What was seen since the last call, and those of the statements that leave their tenant.
    pub(crate) fn take(&self) -> (Seen, Vec<String>) {
        let seen = self.observer.take();
        let allowed = self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        let excused: BTreeSet<usize> =
            seen.unscoped.iter().filter(|(_, reason)| allowed.contains(reason)).map(|(place, _)| *place).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wrong = Vec::new();
        for (_, sql) in seen.statements.iter().enumerate().filter(|(place, _)| !excused.contains(place)) {
            let text = scan::text(sql);
            if !known.contains_key(text) {
                known.insert(text.to_owned(), self.leaks(text));
            }
            let found = known.get(text).map(String::as_str).unwrap_or_default();
            if !found.is_empty() {
                wrong.push(format!("{found} in: {sql}"));
            }
        }
        (seen, wrong)
    }

    fn leaks(&self, text: &str) -> String {
        let mut names = String::new();
        for (column, tables, words) in
            [(scan::TENANT, &self.tables, "a tenant"), (scan::COMPANY, &self.companies, "a company")]
        {
            for leak in scan::leaks(text, column, tables) {
                let _ = write!(names, "{}{leak} not held to {words}", if names.is_empty() { "" } else { ", " });
            }
        }
        names
    }
}

#[derive(diesel::QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

/// All tables that have this column, whether an entity is stored in them or not.
fn tables(database: &Database, column: &str) -> BTreeSet<String> {
    let sql = match database.backend() {
        Backend::Sqlite => {
            "SELECT m.name AS name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c \
             WHERE m.type = 'table' AND c.name = "
        }
        Backend::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = "
        }
    };
    let work = database.work(Cx::new(Id::new(), Actor::system("test")));
    let found = work.read_blocking(|tx| {
        let sql = format!("{sql}'{column}'");
        let tables = diesel::sql_query(sql).load::<Table>(tx.unscoped("find the tables of tenants"));
        Ok(tables.map_err(|e| e.to_string()))
    });
    match found {
        Ok(Ok(tables)) => tables.into_iter().map(|table| table.name).collect(),
        Ok(Err(e)) => panic!("the tables of tenants can't be found: {e}"),
        Err(e) => panic!("{e:?}"),
    }
}
