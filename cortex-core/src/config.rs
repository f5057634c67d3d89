//! Configuration: five layers read into typed sections, every mistake named with its source.
//!
//! A value is looked for in this order; what comes later wins:
//!
//! 1. the built-in default of its field,
//! 2. `cortex.toml`,
//! 3. `cortex.<profile>.toml` beside it,
//! 4. the environment: `CORTEX_WEB__PORT=8080` is `port` of the section `web`,
//! 5. overrides from the command line: `web.port=8080`.
//!
//! ```
//! use cortex_core::{ByteSize, Config, SectionInfo, Secret, TimeSpan};
//!
//! /// How the web server listens.
//! #[derive(Debug, Config)]
//! #[config(key = "web", crate = cortex_core)]
//! struct Web {
//!     /// Address to listen on.
//!     #[config(default = "127.0.0.1")]
//!     host: String,
//!     #[config(default = 8080, help = "Port to listen on")]
//!     port: u16,
//!     #[config(default = "30s")]
//!     timeout: TimeSpan,
//!     #[config(default = "2 MiB")]
//!     body_limit: ByteSize,
//!     /// Signs the session cookies.
//!     #[config(required)]
//!     key: Secret,
//! }
//!
//! let config = Config::builder()
//!     .env([("CORTEX_WEB__KEY", "hunter2"), ("CORTEX_WEB__PORT", "9000")])
//!     .set("web.timeout=1m")
//!     .load()?;
//! config.check(&[SectionInfo::of::<Web>()])?; // unknown keys and wrong values of all sections, together
//!
//! let web: Web = config.section()?;
//! assert_eq!((web.host.as_str(), web.port), ("127.0.0.1", 9000));
//! assert_eq!(web.timeout, TimeSpan::seconds(60));
//! assert_eq!(web.key.expose(), "hunter2");
//!
//! let wrong = Config::builder().env([("CORTEX_WEB__PORT", "http")]).set("web.key=x").load()?;
//! assert_eq!(
//!     wrong.section::<Web>().unwrap_err().message(),
//!     "`web.port`: expected a whole number from 0 to 65535, found `http` (environment variable `CORTEX_WEB__PORT`)",
//! );
//! # Ok::<(), cortex_core::Error>(())
//! ```
//!
//! Fields may have every type that serde can read and write; an enum without fields prints its accepted
//! values. A field whose type is another `#[derive(Config)]` struct carries `#[config(nested)]`.

use std::fmt;
use std::sync::Arc;

use figment::value::Value;

use crate::Result;

mod error;
mod explain;
mod layers;
mod misfit;
mod reading;
mod section;
mod source;
mod toml;
mod units;

pub use error::ConfigError;
pub use explain::{Explained, Explanation};
pub use layers::ConfigBuilder;
pub use section::{ConfigField, ConfigSection, SectionInfo, SectionReader};
pub use source::{ConfigProblem, ConfigSource, suggest};
pub use units::{ByteSize, TimeSpan, UnitError};

#[doc(hidden)]
pub use reading::literal;
#[doc(hidden)]
pub use section::shown;

use layers::Layers;

/// The merged configuration of a program. Cheap to clone; printing it shows no values.
#[derive(Clone)]
pub struct Config(Arc<Merged>);

struct Merged {
    /// Always a table.
    root: Value,
    layers: Layers,
}

impl Config {
    /// What a program reads when nothing else is said: `cortex.toml` of the working directory where there is
    /// one, the profile that `CORTEX_PROFILE` names, and the environment.
    ///
    /// # Errors
    /// See [`ConfigBuilder::load`].
    pub fn load() -> Result<Self> {
        Self::builder().dir(".").process_env().load()
    }

    /// A configuration put together by hand; empty to begin with.
    #[must_use]
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// The values of one section.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with all problems of the section: unknown keys, values that do not fit,
    /// required values that are missing.
    pub fn section<C: ConfigSection>(&self) -> Result<C> {
        let mut reader = SectionReader::of::<C>(self);
        let section = C::read(&mut reader);
        match (section, reader.into_problems()) {
            (Some(section), problems) if problems.is_empty() => Ok(section),
            (_, problems) => Err(ConfigError::Invalid { problems }.into()),
        }
    }

    /// Checks everything that was configured against the sections of the program.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with the problems of all sections and the keys that belong to none.
    pub fn check(&self, sections: &[SectionInfo]) -> Result<()> {
        let problems = self.problems(sections);
        if problems.is_empty() { Ok(()) } else { Err(ConfigError::Invalid { problems }.into()) }
    }

    /// What [`Config::check`] reports, for programs that report more along with it.
    #[must_use]
    pub fn problems(&self, sections: &[SectionInfo]) -> Vec<ConfigProblem> {
        let mut problems = section::strangers(self, sections);
        for info in sections {
            problems.extend(info.problems(self));
        }
        problems
    }

    /// Every value of `sections` with the place that it came from; secrets are masked. Works on a wrong
    /// configuration too.
    #[must_use]
    pub fn explain(&self, sections: &[SectionInfo]) -> Explanation {
        explain::explain(self, sections)
    }

    /// Where the value of a key (`web.port`) came from.
    #[must_use]
    pub fn source(&self, key: &str) -> ConfigSource {
        self.find(key).map_or(ConfigSource::Default, |value| self.0.layers.source(value, key))
    }

    fn find(&self, key: &str) -> Option<&Value> {
        self.0.root.find_ref(key)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.0.root.as_dict().map(|sections| sections.keys().collect::<Vec<_>>());
        f.debug_struct("Config").field("sections", &keys.unwrap_or_default()).finish_non_exhaustive()
    }
}
