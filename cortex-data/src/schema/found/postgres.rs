//! Reads a table of PostgreSQL, in the schema that statements without a schema mean.

use cortex_core::Result;
use diesel::sql_types::{BigInt, Bool, Text};

use super::{Column, ForeignKey, Found, Unique, grouped, kind};
use crate::conn::Conn;
use crate::statement::Statement;

const COLUMNS: &str = "
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef OR a.attidentity <> '',
        t.relkind IN ('v', 'm', 'f')
    FROM pg_attribute a
    JOIN pg_class t ON t.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = current_schema() AND t.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
        AND t.relname = ";

const UNIQUES: &str = "
    SELECT i.indexrelid::bigint, x.relname::text, i.indisprimary, i.indpred IS NOT NULL, a.attname::text
    FROM pg_index i
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
    WHERE i.indisunique AND i.indexprs IS NULL AND k.place <= i.indnkeyatts AND n.nspname = current_schema()
        AND t.relname = ";

const FOREIGN_KEYS: &str = "
    SELECT c.oid::bigint, a.attname::text, f.relname::text, fa.attname::text
    FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid
    JOIN pg_class f ON f.oid = c.confrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (here, there, place)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.here
    JOIN pg_attribute fa ON fa.attrelid = c.confrelid AND fa.attnum = k.there
    WHERE c.contype = 'f' AND n.nspname = current_schema() AND t.relname = ";

pub(super) fn table(conn: &mut Conn, table: &str) -> Result<Found> {
    let mut found = columns(conn, table)?;
    indexes(conn, table, &mut found)?;
    found.foreign_keys = foreign_keys(conn, table)?;
    Ok(found)
}

fn columns(conn: &mut Conn, table: &str) -> Result<Found> {
    type Row = (String, String, bool, bool, bool);
    let mut sql = Statement::new(COLUMNS);
    sql.bind(table).push(" ORDER BY a.attnum");
    let mut found = Found::default();
    for (name, declared, not_null, has_default, is_view) in sql.rows::<(Text, Text, Bool, Bool, Bool), Row>(conn)? {
        let (kind, declared) = (kind(&declared), short(&declared));
        found.columns.push(Column { name, declared, kind, nullable: !not_null, has_default });
        found.is_view = is_view;
    }
    Ok(found)
}

/// The name that migrations use for the type.
fn short(declared: &str) -> String {
    declared
        .replace("character varying", "varchar")
        .replace("character", "char")
        .replace("timestamp with time zone", "timestamptz")
}

fn indexes(conn: &mut Conn, table: &str, found: &mut Found) -> Result<()> {
    type Sql = (BigInt, Text, Bool, Bool, Text);
    type Row = (i64, String, bool, bool, String);
    let mut sql = Statement::new(UNIQUES);
    sql.bind(table).push(" ORDER BY i.indexrelid, k.place");
    let rows = sql.rows::<Sql, Row>(conn)?.into_iter();
    let groups = grouped(rows.map(|(id, index, primary, partial, column)| ((id, index, primary, partial), column)));
    for ((_, index, primary, partial), columns) in groups {
        if primary {
            (found.primary_key, found.primary_key_name) = (columns.clone(), Some(index));
        }
        found.uniques.push(Unique { columns, partial });
    }
    Ok(())
}

fn foreign_keys(conn: &mut Conn, table: &str) -> Result<Vec<ForeignKey>> {
    let mut sql = Statement::new(FOREIGN_KEYS);
    sql.bind(table).push(" ORDER BY c.oid, k.place");
    let rows = sql.rows::<(BigInt, Text, Text, Text), (i64, String, String, String)>(conn)?.into_iter();
    let groups = grouped(rows.map(|(id, from, table, to)| ((id, table), (from, to))));
    let mut all = Vec::new();
    for ((_, table), pairs) in groups {
        let (columns, to) = pairs.into_iter().unzip();
        all.push(ForeignKey { columns, table, to });
    }
    Ok(all)
}
