//! The life of an application: stages, hooks, the boot report and a clean end.

mod hook;
mod report;
mod run;
mod signal;

pub use hook::{Hook, Stage, Upgrade, VersionStore};
pub use report::{BootError, BootReport, BootRow, ShutdownError};
pub(crate) use run::Life;
pub use run::Running;
pub use signal::shutdown_signal;
