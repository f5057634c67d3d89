//! Checks what every source file and document must have, and must not have.

mod errors;
mod exemptions;
mod text;
mod tree;

use crate::error::outcome;
use crate::workspace::SourceFile;
use crate::{Result, Workspace};

/// Checks all files that git tracks or would add.
///
/// # Errors
/// Fails with every finding, each with its place.
pub fn check(workspace: &Workspace) -> Result<()> {
    outcome(findings(&workspace.files()?))
}

fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings: Vec<String> = files.iter().flat_map(text::findings).collect();
    findings.extend(exemptions::findings(files, exemptions::LONG_FILES));
    findings.extend(tree::findings(files));
    findings.extend(errors::findings(files));
    findings
}
