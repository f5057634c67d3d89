//! commands
pub(crate) const USAGE: &str = "";
