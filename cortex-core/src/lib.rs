//! Vocabulary and spine of Codexion Cortex: application, modules, container, lifecycle, context,
//! config, events, health, errors and exact values.
//!
//! This crate knows no database, no HTTP and no model: the crates above it add their own kinds of
//! contributions to the registrar.

mod cx;
mod error;
mod id;

pub use cx::{Actor, ActorKind, Cx};
pub use error::{Error, FieldError, Kind, Refusal, Result};
pub use id::{Id, IdError, Tenant, TenantId};
pub use jiff::{Timestamp, civil::Date};
pub use rust_decimal::Decimal;
