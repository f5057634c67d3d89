//! The order of tables: each after those that it refers to.

use cortex_core::Result;

use super::error::TransferError;
use super::layout::Table;

/// Puts tables in order. Where tables refer to each other in a circle, it is broken at references that may be absent:
/// those are filled later.
pub(super) fn ordered(mut waiting: Vec<Table>) -> Result<Vec<Table>> {
    waiting.iter_mut().try_for_each(put_off_own)?;
    let mut done: Vec<Table> = Vec::with_capacity(waiting.len());
    waiting.sort_by(|one, other| one.name.cmp(&other.name));
    while !waiting.is_empty() {
        let free = waiting.iter().position(|table| open(table, &waiting).is_empty());
        let next = match free {
            Some(next) => next,
            None => break_circle(&mut waiting)?,
        };
        done.push(waiting.remove(next));
    }
    Ok(done)
}

/// References to other tables that wait too, by their place in the list.
fn open(table: &Table, waiting: &[Table]) -> Vec<usize> {
    let waits = |name: &str| name != table.name && waiting.iter().any(|other| other.name == name);
    let by_now = |columns: &[usize]| !columns.iter().any(|column| table.later.contains(column));
    let links = table.links.iter().enumerate();
    links.filter(|(_, link)| waits(&link.table) && by_now(&link.columns)).map(|(i, _)| i).collect()
}

/// Rows that refer to rows of the same table may come before them.
fn put_off_own(table: &mut Table) -> Result<(), TransferError> {
    let mut later = Vec::new();
    for link in table.links.iter().filter(|link| link.table == table.name) {
        let before = later.len();
        later.extend(link.columns.iter().copied().filter(|column| is_optional(table, *column)));
        if later.len() == before {
            return Err(TransferError::Circle { tables: format!("`{}`", table.name) });
        }
    }
    table.later = later;
    Ok(())
}

fn is_optional(table: &Table, column: usize) -> bool {
    table.columns.get(column).is_some_and(|column| column.nullable)
}

/// Puts the references of one table off, and answers which table it is.
fn break_circle(waiting: &mut [Table]) -> Result<usize, TransferError> {
    let found = waiting.iter().position(|table| {
        open(table, waiting).iter().all(|link| {
            table.links.get(*link).is_some_and(|link| link.columns.iter().any(|column| is_optional(table, *column)))
        })
    });
    let Some(at) = found else {
        let tables: Vec<_> = waiting.iter().map(|table| format!("`{}`", table.name)).collect();
        return Err(TransferError::Circle { tables: tables.join(", ") });
    };
    let mut later = Vec::new();
    if let Some(table) = waiting.get(at) {
        for link in open(table, waiting).into_iter().filter_map(|link| table.links.get(link)) {
            later.extend(link.columns.iter().copied().filter(|column| is_optional(table, *column)));
        }
    }
    if let Some(table) = waiting.get_mut(at) {
        table.later.extend(later);
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenancy::transfer::layout::{Column, Link};
    use crate::value::ColumnType;

    fn table(name: &str, links: &[(&str, bool)]) -> Table {
        let column = |(to, nullable): &(&str, bool)| Column {
            name: (*to).to_owned(),
            of: ColumnType::Guid,
            padded: false,
            nullable: *nullable,
        };
        let link = |(i, (to, _)): (usize, &(&str, bool))| Link { columns: vec![i], table: (*to).to_owned() };
        Table {
            name: name.to_owned(),
            columns: links.iter().map(column).collect(),
            key: vec![0],
            links: links.iter().enumerate().map(link).collect(),
            later: Vec::new(),
        }
    }

    fn names(tables: &[Table]) -> Vec<&str> {
        tables.iter().map(|table| table.name.as_str()).collect()
    }

    #[test]
    fn tables_come_after_those_they_refer_to() {
        let all = vec![table("a", &[("b", false), ("a", true)]), table("b", &[("c", true)]), table("c", &[])];
        let all = ordered(all).unwrap();
        assert_eq!(names(&all), ["c", "b", "a"]);
        assert_eq!(all[2].later, [1], "a row may refer to one that comes later");
    }

    #[test]
    fn a_circle_is_broken_where_a_reference_may_be_absent() {
        let all = vec![table("a", &[("b", false)]), table("b", &[("a", true)])];
        let all = ordered(all).unwrap();
        assert_eq!(names(&all), ["b", "a"]);
        assert_eq!(all[0].later, [0]);
        let error = ordered(vec![table("a", &[("b", false)]), table("b", &[("a", false)])]).unwrap_err();
        assert_eq!(error.message(), "the tables `a`, `b` refer to each other in a circle");
    }
}
