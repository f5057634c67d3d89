//! Codexion Cortex, by its README; then what it is made of.
//!
#![doc = include_str!("../../README.md")]

/// The guide's programs compile.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guides/companies.md")]
struct CompaniesGuide;

mod app;
pub mod prelude;

pub use app::{App, DEVELOPMENT_TENANT, Mode};
pub use cortex_core as core;
pub use cortex_data as data;
#[cfg(feature = "exchange")]
pub use cortex_exchange as exchange;
pub use cortex_web as web;
pub use tracing;

/// What derived code names; not for people.
#[doc(hidden)]
pub mod __private {
    pub use cortex_core as core;
    pub use cortex_core::__private::{schemars, serde};
    pub use cortex_data as data;
    pub use cortex_data::__private::{choice_sql, diesel, serde_json};
}
