//! Codexion Cortex: build your own ERP as one Rust binary.
//!
//! This is the one dependency an application or a module adds; the [`prelude`] has what every file of a module
//! needs, and the parts are modules of their own.

mod app;
pub mod prelude;

pub use app::{App, DEVELOPMENT_TENANT, Mode};
pub use cortex_core as core;
pub use cortex_data as data;
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
