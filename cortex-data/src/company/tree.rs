//! The tree of companies and branches.

use cortex_core::Id;

use super::{Companies, Company, CompanyError};

/// `root` and everything under it: each company before its branches, those of one company by their codes.
pub(super) fn under(all: &[Company], root: &Company) -> Vec<Company> {
    let mut found = Vec::new();
    let mut waiting = vec![root.clone()];
    // Each company has one parent and parents don't go in circles, so nobody is found twice.
    while let Some(company) = waiting.pop() {
        let mut branches: Vec<_> = all.iter().filter(|other| other.parent == Some(company.id)).cloned().collect();
        branches.sort_by(|a, b| b.code.cmp(&a.code));
        waiting.append(&mut branches);
        found.push(company);
    }
    found
}

/// Whether `company` may stand where its `parent` says.
pub(super) fn check(all: &[Company], company: &Company) -> Result<(), CompanyError> {
    let Some(parent) = company.parent else { return Ok(()) };
    let direct = find(all, parent).ok_or_else(|| CompanyError::Unknown(parent.to_string()))?;
    if direct.archived {
        return Err(CompanyError::Archived(direct.code.clone()));
    }
    if direct.currency != company.currency {
        return Err(CompanyError::Currency(direct.currency));
    }
    let mut above = 0;
    let mut next = Some(direct);
    while let Some(one) = next {
        if one.id == company.id {
            return Err(CompanyError::Cycle(company.code.clone()));
        }
        above += 1;
        if above >= Companies::DEPTH_MAX {
            return Err(CompanyError::Depth);
        }
        next = one.parent.and_then(|id| find(all, id));
    }
    if above + depth(all, company.id) > Companies::DEPTH_MAX {
        return Err(CompanyError::Depth);
    }
    Ok(())
}

/// Levels from this company down.
fn depth(all: &[Company], id: Id<Company>) -> usize {
    let mut level = vec![id];
    let mut levels = 0;
    while !level.is_empty() && levels <= Companies::DEPTH_MAX {
        levels += 1;
        let parents = std::mem::take(&mut level);
        let below = |other: &&Company| other.parent.is_some_and(|parent| parents.contains(&parent));
        level = all.iter().filter(below).map(|other| other.id).collect();
    }
    levels
}

fn find(all: &[Company], id: Id<Company>) -> Option<&Company> {
    all.iter().find(|company| company.id == id)
}
