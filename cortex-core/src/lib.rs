//! Vocabulary and spine of Codexion Cortex: application, modules, container, lifecycle, context,
//! config, events, health, errors and exact values.
//!
//! This crate knows no database, no HTTP and no model: the crates above it add their own kinds of
//! contributions to the registrar.

mod clock;
mod currency;
mod cx;
mod error;
mod exact;
mod id;
mod money;
mod price;
mod quantity;
mod rate;
mod rounding;
mod value_serde;

pub use clock::{Clock, FixedClock, SystemClock};
pub use currency::{Currency, CurrencyError};
pub use cx::{Actor, ActorKind, Cx};
pub use error::{Error, FieldError, Kind, Refusal, Result};
pub use id::{Id, IdError, Tenant, TenantId};
pub use jiff::{Timestamp, civil::Date};
pub use money::{Money, MoneyError};
pub use price::Price;
pub use quantity::{Quantity, QuantityError, Unit};
pub use rate::{Rate, RateError};
pub use rounding::{Rounding, RoundingError};
pub use rust_decimal::Decimal;
