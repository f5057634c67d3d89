//! Tests of what is built with Codexion Cortex.
//!
//! [`TestApp`] is an application on a database of its own, SQLite always and PostgreSQL where a server is named, with
//! a clock that stands still and every statement watched: a test fails where one of them leaves its tenant.
//!
//! ```
//! use codexion::prelude::*;
//! use cortex_testing::TestApp;
//!
//! #[derive(Module)]
//! #[module(name = "fleet")]
//! struct Fleet;
//!
//! impl Registers for Fleet {
//!     fn register(&self, _: &mut Registrar) {}
//! }
//!
//! TestApp::each(|app| app.module(Fleet), |app| {
//!     let day = app.work().read_blocking(|tx| Ok(tx.today())).unwrap();
//!     assert_eq!(day.to_string(), "2026-03-02");
//! });
//! ```
#![expect(clippy::panic, clippy::print_stderr, reason = "a test that can't be set up stops, and says why")]

mod app;
mod conformance;
mod database;
mod factory;
mod http;
mod scan;
mod watched;

pub use app::TestApp;
pub use conformance::Conformance;
pub use database::{POSTGRES_VARIABLE, TestDatabase};
pub use factory::Factory;
pub use http::{Answered, Client};
