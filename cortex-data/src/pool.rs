//! Opens connections for the pools and decides which of them may be used again.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cortex_core::Result;
use deadpool::managed::{Metrics, RecycleError, RecycleResult};
use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::{Connection, SqliteConnection};

use crate::conn::Conn;
use crate::database::Backend;
use crate::error::{BUSY, DatabaseError, from_diesel};
use crate::tenancy::{Budget, Facing, Permit, Whose};

/// How long SQLite waits for another process's lock before it answers "database is locked".
pub(crate) const SQLITE_BUSY_MS: u32 = 10_000;

/// What a pool opens connections to.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    Sqlite {
        path: PathBuf,
        read_only: bool,
    },
    #[cfg_attr(
        not(any(feature = "postgres", feature = "postgres-system")),
        expect(dead_code, reason = "no driver in this build")
    )]
    Postgres(String),
}

impl Target {
    /// Chooses the database by the scheme of the URL.
    pub(crate) fn parse(url: &str) -> Result<Self, DatabaseError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return if cfg!(any(feature = "postgres", feature = "postgres-system")) {
                Ok(Self::Postgres(url.to_owned()))
            } else {
                Err(DatabaseError::NoPostgres)
            };
        }
        match url.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => {
                let path = path.strip_prefix("//").unwrap_or(path);
                Ok(Self::Sqlite { path: PathBuf::from(path), read_only: false })
            }
            _ => Err(DatabaseError::Url(without_password(url))),
        }
    }

    /// The same for connections that only read.
    pub(crate) fn read_only(self) -> Self {
        match self {
            Self::Sqlite { path, .. } => Self::Sqlite { path, read_only: true },
            other @ Self::Postgres(_) => other,
        }
    }

    pub(crate) fn backend(&self) -> Backend {
        match self {
            Self::Sqlite { .. } => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }

    fn connect(&self) -> Result<Conn> {
        match self {
            Self::Sqlite { path, read_only } => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)
                        .map_err(|e| DatabaseError::Open(format!("{}: {e}", folder.display())))?;
                }
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())
                    .map_err(|e| DatabaseError::Open(format!("{}: {e}", path.display())))?;
                // `query_only` keeps reading connections from writing; it is set last, since WAL mode is a write.
                switch_to_wal(&mut conn)?;
                let pragmas = format!(
                    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
                     PRAGMA cache_size = -16384; PRAGMA query_only = {};",
                    u8::from(*read_only)
                );
                conn.batch_execute(&pragmas).map_err(from_diesel)?;
                Ok(Conn::Sqlite(conn))
            }
            #[cfg(any(feature = "postgres", feature = "postgres-system"))]
            Self::Postgres(url) => {
                let mut conn = diesel::PgConnection::establish(url).map_err(|e| DatabaseError::Open(e.to_string()))?;
                conn.batch_execute("SET TIME ZONE 'UTC'; SET client_min_messages = warning;").map_err(from_diesel)?;
                Ok(Conn::Postgres(conn))
            }
            #[cfg(not(any(feature = "postgres", feature = "postgres-system")))]
            Self::Postgres(_) => Err(DatabaseError::NoPostgres.into()),
        }
    }
}

/// Two processes that open a new file at the same time both switch it to WAL; SQLite answers one of them "database
/// is locked" at once, whatever its timeout, because each holds a lock that the other waits for.
fn switch_to_wal(conn: &mut SqliteConnection) -> Result<()> {
    const PAUSE: Duration = Duration::from_millis(5);
    conn.batch_execute(&format!("PRAGMA busy_timeout = {SQLITE_BUSY_MS};")).map_err(from_diesel)?;
    let begun = Instant::now();
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL;").map_err(from_diesel) {
            Err(error) if error.code() == BUSY && begun.elapsed().as_millis() < u128::from(SQLITE_BUSY_MS) => {
                std::thread::sleep(PAUSE);
            }
            result => return result,
        }
    }
}

fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://***@{host}"),
        _ => url.to_owned(),
    }
}

/// An open connection with its share of the budget.
pub(crate) struct Link {
    // Closed before its permit goes back.
    conn: Conn,
    _permit: Permit,
    generation: u64,
    facing: Facing,
    /// What is known about the server's side; SQLite has none.
    server: Option<Server>,
}

