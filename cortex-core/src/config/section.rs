//! Typed sections: what a struct with `#[derive(Config)]` tells about its fields, and how it is read.

use std::fmt;

use figment::value::{Dict, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::misfit::{Fault, Misfit};
use super::reading::{self, render};
use super::source::{ConfigProblem, suggest};
use super::{Config, ConfigSource};
use crate::choice::list;

/// A part of the configuration with a key of its own, by `#[derive(Config)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a section of the configuration",
    label = "this is not a section",
    note = "add `#[derive(Config)]` and `#[config(key = \"...\")]`"
)]
pub trait ConfigSection: Default + Send + Sync + 'static {
    /// Its name in `[brackets]`; empty for a struct that is only nested in others.
    const KEY: &'static str;

    /// Its fields, in the order in which they are declared.
    fn fields() -> &'static [ConfigField];

    /// Reads all fields. `None` where one of them has a problem, which the reader then holds.
    fn read(reader: &mut SectionReader<'_>) -> Option<Self>;
}

/// What is known about one field of a section.
#[derive(Debug, Clone, Copy)]
pub struct ConfigField {
    /// The key.
    pub name: &'static str,
    /// One line for people; may be empty.
    pub help: &'static str,
    /// Whether the value is never shown.
    pub secret: bool,
    /// Whether there is no default.
    pub required: bool,
    /// The accepted texts; empty where the type alone decides.
    pub one_of: &'static [&'static str],
    /// The default as people write it.
    pub default: fn() -> String,
    /// The fields of a nested struct.
    pub nested: Option<fn() -> &'static [Self]>,
}

/// A section without its type, for lists.
#[derive(Debug, Clone, Copy)]
pub struct SectionInfo {
    key: &'static str,
    fields: fn() -> &'static [ConfigField],
    problems: fn(&Config) -> Vec<ConfigProblem>,
}

impl SectionInfo {
    /// The section `C`.
    #[must_use]
    pub fn of<C: ConfigSection>() -> Self {
        Self { key: C::KEY, fields: C::fields, problems: problems::<C> }
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> &'static [ConfigField] {
        (self.fields)()
    }

    pub(super) fn problems(&self, config: &Config) -> Vec<ConfigProblem> {
        (self.problems)(config)
    }
}

impl fmt::Debug for SectionReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SectionReader")
            .field("key", &self.key)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

fn problems<C: ConfigSection>(config: &Config) -> Vec<ConfigProblem> {
    let mut reader = SectionReader::of::<C>(config);
    drop(C::read(&mut reader));
    reader.into_problems()
}

/// Reads the fields of one section and collects what is wrong with them.
pub struct SectionReader<'a> {
    config: &'a Config,
    key: String,
    dict: Option<&'a Dict>,
    fields: &'static [ConfigField],
    problems: Vec<ConfigProblem>,
}

impl<'a> SectionReader<'a> {
    pub(super) fn of<C: ConfigSection>(config: &'a Config) -> Self {
        Self::new::<C>(config, C::KEY.to_owned())
    }

    fn new<C: ConfigSection>(config: &'a Config, key: String) -> Self {
        let mut reader = Self { config, key, dict: None, fields: C::fields(), problems: Vec::new() };
        match config.find(&reader.key) {
            None => {}
            Some(Value::Dict(_, dict)) => {
                reader.dict = Some(dict);
                reader.strangers(dict);
            }
            Some(value) => {
                let message = "expected a section of keys, found a single value".to_owned();
                let help = Some(format!("accepted keys: {}", list(&reader.names())));
                let source = Some(config.0.layers.source(value, &reader.key));
                reader.problems.push(ConfigProblem { key: reader.key.clone(), message, help, source });
            }
        }
        reader
    }

    /// The value of a field, its default where nobody set it; `None` with a problem noted.
    pub fn field<T: DeserializeOwned>(&mut self, name: &str, default: T) -> Option<T> {
        let config = self.config;
        let field = self.fields.iter().find(|field| field.name == name);
        let Some(value) = self.dict.and_then(|dict| dict.get(name)) else {
            if field.is_some_and(|field| field.required) {
                self.missing(name);
                return None;
            }
            return Some(default);
        };
        if let Some(field) = field.filter(|field| !field.one_of.is_empty()) {
            let text = render(value);
            if !field.one_of.contains(&text.as_str()) {
                self.misfit(name, value, &choice(&text, field.one_of));
                return None;
            }
        }
        match reading::read(value, &config.0.layers) {
            Ok(read) => Some(read),
            Err(misfit) => {
                self.misfit(name, value, &misfit);
                None
            }
        }
    }

