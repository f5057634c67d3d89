//! SQL put together at run time, with every value bound and never spliced into the text.

use cortex_core::Result;
use diesel::RunQueryDsl;
use diesel::connection::LoadConnection;
use diesel::deserialize::FromSqlRow;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Untyped;

use crate::conn::{Conn, MultiBackend as Db, MultiRow};
use crate::error::from_diesel;
use crate::value::Value;

/// Room for the text of most statements.
const TEXT_LENGTH: usize = 512;

/// Most values of a statement that the connection's cache keeps. Longer ones are of many rows, and there are as many
/// texts of them as there are numbers of rows: the cache, which never forgets, would grow with every new one.
const CACHED_VALUES_MAX: usize = 256;

/// Whether the connection's cache keeps a statement.
#[derive(Debug, Clone, Copy, Default)]
enum Cached {
    /// If it is short.
    #[default]
    IfShort,
    /// Clients can vary its text.
    Never,
    /// It is long, and always the same.
    Always,
}

/// A statement under construction: SQL, and the values that are bound at places in it.
///
/// The text never contains data, so the connection's statement cache works by text. It keeps only short statements.
#[derive(Debug, Clone, Default)]
pub struct Statement {
    text: String,
    /// Each with the length of the text since the one before it.
    values: Vec<(usize, Value)>,
    /// The length of the text up to the last value.
    bound: usize,
    cached: Cached,
}

impl Statement {
    /// Starts with `sql`.
    #[must_use]
    pub fn new(sql: impl AsRef<str>) -> Self {
        Self::with_room(sql.as_ref(), TEXT_LENGTH, 0)
    }

    /// Starts with `sql`, and with room for a text of `length` and so many `values`.
    pub(crate) fn with_room(sql: &str, length: usize, values: usize) -> Self {
        let mut text = String::with_capacity(length);
        text.push_str(sql);
        Self { text, values: Vec::with_capacity(values), ..Self::default() }
    }

    /// Appends SQL.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.text.push_str(sql);
        self
    }

    /// Appends a quoted identifier. The name comes from the program, never from a client.
    pub fn name(&mut self, identifier: &str) -> &mut Self {
        self.text.push('"');
        self.text.push_str(identifier);
        self.text.push('"');
        self
    }

    /// Appends a placeholder and binds `value` to it.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        let length = self.text.len();
        self.values.push((length - self.bound, value.into()));
        self.bound = length;
        self
    }

    /// Keeps it out of the connection's statement cache, which never forgets: for texts that clients can vary.
    pub(crate) fn uncached(&mut self) -> &mut Self {
        self.cached = Cached::Never;
        self
    }

    /// Keeps it in the connection's statement cache however long it is: for texts that are always the same.
    pub(crate) fn cached(&mut self) -> &mut Self {
        self.cached = Cached::Always;
        self
    }

    fn is_kept(&self) -> bool {
        match self.cached {
            Cached::IfShort => self.values.len() <= CACHED_VALUES_MAX,
            Cached::Never => false,
            Cached::Always => true,
        }
    }

    /// Runs it and returns the number of rows it touched.
    pub(crate) fn execute(self, conn: &mut Conn) -> Result<usize> {
        RunQueryDsl::execute(self, conn).map_err(from_diesel)
    }

    /// Runs it and reads every row by `read`.
    pub(crate) fn load<R>(
        self,
        conn: &mut Conn,
        mut read: impl FnMut(&MultiRow<'_, '_>) -> diesel::deserialize::Result<R>,
    ) -> Result<Vec<R>> {
        let rows = conn.load(self).map_err(from_diesel)?;
        let mut out = Vec::new();
        for row in rows {
            let row = row.map_err(from_diesel)?;
            out.push(read(&row).map_err(|e| from_diesel(diesel::result::Error::DeserializationError(e)))?);
        }
        Ok(out)
    }

    /// Runs it and reads every row as a tuple of columns.
    pub(crate) fn rows<ST, R: FromSqlRow<ST, Db>>(self, conn: &mut Conn) -> Result<Vec<R>> {
        self.load(conn, |row| R::build_from_row(row))
    }
}

impl QueryFragment<Db> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let mut rest = self.text.as_str();
        for (length, value) in &self.values {
            let (sql, after) = rest.split_at_checked(*length).unwrap_or((rest, ""));
            out.push_sql(sql);
            value.bind(&mut out)?;
            rest = after;
        }
        out.push_sql(rest);
        if !self.is_kept() {
            out.unsafe_to_cache_prepared();
        }
        Ok(())
    }
}

impl QueryId for Statement {
    type QueryId = ();
    // The text differs from one statement to the next: the cache must go by the text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl RunQueryDsl<Conn> for Statement {}
