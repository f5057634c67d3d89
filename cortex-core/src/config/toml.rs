//! Reads TOML with the line of every key.

use std::collections::BTreeMap;
use std::path::Path;

use figment::value::{Dict, Value};
use toml_edit::{Document, Item, Table};

use super::error::ConfigError;

/// The line of each key, dotted.
pub(super) type Lines = BTreeMap<String, usize>;

/// Reads a file's text.
pub(super) fn parse(path: &Path, text: &str) -> Result<(Dict, Lines), ConfigError> {
    let document = Document::parse(text).map_err(|error| {
        let (line, column) = place(text, error.span().map_or(0, |span| span.start));
        let message = error.message().trim().replace('\n', ", ");
        ConfigError::Syntax { path: path.to_owned(), line, column, message }
    })?;
    let mut lines = Lines::new();
    let dict = table(document.as_table(), "", text, &mut lines);
    Ok((dict, lines))
}

/// Reads one value, as it would stand after `key =`; `None` where the text is not TOML.
pub(super) fn parse_value(text: &str) -> Option<Value> {
    text.trim().parse::<toml_edit::Value>().ok().map(|parsed| value(&parsed))
}

fn table(table: &Table, path: &str, text: &str, lines: &mut Lines) -> Dict {
    let mut dict = Dict::new();
    for (name, item) in table {
        let key = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let start = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span()).map(|span| span.start);
        if let Some(start) = start {
            lines.insert(key.clone(), place(text, start).0);
        }
        let read = match item {
            Item::None => continue,
            Item::Value(toml_edit::Value::InlineTable(inline)) => {
                Value::from(self::table(&inline.clone().into_table(), &key, text, lines))
            }
            Item::Value(one) => value(one),
            Item::Table(inner) => Value::from(self::table(inner, &key, text, lines)),
            Item::ArrayOfTables(tables) => {
                Value::from(tables.iter().map(|t| self::table(t, "", text, &mut Lines::new())).collect::<Vec<_>>())
            }
        };
        dict.insert(name.to_owned(), read);
    }
    dict
}

fn value(read: &toml_edit::Value) -> Value {
    match read {
        toml_edit::Value::String(text) => Value::from(text.value().as_str()),
        toml_edit::Value::Integer(number) => Value::from(*number.value()),
        toml_edit::Value::Float(number) => Value::from(*number.value()),
        toml_edit::Value::Boolean(truth) => Value::from(*truth.value()),
        toml_edit::Value::Datetime(time) => Value::from(time.value().to_string()),
        toml_edit::Value::Array(list) => Value::from(list.iter().map(value).collect::<Vec<_>>()),
        toml_edit::Value::InlineTable(inline) => {
            Value::from(inline.iter().map(|(name, inner)| (name.to_owned(), value(inner))).collect::<Dict>())
        }
    }
}

/// Line and column, from 1, of a byte.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
