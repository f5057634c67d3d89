//! The SQL of an order, and of what comes after a record in it.

use super::sort::KeyColumn;
use crate::database::Backend;
use crate::statement::Statement;
use crate::value::Value;

/// `ORDER BY <keys>`. An absent value is larger than every other, which is PostgreSQL's own order, so that its
/// indexes serve it.
pub(super) fn push_order(keys: &[KeyColumn], backend: Backend, sql: &mut Statement) {
    for (i, key) in keys.iter().enumerate() {
        sql.push(if i == 0 { " ORDER BY " } else { ", " });
        sql.push(&key.column.ordered_sql(key.of, backend));
        sql.push(match (key.descending, key.nullable) {
            (false, false) => "",
            (true, false) => " DESC",
            (false, true) => " NULLS LAST",
            (true, true) => " DESC NULLS FIRST",
        });
    }
}

/// The records that come after the one with the values `last`.
pub(super) fn push_after(keys: &[KeyColumn], last: &[Value], backend: Backend, sql: &mut Statement) {
    let alike = keys.windows(2).all(|pair| matches!(pair, [a, b] if a.descending == b.descending));
    if alike && !keys.iter().any(|key| key.nullable) {
        return push_row_after(keys, last, backend, sql);
    }
    // The first key bounds all of it, which lets the database start in the middle of an index.
    sql.push("(");
    if let (Some(key), Some(value)) = (keys.first(), last.first())
        && !key.nullable
    {
        sql.push(&key.column.ordered_sql(key.of, backend));
        sql.push(if key.descending { " <= " } else { " >= " }).bind(value.clone()).push(" AND (");
        push_steps(keys, last, backend, sql);
        sql.push(")");
    } else {
        push_steps(keys, last, backend, sql);
    }
    sql.push(")");
}

/// `(a, b, id) > (1, 2, 3)`: the form that both databases answer from one range of an index.
fn push_row_after(keys: &[KeyColumn], last: &[Value], backend: Backend, sql: &mut Statement) {
    for (i, key) in keys.iter().enumerate() {
        sql.push(if i == 0 { "(" } else { ", " });
        sql.push(&key.column.ordered_sql(key.of, backend));
    }
    sql.push(if keys.iter().any(|key| key.descending) { ") < " } else { ") > " });
    for (i, value) in last.iter().enumerate() {
        sql.push(if i == 0 { "(" } else { ", " }).bind(value.clone());
    }
    sql.push(")");
}

/// After in the first key, or equal in it and after in the second, and so on.
fn push_steps(keys: &[KeyColumn], last: &[Value], backend: Backend, sql: &mut Statement) {
    for (i, (key, value)) in keys.iter().zip(last).enumerate() {
        sql.push(if i == 0 { "(" } else { " OR (" });
        for (equal, value) in keys.iter().zip(last).take(i) {
            sql.push(&equal.column.sql(backend));
            match value {
                Value::Null(_) => sql.push(" IS NULL"),
                value => sql.push(" = ").bind(value.clone()),
            };
            sql.push(" AND ");
        }
        push_step(key, value, backend, sql);
        sql.push(")");
    }
}

fn push_step(key: &KeyColumn, value: &Value, backend: Backend, sql: &mut Statement) {
    match (value.is_null(), key.descending) {
        (true, false) => {
            sql.push("1 = 0");
        }
        (true, true) => {
            sql.push(&key.column.sql(backend)).push(" IS NOT NULL");
        }
        (false, descending) => {
            sql.push("(");
            sql.push(&key.column.ordered_sql(key.of, backend));
            sql.push(if descending { " < " } else { " > " }).bind(value.clone());
            if key.nullable && !descending {
                sql.push(" OR ").push(&key.column.sql(backend)).push(" IS NULL");
            }
            sql.push(")");
        }
    }
}
