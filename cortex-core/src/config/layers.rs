//! Collects the layers of a configuration and merges them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use figment::value::{Dict, Map, Tag, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::source::ConfigSource;
use super::toml::{self, Lines};
use super::{Config, ConfigError, Merged};
use crate::Result;

const PREFIX: &str = "CORTEX_";
const PROFILE_VARIABLE: &str = "CORTEX_PROFILE";
/// Variables with this prefix belong to test runs and are no configuration.
const TEST_PREFIX: &str = "CORTEX_TEST_";
const FILE: &str = "cortex.toml";

/// Puts a [`Config`] together. Nothing is read before [`ConfigBuilder::load`].
#[derive(Clone, Default)]
pub struct ConfigBuilder {
    base: Option<Base>,
    profile: Option<String>,
    defaults: Vec<String>,
    env: Vec<(OsString, OsString)>,
    overrides: Vec<String>,
}

#[derive(Clone)]
enum Base {
    /// Must exist.
    File(PathBuf),
    /// May hold a `cortex.toml`.
    Dir(PathBuf),
}

impl ConfigBuilder {
    /// Reads this file, which must exist, and its profiles beside it.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.base = Some(Base::File(path.into()));
        self
    }

    /// Reads `cortex.toml` of this folder, where there is one, and its profiles.
    #[must_use]
    pub fn dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.base = Some(Base::Dir(path.into()));
        self
    }

    /// Reads `cortex.<profile>.toml` on top, which must exist. Wins over `CORTEX_PROFILE`.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// Changes a built-in default: `web.port=9000`. For applications; users set values in the layers above.
    #[must_use]
    pub fn default_value(mut self, setting: impl Into<String>) -> Self {
        self.defaults.push(setting.into());
        self
    }

    /// Takes values from these environment variables. Those without the prefix `CORTEX_` are ignored, and so
    /// are those that begin with `CORTEX_TEST_`.
    #[must_use]
    pub fn env<K: Into<OsString>, V: Into<OsString>>(mut self, variables: impl IntoIterator<Item = (K, V)>) -> Self {
        self.env.extend(variables.into_iter().map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// Takes values from the environment of this process.
    #[must_use]
    pub fn process_env(self) -> Self {
        self.env(std::env::vars_os())
    }

    /// Sets one value above all layers: `web.port=9000`. The last one wins.
    #[must_use]
    pub fn set(mut self, setting: impl Into<String>) -> Self {
        self.overrides.push(setting.into());
        self
    }

    /// Sets several values like [`ConfigBuilder::set`].
    #[must_use]
    pub fn set_all<S: Into<String>>(mut self, settings: impl IntoIterator<Item = S>) -> Self {
        self.overrides.extend(settings.into_iter().map(Into::into));
        self
    }

    /// Reads and merges all layers. The values are checked by [`Config::check`] and [`Config::section`], which
    /// know what they should be.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read or is not TOML, a profile without a file, and an
    /// override or variable that names no key.
    pub fn load(self) -> Result<Config> {
        let (profile, variables) = self.variables()?;
        let mut layers = Layers::default();
        layers.add(Layer::Default, settings(&self.defaults)?);
        for path in self.files(profile.as_deref())? {
            let text =
                std::fs::read_to_string(&path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
            let (dict, lines) = toml::parse(&path, &text)?;
            layers.add(Layer::File { path, lines }, dict);
        }
        layers.add(Layer::Environment, variables);
        layers.add(Layer::CommandLine, settings(&self.overrides)?);
        let root = layers.figment.find_value("").unwrap_or_else(|_| Value::from(Dict::new()));
        Ok(Config(Arc::new(Merged { root, layers })))
    }

    /// The profile and the values that the environment gives.
    fn variables(&self) -> Result<(Option<String>, Dict), ConfigError> {
        let mut profile = self.profile.clone();
        let mut named: Vec<(String, &OsString)> = Vec::new();
        for (name, value) in &self.env {
            let name = name.to_string_lossy();
            if name.starts_with(PREFIX) && !name.starts_with(TEST_PREFIX) {
                named.push((name.into_owned(), value));
            }
        }
        // In the order of their names, so that the outcome does not depend on the environment's.
        named.sort();
        let mut dict = Dict::new();
        for (name, value) in named {
            let Some(value) = value.to_str() else {
                return Err(ConfigError::Variable { name, reason: "is not valid UTF-8" });
            };
            if name == PROFILE_VARIABLE {
                profile = profile.or_else(|| (!value.is_empty()).then(|| value.to_owned()));
                continue;
            }
            let key = name.strip_prefix(PREFIX).unwrap_or_default().to_ascii_lowercase();
            if key.split("__").any(str::is_empty) {
                return Err(ConfigError::Variable { name, reason: "names no configuration key" });
            }
            insert(&mut dict, &mut key.split("__"), value);
        }
        Ok((profile, dict))
    }

    /// The files to read, in order.
    fn files(&self, profile: Option<&str>) -> Result<Vec<PathBuf>, ConfigError> {
        let base = match &self.base {
            Some(Base::File(path)) => path.clone(),
            Some(Base::Dir(dir)) if dir == Path::new(".") => PathBuf::from(FILE),
            Some(Base::Dir(dir)) => dir.join(FILE),
            None => return Ok(Vec::new()),
        };
        let must = matches!(self.base, Some(Base::File(_)));
        let mut files = Vec::new();
        if must || base.is_file() {
            files.push(base.clone());
        }
        if let Some(profile) = profile {
            let path = base.with_extension(format!("{profile}.toml"));
            if !path.is_file() {
                return Err(ConfigError::NoProfile { profile: profile.to_owned(), known: profiles(&base), path });
            }
            files.push(path);
        }
        Ok(files)
    }
}

impl std::fmt::Debug for ConfigBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConfigBuilder").field("profile", &self.profile).finish_non_exhaustive()
    }
}