/// Where a connection to a server begins, and whether row-level security binds it.
struct Server {
    #[cfg_attr(
        not(any(feature = "postgres", feature = "postgres-system")),
        expect(dead_code, reason = "no driver in this build")
    )]
    home: String,
    unbound: bool,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("facing", &self.facing).finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn conn(this: &Self) -> &Conn {
        &this.conn
    }

    pub(crate) fn conn_mut(this: &mut Self) -> &mut Conn {
        &mut this.conn
    }

    /// Makes the server show what `facing` says, where that is not what it shows already. The rows of a database
    /// that is not the main one are all one tenant's.
    pub(crate) fn face(&mut self, facing: &Facing, is_main: bool) -> Result<()> {
        let Some(server) = &self.server else { return Ok(()) };
        let bound = is_main && !server.unbound && facing.whose != Whose::Unsaid;
        let whose = if bound { facing.whose } else { self.facing.whose };
        if self.facing.whose == whose && self.facing.schema == facing.schema {
            return Ok(());
        }
        self.turn(Facing { schema: facing.schema.clone(), whose })
    }

    #[cfg(any(feature = "postgres", feature = "postgres-system"))]
    fn turn(&mut self, to: Facing) -> Result<()> {
        let home = self.server.as_ref().map_or("public", |server| server.home.as_str());
        if let Some(sql) = crate::tenancy::turn(&self.facing, &to, home) {
            self.conn.batch_execute(&sql).map_err(from_diesel)?;
        }
        self.facing = to;
        Ok(())
    }

    #[cfg(not(any(feature = "postgres", feature = "postgres-system")))]
    fn turn(&mut self, to: Facing) -> Result<()> {
        self.facing = to;
        Ok(())
    }
}

/// deadpool's view of our connections.
#[derive(Debug)]
pub(crate) struct Manager {
    target: Target,
    budget: Arc<Budget>,
    generation: Arc<AtomicU64>,
}

impl Manager {
    pub(crate) fn new(target: Target, budget: Arc<Budget>, generation: Arc<AtomicU64>) -> Self {
        Self { target, budget, generation }
    }
}

impl deadpool::managed::Manager for Manager {
    type Type = Link;
    type Error = cortex_core::Error;

    async fn create(&self) -> Result<Link> {
        let permit = self.budget.take().await?;
        let generation = self.generation.load(Ordering::SeqCst);
        let target = self.target.clone();
        let open = move || {
            let mut conn = target.connect()?;
            let server = server(&mut conn)?;
            Ok(Link { conn, _permit: permit, generation, facing: Facing::default(), server })
        };
        // Command-line tools and benchmarks open connections outside of any runtime.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => match runtime.spawn_blocking(open).await {
                Ok(link) => link,
                Err(e) => Err(DatabaseError::Open(e.to_string()).into()),
            },
            Err(_) => open(),
        }
    }

    // No ping: it would double the cost of a point read. A connection that was left inside a transaction, or
    // whose transaction broke, is dropped; one that the server closed is found by its next statement.
    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<Self::Error> {
        if link.generation != self.generation.load(Ordering::Relaxed) {
            return Err(RecycleError::message("the schema changed since the connection was opened"));
        }
        let broken = Conn::is_broken_transaction_manager(&mut link.conn);
        let depth = Conn::transaction_manager_status_mut(&mut link.conn).transaction_depth();
        match depth {
            Ok(None) if !broken => Ok(()),
            _ => Err(RecycleError::message("the connection was left inside a transaction")),
        }
    }
}

fn server(conn: &mut Conn) -> Result<Option<Server>> {
    match conn {
        Conn::Sqlite(_) => Ok(None),
        #[cfg(any(feature = "postgres", feature = "postgres-system"))]
        Conn::Postgres(_) => {
            let sql = crate::statement::Statement::new(
                "SELECT coalesce(current_schema(), 'public')::text, rolsuper OR rolbypassrls FROM pg_roles \
                 WHERE rolname = current_user",
            );
            let rows: Vec<(String, bool)> = sql.rows::<(diesel::sql_types::Text, diesel::sql_types::Bool), _>(conn)?;
            let (home, unbound) = rows.into_iter().next().unwrap_or_else(|| ("public".to_owned(), false));
            Ok(Some(Server { home, unbound }))
        }
    }
}