    /// The value of a field that is a section itself; `None` with its problems noted.
    pub fn nested<N: ConfigSection>(&mut self, name: &str) -> Option<N> {
        let mut reader = SectionReader::new::<N>(self.config, format!("{}.{name}", self.key));
        let read = N::read(&mut reader);
        self.problems.append(&mut reader.problems);
        read
    }

    pub(super) fn into_problems(self) -> Vec<ConfigProblem> {
        self.problems
    }

    fn names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.to_owned()).collect()
    }

    /// Keys of the section that are none of its fields.
    fn strangers(&mut self, dict: &'a Dict) {
        for (name, value) in dict.iter().filter(|(name, _)| !self.fields.iter().any(|field| field.name == *name)) {
            let key = format!("{}.{name}", self.key);
            let help = Some(suggest(name, &self.names(), "accepted keys"));
            let source = Some(self.config.0.layers.source(value, &key));
            self.problems.push(ConfigProblem { key, message: "unknown key".to_owned(), help, source });
        }
    }

    fn missing(&mut self, name: &str) {
        let key = format!("{}.{name}", self.key);
        let variable = key.replace('.', "__").to_ascii_uppercase();
        let help = format!(
            "set `{name}` under `[{}]` in cortex.toml, `CORTEX_{variable}` in the environment, \
             or `{key}=...` on the command line",
            self.key
        );
        let message = "a value is required".to_owned();
        self.problems.push(ConfigProblem { key, message, help: Some(help), source: None });
    }

    fn misfit(&mut self, name: &str, value: &Value, misfit: &Misfit) {
        let field = format!("{}.{name}", self.key);
        let key = misfit.path().fold(field.clone(), |key, part| format!("{key}.{part}"));
        let source = Some(deepest(self.config, value, field, misfit));
        let secret = self.fields.iter().any(|field| field.name == name && field.secret);
        let (message, help) = if secret { (covered(&misfit.fault), None) } else { (misfit.to_string(), help(misfit)) };
        self.problems.push(ConfigProblem { key, message, help, source });
    }
}

/// The source of the part that does not fit: a table may be merged from several layers.
fn deepest(config: &Config, value: &Value, key: String, misfit: &Misfit) -> ConfigSource {
    let (mut value, mut key) = (value, key);
    for part in misfit.path() {
        let Some(inner) = value.as_dict().and_then(|dict| dict.get(part)) else { break };
        (value, key) = (inner, format!("{key}.{part}"));
    }
    config.0.layers.source(value, &key)
}

fn choice(found: &str, accepted: &'static [&'static str]) -> Misfit {
    serde::de::Error::unknown_variant(found, accepted)
}

/// The message about a secret: without what was found.
fn covered(fault: &Fault) -> String {
    match fault {
        Fault::Wrong { expected, .. } => format!("expected {expected}; the value is secret and not shown"),
        _ => "the value does not fit; it is secret and not shown".to_owned(),
    }
}

fn help(misfit: &Misfit) -> Option<String> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    match &misfit.fault {
        Fault::Choice { found, accepted } => Some(suggest(found, &owned(accepted), "accepted values")),
        Fault::UnknownKey { accepted } if !accepted.is_empty() => {
            Some(suggest(misfit.path().last().unwrap_or_default(), &owned(accepted), "accepted keys"))
        }
        _ => None,
    }
}

/// Keys at the top that belong to no section.
pub(super) fn strangers(config: &Config, sections: &[SectionInfo]) -> Vec<ConfigProblem> {
    let keys: Vec<String> = sections.iter().map(|section| section.key.to_owned()).collect();
    let root = config.0.root.as_dict().into_iter().flatten();
    root.filter(|(name, _)| !keys.contains(name))
        .map(|(name, value)| {
            let source = config.0.layers.source(value, name);
            // `CORTEX_WEB_PORT` with one underscore is the mistake that everyone makes once.
            let single = keys.iter().find(|key| name.starts_with(&format!("{key}_")));
            let help = match (&source, single) {
                (ConfigSource::Environment(_), Some(key)) => {
                    let field = name.get(key.len() + 1..).unwrap_or_default();
                    let variable = format!("{key}__{field}").to_ascii_uppercase();
                    format!("two underscores part a section from its keys: did you mean `CORTEX_{variable}`?")
                }
                _ => suggest(name, &keys, "accepted sections"),
            };
            let message = "unknown section".to_owned();
            ConfigProblem { key: name.clone(), message, help: Some(help), source: Some(source) }
        })
        .collect()
}

/// A default as people write it.
#[doc(hidden)]
pub fn shown<T: Serialize>(value: &T) -> String {
    Value::serialize(value).map(|value| render(&value)).unwrap_or_default()
}