/// The profiles that have a file beside `base`.
fn profiles(base: &Path) -> Vec<String> {
    let dir = base.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let stem = base.file_stem().unwrap_or_default().to_string_lossy();
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut known: Vec<String> = files
        .filter_map(|file| {
            let name = file.file_name().into_string().ok()?;
            Some(name.strip_prefix(&*stem)?.strip_prefix('.')?.strip_suffix(".toml")?.to_owned())
        })
        .collect();
    known.sort();
    known
}

/// The values of `key=value` texts.
fn settings(texts: &[String]) -> Result<Dict, ConfigError> {
    let mut dict = Dict::new();
    for text in texts {
        // What follows the `=` may be a secret and stays out of the message.
        let (key, value) = text.split_once('=').ok_or_else(|| ConfigError::Override { text: text.clone() })?;
        let key = key.trim();
        if !key.contains('.') || key.split('.').any(str::is_empty) {
            return Err(ConfigError::Override { text: key.to_owned() });
        }
        insert(&mut dict, &mut key.split('.'), value);
    }
    Ok(dict)
}

fn insert<'a>(dict: &mut Dict, path: &mut impl Iterator<Item = &'a str>, text: &str) {
    let Some(mut name) = path.next() else { return };
    let mut dict = dict;
    for next in path {
        let inner = dict.entry(name.to_owned()).or_insert_with(|| Value::from(Dict::new()));
        if inner.as_dict().is_none() {
            *inner = Value::from(Dict::new());
        }
        let Value::Dict(_, inner) = inner else { return };
        dict = inner;
        name = next;
    }
    dict.insert(name.to_owned(), Value::from(text));
}

/// One layer, for saying where a value came from.
enum Layer {
    Default,
    File { path: PathBuf, lines: Lines },
    Environment,
    CommandLine,
}

/// All layers, merged by figment, which tags each value with its layer.
#[derive(Default)]
pub(super) struct Layers {
    figment: Figment,
    list: Vec<Layer>,
}

/// A layer on its way into figment; its name is its place in the list.
struct Entry(usize, Dict);

impl Provider for Entry {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.0.to_string())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.1.clone()))
    }
}

impl Layers {
    fn add(&mut self, layer: Layer, dict: Dict) {
        let figment = std::mem::take(&mut self.figment);
        self.figment = figment.merge(Entry(self.list.len(), dict));
        self.list.push(layer);
    }

    fn get(&self, tag: Tag) -> Option<&Layer> {
        self.list.get(self.figment.get_metadata(tag)?.name.parse::<usize>().ok()?)
    }

    /// Whether the value is plain text, whose meaning depends on the field that it is for.
    pub(super) fn is_text(&self, tag: Tag) -> bool {
        !matches!(self.get(tag), None | Some(Layer::File { .. }))
    }

    /// Where the value of `key` came from.
    pub(super) fn source(&self, value: &Value, key: &str) -> ConfigSource {
        match self.get(value.tag()) {
            None | Some(Layer::Default) => ConfigSource::Default,
            Some(Layer::File { path, lines }) => ConfigSource::File { path: path.clone(), line: line(lines, key) },
            Some(Layer::Environment) => {
                ConfigSource::Environment(format!("{PREFIX}{}", key.replace('.', "__").to_ascii_uppercase()))
            }
            Some(Layer::CommandLine) => ConfigSource::CommandLine,
        }
    }
}

/// The line of a key, or of the nearest table around it.
fn line(lines: &Lines, key: &str) -> Option<usize> {
    lines.get(key).copied().or_else(|| line(lines, key.rsplit_once('.')?.0))
}
