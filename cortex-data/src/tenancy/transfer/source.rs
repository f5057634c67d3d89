//! Where rows come from: a place, read a batch at a time, or an archive.

use cortex_core::{Result, TenantId};
use diesel::deserialize::{self, FromSqlRow};
use diesel::row::Row as _;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use uuid::Uuid;

use super::layout::{Column, Table};
use super::line;
use crate::conn::{Conn, MultiBackend as Db, MultiRow};
use crate::sqltype::{Day, Fine, Fixed, Guid, Instant, Json, Maybe};
use crate::statement::Statement;
use crate::tx::ReadTx;
use crate::value::{ColumnType, Value};

/// Rows that travel together: one statement, whose parameters both databases take.
const BATCH: i64 = 500;

/// The values of a row, in the order of the columns.
pub(crate) type Row = Vec<Value>;
/// What takes rows.
pub(crate) type Rows<'a> = dyn FnMut(Vec<Row>) -> Result<()> + 'a;

/// Where rows come from.
pub(crate) trait Source {
    /// Gives all rows of a table to `take`, a batch at a time.
    fn each(&mut self, table: &Table, take: &mut Rows<'_>) -> Result<()>;
}

/// A place, in one unit of work that reads.
pub(crate) struct PlaceSource<'a> {
    pub(crate) tx: &'a mut ReadTx,
    /// The tenant that the rows shall belong to.
    pub(crate) tenant: TenantId,
}

impl Source for PlaceSource<'_> {
    fn each(&mut self, table: &Table, take: &mut Rows<'_>) -> Result<()> {
        let mut last: Option<Row> = None;
        loop {
            let rows = batch(self.tx, table, last.as_ref())?;
            let Some(end) = rows.last() else { return Ok(()) };
            last = Some(end.clone());
            let is_last = rows.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
            let from = self.tx.tenant();
            let mut rows = rows;
            rows.iter_mut().for_each(|row| line::rename(row, from, self.tenant));
            take(rows)?;
            if is_last {
                return Ok(());
            }
        }
    }
}

/// The next rows after one.
fn batch(tx: &mut ReadTx, table: &Table, after: Option<&Row>) -> Result<Vec<Row>> {
    let mut sql = Statement::new("SELECT ");
    for (i, column) in table.columns.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " }).name(&column.name);
    }
    sql.push(" FROM ").name(&table.name).push(" WHERE tenant_id = ").bind(tx.tenant());
    if let Some(after) = after.filter(|_| !table.key.is_empty()) {
        sql.push(" AND (");
        names(&mut sql, table, &table.key);
        sql.push(") > (");
        for (i, value) in table.key.iter().filter_map(|place| after.get(*place)).enumerate() {
            sql.push(if i == 0 { "" } else { ", " }).bind(value.clone());
        }
        sql.push(")");
    }
    if !table.key.is_empty() {
        sql.push(" ORDER BY ");
        names(&mut sql, table, &table.key);
    }
    sql.push(" LIMIT ").bind(BATCH);
    let all: Vec<usize> = (0..table.columns.len()).collect();
    read(sql, tx.conn(), table, &all)
}

/// Runs a statement that answers these columns of a table.
pub(super) fn read(sql: Statement, conn: &mut Conn, table: &Table, places: &[usize]) -> Result<Vec<Row>> {
    let columns: Vec<&Column> = places.iter().filter_map(|place| table.columns.get(*place)).collect();
    sql.load(conn, |row| columns.iter().enumerate().map(|(at, column)| value(row, at, column)).collect())
}

/// Names of columns, separated by commas.
pub(super) fn names(sql: &mut Statement, table: &Table, places: &[usize]) {
    for (i, place) in places.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " }).name(table.column(*place));
    }
}

fn value(row: &MultiRow<'_, '_>, place: usize, column: &Column) -> deserialize::Result<Value> {
    fn at<ST, T>(row: &MultiRow<'_, '_>, place: usize) -> deserialize::Result<Option<T>>
    where
        Option<T>: FromSqlRow<Maybe<ST>, Db>,
        ST: diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>,
    {
        Option::<T>::build_from_row(&row.partial_row(place..place + 1))
    }
    let value = match column.of {
        ColumnType::Bool => at::<Bool, bool>(row, place)?.map(Value::Bool),
        ColumnType::Int => at::<Integer, i32>(row, place)?.map(Value::Int),
        ColumnType::BigInt => at::<BigInt, i64>(row, place)?.map(Value::BigInt),
        ColumnType::Text => at::<Text, String>(row, place)?.map(|text| Value::Text(trimmed(text, column.padded))),
        ColumnType::Guid => at::<Guid, Uuid>(row, place)?.map(Value::Guid),
        ColumnType::Instant => at::<Instant, cortex_core::Timestamp>(row, place)?.map(Value::Instant),
        ColumnType::Day => at::<Day, cortex_core::Date>(row, place)?.map(Value::Day),
        ColumnType::Fixed => at::<Fixed, cortex_core::Decimal>(row, place)?.map(Value::Fixed),
        ColumnType::Fine => at::<Fine, cortex_core::Rate>(row, place)?.map(Value::Fine),
        ColumnType::Json => at::<Json, serde_json::Value>(row, place)?.map(Value::Json),
    };
    Ok(value.unwrap_or(Value::Null(column.of)))
}

fn trimmed(mut text: String, padded: bool) -> String {
    if padded {
        text.truncate(text.trim_end_matches(' ').len());
    }
    text
}
