//! Proves that dependencies point down only, and that what must stay absent is absent.

mod arrows;
mod modules;
mod table;

use crate::error::outcome;
use crate::{Result, Workspace};

/// Compares the workspace with the arrow table and the rules for modules.
///
/// # Errors
/// Fails with every arrow and every mention that is not allowed.
pub fn check(workspace: &Workspace) -> Result<()> {
    let metadata = workspace.metadata()?;
    let mut findings = arrows::findings(&metadata);
    findings.extend(modules::findings(&workspace.files()?));
    outcome(findings)
}
