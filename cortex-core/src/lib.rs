//! Vocabulary and spine of Codexion Cortex: application, modules, container, lifecycle, context,
//! config, events, health, errors and exact values.
//!
//! This crate knows no database, no HTTP and no model: the crates above it add their own kinds of
//! contributions to the registrar.
//!
//! # Configuration
//!
//! Built-in defaults, `cortex.toml`, a profile, the environment and the command line are merged and read into
//! typed sections. Whatever is wrong is reported together, each with its key, its source and what is accepted;
//! [`Config::explain`] says where each value came from, without the secrets. More in [`config`].
//!
//! ```
//! use cortex_core::{Config, SectionInfo, TimeSpan};
//!
//! /// Sending of letters.
//! #[derive(Debug, Config)]
//! #[config(key = "mail", crate = cortex_core)]
//! struct Mail {
//!     /// Where letters are handed over.
//!     #[config(default = "localhost")]
//!     host: String,
//!     #[config(default = "10s", help = "how long to wait for it")]
//!     timeout: TimeSpan,
//! }
//!
//! let config = Config::builder().env([("CORTEX_MAIL__HOST", "post.example.org")]).load()?;
//! assert_eq!(config.section::<Mail>()?.host, "post.example.org");
//!
//! let explained = config.explain(&[SectionInfo::of::<Mail>()]);
//! assert_eq!(explained.rows()[0].source.to_string(), "environment variable `CORTEX_MAIL__HOST`");
//! assert_eq!(explained.rows()[1].value, "10s");
//!
//! let error = Config::builder().set("mail.hots=x").load()?.section::<Mail>().unwrap_err();
//! assert_eq!(error.to_string(), "`mail.hots`: unknown key (command line)");
//! assert_eq!(error.help(), Some("did you mean `host`? accepted keys: `host`, `timeout`"));
//! # Ok::<(), cortex_core::Error>(())
//! ```
//!
//! # Health
//!
//! Modules contribute a [`HealthCheck`] for each thing that they depend on; [`Health::run`] asks them together,
//! each within its time and after those that it needs. More in [`health`].

mod boot;
#[doc(hidden)]
pub mod choice;
mod clock;
pub mod config;
mod container;
mod currency;
mod cx;
mod error;
mod event;
mod exact;
pub mod health;
mod id;
mod inject;
mod lifecycle;
mod module;
mod money;
mod price;
mod quantity;
mod rate;
mod rounding;
mod schema;
mod secret;
mod value_serde;

pub use async_trait::async_trait;
pub use boot::{Application, Assembled};
pub use choice::{Choice, ChoiceError};
pub use clock::{Clock, FixedClock, SystemClock};
pub use config::{ByteSize, Config, ConfigBuilder, ConfigError, ConfigField, ConfigProblem, ConfigSection};
pub use config::{ConfigSource, Explained, Explanation, SectionInfo, SectionReader, TimeSpan, UnitError};
pub use container::{Binds, Both, Bound, Container, Factory, Hooks, Key, Lifetime, Need, Part, Parts, Provider};
pub use container::{Change, GraphError, Handle, Override, Problem, Resolver, Scope, Slots, Task, WeakContainer};
pub use cortex_macros::{Choice, Config, Event, Module, Provider};
pub use currency::{Currency, CurrencyError};
pub use cx::{Actor, ActorKind, Cx};
pub use error::{Error, ErrorPage, ErrorPageError, FieldError, Kind, Refusal, Result};
pub use event::{Event, EventInfo};
pub use health::{CheckReport, CheckStatus, Health, HealthCheck, HealthError, HealthKind, HealthReport};
pub use health::{HealthStatus, Probe};
pub use id::{Company, CompanyId, Id, IdError, Tenant, TenantId};
pub use inject::Inject;
pub use jiff::{Timestamp, ToSpan, civil::Date};
pub use lifecycle::{BootError, BootReport, BootRow, Running, ShutdownError, shutdown_signal};
pub use lifecycle::{Hook, Stage, Upgrade, VersionStore};
pub use module::{Command, Contributions, Manifest, MigrationFile, Module, ModuleName, ModuleNeed, Modules};
pub use module::{ModuleSwitch, Permission, PlanError, PlanProblem, Registers, Registrar, SwitchError};
pub use module::{Setting, SettingError, SettingInfo};
pub use money::{Money, MoneyError};
pub use price::Price;
pub use quantity::{Quantity, QuantityError, Unit};
pub use rate::{Rate, RateError};
pub use rounding::{Rounding, RoundingError};
pub use rust_decimal::Decimal;
pub use secret::Secret;

/// What derived code names; not for people.
#[doc(hidden)]
pub mod __private {
    pub use crate as core;
    pub use schemars;
    pub use serde;
}
