//! Import and export of Codexion Cortex: CSV, JSON Lines, XLSX and Parquet for every entity, checked row by row.
//!
//! [`Exchange`] does the work over any [`Source`]; [`ExchangeModule`] adds it to an application, with routes and the
//! command `data`.

mod api;
mod column;
mod command;
mod config;
mod error;
mod escape;
mod export;
mod format;
mod import;
mod lookup;
mod module;
mod options;
mod plan;
mod read;
mod report;
mod service;
mod source;
mod template;
mod write;

pub use command::DefaultTenant;
pub use config::ExchangeConfig;
pub use error::ExchangeError;
pub use format::Format;
pub use import::OnProgress;
pub use module::ExchangeModule;
pub use options::{ExportOptions, ImportOptions, Mapping, OnError};
pub use read::{COLUMNS_MAX, ROW_BYTES_MAX};
pub use report::{ERRORS_MAX, ExportReport, ImportReport, Outcome, Progress, RowError};
pub use service::Exchange;
pub use source::Source;
