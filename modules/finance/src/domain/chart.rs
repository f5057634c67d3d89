//! What a chart of accounts must be: a forest with unique codes, statements kept apart, headings above accounts.

use std::collections::HashMap;

use super::{AccountId, ChartAccount};
use crate::{ChartError, ChartFault};

/// Longest code of an account.
pub const CODE_LEN_MAX: usize = 20;

/// Deepest nesting: national charts stop at eight, and reports indent by level.
pub const DEPTH_MAX: usize = 16;

/// Checks a whole chart and gives the order in which it can be stored: parents before children, otherwise as given.
///
/// # Errors
/// [`ChartError`] with every fault of the chart, not only the first.
pub fn check(accounts: &[ChartAccount]) -> Result<Vec<&ChartAccount>, ChartError> {
    let by_id: HashMap<AccountId, &ChartAccount> = accounts.iter().map(|a| (a.id, a)).collect();
    let mut faults = duplicates(accounts);
    let mut by_depth: Vec<Vec<&ChartAccount>> = vec![Vec::new(); DEPTH_MAX];
    for account in accounts {
        faults.extend(code_fault(account));
        faults.extend(parent_fault(account, &by_id));
        match depth(account, &by_id).and_then(|depth| by_depth.get_mut(depth)) {
            Some(level) => level.push(account),
            None => faults.push(ChartFault::TooDeep { code: account.code.clone() }),
        }
    }
    if faults.is_empty() { Ok(by_depth.concat()) } else { Err(ChartError::new(faults)) }
}

fn duplicates(accounts: &[ChartAccount]) -> Vec<ChartFault> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let mut faults = Vec::new();
    for account in accounts {
        let seen = times.entry(&account.code).or_default();
        *seen += 1;
        if *seen == 2 {
            faults.push(ChartFault::Duplicate { code: account.code.clone() });
        }
    }
    faults
}

fn code_fault(account: &ChartAccount) -> Option<ChartFault> {
    let length = account.code.chars().count();
    let wrong =
        length == 0 || length > CODE_LEN_MAX || account.code.chars().any(|c| c.is_whitespace() || c.is_control());
    wrong.then(|| ChartFault::Code { code: account.code.clone() })
}

fn parent_fault(account: &ChartAccount, by_id: &HashMap<AccountId, &ChartAccount>) -> Option<ChartFault> {
    let code = || account.code.clone();
    let Some(parent) = by_id.get(&account.parent?) else { return Some(ChartFault::NoParent { code: code() }) };
    if !parent.heading {
        return Some(ChartFault::ParentIsNoHeading { code: code(), parent: parent.code.clone() });
    }
    if parent.kind.is_balance_sheet() != account.kind.is_balance_sheet() {
        return Some(ChartFault::OtherStatement { code: code(), parent: parent.code.clone() });
    }
    None
}

/// Number of ancestors; `None` beyond the deepest nesting, which a cycle always is.
fn depth(account: &ChartAccount, by_id: &HashMap<AccountId, &ChartAccount>) -> Option<usize> {
    let mut next = account.parent;
    for depth in 0..DEPTH_MAX {
        match next.and_then(|parent| by_id.get(&parent)) {
            Some(parent) => next = parent.parent,
            None => return Some(depth),
        }
    }
    None
}
