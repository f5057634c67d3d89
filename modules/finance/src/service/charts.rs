//! The chart of accounts: accounts one by one, roles, taxes, and whole national charts from a file.

mod import;

use codexion::prelude::{Filter, Id, Provider, Repository, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::{AccountId, ChartAccount, chart};
use crate::policy::ChangeChart;
use crate::store::{Account, AccountRole, Role, Tax};

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportSummary {
    /// Records that are new.
    pub created: u64,
    /// Records that were there already.
    pub unchanged: u64,
    /// Records that cannot be kept: rates of currencies that exist no more.
    pub skipped: u64,
}

/// Changing the chart of accounts.
#[derive(Debug, Default, Provider)]
#[provider(singleton)]
pub struct Charts;

impl Charts {
    /// Adds accounts to the chart, parents and children in any order.
    ///
    /// # Errors
    /// The actor may not; [`ChartError`](crate::ChartError) with everything that is wrong with the chart as it
    /// would be.
    pub fn add(&self, tx: &mut Tx, new: &[Account]) -> Result<()> {
        tx.authorize::<ChangeChart>(&())?;
        add(tx, new)
    }

    /// Says which account plays a role.
    ///
    /// # Errors
    /// The actor may not; the account does not exist.
    pub fn assign(&self, tx: &mut Tx, role: Role, account: AccountId) -> Result<()> {
        tx.authorize::<ChangeChart>(&())?;
        let new = AccountRole { id: tx.new_id(), role, account };
        AccountRole::upsert(tx, &new, &["role"])
    }

    /// Adds taxes; groups before their members.
    ///
    /// # Errors
    /// The actor may not; a code is taken.
    pub fn add_taxes(&self, tx: &mut Tx, new: &[Tax]) -> Result<()> {
        tx.authorize::<ChangeChart>(&())?;
        Tax::insert_many(tx, new)
    }

    /// Imports a chart of accounts from JSON, as the French plan comptable général is published: a list `flat` of
    /// accounts with `number`, `label` and `parent`. What each account means follows from its class. `file` names
    /// the text in errors. Accounts that are there already are left alone.
    ///
    /// # Errors
    /// The actor may not; [`ImportError`](crate::ImportError) with file, line and column.
    pub fn import(&self, tx: &mut Tx, file: &str, json: &str) -> Result<ImportSummary> {
        tx.authorize::<ChangeChart>(&())?;
        import::import(tx, file, json)
    }
}

/// Checks the chart as it would be, and stores what is new with parents before children.
fn add(tx: &mut Tx, new: &[Account]) -> Result<()> {
    let stored = Account::list(tx, &Filter::All)?;
    let whole: Vec<ChartAccount> = stored.iter().chain(new).map(node).collect();
    let order: Vec<AccountId> = chart::check(&whole)?.into_iter().map(|account| account.id).collect();
    let of = |id: &Id<Account>| new.iter().find(|account| account.id == *id).cloned();
    Account::insert_many(tx, &order.iter().filter_map(of).collect::<Vec<_>>())
}

fn node(account: &Account) -> ChartAccount {
    let Account { id, code, name, kind, parent, heading, reconcilable } = account.clone();
    ChartAccount { id, code, name, kind, parent, heading, reconcilable }
}
