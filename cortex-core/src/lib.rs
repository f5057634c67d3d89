//! Vocabulary and spine of Codexion Cortex: application, modules, container, lifecycle, context,
//! config, events, health, errors and exact values.
//!
//! This crate knows no database, no HTTP and no model: the crates above it add their own kinds of
//! contributions to the registrar.

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
pub use container::{Binds, Bound, Container, Factory, Hooks, Key, Lifetime, Need, Part, Provider, Task};
pub use container::{Change, GraphError, Handle, Override, Problem, Resolver, Scope, Slots};
pub use cortex_macros::{Choice, Config};
pub use currency::{Currency, CurrencyError};
pub use cx::{Actor, ActorKind, Cx};
pub use error::{Error, FieldError, Kind, Refusal, Result};
pub use event::Event;
pub use health::{CheckReport, CheckStatus, Health, HealthCheck, HealthError, HealthKind, HealthReport};
pub use health::{HealthStatus, Probe};
pub use id::{Id, IdError, Tenant, TenantId};
pub use jiff::{Timestamp, civil::Date};
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
