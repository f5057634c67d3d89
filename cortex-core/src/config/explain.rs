//! Shows every value with the place that it came from.

use std::fmt;

use figment::value::Value;
use serde::Serialize;

use super::reading::render;
use super::{Config, ConfigField, ConfigSource, SectionInfo};
use crate::secret::{MASK, mask_addresses};

/// One value of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The key, dotted: `web.port`.
    pub key: String,
    /// As people write it; `***` for a secret, empty where there is none.
    pub value: String,
    /// Where it came from.
    pub source: ConfigSource,
    /// What it is for.
    pub help: &'static str,
}

/// All values of a configuration. Prints as a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Explanation(Vec<Explained>);

impl Explanation {
    /// The values, by section and in the order in which the fields are declared.
    #[must_use]
    pub fn rows(&self) -> &[Explained] {
        &self.0
    }

    /// The value of one key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Explained> {
        self.0.iter().find(|row| row.key == key)
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 4]> = std::iter::once(["KEY", "VALUE", "SOURCE", "HELP"].map(str::to_owned))
            .chain(self.0.iter().map(|row| {
                let value = if row.value.is_empty() { "-" } else { &row.value };
                [row.key.clone(), value.to_owned(), row.source.to_string(), row.help.to_owned()]
            }))
            .collect();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let (first, second, third) = (width(0), width(1), width(2));
        for [key, value, source, help] in &rows {
            let line = format!("{key:first$}  {value:second$}  {source:third$}  {help}");
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

pub(super) fn explain(config: &Config, sections: &[SectionInfo]) -> Explanation {
    let mut rows = Vec::new();
    for section in sections {
        fields(config, section.key(), section.fields(), &mut rows);
    }
    Explanation(rows)
}

fn fields(config: &Config, path: &str, list: &'static [ConfigField], rows: &mut Vec<Explained>) {
    for field in list {
        let key = format!("{path}.{}", field.name);
        match (field.nested, config.find(&key)) {
            (Some(nested), _) => fields(config, &key, nested(), rows),
            (None, Some(value)) => leaves(config, key, field, value, rows),
            (None, None) => {
                // The placeholder of a required field is not a value.
                let value = if field.required { String::new() } else { (field.default)() };
                rows.push(row(key, field, value, ConfigSource::Default));
            }
        }
    }
}

/// One row per value of a table, since each may come from another layer.
fn leaves(config: &Config, key: String, field: &ConfigField, value: &Value, rows: &mut Vec<Explained>) {
    match value {
        Value::Dict(_, dict) if !field.secret && !dict.is_empty() => {
            for (name, inner) in dict {
                leaves(config, format!("{key}.{name}"), field, inner, rows);
            }
        }
        _ => {
            let source = config.0.layers.source(value, &key);
            rows.push(row(key, field, render(value), source));
        }
    }
}

fn row(key: String, field: &ConfigField, value: String, source: ConfigSource) -> Explained {
    let value = match value {
        empty if empty.is_empty() => empty,
        _ if field.secret => MASK.to_owned(),
        shown => mask_addresses(&shown),
    };
    Explained { key, value, source, help: field.help }
}
