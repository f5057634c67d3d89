//! The project's own commands: what CI runs, and the checks that no linter has.
//!
//! `cargo xtask test` is the whole of CI; every step of it can also be run alone.
//! The crate keeps its dependencies few, because it is compiled before anything is tested.

pub mod cli;

pub mod layers;
pub mod licences;
pub mod tidy;

pub mod postgres;
pub mod test;

mod error;
mod http;
mod process;
mod report;
mod source;
mod workspace;

pub use error::{Error, Result};
pub use process::Runner;
pub use workspace::Workspace;
