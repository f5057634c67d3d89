//! Reads a table of SQLite, from its table-valued pragmas.

use cortex_core::Result;
use diesel::sql_types::{BigInt, Integer, Text};

use super::{Column, ForeignKey, Found, Unique, grouped, kind};
use crate::conn::Conn;
use crate::sqltype::Maybe;
use crate::statement::Statement;

pub(super) fn table(conn: &mut Conn, table: &str) -> Result<Found> {
    let mut found = Found::default();
    columns(conn, table, &mut found)?;
    found.is_view = is_view(conn, table)?;
    found.uniques = uniques(conn, table)?;
    found.foreign_keys = foreign_keys(conn, table)?;
    Ok(found)
}

fn columns(conn: &mut Conn, table: &str, found: &mut Found) -> Result<()> {
    type Sql = (Text, Text, Integer, Maybe<Text>, Integer);
    type Row = (String, String, i32, Option<String>, i32);
    let mut sql = Statement::new("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(");
    sql.bind(table).push(") ORDER BY cid");
    let mut keys = Vec::new();
    for (name, declared, not_null, default, key) in sql.rows::<Sql, Row>(conn)? {
        if key > 0 {
            keys.push((key, name.clone()));
        }
        let (kind, nullable, has_default) = (kind(&declared), not_null == 0, default.is_some());
        found.columns.push(Column { name, declared: declared.to_lowercase(), kind, nullable, has_default });
    }
    keys.sort_unstable();
    found.primary_key = keys.into_iter().map(|(_, name)| name).collect();
    Ok(())
}

fn is_view(conn: &mut Conn, table: &str) -> Result<bool> {
    let mut sql = Statement::new("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = ");
    sql.bind(table);
    Ok(!sql.rows::<(Integer,), (i32,)>(conn)?.is_empty())
}

fn uniques(conn: &mut Conn, table: &str) -> Result<Vec<Unique>> {
    type Sql = (Integer, Integer, Maybe<Text>);
    type Row = (i32, i32, Option<String>);
    let mut sql = Statement::new("SELECT l.seq, l.partial, i.name FROM pragma_index_list(");
    sql.bind(table).push(") l, pragma_index_info(l.name) i WHERE l.\"unique\" = 1 ORDER BY l.seq, i.seqno");
    let rows = sql.rows::<Sql, Row>(conn)?.into_iter();
    let mut all = Vec::new();
    for ((_, partial), columns) in grouped(rows.map(|(index, partial, column)| ((index, partial), column))) {
        // An index over expressions is unique in another way.
        if let Some(columns) = columns.into_iter().collect::<Option<Vec<_>>>() {
            all.push(Unique { columns, partial: partial != 0 });
        }
    }
    Ok(all)
}

fn foreign_keys(conn: &mut Conn, table: &str) -> Result<Vec<ForeignKey>> {
    type Sql = (BigInt, Text, Text, Maybe<Text>);
    type Row = (i64, String, String, Option<String>);
    let mut sql = Statement::new("SELECT id, \"from\", \"table\", \"to\" FROM pragma_foreign_key_list(");
    sql.bind(table).push(") ORDER BY id, seq");
    let rows = sql.rows::<Sql, Row>(conn)?.into_iter();
    let groups = grouped(rows.map(|(id, from, table, to)| ((id, table), (from, to))));
    let mut all = Vec::new();
    for ((_, table), pairs) in groups {
        let (columns, to): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        all.push(ForeignKey { columns, table, to: to.into_iter().flatten().collect() });
    }
    Ok(all)
}
