//! Reads a national chart of accounts from JSON.

use std::collections::{HashMap, HashSet};

use codexion::prelude::{Filter, Repository, Result, Tx};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::ImportSummary;
use crate::domain::{AccountId, AccountKind};
use crate::error::ImportError;
use crate::store::Account;

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    flat: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Row {
    number: u64,
    label: String,
    parent: Option<u64>,
}

pub(super) fn import(tx: &mut Tx, file: &str, json: &str) -> Result<ImportSummary> {
    let parsed: File<'_> = serde_json::from_str(json).map_err(|e| syntax(file, (1, 1), &e))?;
    let mut rows: Vec<(Row, (usize, usize))> = Vec::with_capacity(parsed.flat.len());
    for raw in parsed.flat {
        let at = place(json, raw.get());
        let row: Row = serde_json::from_str(raw.get()).map_err(|e| syntax(file, at, &e))?;
        rows.push((row, at));
    }
    check(file, &rows)?;
    let stored = Account::list(tx, &Filter::All)?;
    let mut ids: HashMap<String, AccountId> = stored.iter().map(|a| (a.code.clone(), a.id)).collect();
    let names: HashMap<&str, &str> = stored.iter().map(|a| (a.code.as_str(), a.name.as_str())).collect();
    let headings: HashSet<u64> = rows.iter().filter_map(|(row, _)| row.parent).collect();
    let mut summary = ImportSummary::default();
    let mut new = Vec::new();
    for (row, (line, column)) in &rows {
        let code = row.number.to_string();
        match names.get(code.as_str()) {
            Some(name) if **name == row.label => summary.unchanged += 1,
            Some(name) => {
                let what = format!("`{code}` is `{name}` in the books, not `{}`", row.label);
                return Err(ImportError::new(file, *line, *column, what).into());
            }
            None => {
                let id = tx.new_id();
                ids.insert(code.clone(), id);
                let parent = row.parent.and_then(|parent| ids.get(&parent.to_string()).copied());
                let heading = headings.contains(&row.number);
                let (kind, reconcilable) = (kind(&code), !heading && is_reconcilable(&code));
                new.push(Account { id, code, name: row.label.clone(), kind, parent, heading, reconcilable });
            }
        }
    }
    summary.created = u64::try_from(new.len()).unwrap_or(u64::MAX);
    super::add(tx, &new)?;
    Ok(summary)
}

/// Numbers stand once, and parents stand before their children.
fn check(file: &str, rows: &[(Row, (usize, usize))]) -> Result<(), ImportError> {
    let mut seen = HashSet::new();
    for (row, (line, column)) in rows {
        let wrong = |what: String| ImportError::new(file, *line, *column, what);
        if let Some(parent) = row.parent.filter(|parent| !seen.contains(parent)) {
            return Err(wrong(format!("the account `{parent}` above `{}` does not stand before it", row.number)));
        }
        if row.label.trim().is_empty() {
            return Err(wrong(format!("`{}` has no label", row.number)));
        }
        if !seen.insert(row.number) {
            return Err(wrong(format!("`{}` stands twice", row.number)));
        }
    }
    if rows.is_empty() { Err(ImportError::new(file, 1, 1, "the file has no accounts")) } else { Ok(()) }
}

/// What the balance of an account means, by its class.
fn kind(code: &str) -> AccountKind {
    let class: Vec<u8> = code.bytes().take(2).map(|b| b.saturating_sub(b'0')).collect();
    match class.as_slice() {
        [1, 5..=9] => AccountKind::Liability,
        [1, ..] => AccountKind::Equity,
        [2 | 3 | 5, ..] | [4, 1 | 6 | 9] => AccountKind::Asset,
        [4, ..] => AccountKind::Liability,
        [6, ..] => AccountKind::Expense,
        [7, ..] => AccountKind::Income,
        _ => AccountKind::Equity,
    }
}

/// Suppliers and customers.
fn is_reconcilable(code: &str) -> bool {
    ["401", "403", "404", "411", "413"].iter().any(|prefix| code.starts_with(prefix))
}

/// A mistake in the JSON itself, or of a field; `base` is where the parsed text begins.
fn syntax(file: &str, base: (usize, usize), error: &serde_json::Error) -> ImportError {
    let line = base.0 + error.line().saturating_sub(1);
    let column = if error.line() <= 1 { base.1 + error.column().saturating_sub(1) } else { error.column() };
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text).to_owned();
    ImportError::new(file, line, column.max(1), what)
}

/// Line and column of a part of a text.
fn place(text: &str, part: &str) -> (usize, usize) {
    let offset = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}
