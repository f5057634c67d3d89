//! Accounts and the statement each kind belongs to.

use codexion::core::{Choice, Id};

/// The id of an account. The rules only compare ids; what is behind them is not their business.
pub type AccountId = Id<crate::Account>;

/// One account of a chart, as far as the rules of charts know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartAccount {
    /// Its id.
    pub id: AccountId,
    /// What bookkeepers call it: `1200`. Unique in the chart.
    pub code: String,
    /// For people.
    pub name: String,
    /// What its balance means.
    pub kind: AccountKind,
    /// The heading it stands under.
    pub parent: Option<AccountId>,
    /// A heading only groups; entries go to the accounts under it.
    pub heading: bool,
    /// Whether its lines are matched with each other, as those of receivables and payables are.
    pub reconcilable: bool,
}

/// What the balance of an account means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum AccountKind {
    /// What the company owns or is owed.
    Asset,
    /// What the company owes.
    Liability,
    /// What belongs to the owners.
    Equity,
    /// What the company earns.
    Income,
    /// What the company spends.
    Expense,
}

impl AccountKind {
    /// Whether the balance is carried into the next year; income and expense start at zero.
    #[must_use]
    pub const fn is_balance_sheet(self) -> bool {
        matches!(self, Self::Asset | Self::Liability | Self::Equity)
    }

    /// Whether the balance normally is a debit.
    #[must_use]
    pub const fn is_debit_normal(self) -> bool {
        matches!(self, Self::Asset | Self::Expense)
    }
}
