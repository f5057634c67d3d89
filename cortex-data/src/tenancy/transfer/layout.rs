//! The tables of tenants at a place, read off its migrated schema.

use std::time::Duration;

use cortex_core::Result;
use diesel::sql_types::Text;

use super::error::TransferError;
use super::{ANSWERS, DELIVERIES, OUTBOX, TENANT, order};
use crate::conn::Conn;
use crate::database::Database;
use crate::schema::found::{self, Found, Kind};
use crate::statement::Statement;
use crate::tenancy::Placement;
use crate::value::ColumnType;

/// How the tables of the framework begin.
const FRAMEWORK: &str = "cortex_";
/// Longest wait for a connection that looks at the schema.
const LOOK_WAIT: Duration = Duration::from_secs(60);

/// Which tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of them.
    All,
    /// Those of modules: the others are shared by the main database and its schemas.
    Modules,
    /// Those of the framework.
    Framework,
}

/// The tables of tenants, each after those that it refers to.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) tables: Vec<Table>,
}

/// A table with a tenant column.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// Places of the columns by which rows are told apart within a tenant.
    pub(crate) key: Vec<usize>,
    /// References to other rows of tenants.
    pub(crate) links: Vec<Link>,
    /// Places of the columns that are filled in a second pass, when all tables have their rows.
    pub(crate) later: Vec<usize>,
}

/// A column.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) of: ColumnType,
    /// The database fills it up with blanks.
    pub(crate) padded: bool,
    pub(crate) nullable: bool,
}

/// A reference, without the tenant's column.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) columns: Vec<usize>,
    pub(crate) table: String,
}

impl Layout {
    /// The tables at a place. A schema shares those of the framework with its database.
    pub(crate) fn load(db: &Database, place: &Placement) -> Result<Self> {
        let mut conn = db.place_blocking(place, false, LOOK_WAIT)?;
        let mut tables = read(&mut conn, |_| true)?;
        drop(conn);
        if matches!(place, Placement::Schema(_)) {
            let mut main = db.place_blocking(&Placement::Shared, false, LOOK_WAIT)?;
            tables.retain(|table| !table.is_framework());
            tables.extend(read(&mut main, |name| name.starts_with(FRAMEWORK))?);
        }
        Ok(Self { tables: order::ordered(tables)? })
    }

    pub(crate) fn part(&self, part: Part) -> impl DoubleEndedIterator<Item = &Table> {
        self.tables.iter().filter(move |table| match part {
            Part::All => true,
            Part::Modules => !table.is_framework(),
            Part::Framework => table.is_framework(),
        })
    }

    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl Table {
    pub(crate) fn is_framework(&self) -> bool {
        self.name.starts_with(FRAMEWORK)
    }

    /// Whether it tells what is still to be done for the tenant itself: a copy of the tenant does not do it again.
    pub(crate) fn is_of_the_original(&self) -> bool {
        matches!(self.name.as_str(), OUTBOX | DELIVERIES | ANSWERS)
    }

    pub(crate) fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|own| own.name == column)
    }

    /// Places of the columns whose values are given by the database they are in.
    pub(crate) fn given(&self) -> Vec<usize> {
        let names: &[&str] = match self.name.as_str() {
            OUTBOX => &["position", "txid"],
            DELIVERIES => &["position"],
            _ => &[],
        };
        names.iter().filter_map(|name| self.place(name)).collect()
    }

    pub(crate) fn column(&self, place: usize) -> &str {
        self.columns.get(place).map_or("", |column| column.name.as_str())
    }
}

fn read(conn: &mut Conn, wanted: impl Fn(&str) -> bool) -> Result<Vec<Table>> {
    let names: Vec<(String,)> = names(conn).rows::<(Text,), _>(conn)?;
    let mut tables = Vec::new();
    for (name,) in names.into_iter().filter(|(name,)| wanted(name)) {
        if let Some(found) = found::table(conn, &name)? {
            tables.push(table(name, &found)?);
        }
    }
    Ok(tables)
}

fn names(conn: &Conn) -> Statement {
    Statement::new(match conn {
        Conn::Sqlite(_) => {
            "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND EXISTS \
             (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'tenant_id') ORDER BY m.name"
        }
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(_) => {
            "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
             WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace \
             AND a.attname = 'tenant_id' AND NOT a.attisdropped ORDER BY c.relname::text"
        }
    })
}

fn table(name: String, found: &Found) -> Result<Table> {
    let mut columns = Vec::new();
    for column in &found.columns {
        let (of, padded) = match &column.kind {
            Kind::Plain(of) => (*of, false),
            Kind::Chars(_) => (ColumnType::Text, false),
            Kind::FixedChars(_) => (ColumnType::Text, true),
            Kind::Other(of) => {
                let column = column.name.clone();
                return Err(TransferError::Type { table: name, column, of: of.clone() }.into());
            }
        };
        columns.push(Column { name: column.name.clone(), of, padded, nullable: column.nullable });
    }
    let mut table = Table { name, columns, key: Vec::new(), links: Vec::new(), later: Vec::new() };
    if found.primary_key.is_empty() {
        return Err(TransferError::NoKey { table: table.name }.into());
    }
    // Messages are read in their order, which is unique too.
    let key: Vec<&str> = match table.name.as_str() {
        OUTBOX => vec!["position"],
        _ => found.primary_key.iter().map(String::as_str).filter(|column| *column != TENANT).collect(),
    };
    table.key = key.iter().filter_map(|column| table.place(column)).collect();
    for link in &found.foreign_keys {
        let own = link.columns.iter().filter(|column| *column != TENANT);
        let columns = own.filter_map(|column| table.place(column)).collect();
        table.links.push(Link { columns, table: link.table.clone() });
    }
    Ok(table)
}

/// The name of a type in archives: as in migrations.
pub(crate) fn type_name(of: ColumnType) -> &'static str {
    of.sql()
}

/// Reads what [`type_name`] writes.
pub(crate) fn type_of(name: &str) -> Option<ColumnType> {
    match found::kind(name) {
        Kind::Plain(of) => Some(of),
        _ => None,
    }
}
